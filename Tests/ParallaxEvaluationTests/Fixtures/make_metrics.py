#!/usr/bin/env python3
"""Writes the expected metrics of 500 random runs beside this script, from trec_eval's code.

The runs and judgements themselves are not stored: RandomPairs.swift makes the same ones from the same
numbers. Run: python3 make_metrics.py (needs pytrec_eval-terrier, ir_measures, numpy, scikit-learn).
"""

import pathlib
from importlib.metadata import version

import ir_measures
import numpy as np
import pytrec_eval
from ir_measures import Judged
from sklearn.metrics import auc, ndcg_score

FOLDER = pathlib.Path(__file__).parent
ORIGIN = "# make_metrics.py, " + ", ".join(
    f"{name} {version(name)}"
    for name in ("pytrec_eval-terrier", "ir_measures", "numpy", "scikit-learn"))
MASK = (1 << 64) - 1
PAIRS = 500
IDS = ["a", "B", "é", "z1", "z10", "z2", "Z", "_", "~", "0", "00", "猫", "a.b", "a-b"]


class Words:
    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return (z ^ (z >> 31)) % bound


def pair(seed):
    """Judgements and a run: equal scores, missing questions, empty lists, grades below 0."""
    words = Words(seed)
    qrels, run = {}, {}
    for number in range(1 + words.below(5)):
        question = f"q{number}"
        grades = {}
        for item in IDS[:12]:
            kind = words.below(10)
            if kind == 5:
                grades[item] = -1
            elif kind in (6, 7):
                grades[item] = 0
            elif kind == 8:
                grades[item] = 1
            elif kind == 9:
                grades[item] = 1 + words.below(3)
        # trec_eval reads beyond its table when all grades are below 0.
        if max(grades.values(), default=-1) < 0:
            grades[IDS[0]] = 0
        qrels[question] = grades
        kind = words.below(10)
        if kind == 0:
            continue
        run[question] = {}
        if kind > 1:
            for item in IDS:
                if words.below(3) > 0:
                    run[question][item] = words.below(6) / 4 - 0.5
    if words.below(4) == 0:
        run["x"] = {"a": 1.0}
    return qrels, run


def ranked(scores):
    """trec_eval's order."""
    return sorted(scores, key=lambda item: (scores[item], item.encode()), reverse=True)


DEPTHS = (1, 5, 10)
TREC = (
    ["map", "ndcg", "recip_rank", "Rprec", "bpref"]
    + [f"{name}_{k}" for name in ("map_cut", "ndcg_cut", "recall", "P", "success") for k in DEPTHS])
NAMES = dict(map="ap", ndcg="ndcg", recip_rank="mrr", Rprec="rprec", bpref="bpref") | {
    f"{name}_{k}": f"{ours}@{k}"
    for name, ours in [
        ("map_cut", "ap"), ("ndcg_cut", "ndcg"), ("recall", "recall"), ("P", "precision"),
        ("success", "success")]
    for k in DEPTHS}
MEASURES = {"map", "ndcg", "recip_rank", "Rprec", "bpref"} | {
    f"{name}.{','.join(map(str, DEPTHS))}"
    for name in ("map_cut", "ndcg_cut", "recall", "P", "success")}
LEVEL_2 = ["map", "recip_rank", "Rprec", "bpref", "recall_5", "P_5", "success_1", "ndcg_cut_5"]


def evaluate(qrels, run, level=1):
    answered = {q: scores for q, scores in run.items() if scores}
    return pytrec_eval.RelevanceEvaluator(qrels, MEASURES, relevance_level=level).evaluate(answered)


def rbp(grades, scores, p):
    highest = max(grades.values())
    if highest < 1:
        return 0.0
    return (1 - p) * sum(
        max(0, grades.get(item, 0)) / highest * p**rank for rank, item in enumerate(ranked(scores)))


def unjudged(grades, scores, k):
    """trec_eval's unj, which pytrec_eval does not have yet."""
    return sum(grades.get(item, -1) < 0 for item in ranked(scores)[:k]) / k


def exponential_ndcg(grades, scores, k):
    """By scikit-learn, with the gains as relevance and one score for each place."""
    order = ranked(scores) + sorted(set(grades) - set(scores))
    gains = [2.0 ** max(0, grades.get(item, 0)) - 1 for item in order]
    # What was not found stands far below.
    places = [-float(i) if item in scores else -1000.0 - i for i, item in enumerate(order)]
    if not any(gains) or len(gains) < 2:
        return 0.0
    best = sum(g / np.log2(i + 2) for i, g in enumerate(sorted(gains, reverse=True)[:k]))
    found = [g if item in scores else 0.0 for g, item in zip(gains, order)]
    value = ndcg_score([found], [places], k=k, ignore_ties=True) if any(found) else 0.0
    # scikit-learn's ideal list knows only what was found.
    own = sum(g / np.log2(i + 2) for i, g in enumerate(sorted(found, reverse=True)[:k]))
    return value * own / best


def question_rows():
    for number in range(PAIRS):
        qrels, run = pair(number + 1)
        first = evaluate(qrels, run)
        second = evaluate(qrels, run, level=2)
        short = evaluate(
            qrels, {q: {i: s[i] for i in ranked(s)[:5]} for q, s in run.items()})
        judged = {}
        for metric in ir_measures.iter_calc(
                [Judged @ 5, Judged @ 10],
                {q: {i: g for i, g in grades.items() if g >= 0} for q, grades in qrels.items()},
                # The places as scores: ir_measures orders equal ones in its own way.
                {q: {i: -float(n) for n, i in enumerate(ranked(s))}
                 for q, s in run.items() if s and q in qrels}):
            judged[metric.query_id, str(metric.measure)] = metric.value
        for question in sorted(qrels):
            scores = run.get(question) or {}
            values = [first.get(question, {}).get(name, 0.0) for name in TREC]
            values += [second.get(question, {}).get(name, 0.0) for name in LEVEL_2]
            values.append(short.get(question, {}).get("recip_rank", 0.0))
            # ir_measures divides by the items found when they are fewer than k.
            values += [
                judged.get((question, f"Judged@{k}"), 0.0) * min(k, len(scores)) / k
                for k in (5, 10)]
            values += [unjudged(qrels[question], scores, k) for k in (5, 10)]
            values += [rbp(qrels[question], scores, p) for p in (0.9, 0.5)]
            values += [exponential_ndcg(qrels[question], scores, k) for k in (5, 10, 1000)]
            yield [str(number + 1), question] + [text(v) for v in values]


COLUMNS = (
    ["pair", "question"] + [NAMES[name] for name in TREC] + [f"{NAMES[name]} level 2" for name in LEVEL_2]
    + ["mrr@5", "judged@5", "judged@10", "unjudged@5", "unjudged@10", "rbp", "rbp:p=0.5", "ndcg-exp@5", "ndcg-exp@10", "ndcg-exp"])


def text(value):
    return "nan" if np.isnan(value) else f"{value:.11f}".rstrip("0").rstrip(".")


def micro_ap(qrels, run):
    """As the evaluation of the image similarity challenge: not relevant first among equal scores."""
    rows = [
        (-score, qrels[q].get(item, 0) >= 1)
        for q, scores in run.items() if q in qrels for item, score in scores.items()]
    hits = np.array([hit for _, hit in sorted(rows)], dtype=float)
    total = sum(grade >= 1 for grades in qrels.values() for grade in grades.values())
    if total == 0:
        return np.nan
    if len(hits) == 0:
        return 0.0
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float((precision * hits).sum() / total)


def raised(qrels, run):
    """A better run: the random ones are not precise enough at any threshold."""
    return {
        q: {item: score + 1.25 * (qrels.get(q, {}).get(item, 0) >= 1) for item, score in scores.items()}
        for q, scores in run.items()}


def recall_at_precision(qrels, run, precision):
    """As the evaluation of the image similarity challenge (find_operating_point), with the threshold."""
    rows = [
        (score, not qrels[q].get(item, 0) >= 1)
        for q, scores in run.items() if q in qrels for item, score in scores.items()]
    rows.sort(key=lambda row: (-row[0], not row[1]))
    hits = np.array([not miss for _, miss in rows], dtype=bool)
    total = sum(grade >= 1 for grades in qrels.values() for grade in grades.values())
    if total == 0:
        return np.nan, np.nan
    found = np.cumsum(hits)
    recalls, precisions = found / total, found / np.arange(1, len(hits) + 1)
    good = precisions >= precision
    if not good.any():
        return 0.0, np.nan
    best = np.argmax(np.where(good, recalls, -1.0))
    return float(recalls[best]), rows[best][0]


def deviation(scores):
    """np.std, summed from the first to the last: which of two equal ones is larger by rounding counts."""
    mean = sum(scores) / len(scores)
    return (sum((s - mean) * (s - mean) for s in scores) / len(scores)) ** 0.5


def nauc(confidences, values):
    """MTEB's definition of arXiv 2402.12997."""
    rates = np.linspace(0, 1, 11)[:-1]

    def curve(order_by):
        order = np.argsort(order_by, kind="stable")
        return np.array([
            values[order[min(round(rate * len(order)), len(order) - 1):]].mean() for rate in rates])

    best = curve(values)
    flat = best[0] * (rates[-1] - rates[0])
    room = auc(rates, best) - flat
    return np.nan if abs(room) < 1e-12 else (auc(rates, curve(confidences)) - flat) / room


def run_rows():
    # Six pairs in one, so that there are more questions than rates.
    for number in range(PAIRS):
        qrels, run = pair(number + 1)
        for extra in range(1, 6):
            more, lists = pair(10_000 + 10 * (number + 1) + extra)
            qrels |= {f"{q}.{extra}": grades for q, grades in more.items()}
            run |= {f"{q}.{extra}": scores for q, scores in lists.items() if q != "x"}
        questions = sorted(qrels)
        values = evaluate(qrels, run)
        ndcg = np.array([values.get(q, {}).get("ndcg_cut_10", 0.0) for q in questions])
        lists = [sorted((run.get(q) or {}).values(), reverse=True) for q in questions]
        confidences = {
            "max": [s[0] if s else -np.inf for s in lists],
            "std": [deviation(s) if s else -np.inf for s in lists],
            "diff1": [(s[0] - s[1] if len(s) > 1 else 0.0) if s else -np.inf for s in lists],
        }
        yield (
            [str(number + 1), text(micro_ap(qrels, run))]
            + [text(nauc(np.array(c), ndcg)) for c in confidences.values()]
            + [text(v) for p in (0.9, 0.6) for v in recall_at_precision(qrels, raised(qrels, run), p)])


def write(name, columns, rows):
    with (FOLDER / name).open("w", encoding="utf-8") as out:
        print(ORIGIN, file=out)
        print("\t".join(columns), file=out)
        for row in rows:
            print("\t".join(row), file=out)


write("questions.tsv", COLUMNS, question_rows())
write("runs.tsv", [
    "pair", "micro-ap", "nauc", "nauc:by=std", "nauc:by=diff1", "recall@P90", "threshold recall@P90",
    "recall@P60", "threshold recall@P60"], run_rows())
