"""Micro average precision: the measure of image copy detection, and the perceptual hash it is held against.

The pairs of all queries and all candidates are put in one order by score, so that one threshold serves every query (M.
Douze et al. 2021, the image similarity challenge). Pairs of equal score share their place.
"""

import numpy as np
from PIL import Image

DRAWS = 500
# Values along a side of what is transformed, and frequencies along a side that count.
SIDE, KEPT = 32, 8
COSINES = np.cos(np.pi * np.outer(np.arange(KEPT), 2 * np.arange(SIDE) + 1) / (2 * SIDE))


def perceptual_hash(image: Image.Image) -> np.ndarray:
    """bool [64]: which of the lowest frequencies of the luminance are above their median, as the program has it."""
    grey = image.convert("L")
    # Across first, as the program does it.
    small = grey.resize((SIDE, grey.height), Image.LANCZOS).resize((SIDE, SIDE), Image.LANCZOS)
    low = np.round(COSINES @ np.asarray(small, np.float64) @ COSINES.T, 6)
    return (low > np.median(low)).ravel()


def agreements(queries: np.ndarray, candidates: np.ndarray) -> np.ndarray:
    """Less the number of bits that differ, [query, candidate]."""
    one, two = (1.0 - 2.0 * bits.astype(np.float32) for bits in (queries, candidates))
    return (one @ two.T - queries.shape[1]) / 2


class Pool:
    """Scores of groups of queries, [query, candidate] each, where the candidate of the query's own number is right."""

    def __init__(self, groups: list[np.ndarray]):
        count = len(groups[0])
        right = np.concatenate([scores.diagonal() for scores in groups])
        # How many pairs of a photograph's queries, and how many of its right ones, score at least as much as a right pair.
        pairs, hits = (np.zeros((len(right), count), np.float32) for _ in range(2))
        for scores in groups:
            for query, row in enumerate(np.sort(scores, axis=1)):
                pairs[:, query] += len(row) - np.searchsorted(row, right)
            hits += scores.diagonal() >= right[:, None]
        self.pairs, self.hits, self.groups, self.count = pairs, hits, len(groups), count

    def averages(self, weights: np.ndarray) -> np.ndarray:
        """The micro average precision where each photograph stands so often, [photograph, draw] -> [draw]."""
        weights = weights.astype(np.float32)
        own = np.tile(weights, (self.groups, 1))
        precision = (self.hits @ weights) / np.maximum(self.pairs @ weights, 1)
        return (own * precision).sum(0) / own.sum(0)


def micro_average_precision(groups: list[np.ndarray]) -> dict:
    """In percent; the interval is that of photographs drawn with all their changed versions."""
    pool, random = Pool(groups), np.random.default_rng(0)
    drawn = random.multinomial(pool.count, np.full(pool.count, 1 / pool.count), DRAWS).T
    low, high = np.quantile(pool.averages(drawn), [0.025, 0.975])
    found = pool.averages(np.ones((pool.count, 1)))[0]
    return {"percent": round(100 * float(found), 2),
            "interval": [round(100 * float(low), 2), round(100 * float(high), 2)]}
