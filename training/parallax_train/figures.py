"""Measures, each with its 95 % interval."""

import math

import numpy as np


def wilson(hits: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share, good at small counts too."""
    share = hits / count
    middle = share + z * z / (2 * count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (middle - reach) / (1 + z * z / count), (middle + reach) / (1 + z * z / count)


def percent(hits: int, count: int) -> dict:
    low, high = wilson(hits, count)
    return {"percent": round(100 * hits / count, 2), "interval": [round(100 * low, 2), round(100 * high, 2)]}


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def cosines(queries: np.ndarray, documents: np.ndarray, dim: int | None = None) -> np.ndarray:
    return unit(queries[:, :dim]) @ unit(documents[:, :dim]).T


def ranked(scores: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """The 1-based rank of each row's own column."""
    return (scores > scores[np.arange(len(owner)), owner][:, None]).sum(1) + 1


def recalls(rank: np.ndarray) -> dict:
    found = {f"R@{k}": percent(int((rank <= k).sum()), len(rank)) for k in (1, 5, 10)}
    return {**found, "median_rank": float(np.median(rank))}


def same_label(vectors: np.ndarray, labels: list[str]) -> dict:
    """How often the nearest other picture bears the same label."""
    scores = cosines(vectors, vectors)
    np.fill_diagonal(scores, -np.inf)
    nearest = scores.argmax(1)
    return percent(sum(labels[at] == label for at, label in zip(nearest, labels)), len(labels))


def chance_of_same_label(labels: list[str]) -> float:
    counts = np.unique(labels, return_counts=True)[1]
    return round(100 * float((counts * (counts - 1)).sum()) / (len(labels) * (len(labels) - 1)), 2)


def rank_correlation(first: np.ndarray, second: np.ndarray) -> dict:
    """Spearman's rho; the interval by Fisher's transformation with Bonett and Wright's variance."""
    ranks = [values.argsort().argsort().astype(np.float64) for values in (first, second)]
    rho = float(np.corrcoef(*ranks)[0, 1])
    reach = 1.96 * math.sqrt((1 + rho * rho / 2) / (len(first) - 3))
    low, high = (math.tanh(math.atanh(rho) + side * reach) for side in (-1, 1))
    return {"rho": round(rho, 3), "interval": [round(low, 3), round(high, 3)]}
