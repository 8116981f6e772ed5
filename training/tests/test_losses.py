import pytest
import torch

from parallax_train import losses

DIMS = [4, 8]


def vectors(seed, count=6, width=8):
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed))


def no_clash(count):
    return torch.zeros(count, count, dtype=torch.bool)


def test_contrastive_prefers_matching_pairs():
    images = vectors(0)
    right = losses.contrastive(images, images, 20.0, DIMS, no_clash(6), 0.0)
    wrong = losses.contrastive(images, images.roll(1, 0), 20.0, DIMS, no_clash(6), 0.0)
    assert right < wrong


def test_contrastive_equals_cross_entropy_without_clashes():
    images, texts = vectors(1), vectors(2)
    target = torch.arange(6)
    unit = torch.nn.functional.normalize
    logits = 10 * unit(images, dim=1) @ unit(texts, dim=1).T
    plain = torch.nn.functional.cross_entropy
    for smoothing in (0.0, 0.1):
        expected = (plain(logits, target, label_smoothing=smoothing) + plain(logits.T, target, label_smoothing=smoothing)) / 2
        assert losses.contrastive(images, texts, 10.0, [8], no_clash(6), smoothing).item() == pytest.approx(expected.item(), rel=1e-5)


def test_clashing_pairs_are_not_pushed_apart():
    mask = losses.clash_mask([0, 1, 2, 0], ["a", "b", "b", "c"])
    wanted = no_clash(4)
    wanted[1, 2] = wanted[2, 1] = wanted[0, 3] = wanted[3, 0] = True
    assert (mask == wanted).all()
    texts = vectors(3, 4).requires_grad_()
    images = vectors(4, 4)
    loss = losses.contrastive(images[:1].expand(4, -1), texts, 10.0, [8], mask | mask.T, 0.1)
    assert torch.isfinite(loss)


def test_prefix_cosine_ignores_length_and_sees_prefixes():
    teacher = vectors(5)
    assert losses.prefix_cosine(3 * teacher, teacher, DIMS).item() == pytest.approx(0, abs=1e-6)
    student = teacher.clone()
    student[:, :4] *= -1
    assert losses.prefix_cosine(student, teacher, [4]).item() == pytest.approx(2, abs=1e-5)


def test_similarity_match_is_zero_for_the_teacher_itself():
    teacher = vectors(6)
    assert losses.similarity_match(teacher, teacher, DIMS).item() == pytest.approx(0, abs=1e-5)
    assert losses.similarity_match(teacher.roll(1, 0), teacher, DIMS) > 0.1
