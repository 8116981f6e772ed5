#!/usr/bin/env python3
"""Writes reranking_cases.json beside this script: 200 random lists, ranked anew by NumPy.

Run: python3 make_reranking_cases.py (needs numpy; the file names the version that wrote it).

Each method is written from its paper or from the code its authors published, on whole matrices:
  aqe                αQE, Radenović et al. 2018; α = 0 is Chum et al. 2007
  k_reciprocal       Zhong et al. 2017 (re_ranking_ranklist.py), on the question and its candidates
  inverted_softmax   dynamic inverted softmax, Bogolin et al. 2022 (dynamic_inverted_softmax.py)
  csls               Conneau et al. 2018, equation 3

Vectors are single-precision; everything else is double precision. A point is the first of its own neighbours,
equally near ones come in the order of the list. A case in which two numbers that decide an order differ by less
than 1e-11 without being equal is drawn again: no two programs need agree on it.
"""

import json
import math
import pathlib

import numpy as np

CASES, SEED, NEAR = 200, 20269, 1e-11


def cosines(left, right):
    """dot / sqrt(square * square), 0 for a vector without a direction; sums are rounded once."""
    table = np.zeros((len(left), len(right)))
    for i, x in enumerate(left.astype(np.float64)):
        for j, y in enumerate(right.astype(np.float64)):
            lengths = math.sqrt(math.fsum(x * x) * math.fsum(y * y))
            table[i, j] = 0 if lengths == 0 else min(1, max(-1, math.fsum(x * y) / lengths))
    return table


def units(vectors):
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros(vectors.shape), where=lengths > 0)


def aqe(question, candidates, n, alpha):
    similar = cosines(question[None], candidates)[0][:n]
    weights = np.maximum(similar, 0) ** alpha
    expanded = units(question[None])[0] + weights @ units(candidates)[:n]
    length = np.linalg.norm(expanded)
    if length < 1e-3:
        return None
    # Rows that are equal get the same bits, whatever BLAS does.
    return np.array([math.fsum(expanded / length * x) for x in units(candidates)])


def neighbours(distances):
    places = np.arange(len(distances))
    return np.array([np.lexsort((places, row, places != i)) for i, row in enumerate(distances)])


def reciprocal(rank, i, k):
    forward = rank[i, :k + 1]
    return forward[np.where(rank[forward, :k + 1] == i)[0]]


def k_reciprocal(question, candidates, k1, k2, lam):
    points = np.concatenate([question[None], candidates])
    original = 1 - cosines(points, points)  # half the squared distance of directions
    largest = original.max(axis=0)
    original = np.transpose(np.divide(original, largest, out=original.copy(), where=largest > 0))
    rank = neighbours(original)
    codes = np.zeros_like(original)
    for i in range(len(points)):
        own = reciprocal(rank, i, k1)
        expansion = own
        for candidate in own:
            closer = reciprocal(rank, candidate, int(np.around(k1 / 2)))
            if len(np.intersect1d(closer, own)) > 2 / 3 * len(closer):
                expansion = np.append(expansion, closer)
        expansion = np.unique(expansion)
        weight = np.exp(-original[i, expansion])
        codes[i, expansion] = weight / np.sum(weight)
    if k2 != 1:
        codes = np.array([np.mean(codes[rank[i, :k2]], axis=0) for i in range(len(points))])
    shared = np.zeros(len(points))
    for j in np.where(codes[0] != 0)[0]:
        shared += np.minimum(codes[0, j], codes[:, j])
    jaccard = 1 - shared / (2 - shared)
    return 1 - (jaccard * (1 - lam) + original[0] * lam)[1:], original


def inverted_softmax(similar, bank_similar, is_active, beta):
    if not is_active:
        return similar
    return np.exp(beta * similar) / np.exp(beta * bank_similar).sum(axis=0)


def csls(similar, bank_similar, own, k):
    others = bank_similar if own is None else np.delete(bank_similar, own, axis=0)
    r_items = np.sort(others, axis=0)[::-1][:k].mean(axis=0)
    return 2 * similar - np.sort(similar)[::-1][:k].mean() - r_items


def drawn(random, kind, dimension, count):
    """Vectors of a kind of case, the question last."""
    if kind == "ties":
        return random.integers(-2, 3, size=(count + 1, dimension)).astype(float)
    if kind == "axes":
        return np.eye(dimension)[random.integers(dimension, size=count + 1)]
    vectors = random.normal(size=(count + 1, dimension))
    if kind == "clusters":
        vectors = random.normal(size=(4, dimension))[random.integers(4, size=count + 1)] + 0.3 * vectors
    vectors = vectors.round(2)
    if kind == "copies":
        vectors = vectors[random.integers(max(1, count // 3), size=count + 1)]
        vectors[-1] += random.integers(0, 2)
    if kind == "scaled copies":
        vectors = vectors[random.integers(max(1, count // 2), size=count + 1)] * 2.0 ** random.integers(
            -1, 2, size=(count + 1, 1))
    if kind == "equal":
        vectors[:] = vectors[0]
    if kind == "opposite":
        vectors[-1] = -vectors[:-1].mean(axis=0).round(1)
    if kind == "zeros":
        vectors[random.integers(count, size=max(1, count // 4))] = 0
    return vectors


def are_apart(numbers):
    gaps = np.diff(np.sort(np.ravel(numbers)))
    return not np.any((gaps > 0) & (gaps < NEAR))


def short(numbers):
    return [float(f"{x:.12g}") for x in numbers]


def best_first(scores):
    return np.argsort(-scores, kind="stable").tolist()


KINDS = ["plain", "ties", "copies", "one candidate", "equal", "opposite", "zeros", "clusters", "scaled copies", "axes"]


def case(random, number):
    kind = KINDS[number % len(KINDS)]
    dimension = int(random.integers(2, 7))
    count = {"one candidate": 1, "clusters": int(random.integers(24, 41))}.get(kind, int(random.integers(2, 19)))
    vectors = drawn(random, kind, dimension, count).astype(np.float32)
    rows, question = vectors[:-1], vectors[-1]
    bank = drawn(random, "ties" if kind in ("ties", "axes") else "plain", dimension, int(random.integers(2, 12)))
    bank = bank.astype(np.float32)
    own = None
    if random.random() < 0.4:
        own = int(random.integers(len(bank)))
        bank[own] = question
    if not question.any() or not bank.any(axis=1).all():
        return None
    first_stage = cosines(question[None], rows)[0]
    order = np.argsort(-first_stage, kind="stable")
    if random.random() < 0.25:
        order = random.permutation(count)
    order = order[:max(1, int(count * random.choice([1, 1, 0.8])))]
    candidates = rows[order]

    def choice(values):
        return values[int(random.integers(len(values)))]

    p = {"n": choice([10, 10, 3, 1, 25]), "alpha": choice([3, 3, 0, 1, 2.5]),
         "k1": choice([20, 20, 3, 4, 5, 7]), "k2": choice([6, 6, 1, 2, 3]), "lambda": choice([0.3, 0.3, 0, 1, 0.55]),
         "beta": choice([20, 20, 5, 60]), "depth": choice([1, 1, 2]), "k": choice([10, 3, 1])}
    similar = first_stage[order]
    whole = cosines(bank, rows)
    firsts = np.argsort(-whole, axis=1, kind="stable")[:, :p["depth"]]
    others = firsts if own is None else np.delete(firsts, own, axis=0)
    bank_similar = whole[:, order]
    best = order[int(np.argmax(similar))]
    found = {"aqe": aqe(question, candidates, p["n"], p["alpha"])}
    if found["aqe"] is None:
        return None
    found["k_reciprocal"], distances = k_reciprocal(question, candidates, p["k1"], p["k2"], p["lambda"])
    active = set(others.ravel().tolist())
    found["inverted_softmax"] = inverted_softmax(similar, bank_similar, best in active, p["beta"])
    found["csls"] = csls(similar, bank_similar, own, p["k"])
    if not all(are_apart(scores) for scores in found.values()) or not are_apart(whole) or not are_apart(distances):
        return None
    return {
        "kind": kind, "rows": rows.tolist(), "question": question.tolist(), "list": order.tolist(),
        "bank": bank.tolist(), "own": own, "firsts": firsts.tolist(), "is_active": best in active,
        "parameters": p,
        "wanted": {name: {"scores": short(scores), "order": best_first(scores)} for name, scores in found.items()},
    }


def main():
    random = np.random.default_rng(SEED)
    cases, again = [], 0
    while len(cases) < CASES:
        made = case(random, len(cases))
        if made is None:
            again += 1
            continue
        cases.append(made)

    def plain(value):
        if isinstance(value, dict):
            return {key: plain(each) for key, each in value.items()}
        if isinstance(value, list):
            return [plain(each) for each in value]
        if isinstance(value, (float, np.floating)):
            # Enough digits to give the single-precision number, or the score, again.
            single = np.float32(value)
            number = float(str(single)) if float(single) == float(value) else float(value)
            return int(number) if number.is_integer() else number
        return value.item() if isinstance(value, np.generic) else value

    whole = {"by": f"make_reranking_cases.py, NumPy {np.__version__}", "drawn_again": again, "cases": plain(cases)}
    path = pathlib.Path(__file__).parent / "reranking_cases.json"
    lines = ",\n".join(json.dumps(each, separators=(",", ":")) for each in whole.pop("cases"))
    head = json.dumps(whole, separators=(",", ":"))[:-1]
    path.write_text(head + ',"cases":[\n' + lines + "\n]}\n")
    print(f"{path}: {path.stat().st_size} bytes, {again} drawn again")


if __name__ == "__main__":
    main()
