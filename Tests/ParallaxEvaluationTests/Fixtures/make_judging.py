"""Expected numbers of what judges agree on, and of the order in which answers are judged.

    pip install scikit-learn krippendorff scipy numpy
    python make_judging.py

Writes agreement.tsv and pool.tsv beside it. Cohen's kappa is scikit-learn's, Krippendorff's alpha that of
`krippendorff`, intervals are SciPy's BCa over the questions. The order of a pool is worked out again, from the description
of AnswerPool.
"""

import math
import warnings
from importlib.metadata import version
from pathlib import Path

import krippendorff
import numpy as np
import scipy
import sklearn
from scipy.stats import bootstrap
from sklearn.metrics import cohen_kappa_score

HERE = Path(__file__).parent
GRADES = [0, 1, 2, 3]


def kappa(one, other, weights=None):
    return cohen_kappa_score(one, other, labels=GRADES, weights=weights)


def alpha(table):
    data = np.where(table < 0, np.nan, table.astype(float))
    return krippendorff.alpha(reliability_data=data, level_of_measurement="ordinal", value_domain=GRADES)


def case(name, rng, questions, items, noise, missing):
    """Three judges who see the same truth, each with noise; the third leaves some out."""
    place = np.repeat(np.arange(questions), items)
    truth = rng.choice(4, size=place.size, p=[0.5, 0.2, 0.15, 0.15])
    judges = np.stack([
        np.where(rng.random(place.size) < noise, np.clip(truth + rng.choice([-1, 1, 2], place.size), 0, 3), truth)
        for _ in range(3)
    ])
    judges[2] = np.where(rng.random(place.size) < missing, -1, judges[2])
    return name, place, judges


def interval(place, statistic):
    units = [np.flatnonzero(place == q) for q in np.unique(place)]

    def resampled(chosen):
        return statistic(np.concatenate([units[int(q)] for q in chosen]))

    found = bootstrap(
        (np.arange(len(units)),), resampled, vectorized=False, n_resamples=9999, method="BCa", rng=np.random.default_rng(3))
    return found.confidence_interval


def agreement():
    rng = np.random.default_rng(20)
    cases = [
        case("close", rng, 40, 8, 0.25, 0.2), case("far", rng, 30, 6, 0.8, 0.5), case("few", rng, 5, 4, 0.4, 0.1),
        ("reversed", np.array([0, 0, 1, 1]), np.array([[0, 3, 0, 3], [3, 0, 3, 0], [-1, -1, -1, -1]])),
        ("one grade less", np.array([0, 0, 1, 1, 2]), np.array([[3, 2, 1, 0, 2], [2, 1, 0, 0, 3], [3, -1, 1, 0, 2]])),
    ]
    lines = [f"# scikit-learn {sklearn.__version__}, krippendorff {version('krippendorff')}, SciPy {scipy.__version__}, by make_judging.py"]
    lines.append("\t".join(["case", "question", "one", "other", "third", "kappa", "weighted", "alpha", "low", "high", "alpha_low", "alpha_high"]))
    for name, place, judges in cases:
        numbers = [kappa(judges[0], judges[1]), kappa(judges[0], judges[1], "quadratic"), alpha(judges)]
        if len(set(place)) > 20:
            weighted = interval(place, lambda rows: kappa(judges[0][rows], judges[1][rows], "quadratic"))
            reliable = interval(place, lambda rows: alpha(judges[:, rows]))
            numbers += [weighted.low, weighted.high, reliable.low, reliable.high]
        else:
            numbers += [math.nan] * 4
        cells = [name, *(" ".join(str(int(v)) for v in row) for row in (place, *judges)), *(f"{n:.12f}" for n in numbers)]
        lines.append("\t".join(cells))
    (HERE / "agreement.tsv").write_text("\n".join(lines) + "\n")


MASK = (1 << 64) - 1


def splitmix(seed):
    z = (seed + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def placed(texts, seed):
    h = 0xCBF29CE484222325
    for text in texts:
        for byte in text.encode() + b"\xff":
            h = ((h ^ byte) * 0x100000001B3) & MASK
    return splitmix(h ^ splitmix(seed))


def order(runs, depth, seed, per_round=10):
    rows = []
    for question in {q for run in runs for q in run}:
        weights = {}
        for run in runs:
            for rank, item in enumerate(run.get(question, [])[:depth], 1):
                weights.setdefault(item, []).append(1 / math.log2(1 + rank))
        spread = {i: max(w) - (min(w) if len(w) == len(runs) else 0) for i, w in weights.items()}
        ranked = sorted(spread, key=lambda i: (-spread[i], -max(weights[i]), placed([question, i], seed)))
        for n, item in enumerate(ranked):
            rows.append((n // per_round, placed([question], seed), placed([question, item], seed), question, item, spread[item]))
    return [(r[3], r[4], r[5], r[0]) for r in sorted(rows)]


def pool():
    rng = np.random.default_rng(7)
    runs = []
    for _ in range(3):
        runs.append({f"q{q}": [f"i{n}" for n in rng.permutation(40)[:25]] for q in range(4)})
    del runs[1]["q2"]
    lines = ["# worked out by make_judging.py: run, then pairs in order at depth 20"]
    lines.append("\t".join(["seed", "run0", "run1", "run2", "order", "disagreement", "round"]))
    # The last is of systems that agree on everything.
    for seed, runs in [(1, runs), (2, runs), (3, [runs[0]] * 3)]:
        texts = [";".join(f"{q}:{','.join(items)}" for q, items in sorted(run.items())) for run in runs]
        found = order(runs, 20, seed)
        lines.append("\t".join([
            str(seed), *texts, " ".join(f"{q}/{i}" for q, i, _, _ in found), " ".join(f"{s:.12f}" for _, _, s, _ in found),
            " ".join(str(r) for _, _, _, r in found)]))
    (HERE / "pool.tsv").write_text("\n".join(lines) + "\n")


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    agreement()
pool()
