from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from parallax_train.pretrained import micro

FIXTURES = Path(__file__).resolve().parents[2] / "Tests" / "ParallaxImagingTests" / "Fixtures"


def test_precision_of_a_small_pool_is_what_counting_gives():
    # In one order: 0.9 right, 0.8 wrong, 0.7 right: (1/1 + 2/3) / 2.
    scores = np.array([[0.9, 0.8], [0.1, 0.7]])
    assert micro.micro_average_precision([scores])["percent"] == pytest.approx(100 * (1 + 2 / 3) / 2, abs=0.01)


def test_pairs_of_equal_score_share_their_place():
    # Both right pairs and one wrong one are at the top: two of three.
    scores = np.array([[1.0, 1.0], [0.0, 1.0]])
    assert micro.micro_average_precision([scores])["percent"] == pytest.approx(100 * 2 / 3, abs=0.01)


@pytest.mark.parametrize("levels", [None, 6])
def test_precision_equals_that_of_another_implementation(levels):
    metrics = pytest.importorskip("sklearn.metrics")
    random = np.random.default_rng(3)
    groups = [random.normal(size=(30, 30)) + 2 * np.eye(30) for _ in range(3)]
    if levels:
        groups = [np.round(group * levels / 4) for group in groups]
    right = np.concatenate([np.eye(30, dtype=int).ravel()] * 3)
    wanted = metrics.average_precision_score(right, np.concatenate([group.ravel() for group in groups]))
    found = micro.micro_average_precision(groups)
    assert found["percent"] == pytest.approx(100 * wanted, abs=0.006)
    assert found["interval"][0] < found["percent"] < found["interval"][1]


def test_a_photograph_drawn_twice_counts_twice():
    random = np.random.default_rng(4)
    scores = random.normal(size=(5, 5)) + np.eye(5)
    weights = np.array([2, 0, 1, 1, 1])
    found = micro.Pool([scores]).averages(weights[:, None])[0]
    metrics = pytest.importorskip("sklearn.metrics")
    drawn = np.repeat(np.arange(5), weights)
    wanted = metrics.average_precision_score(np.eye(5, dtype=int)[drawn].ravel(), scores[drawn].ravel())
    assert found == pytest.approx(wanted, abs=1e-6)


def test_agreements_count_bits():
    one, two = np.array([[True, False, True, True]]), np.array([[True, True, False, True], [True, False, True, True]])
    assert micro.agreements(one, two).tolist() == [[-2, 0]]


@pytest.mark.parametrize("name", ["scene.png", "framed.png", "bars.png"])
def test_the_hash_is_the_program_s(name):
    wanted = next(line.split("\t")[4] for line in (FIXTURES / "fingerprints.txt").read_text().splitlines()
                  if line.startswith(name + "\t"))
    bits = micro.perceptual_hash(Image.open(FIXTURES / name).convert("RGB"))
    assert f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}" == wanted
