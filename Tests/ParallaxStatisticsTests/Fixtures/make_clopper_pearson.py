#!/usr/bin/env python3
"""Writes clopper-pearson.tsv beside this script: lower ends of one-sided exact intervals.

From SciPy's inverse of the beta distribution; each is put back into its binomial distribution.
Run: python3 make_clopper_pearson.py (needs scipy).
"""

import pathlib

import scipy
from scipy.stats import beta, binom

CASES = [
    (0, 0), (0, 1), (1, 1), (0, 10), (1, 10), (5, 10), (9, 10), (10, 10), (1, 20), (95, 100),
    (100, 100), (1, 1000), (1990, 2000), (399, 400), (7, 10_000), (999_900, 1_000_000),
    (1_000_000, 1_000_000),
]
CONFIDENCES = [0.5, 0.9, 0.95, 0.975, 0.999]


def lower(successes, trials, confidence):
    if successes == 0:
        return 0.0
    share = beta.ppf(1 - confidence, successes, trials - successes + 1)
    assert abs(binom.sf(successes - 1, trials, share) - (1 - confidence)) < 1e-9
    return float(share)


path = pathlib.Path(__file__).parent / "clopper-pearson.tsv"
with path.open("w", encoding="utf-8") as out:
    print(f"# make_clopper_pearson.py, SciPy {scipy.__version__}", file=out)
    print("successes\ttrials\tconfidence\tlower", file=out)
    for successes, trials in CASES:
        for confidence in CONFIDENCES:
            print(
                successes, trials, confidence, repr(lower(successes, trials, confidence)),
                sep="\t", file=out)
