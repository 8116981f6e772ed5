#!/usr/bin/env python3
"""Writes shapes.tsv beside this script: how sets of vectors are spread, from NumPy and SciPy.

Run: python3 make_shapes.py (needs numpy, scipy).
"""

import pathlib

import numpy as np
import scipy
from scipy.stats import skew

K = 5


def cases(rng):
    """Name, vectors, and other vectors of the same items."""
    plain = rng.normal(size=(60, 12))
    yield "gaussian", plain, plain[:, :5]
    rotation = np.linalg.qr(rng.normal(size=(12, 12)))[0]
    yield "rotated", plain, plain @ rotation * 3
    yield "unrelated", plain, rng.normal(size=(60, 30))
    cone = rng.normal(size=(80, 8)) + np.array([6, 0, 0, 0, 0, 0, 0, 0])
    yield "cone", cone, cone + 0.3 * rng.normal(size=cone.shape)
    dead = rng.normal(size=(50, 10))
    dead[:, [3, 7]] = 0
    dead[:, 5] *= 9
    yield "dead and large numbers", dead, dead[:, ::-1]
    hub = rng.normal(size=(70, 30)) + 0.5
    hub[11] = hub.mean(axis=0)
    yield "hub", hub, np.delete(hub, 2, axis=1)
    lengths = rng.normal(size=(40, 6)) * np.exp(rng.normal(size=(40, 1)) * 3)
    yield "many lengths", lengths, rng.normal(size=(40, 6)) + lengths
    matryoshka = rng.normal(size=(90, 32)) * np.geomspace(1, 0.05, 32)
    yield "matryoshka", matryoshka, matryoshka[:, :8]


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def occurrences(units):
    cosines = units @ units.T
    np.fill_diagonal(cosines, -np.inf)
    nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :K]
    return np.bincount(nearest.ravel(), minlength=len(units))


def cka(x, y):
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    cross = np.linalg.norm(y.T @ x) ** 2
    return cross / (np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y))


def plane(units):
    """Places along the two principal axes, whose largest component is positive, and their shares of the variance."""
    centred = units - units.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(units))
    axes = vectors[:, ::-1][:, :2].T
    axes = np.array([axis * np.sign(axis[np.argmax(np.abs(axis))]) for axis in axes])
    return centred @ axes.T, values[::-1][:2] / values.sum()


def text(values):
    return " ".join(repr(float(v)) for v in np.ravel(values))


rng = np.random.default_rng(20261)
path = pathlib.Path(__file__).parent / "shapes.tsv"
with path.open("w", encoding="utf-8") as out:
    print(f"# make_shapes.py, NumPy {np.__version__}, SciPy {scipy.__version__}", file=out)
    columns = [
        "case", "dimension", "vectors", "other_dimension", "others", "counts", "skewness",
        "hubs", "places", "antihubs", "mean_length", "mean_cosine", "effective", "variances", "cka",
        "plane", "shares",
    ]
    print("\t".join(columns), file=out)
    for name, vectors, others in cases(rng):
        vectors, others = vectors.astype(np.float32), others.astype(np.float32)
        units, other_units = unit(vectors.astype(float)), unit(others.astype(float))
        counts = occurrences(units)
        cosines = units @ units.T
        pairs = cosines[~np.eye(len(units), dtype=bool)]
        eigenvalues = np.linalg.eigvalsh(np.cov(units.T, bias=True))
        print(
            name, vectors.shape[1], text(vectors), others.shape[1], text(others),
            " ".join(map(str, counts)), repr(float(skew(counts))),
            repr(float((counts >= 2 * K).mean())),
            repr(float(counts[counts >= 2 * K].sum() / counts.sum())),
            repr(float((counts == 0).mean())),
            repr(float(np.linalg.norm(units.mean(axis=0)))), repr(float(pairs.mean())),
            repr(float(eigenvalues.sum() ** 2 / (eigenvalues**2).sum())), text(units.var(axis=0)),
            repr(float(cka(units, other_units))), *map(text, plane(units)), sep="\t", file=out)
