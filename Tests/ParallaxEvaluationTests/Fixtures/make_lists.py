#!/usr/bin/env python3
"""Writes lists.tsv beside this script: how alike random pairs of ranked lists are.

The bounds of rank-biased overlap come from lists that are really continued, for thousands of ranks, in
the worst and in the best way; the extrapolated value from the package `rbo`; τ_AP by its definition. Run: python3 make_lists.py (needs numpy, rbo, scipy).
"""

import pathlib
import random
from importlib.metadata import version

from rbo import RankingSimilarity
from scipy.stats import kendalltau

PATH = pathlib.Path(__file__).parent / "lists.tsv"
DEPTH = 3000


def continued(left, right, agree):
    """Both lists, made longer: with what agrees as early as it can, or with nothing that does."""
    left, right = list(left), list(right)
    fresh = 0
    sets = set(left), set(right)
    while max(len(left), len(right)) < DEPTH or len(left) != len(right):
        lists = [(left, right, *sets), (right, left, *reversed(sets))]
        for own, other, own_set, other_set in sorted(lists, key=lambda pair: len(pair[0]))[:1]:
            item = None
            if agree:
                item = next((i for i in other if i not in own_set), None)
            if item is None:
                fresh += 1
                item = f"new{fresh}"
            own.append(item)
            own_set.add(item)
    return left, right


def overlap_sum(left, right, p, depth=None):
    seen, common, total, weight = set(), 0, 0.0, 1.0
    for d, (a, b) in enumerate(zip(left[:depth], right[:depth]), start=1):
        for item in (a, b):
            common += item in seen
            seen.add(item)
        total += weight * common / d
        weight *= p
    return (1 - p) * total


def tau_ap(items, reference):
    items = [i for i in items if i in reference]
    place = {item: rank for rank, item in enumerate(reference)}
    n = len(items)
    total = sum(
        sum(place[above] < place[items[i]] for above in items[:i]) / i for i in range(1, n))
    return 2 * total / (n - 1) - 1


def cases():
    yield list("abcde"), list("badfc")
    rng = random.Random(11)
    for _ in range(60):
        alphabet = [f"i{n}" for n in range(rng.randint(4, 30))]
        left = rng.sample(alphabet, rng.randint(2, len(alphabet)))
        right = rng.sample(alphabet, rng.randint(2, len(alphabet)))
        if rng.random() < 0.4:
            right = rng.sample(alphabet, len(left))
        yield left, right


with PATH.open("w", encoding="utf-8") as out:
    print(f"# make_lists.py, rbo {version('rbo')}, scipy {version('scipy')}", file=out)
    print("left\tright\tp\tlow\thigh\textrapolated\ttruncated\ttau\ttau_ap", file=out)
    for left, right in cases():
        for p in (0.9, 0.95, 0.5):
            low = overlap_sum(*continued(left, right, False), p)
            high = overlap_sum(*continued(left, right, True), p)
            extrapolated = RankingSimilarity(left, right).rbo_ext(p)
            truncated = overlap_sum(left, right, p, min(len(left), len(right)))
            common = [i for i in left if i in right]
            tau, ap = float("nan"), float("nan")
            if len(common) > 1:
                tau = kendalltau(range(len(common)), [right.index(i) for i in common]).statistic
                ap = tau_ap(left, right)
            numbers = (p, low, high, extrapolated, truncated, tau, ap)
            print(" ".join(left), " ".join(right), *map(repr, map(float, numbers)), sep="\t", file=out)
