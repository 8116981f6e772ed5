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
    """A file with `base` holds only what differs from that other file."""
    with open(path, "rb") as file:
        given = tomllib.load(file)
    if "base" not in given:
        return given
    config = load_config(path.parent / given.pop("base"))
    for name, value in given.items():
        config[name] = {**config[name], **value} if isinstance(value, dict) else value
    return config
