import numpy as np
import pytest
import torch

from parallax_train import figures
from parallax_train.loop import rate_share, ranks, summary


def test_wilson_interval():
    # 10 of 100: the textbook value.
    assert figures.wilson(10, 100) == pytest.approx((0.0552, 0.1744), abs=2e-4)
    assert figures.wilson(0, 20)[0] == pytest.approx(0, abs=1e-9)


def test_ranks_are_those_of_the_cosine_of_the_prefix():
    images = np.array([[1.0, 0, 9], [0, 1, 9], [1, 1, 9]])
    texts = np.array([[2.0, 0.1, 0], [1, 1, 0]])
    rank = figures.ranked(figures.cosines(texts, images, 2), np.array([0, 0]))
    assert figures.recalls(rank)["R@1"]["percent"] == 50.0
    assert figures.recalls(rank)["median_rank"] == 1.5


def test_ranks_of_training_agree_with_those_of_the_evaluation():
    generator = torch.Generator().manual_seed(2)
    images, texts = torch.randn(12, 8, generator=generator), torch.randn(30, 8, generator=generator)
    owner = torch.randint(0, 12, (30,), generator=generator)
    quick = summary(ranks(images, texts, owner))
    slow = figures.recalls(figures.ranked(figures.cosines(texts.numpy(), images.numpy()), owner.numpy()))
    assert quick["R@5"] == pytest.approx(slow["R@5"]["percent"], abs=0.1)


def test_nearest_neighbours_leave_the_picture_itself_out():
    vectors = np.array([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]])
    assert figures.same_label(vectors, ["a", "a", "b", "b"])["percent"] == 100
    assert figures.same_label(vectors, ["a", "b", "a", "b"])["percent"] == 0
    assert figures.chance_of_same_label(["a", "a", "b", "b"]) == pytest.approx(33.33)


def test_rank_correlation_is_that_of_scipy():
    random = np.random.default_rng(3)
    first = random.random(200)
    second = first + random.random(200)
    stats = pytest.importorskip("scipy.stats")
    assert figures.rank_correlation(first, second)["rho"] == pytest.approx(stats.spearmanr(first, second)[0], abs=1e-3)


def test_schedule_rises_then_falls_to_zero():
    shares = [rate_share(step, 100) for step in range(101)]
    assert max(shares) == pytest.approx(1, abs=0.01)
    assert shares.index(max(shares)) in range(4, 7)
    assert shares[100] == pytest.approx(0, abs=1e-9)
