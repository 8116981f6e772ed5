#!/usr/bin/env python3
"""Writes clustered-share.tsv beside this script: shares of clustered trials by Korn and Graubard's method.

As `svyciprop(..., method="beta")` of R's survey package computes them, with at most as many effective trials as
there are. Run: python3 make_clustered_share.py (needs numpy and scipy).
"""

import pathlib

import numpy
import scipy
from scipy.stats import beta, t


def interval(clusters):
    sizes = numpy.array([len(c) for c in clusters], float)
    sums = numpy.array([sum(c) for c in clusters], float)
    n, p, count = sizes.sum(), sums.sum() / sizes.sum(), len(clusters)
    if p in (0, 1):
        effective = count
    else:
        variance = count / (count - 1) * ((sums - p * sizes) ** 2).sum() / n**2
        effective = p * (1 - p) / variance
        effective *= (t.ppf(0.975, n - 1) / t.ppf(0.975, count - 1)) ** 2
        effective = min(effective, n)
    x = effective * p
    low = beta.ppf(0.025, x, effective - x + 1) if x > 0 else 0
    high = beta.ppf(0.975, x + 1, effective - x) if p < 1 else 1
    return effective, low, high


random = numpy.random.default_rng(15)
path = pathlib.Path(__file__).parent / "clustered-share.tsv"
with path.open("w") as out:
    print(f"# make_clustered_share.py, SciPy {scipy.__version__}", file=out)
    print("clusters\teffective\tlow\thigh", file=out)
    for count in (3, 10, 60, 200):
        for share in (0.0, 0.02, 0.3, 0.9, 1.0):
            for spread in (0.5, 5, 1e6):
                clusters = []
                for _ in range(count):
                    own = share
                    if 0 < share < 1:
                        own = random.beta(share * spread, (1 - share) * spread)
                    size = random.integers(1, 9)
                    clusters.append((random.random(size) < own).astype(int).tolist())
                cells = " ".join("".join(map(str, c)) for c in clusters)
                numbers = interval(clusters)
                print(cells, *(repr(float(v)) for v in numbers), sep="\t", file=out)
