"""The configuration of a run: config.toml plus where data and work files are."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

DEFAULT_FILE = Path(__file__).resolve().parent.parent / "config.toml"


@dataclass(frozen=True)
class Run:
    """One training run. `data` is only read; everything written goes below `work`."""

    config: dict
    data: Path
    work: Path
    out: Path
    device: str = "cpu"

    def __getitem__(self, section: str):
        return self.config[section]

    def path(self, name: str) -> Path:
        self.work.mkdir(parents=True, exist_ok=True)
        return self.work / name


def load_config(path: Path = DEFAULT_FILE) -> dict:
    with open(path, "rb") as file:
        return tomllib.load(file)
