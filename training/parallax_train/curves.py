"""How a stage went: a table that grows while it trains, and a drawing of it."""

import csv
import numbers
from pathlib import Path

from .config import Run


def flat(name: str, value):
    """The numbers of nested dictionaries, each with its path as name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(f"{name} {key}".strip(), inner)
    elif isinstance(value, numbers.Real):
        yield name, float(value)


class Curve:
    """curves/<stage>.csv with rows of step, name, value; what a stopped run wrote beyond its checkpoint goes."""

    def __init__(self, run: Run, stage: str, first: int):
        self.path, self.stage = run.path("curves") / f"{stage}.csv", stage
        self.path.parent.mkdir(exist_ok=True)
        self.rows = [row for row in read(self.path) if row[0] <= first]
        self._write(self.rows, "w")

    def add(self, step: int, **values) -> None:
        rows = [(step, name, value) for name, value in flat("", values)]
        self.rows += rows
        self._write(rows, "a")

    def _write(self, rows, mode: str) -> None:
        with open(self.path, mode, newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            if mode == "w":
                table.writerow(("step", "name", "value"))
            table.writerows(rows)

    def draw(self) -> None:
        """Writes curves/<stage>.png: the loss above, what the dev split says below."""
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot

        figure, (above, below) = pyplot.subplots(2, 1, figsize=(8, 8), sharex=True)
        below.set_prop_cycle(color=pyplot.get_cmap("tab20").colors)
        for name in dict.fromkeys(name for _, name, _ in self.rows):
            if name == "rate" or "median" in name:
                continue
            steps, values = zip(*((step, value) for step, known, value in self.rows if known == name))
            axes = above if name == "loss" else below
            axes.plot(steps, values, marker="." if axes is below else None, label=name.removeprefix("dev "))
        above.set(ylabel="loss", title=self.stage)
        below.set(xlabel="step", ylabel="dev split, %")
        for axes in (above, below):
            axes.grid(alpha=0.3)
            if axes.get_legend_handles_labels()[0]:
                axes.legend(fontsize="small", loc="upper left", bbox_to_anchor=(1.01, 1))
        figure.savefig(self.path.with_suffix(".png"), dpi=120, bbox_inches="tight")
        pyplot.close(figure)


def read(path: Path) -> list[tuple[int, str, float]]:
    if not path.exists():
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return [(int(row["step"]), row["name"], float(row["value"])) for row in csv.DictReader(file)]
