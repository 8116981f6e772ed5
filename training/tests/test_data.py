import hashlib

import numpy as np
import torch

from parallax_train.config import Run, load_config
from parallax_train.data import Item, Mixer, augment, cut, is_dev, left_out, split_rows


def items(count=400):
    return [Item(f"flickr8k/{index}.jpg", "flickr8k", (f"photo {index} .",)) for index in range(count)]


def test_splits_are_disjoint_complete_and_frozen(tmp_path):
    run = Run(load_config(), tmp_path, tmp_path, tmp_path)
    train, dev = split_rows(items(), run)
    assert not set(train) & set(dev)
    assert sorted([*train, *dev]) == list(range(400))
    assert 5 < len(dev) < 40
    assert (train == split_rows(items(), run)[0]).all()


def test_split_follows_the_file_name_alone():
    expected = int(hashlib.sha1(b"7.jpg").hexdigest(), 16) % 20 == 0
    assert is_dev("a/7.jpg", 20) == is_dev("b/7.jpg", 20) == expected


def test_cut_takes_the_box():
    pixels = np.zeros((1, 8, 8, 3), np.uint8)
    pixels[0, :4, 4:] = 200
    assert (cut(pixels, [0], [(4, 0, 8, 4)], 4) == 200).all()
    assert (cut(pixels, [0], [(0, 4, 4, 8)], 4) == 0).all()


def test_augment_keeps_shape_and_range():
    pixels = torch.randint(0, 256, (5, 3, 6, 6), dtype=torch.uint8)
    changed = augment(pixels, np.random.default_rng(1))
    assert changed.shape == pixels.shape
    assert changed.min() >= 0 and changed.max() <= 255


def test_mixer_draws_training_rows_only(tmp_path):
    run = Run(load_config(), tmp_path, tmp_path, tmp_path)
    everything = items()
    train, dev = split_rows(everything, run)
    mixer = Mixer(run, everything, train, "mix")
    rows, texts = mixer.draw(64, np.random.default_rng(3))
    assert len(rows) == len(texts) == 64
    assert not set(rows) & set(dev)
    assert len(set(rows)) == 64


def test_a_set_without_a_share_is_left_out(tmp_path):
    run = Run(load_config(), tmp_path, tmp_path, tmp_path)
    for section in ("mix", "distil_mix"):
        run[section]["flickr8k"] = 0.0
    train, dev = split_rows(items(), run)
    assert len(train) == len(dev) == 0
    assert left_out(items(), run) == {"flickr8k"}


def test_a_configuration_may_say_only_what_differs(tmp_path):
    (tmp_path / "whole.toml").write_text("seed = 1\n[a]\nx = 1\ny = 2\n")
    (tmp_path / "part.toml").write_text('base = "whole.toml"\n[a]\ny = 3\n')
    assert load_config(tmp_path / "part.toml") == {"seed": 1, "a": {"x": 1, "y": 3}}
