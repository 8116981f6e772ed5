#!/usr/bin/env python3
"""Writes pair-truth.tsv beside this script: vectors, pairs that are duplicates, and what scikit-learn and SciPy measure of them.

Run: python3 make_pair_truth.py (needs numpy, scipy, scikit-learn). B-cubed is counted here from its definition, item by item.
"""

import pathlib
from importlib.metadata import version
from itertools import combinations

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import average_precision_score, precision_recall_curve
from sklearn.metrics.cluster import pair_confusion_matrix

FOLDER = pathlib.Path(__file__).parent
GROUPS, SIZE, THRESHOLD = 20, 3, 0.78
random = np.random.default_rng(7)
lines = ["# make_pair_truth.py, " + ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "scikit-learn"))]


def line(*cells):
    lines.append("\t".join(str(cell) for cell in cells))


centres = random.standard_normal((GROUPS, 8))
vectors = np.repeat(centres, SIZE, axis=0) + 0.3 * random.standard_normal((GROUPS * SIZE, 8))
vectors = np.round(vectors, 4)
truth = np.repeat(np.arange(GROUPS), SIZE)
for number, vector in enumerate(vectors):
    line("vector", f"i{number:02}", ",".join(str(value) for value in vector))
# What follows from two duplicates of one is not listed.
for group in range(GROUPS):
    for left in range(SIZE - 1):
        line("pair", f"i{group * SIZE + left + 1:02}", f"i{group * SIZE + left:02}")

unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
pairs = list(combinations(range(len(vectors)), 2))
scores = np.array([unit[left] @ unit[right] for left, right in pairs])
labels = np.array([truth[left] == truth[right] for left, right in pairs])
assert np.diff(np.sort(scores)).min() > 1e-9
precision, recall, thresholds = precision_recall_curve(labels, scores)
precision, recall = precision[:-1], recall[:-1]
best = max((r, t) for p, r, t in zip(precision, recall, thresholds) if p >= 0.9)
f1 = 2 * precision * recall / (precision + recall)
line("value", "micro-ap", average_precision_score(labels, scores), "")
line("value", "recall@P90", best[0], best[1])
line("value", "best f1", f1.max(), thresholds[f1.argmax()])

groups = fcluster(linkage(1 - scores, "complete"), 1 - THRESHOLD, "distance")
(_, wrong), (missed, right) = pair_confusion_matrix(truth, groups)
pairwise = right / (right + wrong), right / (right + missed)
b_cubed = (
    np.mean([(truth[groups == group] == kind).mean() for group, kind in zip(groups, truth)]),
    np.mean([(groups[truth == kind] == group).mean() for group, kind in zip(groups, truth)]),
)
for name, (p, r) in (("pairwise", pairwise), ("b-cubed", b_cubed)):
    line("group", f"{name} precision", p)
    line("group", f"{name} recall", r)
    line("group", f"{name} f1", 2 * p * r / (p + r))
line("group", "over-merged groups", sum(len(set(truth[groups == group])) > 1 for group in set(groups)))
line("group", "split groups", sum(len(set(groups[truth == kind])) > 1 for kind in set(truth)))
(FOLDER / "pair-truth.tsv").write_text("\n".join(lines) + "\n")
