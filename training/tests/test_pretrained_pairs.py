"""The pairwise model on the pretrained backbone: what teaches it, its parts, and its graphs."""

from types import SimpleNamespace

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from parallax_train.config import load_config
from parallax_train.pretrained import blend, distillation, ensemble, export_pairs, material, pairs, student
from parallax_train.pretrained.__main__ import DEFAULT_FILE

CONFIG = load_config(DEFAULT_FILE)


def test_exported_pairs_equal_the_trained_ones_alone_and_in_a_batch():
    torch.manual_seed(8)
    model, told = pairs.pair_encoder(CONFIG).eval(), student.Student(CONFIG).eval()
    last = SimpleNamespace(_conv_head=nn.Conv2d(320, 1280, 1, bias=False), _bn1=nn.BatchNorm2d(1280).eval())
    random = torch.Generator().manual_seed(9)
    image = torch.randn(2, 36, 320, generator=random)
    text, mask = torch.randn(2, 5, 256, generator=random), torch.tensor([[1.0] * 5, [1.0] * 3 + [0.0] * 2])
    vectors = [torch.randn(2, 256, generator=random) for _ in range(2)]
    captions = torch.nn.functional.normalize(torch.randn(7, 256, generator=random), dim=1)
    name, caption = np.array([0.2, 0.0, 0.1]), np.array([0.5, 0.4, 0.7])
    parts = export_pairs.Parts(
        model, told, captions.numpy(), 40.0, blend.Weights(*name), blend.Weights(*caption), 2, 5, "float32", {})
    graphs = (export_pairs.picture_graph(parts, last, 192), export_pairs.question_graph(parts),
              export_pairs.pair_graph(parts, 192))
    picture, question, pair = (onnxruntime.InferenceSession(graph.SerializeToString()) for graph in graphs)

    def scores(rows):
        seen = picture.run(None, {"image_embeds": vectors[0][rows].numpy(), "image_tokens": image[rows].numpy()})
        asked = question.run(None, {
            "text_embeds": vectors[1][rows].numpy(), "text_tokens": text[rows].numpy(),
            "attention_mask": mask[rows].long().numpy()})
        names = ["picture_embeds", "picture_tokens", "question_embeds", "question_tokens", "question_shares"]
        return pair.run(None, dict(zip(names, seen + asked)))[0]

    units = [torch.nn.functional.normalize(own, dim=1) for own in vectors]
    # Five pieces are a caption; three are a third of the way from a name.
    weights = torch.tensor(np.stack([caption, name + (caption - name) / 3]), dtype=torch.float32)
    with torch.no_grad():
        features = torch.clamp(last._bn1(last._conv_head(image.mT.unflatten(2, (6, 6)))), 0, 6).mean((2, 3))
        wanted = torch.cosine_similarity(*vectors) + weights[:, 1] * model.addition(image, text, mask).diagonal()
        wanted += weights[:, 0] * torch.cosine_similarity(told.image(features), told.text(text, mask, units[1]))
        wanted -= weights[:, 2] * blend.liked(units[0], captions, 40.0)
    assert np.abs(scores([0, 1]) - wanted.numpy()).max() < 1e-5
    assert np.abs(np.concatenate([scores([0]), scores([1])]) - wanted.numpy()).max() < 1e-5
    # What is no piece does not count.
    text[1, 3:] = 7
    assert np.abs(scores([1]) - wanted.numpy()[1:]).max() < 1e-5


def test_an_ensemble_s_products_are_the_means_of_its_members_cosines():
    torch.manual_seed(3)
    model = ensemble.Ensemble({**CONFIG["ensemble"], "members": 3, "hidden": 8, "text_hidden": 8, "width": 5}).eval()
    features, sentences = torch.randn(4, 1280), torch.randn(2, 384)
    with torch.no_grad():
        found = model.captions(sentences) @ model.pictures(features).T
        wanted = [torch.cosine_similarity(text(sentences)[:, None], image(features)[None], dim=2)
                  for image, text in zip(model.images, model.texts)]
    assert torch.allclose(found, torch.stack(wanted).mean(0), atol=1e-6)


class Views:
    """Three rows, of which the first is seen in one more way."""

    sampled = np.array([True, False, False])

    def __init__(self):
        self.seen = torch.randn(2, 3, 1280)

    def named_views(self, names):
        return np.array([1])

    def features(self, view, rows):
        return self.seen[view][rows]


def test_an_ensemble_looks_at_a_photograph_in_every_way_that_there_is():
    torch.manual_seed(5)
    model = ensemble.Ensemble({**CONFIG["ensemble"], "members": 2, "hidden": 8, "text_hidden": 8, "width": 5}).eval()
    views = Views()
    found = model.photographs(views, np.array([2, 0]), ["crop"]).float()
    with torch.no_grad():
        once = model.pictures(views.seen[0])
        both = torch.nn.functional.normalize(once[0] + model.pictures(views.seen[1])[0], dim=0)
    assert torch.allclose(found, torch.stack([once[2], both]), atol=1e-3)


def test_scores_match_where_each_text_and_each_picture_shares_as_wanted():
    wanted = torch.tensor([[2.0, 0.0], [1.0, 3.0]])
    assert distillation.matched(wanted + 5, wanted).item() == pytest.approx(0, abs=1e-6)
    # Each term is log 2 less the entropy of what is wanted: the texts' scores lie 2 apart, the pictures' 1 and 3.
    shares = [1 / (1 + np.exp(-apart)) for apart in (2, 2, 1, 3)]
    apart = [p * np.log(p) + (1 - p) * np.log(1 - p) + np.log(2) for p in shares]
    assert distillation.matched(torch.zeros(2, 2), wanted).item() == pytest.approx(sum(apart) / 2, rel=1e-5)


def test_each_picture_is_asked_for_by_one_of_its_own_texts():
    owner = np.array([0, 0, 0, 1, 2, 2])
    found = {tuple(material.drawn(owner, np.array([0, 2]), np.random.default_rng(seed))) for seed in range(40)}
    assert found == {(first, second) for first in (0, 1, 2) for second in (4, 5)}


def test_contrast_is_least_where_the_right_pairs_score_highest():
    settings = {"label_smoothing": 0.0, "sharpness": 12.0, "soft_weight": 0.0}
    sentences = torch.eye(3)
    right, wrong = (ensemble.contrast(scores, sentences, settings) for scores in (4 * torch.eye(3), -4 * torch.eye(3)))
    # Both ways: log(1 + 2 exp(-4)).
    assert right.item() == pytest.approx(2 * np.log(1 + 2 * np.exp(-4)), rel=1e-4) and wrong > right
    # Texts that say the same may share a picture.
    same = torch.nn.functional.normalize(torch.ones(3, 3), dim=1)
    soft = {**settings, "soft_weight": 1.0}
    assert ensemble.contrast(torch.zeros(3, 3), same, soft).item() == pytest.approx(2 * np.log(3), rel=1e-5)


def test_a_projection_keeps_products_of_vectors_that_lie_in_few_directions():
    random = torch.Generator().manual_seed(1)
    basis = torch.linalg.qr(torch.randn(20, 3, generator=random)).Q
    texts, pictures = (torch.randn(50, 3, generator=random) @ basis.T for _ in range(2))
    turn = student.projection(texts, pictures, 3)
    assert torch.allclose((texts @ turn) @ (pictures @ turn).T, texts @ pictures.T, atol=1e-4)


def test_a_rank_counts_what_scores_higher_and_lies_past_the_end_where_nothing_is_right():
    scores = torch.tensor([[0.9, 0.5, 0.7], [0.1, 0.2, 0.3], [0.4, 0.4, 0.1]])
    right = torch.tensor([[False, True, False], [False] * 3, [True, False, False]])
    assert pairs.rank_of(scores, right).tolist() == [3, 4, 1]


def test_average_precision_is_the_mean_precision_at_what_is_right():
    scores = torch.tensor([[0.9, 0.8, 0.7, 0.6], [0.1, 0.2, 0.3, 0.4]])
    right = torch.tensor([[True, False, True, False], [False, False, True, False]])
    assert blend.average_precision(scores, right).tolist() == pytest.approx([(1 + 2 / 3) / 2, 1 / 2])


def test_what_pieces_and_places_add_is_the_same_for_some_candidates_as_for_all():
    torch.manual_seed(4)
    model = pairs.pair_encoder(CONFIG).eval()
    states, image = [torch.randn(count, 256) for count in (3, 5)], torch.randn(4, 36, 320)
    texts = SimpleNamespace(texts=["a", "b"], padded=lambda at: (states[at[0]][None], torch.ones(1, len(states[at[0]]))))

    class Seen:
        rows = np.arange(4)

        def __call__(self, at, views):
            return image[at]

    candidates = torch.tensor([[2, 0], [1, 3]])
    with torch.no_grad():
        every = torch.cat([model.addition(image, own[None], torch.ones(1, len(own))) for own in states])
    assert torch.allclose(pairs.added(model, texts, Seen(), candidates), every.gather(1, candidates), atol=1e-5)


def test_a_student_reads_no_padding():
    torch.manual_seed(2)
    model = student.Student(CONFIG).eval().text
    states, vectors = torch.randn(1, 6, 256), torch.nn.functional.normalize(torch.randn(1, 256), dim=1)
    mask = torch.tensor([[1.0] * 4 + [0.0] * 2])
    with torch.no_grad():
        alone = model(states[:, :4], mask[:, :4], vectors)
        assert torch.allclose(model(states, mask, vectors), alone, atol=1e-5)


def test_a_picture_near_to_all_captions_is_liked_most():
    captions = torch.tensor([[1.0, 0], [0.8, 0.6], [0.6, 0.8]])
    found = blend.liked(torch.tensor([[0.8, 0.6], [0.0, -1.0]]), captions, 5.0)
    near = [np.exp(5 * np.array(row)).mean() for row in ([0.8, 1.0, 0.96], [0.0, -0.6, -0.8])]
    assert found.numpy() == pytest.approx(np.log(near) / 5, abs=1e-6)
