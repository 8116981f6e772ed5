#!/usr/bin/env python3
"""Writes the expected numbers of ParallaxStatistics beside this script, from SciPy and statsmodels.

Run: python3 make_statistics.py (needs numpy, scipy, statsmodels).
"""

import itertools
import pathlib
import random
from fractions import Fraction

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats
from scipy.optimize import brentq
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower

FOLDER = pathlib.Path(__file__).parent
ORIGIN = f"# make_statistics.py, SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}"


def write(name, columns, rows):
    with (FOLDER / name).open("w", encoding="utf-8") as out:
        print(ORIGIN, file=out)
        print("\t".join(columns), file=out)
        for row in rows:
            print("\t".join(cell if isinstance(cell, str) else text(cell) for cell in row), file=out)


def text(value):
    if isinstance(value, (list, tuple, np.ndarray)):
        return " ".join(text(v) for v in value)
    return repr(float(value)) if isinstance(value, (float, np.floating)) else str(value)


# Distributions -------------------------------------------------------------------------------------

def distributions():
    for x in [-38, -20, -8, -5, -3, -2.5, -2.4, -1, -0.1, 0, 0.3, 1, 1.96, 2.6, 4, 8]:
        yield "normal", [float(x)], stats.norm.cdf(x)
    for p in [1e-300, 1e-20, 1e-6, 0.001, 0.025, 0.2, 0.4999, 0.5, 0.6, 0.975, 0.999999]:
        yield "normal-quantile", [p], stats.norm.ppf(p)
    for df in [1, 2, 3, 9, 30, 99, 999, 9_999, 1_000_000]:
        for t in [0.0, 0.001, 0.5, 1.0, 2.2821, 5.0, 40.0]:
            yield "t-two-sided", [float(df), t], 2 * stats.t.sf(t, df)
        for p in [1e-9, 0.0005, 0.025, 0.3, 0.5, 0.9, 0.975]:
            yield "t-quantile", [float(df), p], stats.t.ppf(p, df)
    for df in [1, 4, 39, 359, 4_999]:
        for noncentrality in [0.0, 0.1, 1.0, 2.8, -2.8, 7.0, 30.0]:
            for t in [-2.0, 0.0, 1.0, 2.02, 3.0, 8.0]:
                value = stats.nct.cdf(t, df, noncentrality)
                # SciPy gives none far out in the left tail.
                if not np.isnan(value):
                    yield "noncentral-t", [float(df), noncentrality, t], value


# Pairs ---------------------------------------------------------------------------------------------

def exact_p(numbers):
    """Every assignment of signs, in fractions."""
    numbers = [Fraction(n) for n in numbers if Fraction(n) != 0]
    observed = abs(sum(numbers))
    sums = {Fraction(0): 1}
    for number in numbers:
        new = {}
        for value, count in sums.items():
            for other in (value + number, value - number):
                new[other] = new.get(other, 0) + count
        sums = new
    hits = sum(count for value, count in sums.items() if abs(value) >= observed)
    return Fraction(hits, 2 ** len(numbers))


def difference_lists():
    yield ["0.12", "-0.05", "0.30", "0", "0.08", "0.10", "-0.02", "0.22", "0.05", "0"]
    rng = random.Random(1)
    for count in [6, 7, 8, 9, 10, 12, 14, 17, 20]:
        # Coarse ones, so that many sums are equal.
        yield [f"{rng.randint(-9, 12) / 10:.1f}" for _ in range(count)]
        yield [f"{rng.gauss(0.05, 0.2):.3f}" for _ in range(count)]
    yield [f"{rng.gauss(0.02, 0.2):.4f}" for _ in range(19)] + ["0"] * 30


def pairs():
    for numbers in difference_lists():
        d = np.array([float(n) for n in numbers])
        test = stats.ttest_1samp(d, 0)
        interval = test.confidence_interval(0.95)
        p = exact_p(numbers)
        if len(d) <= 12:
            scipy_p = stats.permutation_test(
                (d, np.zeros_like(d)), lambda x, y, axis: np.mean(x - y, axis=axis), vectorized=True,
                permutation_type="samples", n_resamples=np.inf).pvalue
            assert abs(scipy_p - float(p)) < 1e-12, (numbers, scipy_p, p)
        yield (
            " ".join(numbers), float(p), d.mean(), d.std(ddof=1), test.statistic, test.pvalue,
            interval.low, interval.high,
            stats.ttest_1samp(d, -0.1, alternative="greater").pvalue)


def clusters():
    rng = random.Random(2)
    for groups, most in [(3, 4), (5, 2), (8, 6), (15, 3), (40, 5)]:
        labels = [g for g in range(groups) for _ in range(rng.randint(1, most))]
        rng.shuffle(labels)
        base = [rng.gauss(0.05, 0.15) for _ in range(groups)]
        numbers = [f"{base[g] + rng.gauss(0, 0.1):.4f}" for g in labels]
        d = np.array([float(n) for n in numbers])
        fit = sm.OLS(d, np.ones(len(d))).fit(
            cov_type="cluster", cov_kwds={"groups": np.array(labels), "df_correction": True},
            use_t=True)
        low, high = fit.conf_int()[0]
        sums = [
            sum(Fraction(n) for n, g in zip(numbers, labels) if g == group)
            for group in range(groups)]
        exact = float(exact_p(sums)) if groups <= 20 else -1.0
        yield (
            " ".join(numbers), " ".join(map(str, labels)), fit.tvalues[0], fit.pvalues[0], low, high,
            exact)


# Families ------------------------------------------------------------------------------------------

def families():
    rng = random.Random(3)
    lists = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.9, 0.8, 0.7], [0.02, 0.02, 0.02], [0.0, 1.0]]
    lists += [[round(rng.random() ** 3, 6) for _ in range(n)] for n in (2, 5, 10, 40)]
    for ps in lists:
        yield ps, multipletests(ps, method="holm")[1]


# Power ---------------------------------------------------------------------------------------------

def power_of(effect, count, level):
    """As statsmodels defines it; SciPy gives no value far out in the left tail, where it is 0."""
    critical = stats.t.isf(level / 2, count - 1)
    shift = effect * np.sqrt(count)
    return stats.nct.sf(critical, count - 1, shift) + np.nan_to_num(
        stats.nct.cdf(-critical, count - 1, shift))


def powers():
    for sd, difference in [(0.135, 0.02), (0.135, 0.06), (0.3, 0.01), (1.0, 2.0), (0.2, 0.5)]:
        for level, power in [(0.05, 0.8), (0.01, 0.9)]:
            solver = TTestPower()
            units = solver.solve_power(difference / sd, alpha=level, power=power)
            # The whole number above, as the solver gives fractions.
            count = int(np.ceil(units))
            chance = solver.power(difference / sd, count, level)
            assert abs(chance - power_of(difference / sd, count, level)) < 1e-12
            assert chance >= power and (
                count == 2 or solver.power(difference / sd, count - 1, level) < power)
            # Found here, as the solver of statsmodels stops early.
            detectable = sd * brentq(
                lambda effect: power_of(effect, count, level) - power, 1e-6, 100, xtol=1e-14,
                rtol=1e-14)
            assert abs(detectable / sd - solver.solve_power(
                nobs=count, alpha=level, power=power)) < 1e-5
            yield sd, difference, level, power, count, chance, detectable


# Rank correlation ----------------------------------------------------------------------------------

def correlations():
    rng = random.Random(4)
    for count, values in [(2, 5), (3, 2), (5, 100), (10, 3), (30, 8), (100, 1000), (257, 20)]:
        for _ in range(4):
            x = [rng.randint(0, values) for _ in range(count)]
            y = [rng.randint(0, values) for _ in range(count)]
            if len(set(x)) > 1 and len(set(y)) > 1:
                yield x, y, stats.kendalltau(x, y).statistic


# The bootstrap -------------------------------------------------------------------------------------

MASK = (1 << 64) - 1


def split_mix(state):
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def indices(count, seed):
    """As RandomIndices draws them: the low and then the high half of each word."""
    for word in split_mix(seed):
        for half in (word & 0xFFFFFFFF, word >> 32):
            if (half * count) & 0xFFFFFFFF >= (1 << 32) % count:
                yield half * count >> 32


class Given:
    """What SciPy needs of an earlier bootstrap to compute an interval from its distribution."""

    def __init__(self, distribution):
        self.bootstrap_distribution = distribution


def bootstraps():
    rng = random.Random(5)
    lists = [
        [round(rng.gauss(0.1, 0.3), 4) for _ in range(20)],
        [round(rng.random() ** 4, 4) for _ in range(35)],
        [float(rng.random() < 0.2) for _ in range(50)],
        [round(rng.expovariate(3), 4) for _ in range(101)],
    ]
    for number, values in enumerate(lists):
        data = np.array(values)
        draw = indices(len(values), number + 1)
        means = np.array([
            data[[next(draw) for _ in values]].mean() for _ in range(1000)])
        for confidence in (0.95, 0.8):
            result = stats.bootstrap(
                (data,), np.mean, n_resamples=0, bootstrap_result=Given(means), method="BCa",
                confidence_level=confidence)
            yield values, number + 1, 1000, confidence, result.confidence_interval.low, \
                result.confidence_interval.high


# Random signs ---------------------------------------------------------------------------------------

def hits(values, seed, count):
    """As RandomSigns draws them: blocks of 1,024 with their own seeds, eight numbers a byte."""
    numbers = [Fraction(v) for v in values]
    threshold = abs(sum(numbers))
    groups = -(-len(numbers) // 8)
    seeds = split_mix(seed)
    found = 0
    for start in range(0, count, 1024):
        words = split_mix(next(seeds))
        data = b"".join(next(words).to_bytes(8, "little") for _ in range(groups * 128))
        for index in range(min(1024, count - start)):
            total = Fraction(0)
            for place, number in enumerate(numbers):
                flipped = data[(place // 8) * 1024 + index] >> (place % 8) & 1
                total += -number if flipped else number
            found += abs(total) >= threshold
    return found


def signs():
    rng = random.Random(6)
    for number, size in enumerate([21, 24, 37, 100]):
        # Coarse ones, so that many sums are equal.
        values = [f"{rng.randint(-8, 10) / 10:.1f}" for _ in range(size)]
        yield " ".join(values), number, 3000, hits(values, number, 3000)


write("signs.tsv", ["differences", "seed", "permutations", "hits"], signs())
write("distributions.tsv", ["function", "arguments", "value"], distributions())
write(
    "pairs.tsv",
    ["differences", "exact_p", "mean", "sd", "t", "p", "low", "high", "p_above_minus_0.1"], pairs())
write(
    "clusters.tsv", ["differences", "clusters", "t", "p", "low", "high", "exact_p"], clusters())
write("holm.tsv", ["ps", "corrected"], families())
write(
    "power.tsv",
    ["sd", "difference", "level", "power", "units", "chance", "detectable"], powers())
write("tau.tsv", ["left", "right", "tau_b"], correlations())
write(
    "bootstrap.tsv", ["values", "seed", "resamples", "confidence", "low", "high"], bootstraps())
