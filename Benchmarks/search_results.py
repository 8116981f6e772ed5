"""How `Benchmarks/search` writes down what it measured."""

import json
import re
import statistics

from peers import BUILD, TOP

# What an index is chosen by is how fast it is at the same recall.
RECALLS = (0.95, 0.99)


def compact(results):
    """JSON with a line for each measurement, its times to six digits."""
    for number, case in enumerate(results):
        facts = {key: value for key, value in case.items() if key != "measurements"}
        yield ("[" if number == 0 else ",") + json.dumps(facts)[:-1] + ', "measurements": ['
        lines = [json.dumps({**each, "milliseconds": [float(f"{time:.6g}") for time in each["milliseconds"]]})
                 for each in case["measurements"]]
        yield ",\n".join(lines) + "]}"
    yield "]" if results else "[]"


def cell(each, base):
    """Milliseconds or seconds of a build, how many times as fast as `exact-1`, and what one second does."""
    middle = statistics.median(each["milliseconds"])
    if each["name"].endswith("-build"):
        rate = f" · {each['addsPerSecond']:,.0f}/s" if "addsPerSecond" in each else ""
        return f"{middle / 1000:.1f} s{rate}"
    ratio = f" · {base / middle:.2f} ×" if base else ""
    rate = f" · {each['queriesPerSecond']:,.0f}/s" if "queriesPerSecond" in each else ""
    return f"{middle:.3f}{ratio}{rate}"


def facts(each):
    named = {"milliseconds", "name", "recall", "queriesPerSecond", "addsPerSecond"}
    return ", ".join(f"{key} {value:.4g}" for key, value in each.items() if key not in named)


def table(sides):
    """The results of one case, a column for each processor and set of kernels."""
    heads = [f"{number}: {side['kernels']}" for number, side in sides]
    yield "| what | " + " | ".join(heads) + " | recall | other |\n|---|" + "---:|" * (len(heads) + 1) + "---|"
    names = list(dict.fromkeys(each["name"] for _, side in sides for each in side["measurements"]))
    found = [{each["name"]: each for each in side["measurements"]} for _, side in sides]
    for name in names:
        cells = []
        for own in found:
            base = statistics.median(own["exact-1"]["milliseconds"]) if "exact-1" in own else None
            cells.append(cell(own[name], base) if name in own else "")
        first = next(own[name] for own in found if name in own)
        recall = f"{first['recall']:.4f}" if "recall" in first else ""
        yield f"| `{name}` | " + " | ".join(cells) + f" | {recall} | {facts(first)} |"


def rate_at(recall, points):
    """Queries a second at a recall, between the two settings around it; `None` where none reaches it.

    Settings that another one surpasses in both do not count.
    """
    points = sorted(point for point in points if not any(
        other != point and other[0] >= point[0] and other[1] >= point[1] for other in points))
    if points[-1][0] < recall:
        return None
    if points[0][0] >= recall:
        return points[0][1]
    (less, fast), (more, slow) = next(pair for pair in zip(points, points[1:]) if pair[0][0] < recall <= pair[1][0])
    return fast + (slow - fast) * (recall - less) / (more - less)


def rates(sides):
    """What each index does at the same recall, and how fast it is built."""
    indexes, builds = {}, {}
    for column, (_, side) in enumerate(sides):
        for each in side["measurements"]:
            label = re.sub(r"-(build|(ef|leaves)[0-9]+(-reorder[0-9]+)?)$", "", each["name"])
            if "queriesPerSecond" in each:
                indexes.setdefault(label, {}).setdefault(column, []).append((each["recall"], each["queriesPerSecond"]))
            elif "addsPerSecond" in each:
                builds[label, column] = each["addsPerSecond"]
    if not indexes:
        return
    heads = [f"{number} {side['kernels']}: {what}" for number, side in sides
             for what in (*(f"recall {recall}" for recall in RECALLS), "built")]
    yield "\nQueries a second at a recall, between the settings around it, and vectors a second of the build:\n"
    yield "| index | " + " | ".join(heads) + " |\n|---|" + "---:|" * len(heads)
    for label, found in indexes.items():
        cells = []
        for column, _ in enumerate(sides):
            points = found.get(column)
            for recall in RECALLS:
                rate = rate_at(recall, points) if points else None
                cells.append(f"{rate:,.0f}" if rate else "not reached" if points else "")
            cells.append(f"{builds[label, column]:,.0f}" if (label, column) in builds else "")
        yield f"| `{label}` | " + " | ".join(cells) + " |"


def markdown(results, cases):
    machines = list(dict.fromkeys(side["machine"] for side in results))
    yield "# Search beside its peers\n"
    yield (f"Written by `Benchmarks/search`. Read ratios, not milliseconds. Medians of a query's milliseconds, how many times as fast as "
           f"`exact-1` of the same column, and queries or vectors a second by all cores; top {TOP}; HNSW with M {BUILD['M']} and "
           f"ef-construction {BUILD['construction']}. `read`, `exact`, `proven`, `int8`, `binary`, `prefixes` and `hnsw` are ours. An "
           "index of a peer gets all questions at once, and its milliseconds are the time divided by their number; ours are those of "
           "one question alone. NumPy computes the products but selects no top k. A column is a machine and the kernels that ours used, "
           "in one run, or in several one after another with nothing else running; `numpy-haswell` is NumPy with "
           "OPENBLAS_CORETYPE=Haswell, which holds it to AVX2, as FAISS_OPT_LEVEL holds FAISS beside our AVX2 kernels.\n")
    for number, each in enumerate(machines, 1):
        yield f"* Machine {number}: {each}."
    yield ""
    for name in cases:
        sides = [(machines.index(side["machine"]) + 1, side) for side in results if side["case"] == name]
        if not sides:
            continue
        last = sides[-1][1]
        yield f"## {name}: {last['rows']:,} × {last['dimension']}\n"
        made = "; ".join(f"{number} {side['kernels']}: revision {side['revision']}, {side['date']}" for number, side in sides)
        yield f"{last['vectors']} {made}.\n"
        yield from table(sides)
        yield from rates(sides)
        yield ""


