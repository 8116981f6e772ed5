"""The training pictures and their texts: frozen split, packed pixels, crops and batches."""

import hashlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from .config import Run

log = logging.getLogger(__name__)

# The same numbers are written to preprocessor_config.json at export.
PIXEL_MEAN = (0.5, 0.5, 0.5)
PIXEL_STD = (0.5, 0.5, 0.5)


@dataclass(frozen=True)
class Item:
    file: str
    set: str
    texts: tuple[str, ...]


def is_dev(file: str, modulus: int) -> bool:
    """The split depends on the file name alone, so it is the same on every machine and run."""
    name = file.rsplit("/", 1)[-1]
    return int(hashlib.sha1(name.encode()).hexdigest(), 16) % modulus == 0


def read_items(data: Path) -> list[Item]:
    with open(data / "train" / "texts.jsonl", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [Item(row["file"], row["set"], tuple(row["texts"])) for row in rows]


def left_out(items: list[Item], run: Run) -> set[str]:
    """The sets that no batch has a share of."""
    shares = [run["mix"], run["distil_mix"]]
    return {name for name in {item.set for item in items} if not any(share.get(name, 0) > 0 for share in shares)}


def split_rows(items: list[Item], run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers of the training part and of the dev part, of the sets that have a share in any batch."""
    out = left_out(items, run)
    known = np.array([item.set not in out for item in items])
    dev = np.array([is_dev(item.file, run["data"]["dev_modulus"]) for item in items])
    return np.flatnonzero(known & ~dev), np.flatnonzero(known & dev)


def load_square(path: Path, side: int) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB").resize((side, side), Image.BICUBIC, reducing_gap=3.0))


def pack(run: Run) -> None:
    """Decodes every picture once into one array; remembers the aspect the squash removed."""
    pixels_path, aspect_path = run.path("pixels.npy"), run.path("aspect.npy")
    if aspect_path.exists():
        return
    items, side = read_items(run.data), run["data"]["packed_side"]
    if names := left_out(items, run):
        log.warning("sets without a share in [mix] and [distil_mix] are left out: %s", ", ".join(sorted(names)))
    pixels = np.lib.format.open_memmap(pixels_path, "w+", np.uint8, (len(items), side, side, 3))
    aspect = np.empty(len(items), np.float32)
    for row, item in enumerate(items):
        path = run.data / "train" / item.file
        with Image.open(path) as image:
            aspect[row] = image.width / image.height
        pixels[row] = load_square(path, side)
    pixels.flush()
    np.save(aspect_path, aspect)


def load_pixels(run: Run) -> np.ndarray:
    return np.load(run.path("pixels.npy"), mmap_mode="r")


def cut(pixels: np.ndarray, rows, boxes, side: int) -> torch.Tensor:
    """The boxes of the rows, resized with antialiasing to uint8 [n, 3, side, side]."""
    out = torch.empty(len(rows), 3, side, side, dtype=torch.uint8).contiguous(memory_format=torch.channels_last)
    for index, (row, (x0, y0, x1, y1)) in enumerate(zip(rows, boxes)):
        crop = torch.from_numpy(np.array(pixels[row, y0:y1, x0:x1])).permute(2, 0, 1)[None]
        out[index] = F.interpolate(crop, (side, side), mode="bilinear", antialias=True)[0]
    return out


def normalise(pixels: torch.Tensor) -> torch.Tensor:
    mean = torch.tensor(PIXEL_MEAN, device=pixels.device)[:, None, None]
    std = torch.tensor(PIXEL_STD, device=pixels.device)[:, None, None]
    return (pixels.float() / 255 - mean) / std


def augment(pixels: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """Flips, mild light changes and small damage. Hue stays: colour words are part of the texts."""
    count = len(pixels)
    flip = torch.from_numpy(random.random(count) < 0.5)
    pixels = torch.where(flip[:, None, None, None], pixels.flip(3), pixels).float()
    gain = torch.from_numpy(random.uniform(0.75, 1.25, (count, 1, 1, 1))).float()
    contrast = torch.from_numpy(random.uniform(0.75, 1.25, (count, 1, 1, 1))).float()
    mean = pixels.mean((1, 2, 3), keepdim=True)
    return damage((((pixels - mean) * contrast + mean) * gain).clamp(0, 255), random)


def damage(pixels: torch.Tensor, random: np.random.Generator, share: float = 0.25) -> torch.Tensor:
    """What copies of a picture suffer: a smaller size in between, and a label or a stain somewhere."""
    side = pixels.shape[-1]
    coarse = torch.from_numpy(np.flatnonzero(random.random(len(pixels)) < share))
    if len(coarse):
        small = F.interpolate(pixels[coarse], (round(side * random.uniform(0.4, 0.9)),) * 2,
                              mode="bilinear", antialias=True)
        pixels[coarse] = F.interpolate(small, (side, side), mode="bilinear")
    for place in np.flatnonzero(random.random(len(pixels)) < share):
        height, width = (side * random.uniform(0.05, 0.25, 2)).astype(int) + 1
        top, left = random.integers(side - height), random.integers(side - width)
        colour = torch.from_numpy(random.uniform(0, 255, (3, 1, 1))).float()
        pixels[place, :, top:top + height, left:left + width] = colour
    return pixels


class Mixer:
    """Draws batches: rows by the set shares of a section of the configuration, one text for each."""

    def __init__(self, run: Run, items: list[Item], rows: np.ndarray, section: str):
        self.items = items
        names = np.array([items[row].set for row in rows])
        self.sets = {name: rows[names == name] for name in run[section]}
        self.shares = {name: share for name, share in run[section].items() if share > 0 and len(self.sets[name])}

    def draw(self, batch: int, random: np.random.Generator) -> tuple[np.ndarray, list[str]]:
        rows = self.draw_rows(batch, random)
        return rows, [self.text(row, random) for row in rows]

    def draw_rows(self, batch: int, random: np.random.Generator) -> np.ndarray:
        counts = random.multinomial(batch, np.array(list(self.shares.values())) / sum(self.shares.values()))
        return np.concatenate([
            random.choice(self.sets[name], count, replace=count > len(self.sets[name]))
            for name, count in zip(self.shares, counts)
        ])

    def text(self, row: int, random: np.random.Generator) -> str:
        texts = self.items[row].texts
        text = texts[random.integers(len(texts))]
        # People type queries without the final full stop that captions carry.
        return text.rstrip(" .") if random.random() < 0.5 else text
