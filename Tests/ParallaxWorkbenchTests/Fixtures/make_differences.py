#!/usr/bin/env python3
"""Writes differences.tsv beside this script: how pairs of spaces differ, from NumPy and SciPy.

Each item asks by itself, without itself. Scores are cosines in double precision, put into 32 bits as the
program's are. Run: python3 make_differences.py (needs numpy, scipy).
"""

import pathlib

import numpy as np
import scipy
from scipy.stats import kendalltau, skew

TOP = 5
DEPTH = 20


def cases(rng):
    """Name, vectors, other vectors of the same items, and the class of each item."""
    first = rng.normal(size=(50, 10))
    classes = np.arange(50) % 5
    clustered = rng.normal(size=(5, 10))[classes] + 0.8 * first
    yield "noise", clustered, clustered + 0.3 * rng.normal(size=(50, 10)), classes
    yield "prefix", clustered, clustered[:, :6], classes
    yield "unrelated", clustered, rng.normal(size=(50, 14)), classes
    hub = rng.normal(size=(50, 16)) + 0.5
    hub[7] = hub.mean(axis=0)
    yield "hub", clustered, hub, classes


def scores(vectors):
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = units @ units.T
    np.fill_diagonal(cosines, -np.inf)
    return cosines


def ranked(cosines, depth):
    return np.argsort(-cosines, axis=1, kind="stable")[:, :depth]


def overlaps(first, second):
    return np.array([len(set(a) & set(b)) / len(a) for a, b in zip(first, second)])


def taus(first, second):
    values = []
    for a, b in zip(first, second):
        common = [item for item in a if item in set(b)]
        if len(common) > 1:
            places = {item: place for place, item in enumerate(b)}
            values.append(kendalltau(range(len(common)), [places[item] for item in common]).statistic)
    return np.array(values)


def skewness(cosines):
    return skew(np.bincount(ranked(cosines, 10).ravel(), minlength=len(cosines)))


def cka(x, y):
    x, y = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (x, y))
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    return np.linalg.norm(y.T @ x) ** 2 / (np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y))


def pairs(cosines, classes):
    """Scores of the lists, and whether their items are relevant, the highest score first."""
    found = ranked(cosines, DEPTH)
    values = np.take_along_axis(cosines, found, axis=1).ravel()
    relevant = (classes[found] == classes[:, None]).ravel()
    order = np.argsort(-values, kind="stable")
    return values[order], relevant[order]


def text(values):
    return " ".join(repr(float(v)) for v in np.ravel(values))


rng = np.random.default_rng(77)
path = pathlib.Path(__file__).parent / "differences.tsv"
with path.open("w", encoding="utf-8") as out:
    print(f"# make_differences.py, NumPy {np.__version__}, SciPy {scipy.__version__}", file=out)
    columns = [
        "case", "dimension", "vectors", "other_dimension", "others", "classes", "overlap", "tau",
        "churned", "cka", "hubness_a", "hubness_b", "scores_a", "scores_b", "threshold",
        "accepted", "same_acceptance", "precision", "same_precision", "least_kept",
    ]
    print("\t".join(columns), file=out)
    for name, vectors, others, classes in cases(rng):
        vectors, others = vectors.astype(np.float32), others.astype(np.float32)
        a, b = scores(vectors.astype(float)), scores(others.astype(float))
        kept = overlaps(ranked(a, TOP), ranked(b, TOP))
        at_top = [np.sort(np.take_along_axis(s, ranked(s, TOP)[:, -1:], axis=1).ravel()) for s in (a, b)]
        threshold = np.quantile(at_top[0], 0.5)
        (left, left_relevant), (right, right_relevant) = pairs(a, classes), pairs(b, classes)
        accepted = int((left >= threshold).sum())
        precision = left_relevant[:accepted].mean()
        precise = np.cumsum(right_relevant) / np.arange(1, len(right) + 1) >= precision
        # A threshold lets both pairs of two items through, or neither.
        precise &= np.append(right[:-1] - right[1:] > 1e-9, True)
        same_precision = right[np.flatnonzero(precise)[-1]] if precise.any() else float("nan")
        print(
            name, vectors.shape[1], text(vectors), others.shape[1], text(others),
            " ".join(map(str, classes)), repr(float(kept.mean())),
            repr(float(taus(ranked(a, DEPTH), ranked(b, DEPTH)).mean())),
            repr(float((kept < 0.5).mean())), repr(float(cka(vectors.astype(float), others.astype(float)))),
            repr(float(skewness(a))), repr(float(skewness(b))),
            text(np.quantile(at_top[0], [0.1, 0.5, 0.9])), text(np.quantile(at_top[1], [0.1, 0.5, 0.9])),
            repr(float(threshold)), accepted, repr(float(right[accepted - 1])),
            repr(float(precision)), repr(float(same_precision)), repr(float(kept.min())),
            sep="\t", file=out)
