import numpy as np
import pytest
import torch

from parallax_train.evaluate import retrieval, wilson
from parallax_train.loop import rate_share, ranks, summary


def test_wilson_interval():
    # 10 of 100: the textbook value.
    assert wilson(10, 100) == pytest.approx((0.0552, 0.1744), abs=2e-4)
    assert wilson(0, 20)[0] == pytest.approx(0, abs=1e-9)


def test_retrieval_ranks_by_cosine_of_the_prefix():
    images = np.array([[1.0, 0, 9], [0, 1, 9], [1, 1, 9]])
    texts = np.array([[2.0, 0.1, 0], [1, 1, 0]])
    found = retrieval(images, texts, np.array([0, 0]), 2)
    assert found["R@1"]["percent"] == 50.0
    assert found["median_rank"] == 1.5


def test_ranks_agree_with_retrieval():
    generator = torch.Generator().manual_seed(2)
    images, texts = torch.randn(12, 8, generator=generator), torch.randn(30, 8, generator=generator)
    owner = torch.randint(0, 12, (30,), generator=generator)
    quick = summary(ranks(images, texts, owner))
    slow = retrieval(images.numpy(), texts.numpy(), owner.numpy(), 8)
    assert quick["R@5"] == pytest.approx(slow["R@5"]["percent"], abs=0.1)


def test_schedule_rises_then_falls_to_zero():
    shares = [rate_share(step, 100) for step in range(101)]
    assert max(shares) == pytest.approx(1, abs=0.01)
    assert shares.index(max(shares)) in range(4, 7)
    assert shares[100] == pytest.approx(0, abs=1e-9)
