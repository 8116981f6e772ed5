"""Losses over Matryoshka prefixes: each prefix of a vector must be a good vector by itself."""

import torch
import torch.nn.functional as F


def contrastive(images, texts, scale, dims, clashes, smoothing: float):
    """Symmetric InfoNCE, averaged over the prefixes.

    `clashes` marks pairs off the diagonal that are right as well (the same text or picture drawn twice);
    they are left out rather than pushed apart.
    """
    target = torch.arange(len(images), device=images.device)
    total = 0.0
    for dim in dims:
        logits = scale * F.normalize(images[:, :dim], dim=1) @ F.normalize(texts[:, :dim], dim=1).T
        total += one_way(logits, clashes, target, smoothing) + one_way(logits.T, clashes.T, target, smoothing)
    return total / (2 * len(dims))


def one_way(logits, clashes, target, smoothing):
    # Smoothing over masked pairs would be infinite, so it is spread over the allowed ones by hand.
    log_share = logits.masked_fill(clashes, -1e4).log_softmax(1)
    right = log_share[target, target]
    allowed = ~clashes
    spread = (log_share * allowed).sum(1) / allowed.sum(1)
    return -((1 - smoothing) * right + smoothing * spread).mean()


def clash_mask(rows, texts: list[str]) -> torch.Tensor:
    """True where two different places of a batch hold the same picture or the same text."""
    rows = torch.as_tensor(rows)
    numbers = {text: index for index, text in enumerate(dict.fromkeys(texts))}
    texts_id = torch.tensor([numbers[text] for text in texts])
    same = (rows[:, None] == rows[None]) | (texts_id[:, None] == texts_id[None])
    return same & ~torch.eye(len(rows), dtype=torch.bool)


def prefix_cosine(student, teacher, dims):
    """How far each prefix of the student's vector points away from the teacher's."""
    return sum(1 - F.cosine_similarity(student[:, :dim], teacher[:, :dim]).mean() for dim in dims) / len(dims)


def similarity_match(student, teacher, dims, scale: float = 15.0):
    """The student's neighbours among the teacher's vectors should be the teacher's own neighbours."""
    total, diagonal = 0.0, torch.eye(len(student), dtype=torch.bool, device=student.device)
    for dim in dims:
        anchors = F.normalize(teacher[:, :dim], dim=1)
        wanted = (scale * anchors @ anchors.T).masked_fill(diagonal, -1e4)
        found = (scale * F.normalize(student[:, :dim], dim=1) @ anchors.T).masked_fill(diagonal, -1e4)
        total += F.kl_div(found.log_softmax(1), wanted.log_softmax(1), log_target=True, reduction="batchmean")
    return total / len(dims)


def neighbour_match(student, teacher, dims, scale: float = 15.0):
    """Each vector's neighbours within the batch should be those of its teacher, in a space of any width."""
    diagonal, total = torch.eye(len(student), dtype=torch.bool, device=student.device), 0.0
    wanted = (scale * teacher @ teacher.T).masked_fill(diagonal, -1e4).log_softmax(1)
    for dim in dims:
        unit = F.normalize(student[:, :dim], dim=1)
        found = (scale * unit @ unit.T).masked_fill(diagonal, -1e4).log_softmax(1)
        total += F.kl_div(found, wanted, log_target=True, reduction="batchmean")
    return total / len(dims)
