"""The head that knows a picture again: crops, borders, turns, other colours and overlays of it lie near it.

It reads more of the backbone's last map than its mean: the greatest value and the spread of each channel, which do not
depend on where something stands.
"""

import logging

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from .. import losses
from ..config import Run
from ..loop import optimiser, train
from ..models import Temperature
from . import looks
from .backbone import MAP_WIDTH
from .material import Material

log = logging.getLogger(__name__)

PART = 2048


class CopyHead(nn.Module):
    """Pooled features [batch, 1280] and statistics of the map [batch, 640] into a space of its own."""

    def __init__(self, hidden: int, dropout: float, outputs: int):
        super().__init__()
        self.norm = nn.LayerNorm(1280 + 2 * MAP_WIDTH)
        self.up, self.down = nn.Linear(1280 + 2 * MAP_WIDTH, hidden), nn.Linear(hidden, outputs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features):
        return self.down(self.dropout(F.gelu(self.up(self.dropout(self.norm(features))))))


def copy_head(config: dict) -> CopyHead:
    copies = config["copies"]
    return CopyHead(copies["hidden"], copies["dropout"], copies["dim"])


def statistics(maps: np.ndarray) -> np.ndarray:
    """The greatest value and the standard deviation of each channel over the places, [n, 640]."""
    return np.concatenate([maps.max(1), maps.std(1)], 1)


class Seen:
    """Features of the rows that were seen under every look."""

    def __init__(self, run: Run, material: Material):
        self.rows = np.flatnonzero(material.sampled)
        self.place = np.full(len(material.items), -1)
        self.place[self.rows] = np.arange(len(self.rows))
        self.material = material
        scale = np.load(run.path("map-scale.npy"))
        self.more = {}
        for view in material.views:
            maps = np.load(run.path(f"map-{view}.npy"), mmap_mode="r")
            self.more[view] = np.concatenate([
                statistics(maps[self.rows[start:start + PART]].astype(np.float32) * scale).astype(np.float16)
                for start in range(0, len(self.rows), PART)
            ])

    def __call__(self, views, rows) -> torch.Tensor:
        views = np.broadcast_to(views, len(rows))
        more = np.stack([self.more[view][self.place[row]] for view, row in zip(views, rows)]).astype(np.float32)
        return torch.cat([self.material.features(views, rows), torch.from_numpy(more)], 1)


def first_hits(queries: torch.Tensor, gallery: torch.Tensor) -> float:
    """How often the nearest of the gallery is the picture itself, in percent."""
    nearest = (F.normalize(queries, dim=1) @ F.normalize(gallery, dim=1).T).argmax(1)
    return round(100 * (nearest == torch.arange(len(queries))).float().mean().item(), 1)


def reached(queries: torch.Tensor, gallery: torch.Tensor, threshold: float) -> float:
    """How often a changed picture is at least so near to its original, in percent."""
    near = (F.normalize(queries, dim=1) * F.normalize(gallery, dim=1)).sum(1)
    return round(100 * (near >= threshold).float().mean().item(), 1)


def nearest_others(gallery: torch.Tensor) -> torch.Tensor:
    """The cosine of each picture with the nearest of the others."""
    units = F.normalize(gallery, dim=1)
    scores = units @ units.T
    return scores.fill_diagonal_(-1).max(1).values


def train_copies(run: Run) -> None:
    torch.manual_seed(run["seed"] + 1)
    settings, material = run["copies"], Material(run)
    seen = Seen(run, material)
    rows = material.seen[material.sampled[material.seen]]
    weights = np.array([settings["views"].get(looks.VIEWS[view].__name__, 1.0) for view in material.views])
    modules = torch.nn.ModuleDict({"head": copy_head(run.config), "temperature": Temperature(settings["max_scale"])})

    def loss_of(_, random):
        drawn = random.choice(rows, min(settings["batch"], len(rows)), replace=False)
        first = np.where(random.random(len(drawn)) < 0.5, 0, random.choice(material.views, len(drawn)))
        second = random.choice(material.views, len(drawn), p=weights / weights.sum())
        one, two = modules["head"](seen(first, drawn)).float(), modules["head"](seen(second, drawn)).float()
        none = torch.zeros(len(drawn), len(drawn), dtype=torch.bool)
        return losses.contrastive(one, two, modules["temperature"](), settings["dims"], none, 0.0)

    held = material.held
    # Where no two pictures are of one thing: the threshold is where one in a hundred has another one above it.
    apart = torch.tensor([material.items[row].set in settings["apart"] for row in held])

    def score():
        modules.eval()
        with torch.no_grad():
            gallery = modules["head"](seen(0, held)).float()
            threshold = nearest_others(gallery[apart]).quantile(0.99).item()
            found = {"pictures": len(held), "threshold": round(threshold, 3)}
            for view in material.views[1:]:
                queries = modules["head"](seen(view, held)).float()
                found[looks.VIEWS[view].__name__] = first_hits(queries, gallery), reached(queries, gallery, threshold)
                if view == 4:
                    found["backbone grey"] = first_hits(seen(view, held)[:, :1280], seen(0, held)[:, :1280])
        return found

    optimizer = optimiser([(module, settings["rate"]) for module in modules.values()], settings["weight_decay"])
    train(run, "copies", modules, optimizer, settings["steps"], loss_of, score)
