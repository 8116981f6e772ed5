#!/usr/bin/env python3
"""Writes median-interval.tsv beside this script: places of the ends of exact intervals of a median.

From SciPy's binomial distribution: the place of the lower end, from 1 on, or 0 where there is none. The upper end
is as far from the other side.
Run: python3 make_median_interval.py (needs scipy).
"""

import pathlib

import scipy
from scipy.stats import binom

COUNTS = [0, 1, 2, 5, 6, 7, 8, 9, 10, 20, 25, 50, 99, 100, 1_000, 9_999, 200_000]
CONFIDENCES = [0.6, 0.9, 0.95, 0.99]


def place(count, confidence):
    side = (1 - confidence) / 2
    found = 0
    while found < count // 2 + 1 and binom.cdf(found, count, 0.5) <= side:
        found += 1
    return found


path = pathlib.Path(__file__).parent / "median-interval.tsv"
with path.open("w", encoding="utf-8") as out:
    print(f"# make_median_interval.py, SciPy {scipy.__version__}", file=out)
    print("count\tconfidence\tplace", file=out)
    for count in COUNTS:
        for confidence in CONFIDENCES:
            print(count, confidence, place(count, confidence), sep="\t", file=out)
