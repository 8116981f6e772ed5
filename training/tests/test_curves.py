from parallax_train.config import Run, load_config
from parallax_train.curves import Curve, flat, read


def run_in(folder):
    return Run(load_config(), folder, folder, folder)


def test_nested_numbers_have_paths():
    found = dict(flat("", {"dev": {"R@1": 3, "zero shot": {"none": 0.5}}, "weights": (1, 2), "note": "x"}))
    assert found == {"dev R@1": 3.0, "dev zero shot none": 0.5}


def test_a_continued_run_forgets_what_lies_beyond_its_checkpoint(tmp_path):
    first = Curve(run_in(tmp_path), "head", 0)
    for step in (50, 100, 150):
        first.add(step, loss=1 / step)
    again = Curve(run_in(tmp_path), "head", 100)
    again.add(150, loss=9.0)
    assert read(tmp_path / "curves" / "head.csv") == [(50, "loss", 0.02), (100, "loss", 0.01), (150, "loss", 9.0)]


def test_a_curve_is_drawn(tmp_path):
    curve = Curve(run_in(tmp_path), "head", 0)
    curve.add(50, loss=2.0, rate=0.1)
    curve.add(50, dev={"R@1": 1.0})
    curve.draw()
    assert (tmp_path / "curves" / "head.png").read_bytes()[:4] == b"\x89PNG"
