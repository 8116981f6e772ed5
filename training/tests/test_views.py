import json

import numpy as np

from parallax_train.config import Run, load_config
from parallax_train.data import read_items, split_rows
from parallax_train.views import Views, blends, view_boxes, view_count


def make_run(tmp_path, aspects):
    np.save(tmp_path / "aspect.npy", np.array(aspects, np.float32))
    lines = [{"file": f"{row}.jpg", "set": "flickr8k", "texts": ["a photo"]} for row in range(len(aspects))]
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / "texts.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return Run(load_config(), tmp_path, tmp_path, tmp_path)


def test_boxes_stay_inside_and_repeat(tmp_path):
    run = make_run(tmp_path, [0.5, 1.0, 2.0] * 50)
    boxes, side = view_boxes(run), run["data"]["packed_side"]
    assert (boxes == view_boxes(run)).all()
    assert boxes.min() >= 0 and boxes.max() <= side
    assert (boxes[..., 2] > boxes[..., 0]).all() and (boxes[..., 3] > boxes[..., 1]).all()


def test_whole_view_and_centre_view(tmp_path):
    run = make_run(tmp_path, [2.0, 0.5])
    side = run["data"]["packed_side"]
    boxes = view_boxes(run)
    assert boxes[0].tolist() == [[0, 0, side, side]] * 2
    assert boxes[1].tolist() == [[side / 4, 0, 3 * side / 4, side], [0, side / 4, side, 3 * side / 4]]


def test_blends_hold_two_training_pictures(tmp_path):
    run = make_run(tmp_path, [1.0] * 200)
    single = run["teacher"]["views"]
    partners, shares = blends(run, (view_count(run), 200))
    assert (shares[:single] == 1).all()
    assert shares[single:].min() >= 0.3 and shares[single:].max() <= 0.7
    training, _ = split_rows(read_items(tmp_path), run)
    assert set(partners[single:].ravel()) <= set(training)


def test_a_blend_is_the_weighted_sum_of_both_crops(tmp_path):
    run = make_run(tmp_path, [1.0] * 60)
    side, single = run["data"]["packed_side"], run["teacher"]["views"]
    # Every picture is one grey, so a crop of it is too.
    greys = np.arange(60, dtype=np.uint8) * 4
    np.save(tmp_path / "pixels.npy", np.broadcast_to(greys[:, None, None, None], (60, side, side, 3)))
    views, rows = Views(run), np.arange(60)
    assert (views.cut(np.full(60, 2), rows, 8)[:, 0, 0, 0].numpy() == greys).all()
    found = views.cut(np.full(60, single), rows, 8)[:, 0, 0, 0].numpy().astype(float)
    share, other = views.shares[single], greys[views.partners[single]]
    assert np.abs(found - (share * greys + (1 - share) * other)).max() <= 0.51
