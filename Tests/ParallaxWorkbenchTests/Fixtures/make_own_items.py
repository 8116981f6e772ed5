#!/usr/bin/env python3
"""Writes own_items.json beside this script: questions that are items themselves, ranked anew by NumPy.

Run: python3 make_own_items.py (needs numpy). The arithmetic is that of make_reranking_cases.py of the search tests;
what is told here is which items and questions count. An item that is the question is no answer that the question moves
towards (aqe), no neighbour of anything in its list (k_reciprocal; its own score is that of the list with it), and a
question of the bank that is an item says nothing of whether that item is a hub (csls, inverted_softmax).
"""

import json
import math
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "ParallaxSearchTests/Fixtures/Rerank"))
from make_reranking_cases import cosines, k_reciprocal, units  # noqa: E402

ITEMS, DIMENSION, TOP = 14, 4, 12
#: Items that questions are; None for a question that is none, and two questions are one item.
OWN = [0, 3, None, 7, 3, None, 11]
PARAMETERS = {"n": 3, "alpha": 2, "k1": 4, "k2": 2, "lambda": 0.3, "beta": 6, "depth": 1, "k": 2}


def main():
    random = np.random.default_rng(411)
    items = random.normal(size=(ITEMS, DIMENSION)).round(2).astype(np.float32)
    others = random.normal(size=(len(OWN), DIMENSION)).round(2).astype(np.float32)
    questions = np.array([others[i] if own is None else items[own] for i, own in enumerate(OWN)])
    p = PARAMETERS
    similar = cosines(questions, items)
    orders = np.argsort(-similar, axis=1, kind="stable")[:, :TOP]
    firsts = [[x for x in order if x != own][:p["depth"]] for order, own in zip(orders, OWN)]
    found = {name: [] for name in ("aqe", "k_reciprocal", "csls", "inverted_softmax")}
    for i, (order, own) in enumerate(zip(orders, OWN)):
        rest = [int(x) for x in order if x != own]
        moved = units(questions[i][None])[0]
        for x in rest[:p["n"]]:
            moved = moved + max(0, similar[i, x]) ** p["alpha"] * units(items[x][None])[0]
        moved /= np.linalg.norm(moved)
        found["aqe"].append([math.fsum(moved * units(items[x][None])[0]) for x in order])

        whole = k_reciprocal(questions[i], items[order], p["k1"], p["k2"], p["lambda"])[0]
        apart = dict(zip(rest, k_reciprocal(questions[i], items[rest], p["k1"], p["k2"], p["lambda"])[0]))
        found["k_reciprocal"].append([apart.get(int(x), score) for x, score in zip(order, whole)])

        near = np.sort(similar[i, rest])[::-1][:p["k"]].mean()
        bank = {int(x): [q for q in range(len(OWN)) if OWN[q] != x] for x in order}
        found["csls"].append(
            [2 * similar[i, x] - near
             - np.sort([similar[q, x] for q in bank[int(x)] if q != i])[::-1][:p["k"]].mean() for x in order])
        active = rest[int(np.argmax(similar[i, rest]))] in {x for q, list_ in enumerate(firsts) if q != i for x in list_}
        found["inverted_softmax"].append(
            [math.exp(p["beta"] * similar[i, x]) / sum(math.exp(p["beta"] * similar[q, x]) for q in bank[int(x)])
             if active else similar[i, x] for x in order])
    json.dump(
        {"by": f"make_own_items.py, NumPy {np.__version__}", "items": items.astype(float).round(2).tolist(),
         "questions": questions.astype(float).round(2).tolist(), "own": OWN, "lists": orders.tolist(), "parameters": p,
         "scores": {name: [[float(f"{x:.12g}") for x in row] for row in rows] for name, rows in found.items()}},
        open(HERE / "own_items.json", "w"))


main()
