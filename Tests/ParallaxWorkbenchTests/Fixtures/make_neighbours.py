"""Computes what NeighbourChangeTests expects, with NumPy; prints it.

Both spaces are made of whole numbers by a formula that the test has as well."""

import numpy as np

ITEMS, TOP = 40, 10


def space(dimension: int, salt: int) -> np.ndarray:
    rows = [
        [(7 * i * i + 31 * i * j + 17 * j * j + salt) % 101 - 50 for j in range(dimension)]
        for i in range(ITEMS)
    ]
    return np.array(rows, dtype=np.float64)


def nearest(vectors: np.ndarray) -> list[list[int]]:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = unit @ unit.T
    lists = []
    for row in range(ITEMS):
        others = sorted((o for o in range(ITEMS) if o != row), key=lambda o: (-cosines[row, o], o))
        # No answer hangs on the last bits.
        gap = min(cosines[row, others[0]] - cosines[row, others[1]],
                  cosines[row, others[TOP - 1]] - cosines[row, others[TOP]])
        assert gap > 1e-5, (row, gap)
        lists.append(others[:TOP])
    return lists


before, after = nearest(space(6, 3)), nearest(space(9, 58))
overlaps = [len(set(a) & set(b)) / TOP for a, b in zip(before, after)]
print("overlap", repr(sum(overlaps) / ITEMS))
print("same nearest", repr(sum(a[0] == b[0] for a, b in zip(before, after)) / ITEMS))
