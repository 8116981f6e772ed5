"""Writes maps.tsv: what affine maps do, by NumPy and SciPy.

    python3 -m venv v && v/bin/pip install numpy scipy && v/bin/python make_maps.py
"""

import math
import pathlib

import numpy
import scipy
from scipy.linalg import polar

random = numpy.random.default_rng(7)


def turned(degrees, scale=1.0, mirrored=False):
    angle = math.radians(degrees)
    turn = numpy.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return scale * turn @ (numpy.diag([-1, 1]) if mirrored else numpy.eye(2))


linear = [numpy.eye(2), turned(15), turned(-12.5, 0.5), turned(170, 3), turned(20, 1.2, mirrored=True),
          numpy.array([[1.2, 0.3], [-0.1, 0.7]]), numpy.diag([2.0, 1.0]), numpy.diag([1.0, 0.05])]
linear += [numpy.eye(2) + random.normal(0, 0.4, (2, 2)) for _ in range(12)]
lines = [f"# make_maps.py, NumPy {numpy.__version__}, SciPy {scipy.__version__}",
         "map\tdeterminant\tscale\trotation\tstretch\tfrom\tto\tresized"]
for part in linear:
    move = random.normal(0, 50, 2)
    whole = numpy.vstack([numpy.column_stack([part, move]), [0, 0, 1]])
    values = numpy.linalg.svd(part)[1]
    turn = polar(part)[0]
    determinant = numpy.linalg.det(part)
    rotation = "" if determinant <= 0 else repr(math.degrees(math.atan2(turn[1, 0], turn[0, 0])))
    start, end = random.uniform(0.3, 8, 2), random.uniform(0.3, 8, 2)

    def enlarging(factors):
        # A point of the small picture lies at f (p + 1/2) - 1/2 of the large one.
        return numpy.array([[factors[0], 0, factors[0] / 2 - 0.5], [0, factors[1], factors[1] / 2 - 0.5], [0, 0, 1]])

    other = enlarging(end) @ whole @ numpy.linalg.inv(enlarging(start))
    cells = [whole[:2].ravel(), [determinant], [math.sqrt(abs(determinant))], rotation or "none",
             [values[0] / values[1]], start, end, other[:2].ravel()]
    lines.append("\t".join(c if isinstance(c, str) else " ".join(repr(float(n)) for n in c) for c in cells))
pathlib.Path(__file__).with_name("maps.tsv").write_text("\n".join(lines) + "\n")
