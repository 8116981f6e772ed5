#!/usr/bin/env python3
"""Writes groups.tsv beside this script: complete linkage by SciPy, agreement and ranking by scikit-learn.

Run: python3 make_groups.py (needs numpy, scipy, scikit-learn). B-cubed is counted here from its definition, item by item,
and leaders are found from theirs.
"""

import pathlib
from importlib.metadata import version

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.metrics import average_precision_score, precision_recall_curve
from sklearn.metrics.cluster import pair_confusion_matrix

FOLDER = pathlib.Path(__file__).parent
random = np.random.default_rng(5)
lines = ["# make_groups.py, " + ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "scikit-learn"))]


def text(values):
    return ",".join(str(value) for value in values)


def linkages():
    """All similarities of some items, without ties, and the group of each item at a threshold."""
    for _ in range(25):
        count = int(random.integers(2, 25))
        centres = random.standard_normal((4, 3))
        points = centres[random.integers(4, size=count)] + 0.5 * random.standard_normal((count, 3))
        points /= np.linalg.norm(points, axis=1, keepdims=True)
        rows, columns = np.triu_indices(count, 1)
        scores = np.round((points @ points.T)[rows, columns] + random.uniform(-1e-4, 1e-4, len(rows)), 6)
        assert len(set(scores)) == len(scores)
        tree = linkage(2 - scores, "complete")
        for threshold in (0.3, 0.8, 0.95):
            labels = fcluster(tree, 2 - threshold, "distance")
            lines.append(f"linkage\t{count}\t{threshold}\t{text(scores)}\t{text(labels)}")


def agreements():
    """Groups and true groups; pairwise precision and recall, then those of B-cubed."""
    for _ in range(40):
        count, kinds = int(random.integers(2, 40)), random.integers(1, 12, size=2)
        groups, truth = (random.integers(kind, size=count) for kind in kinds)
        (_, wrong), (missed, right) = pair_confusion_matrix(truth, groups)
        pairwise = [right / (right + wrong) if right + wrong else "", right / (right + missed) if right + missed else ""]
        precision = np.mean([(truth[groups == group] == kind).mean() for group, kind in zip(groups, truth)])
        recall = np.mean([(groups[truth == kind] == group).mean() for group, kind in zip(groups, truth)])
        lines.append(f"agreement\t{text(groups)}\t{text(truth)}\t{text(pairwise + [precision, recall])}")


def rankings():
    """Labelled scores with ties; average precision with the wrong ones first, and recall at 90 % precision."""
    for number in range(40):
        count = int(random.integers(2, 60))
        labels = random.integers(2, size=count)
        labels[0] = 1
        scores = np.round(random.normal(labels * 1.2), 1 if number % 2 else 6)
        order = np.lexsort((labels, -scores))
        broken = np.empty(count)
        broken[order] = -np.arange(count)
        precision, recall, thresholds = precision_recall_curve(labels, scores)
        good = [(r, -t) for p, r, t in zip(precision, recall, thresholds) if p >= 0.9]
        best = max(good, default=(0.0, 0.0))
        threshold = max((-t for r, t in good if r == best[0] and r > 0), default="")
        values = [average_precision_score(labels, broken), best[0], threshold]
        lines.append(f"ranking\t{text(scores)}\t{text(labels)}\t{text(values)}")


def leaders():
    """All similarities of some items, many of them equal, and the leader of each item at a threshold.

    By definition, from the whole matrix: an item leads unless a leader before it reaches the threshold with it; each
    other one follows the leader that is the most similar, of equal ones the first.
    """
    for _ in range(40):
        count, threshold = int(random.integers(2, 30)), float(random.choice([0.5, 0.7, 0.9]))
        rows, columns = np.triu_indices(count, 1)
        scores = np.round(random.beta(2, 2, len(rows)), 1)
        matrix = np.ones((count, count))
        matrix[rows, columns] = matrix[columns, rows] = scores
        first = []
        for item in range(count):
            if not any(matrix[item, leader] >= threshold for leader in first):
                first.append(item)
        followed = [item if item in first else first[int(np.argmax(matrix[item, first]))] for item in range(count)]
        lines.append(f"leader\t{count}\t{threshold}\t{text(scores)}\t{text(followed)}")


linkages()
agreements()
rankings()
leaders()
(FOLDER / "groups.tsv").write_text("\n".join(lines) + "\n")
