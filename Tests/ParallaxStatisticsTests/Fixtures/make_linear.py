#!/usr/bin/env python3
"""Writes matrices with their eigenvalues, singular values and polar factors beside this script.

Run: python3 make_linear.py (needs numpy, scipy).
"""

import pathlib

import numpy as np
import scipy
from scipy.linalg import hilbert, orthogonal_procrustes

FOLDER = pathlib.Path(__file__).parent
ORIGIN = f"# make_linear.py, NumPy {np.__version__}, SciPy {scipy.__version__}"
random = np.random.default_rng(1)


def numbers(values):
    return " ".join(repr(float(value)) for value in np.asarray(values).ravel())


def covariance(count, dimension):
    rows = random.standard_normal((count, dimension)) * 0.8 ** np.arange(dimension)
    return np.cov(rows.T)


def symmetric(size):
    square = random.standard_normal((size, size))
    return (square + square.T) / 2


SYMMETRIC = {
    "one": np.array([[-3.5]]),
    "pair": np.array([[2.0, 1.0], [1.0, 2.0]]),
    "zero": np.zeros((4, 4)),
    "identity": np.eye(5),
    "diagonal": np.diag([1.0, -2.0, 7.0, 7.0, 0.0, 1e-9]),
    "blocks": np.kron(np.eye(3), np.array([[1.0, 2.0], [2.0, -1.0]])),
    "symmetric": symmetric(17),
    "covariance": covariance(200, 40),
    "few rows": covariance(8, 24),
    "hilbert": hilbert(10),
    "huge": symmetric(6) * 1e200,
    "tiny": symmetric(6) * 1e-200,
    "wilkinson": np.diag(np.abs(np.arange(-10.0, 11.0))) + np.eye(21, k=1) + np.eye(21, k=-1),
}

GENERAL = {
    "one": np.array([[2.0]]),
    "square": random.standard_normal((12, 12)),
    "tall": random.standard_normal((30, 9)),
    "wide": random.standard_normal((7, 22)),
    "graded": random.standard_normal((16, 16)) * 10.0 ** -np.arange(16),
    "rank 3": random.standard_normal((14, 3)) @ random.standard_normal((3, 10)),
}

with (FOLDER / "eigen.tsv").open("w", encoding="utf-8") as out:
    print(ORIGIN, file=out)
    print("name\tsize\tmatrix\teigenvalues", file=out)
    for name, matrix in SYMMETRIC.items():
        values = np.linalg.eigvalsh(matrix)[::-1]
        print(f"{name}\t{len(matrix)}\t{numbers(matrix)}\t{numbers(values)}", file=out)

with (FOLDER / "singular.tsv").open("w", encoding="utf-8") as out:
    print(ORIGIN, file=out)
    print("name\trows\tcolumns\tmatrix\tvalues", file=out)
    for name, matrix in GENERAL.items():
        values = np.linalg.svd(matrix, compute_uv=False)
        values = values[values > values[0] * max(matrix.shape) * np.finfo(float).eps]
        print(
            f"{name}\t{matrix.shape[0]}\t{matrix.shape[1]}\t{numbers(matrix)}\t{numbers(values)}",
            file=out,
        )

# Two sets of 60 points, the second one turned with noise: the rotation that SciPy finds.
points = random.standard_normal((60, 8)) * 0.7 ** np.arange(8)
turn, _ = np.linalg.qr(random.standard_normal((8, 8)))
turned = points @ turn + 0.02 * random.standard_normal((60, 8))
rotation, _ = orthogonal_procrustes(points, turned)
with (FOLDER / "procrustes.tsv").open("w", encoding="utf-8") as out:
    print(ORIGIN, file=out)
    print("points\tturned\trotation", file=out)
    print(f"{numbers(points)}\t{numbers(turned)}\t{numbers(rotation)}", file=out)


def centered(points):
    return points - points.mean(axis=0)


def ridge(points, targets, strength, rank):
    """The map's matrix, by the normal equations and NumPy's singular vectors of what it gives."""
    inputs, outputs = centered(points), centered(targets)
    count = np.linalg.matrix_rank(inputs)
    penalty = strength * np.trace(inputs.T @ inputs) / count
    matrix = np.linalg.solve(
        inputs.T @ inputs + penalty * np.eye(inputs.shape[1]), inputs.T @ outputs
    )
    if rank:
        _, _, directions = np.linalg.svd(inputs @ matrix, full_matrices=False)
        matrix = matrix @ directions[:rank].T @ directions[:rank]
    return matrix


# Pairs of points, more and fewer than dimensions; what each map gives for five other points.
with (FOLDER / "maps.tsv").open("w", encoding="utf-8") as out:
    print(ORIGIN, file=out)
    print("method\tcount\tinputs\toutputs\tpoints\ttargets\tothers\tmapped", file=out)
    for count, inputs, outputs in [(40, 6, 5), (9, 14, 5), (12, 7, 16)]:
        points = random.standard_normal((count, inputs)) * 0.8 ** np.arange(inputs) + 0.3
        truth = random.standard_normal((inputs, outputs))
        targets = points @ truth + 0.1 * random.standard_normal((count, outputs)) - 0.2
        others = random.standard_normal((5, inputs))
        maps = {
            f"ridge {strength} {rank}": ridge(points, targets, strength, rank)
            for strength, rank in [(0.01, 0), (0.5, 0), (0.1, 2)]
        }
        # SciPy's needs as many dimensions on both sides: zeros change nothing.
        width = max(inputs, outputs)
        wide = [np.pad(centered(p), ((0, 0), (0, width - p.shape[1]))) for p in (points, targets)]
        if count > width:
            maps["orthogonal"] = orthogonal_procrustes(*wide)[0][:inputs, :outputs]
        for method, matrix in maps.items():
            mapped = (others - points.mean(axis=0)) @ matrix + targets.mean(axis=0)
            cells = [numbers(part) for part in (points, targets, others, mapped)]
            print("\t".join([method, str(count), str(inputs), str(outputs), *cells]), file=out)
