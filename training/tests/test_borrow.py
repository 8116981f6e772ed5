import json

import numpy as np
import pytest

from parallax_train.config import Run
from parallax_train.pretrained import borrow
from parallax_train.tokenizer import WORD_END, load_tokenizer, published, train_tokenizer


def test_the_nearest_count_the_more_the_nearer_they_are():
    known = borrow.unit(np.array([[1.0, 0.0], [1.0, 0.2], [0.0, 1.0]]))
    values = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    first, second, third = borrow.nearest_mean(np.array([[1.0, 0.0]]), known, values, 2, 0.05)[0]
    assert first > second > 0 and third == 0
    cosines = np.array([1.0, known[1, 0]])
    assert first / second == pytest.approx(np.exp((cosines[0] - cosines[1]) / 0.05))


def test_a_move_turns_a_vector_and_keeps_its_length():
    found = borrow.moved(np.array([[3.0, 0.0]]), np.array([[0.0, 1.0]]), 0.5)
    assert found == pytest.approx(np.array([[4.5, 4.5]]) ** 0.5)
    assert borrow.moved(np.array([[3.0, 0.0]]), np.array([[0.0, 1.0]]), 0.0) == pytest.approx(np.array([[3.0, 0.0]]))


def test_parts_move_and_whole_words_do_not():
    pytest.importorskip("scipy")
    table, half = np.zeros((3, 2)), np.array([0.5, 0.5])
    made = [(np.array([0, 1]), half, np.array([1.0, 2.0]))]
    found = borrow.fit_parts(table, np.array([True, False, False]), made, 1e-6)
    assert found[0] == pytest.approx([2, 4], abs=1e-3) and (found[1:] == 0).all()


def test_words_that_no_text_holds_go_where_like_words_are(tmp_path):
    pytest.importorskip("scipy")
    folder, data = tmp_path / "work", tmp_path / "data" / "train"
    folder.mkdir(), data.mkdir(parents=True)
    # The tokenizer knows all but one of the words whole.
    words = ["dog", "cat", "mutt", "ship", "beagle"]
    (folder / "tokenizer.json").write_text(published(train_tokenizer(["dog cat mutt ship"] * 9, 560)))
    lines = [{"file": f"{at}.jpg", "set": "photos", "texts": ["dog", "cat"]} for at in range(40)]
    (data / "texts.jsonl").write_text("\n".join(map(json.dumps, lines)))
    sentences = np.array([[1, 0, 0], [0, 1, 0], [1, 0.1, 0], [0, 0, 1], [0.9, 0.1, 0]], np.float16)
    for kind, texts, vectors in (("words", words, sentences), ("classes", ["cat"], sentences[1:2])):
        (folder / f"sentences-{kind}.json").write_text(json.dumps(texts))
        np.save(folder / f"sentences-{kind}.npy", vectors)
    settings = {
        "data": {"dev_modulus": 20}, "mix": {"photos": 1.0}, "distil_mix": {}, "text": {"max_tokens": 12}, "prompts": {"CLASSIFICATION": "ship: "},
        "borrow": {"least": 10, "near": 2, "spread": 0.05, "share": 0.7, "stay": 5.0, "damp": 0.1},
    }
    run = Run(settings, tmp_path / "data", folder, folder / "model", "cpu")
    tokenizer = load_tokenizer(folder / "tokenizer.json", 12)
    tokenizer.no_padding()
    table = np.random.default_rng(5).normal(size=(tokenizer.get_vocab_size(), 4))
    weight = np.ones(len(table))
    found = borrow.borrowed(run, table, weight)
    dog, cat, mutt, ship = (tokenizer.get_vocab()[word + WORD_END] for word in words[:4])

    # What texts and prompts hold stays.
    assert (found[[dog, cat, ship]] == table[[dog, cat, ship]]).all()
    aim = borrow.unit(table[[dog]])[0]
    assert borrow.unit(found[[mutt]])[0] @ aim > borrow.unit(table[[mutt]])[0] @ aim
    assert borrow.unit(found[[mutt]])[0] @ aim > 0.7

    parts = tokenizer.encode("beagle").ids[1:-1]
    assert len(parts) > 1
    before, after = (borrow.unit(rows[parts].mean(0)[None])[0] @ aim for rows in (table, found))
    assert after > before and after > 0.6

    settings["borrow"]["least"] = 100
    assert borrow.borrowed(run, table, weight) is table
