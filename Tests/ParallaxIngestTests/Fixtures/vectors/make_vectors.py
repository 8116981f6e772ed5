#!/usr/bin/env python3
"""Writes the .npy files of this folder with NumPy, and what NumPy reads from them.

expected.tsv has a line for each row of each file: file, row, and the bits of its numbers as 64-bit
floats, in hexadecimal. Needs numpy (2.4.6 wrote what is here).
"""

import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent
NUMBERS = np.array(
    [[0.6, 0.8, 0.0, -0.0], [1e-38, -1.5, 65504.0, 6e-8], [2.0**-24, -(2.0**-14), 1 / 3, 2048.0]]
)


def write(name, array, version):
    with open(HERE / name, "wb") as file:
        np.lib.format.write_array(file, array, version=version)


arrays = {
    "f2.npy": (NUMBERS.astype("<f2"), (1, 0)),
    "f2-big.npy": (NUMBERS.astype(">f2"), (2, 0)),
    "f4.npy": (NUMBERS.astype("<f4"), (1, 0)),
    "f4-big.npy": (NUMBERS.astype(">f4"), (3, 0)),
    "f4-columns.npy": (np.asfortranarray(NUMBERS.astype("<f4")), (1, 0)),
    "f8.npy": (NUMBERS.astype("<f8"), (2, 0)),
    "f8-big-columns.npy": (np.asfortranarray(NUMBERS.astype(">f8")), (3, 0)),
    "f2-odd.npy": (np.array([[np.nan, 1.0], [np.inf, -np.inf]], "<f2"), (1, 0)),
}
lines = []
for name, (array, version) in arrays.items():
    write(name, array, version)
    for row, numbers in enumerate(np.load(HERE / name).astype("<f8")):
        bits = " ".join(f"{bit:016x}" for bit in numbers.view("<u8"))
        lines.append(f"{name}\t{row}\t{bits}\n")
(HERE / "expected.tsv").write_text("".join(lines))

write("wrong-empty.npy", np.zeros((0, 3), "<f4"), (1, 0))
write("wrong-1d.npy", np.zeros(3, "<f4"), (1, 0))
write("wrong-3d.npy", np.zeros((1, 2, 3), "<f4"), (1, 0))
write("wrong-int.npy", np.zeros((2, 2), "<i8"), (1, 0))
write("wrong-structure.npy", np.zeros((2,), [("a", "<f4"), ("b", "<f4")]), (1, 0))
np.savez(HERE / "wrong.npz", a=np.zeros((2, 2), "<f4"))
