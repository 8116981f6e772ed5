"""Figures of the exported folder, measured through ONNX Runtime on pictures no stage has seen."""

import csv
import json
import math
import time
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from .config import Run
from .tokenizer import load_tokenizer

KINDS = (".jpg", ".jpeg", ".png")


def wilson(hits: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share, good at small counts too."""
    share = hits / count
    middle = share + z * z / (2 * count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (middle - reach) / (1 + z * z / count), (middle + reach) / (1 + z * z / count)


def percent(hits: int, count: int) -> dict:
    low, high = wilson(hits, count)
    return {"percent": round(100 * hits / count, 2), "interval": [round(100 * low, 2), round(100 * high, 2)]}


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class Folder:
    """A model folder as any user of ONNX Runtime reads it."""

    def __init__(self, path: Path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        self.path = path
        self.vision = onnxruntime.InferenceSession(str(path / "vision_model.onnx"), options)
        self.words = onnxruntime.InferenceSession(str(path / "text_model.onnx"), options)
        self.config = json.loads((path / "config.json").read_text())
        self.processor = json.loads((path / "preprocessor_config.json").read_text())
        most = self.config["text_config"]["max_position_embeddings"]
        self.tokenizer = load_tokenizer(path / "tokenizer.json", most)

    def pixels(self, path: Path) -> np.ndarray:
        size = self.processor["size"]
        with Image.open(path) as image:
            image = image.convert("RGB").resize((size["width"], size["height"]), self.processor["resample"])
        scaled = np.asarray(image, np.float32) * self.processor["rescale_factor"]
        scaled = (scaled - self.processor["image_mean"]) / self.processor["image_std"]
        return scaled.transpose(2, 0, 1).astype(np.float32)

    def images(self, pixels: np.ndarray, batch: int = 16) -> np.ndarray:
        parts = [pixels[start:start + batch] for start in range(0, len(pixels), batch)]
        return np.concatenate([self.vision.run(None, {"pixel_values": part})[0] for part in parts])

    def texts(self, texts: list[str], batch: int = 64) -> np.ndarray:
        vectors = []
        for start in range(0, len(texts), batch):
            encoded = self.tokenizer.encode_batch(texts[start:start + batch])
            feed = {
                "input_ids": np.array([e.ids for e in encoded], np.int64),
                "attention_mask": np.array([e.attention_mask for e in encoded], np.int64),
            }
            vectors.append(self.words.run(None, feed)[0])
        return np.concatenate(vectors)

    def load(self, folder: Path, names: list[str]) -> np.ndarray:
        return np.stack([self.pixels(folder / name) for name in names])


def rows(path: Path) -> list[dict]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def retrieval(images: np.ndarray, texts: np.ndarray, owner: np.ndarray, dim: int) -> dict:
    scores = unit(texts[:, :dim]) @ unit(images[:, :dim]).T
    own = scores[np.arange(len(owner)), owner]
    rank = (scores > own[:, None]).sum(1) + 1
    recalls = {f"R@{k}": percent(int((rank <= k).sum()), len(rank)) for k in (1, 5, 10)}
    return {**recalls, "median_rank": float(np.median(rank))}


def captions(run: Run, model: Folder) -> dict:
    """Every caption of the 1,000 photos is a query; exactly one photo is right."""
    table = rows(run.data / "flickr8k" / "captions.csv")
    names = sorted({row["filename"] for row in table})
    place = {name: index for index, name in enumerate(names)}
    images = model.images(model.load(run.data / "flickr8k" / "images", names))
    texts = model.texts([row["caption"] for row in table])
    owner = np.array([place[row["filename"]] for row in table])
    figures = {str(dim): retrieval(images, texts, owner, dim) for dim in model.config["matryoshka_dims"]}
    return {"photos": len(names), "queries": len(table), "dims": figures}


def spoken(label: str) -> str:
    return label.replace("-", " ").replace("_", " ")


ROOMS = {"frontal": "front of a house"}
ZERO_SHOT = {
    "grocery": ("coarse_class", lambda label: spoken(label)),
    "houses": ("room", lambda label: ROOMS.get(label, label)),
    "fashion": ("articleType", lambda label: spoken(label)),
}


def zero_shot(run: Run, model: Folder, name: str) -> dict:
    """The share of pictures whose own label is the nearest of all label names."""
    column, words = ZERO_SHOT[name]
    table = rows(run.data / name / "metadata.csv")
    labels = sorted({row[column] for row in table})
    images = unit(model.images(model.load(run.data / name / "images", [row["filename"] for row in table])))
    found = (images @ unit(model.texts([words(label) for label in labels])).T).argmax(1)
    hits = sum(labels[index] == row[column] for index, row in zip(found, table))
    return {"labels": len(labels), "pictures": len(table), **percent(hits, len(table))}


def composition(model: Folder, pixels: np.ndarray) -> float:
    """The largest change of any number of a unit vector when its batch changes."""
    together = unit(model.images(pixels, batch=len(pixels)))
    alone = unit(model.images(pixels, batch=1))
    backwards = unit(model.images(pixels[::-1].copy(), batch=5))[::-1]
    return float(max(np.abs(together - alone).max(), np.abs(together - backwards).max()))


def text_composition(model: Folder, texts: list[str]) -> float:
    together, alone = unit(model.texts(texts)), unit(model.texts(texts, batch=1))
    return float(np.abs(together - alone).max())


def speed(model: Folder, pixels: np.ndarray, texts: list[str]) -> dict:
    model.images(pixels)
    started = time.perf_counter()
    for _ in range(3):
        model.images(pixels)
    images = 3 * len(pixels) / (time.perf_counter() - started)
    started = time.perf_counter()
    model.texts(texts, batch=1)
    milliseconds = 1000 * (time.perf_counter() - started) / len(texts)
    return {"images_per_second": round(images, 1), "milliseconds_per_text": round(milliseconds, 3)}


def evaluate(run: Run) -> dict:
    model = Folder(run.out)
    table = rows(run.data / "flickr8k" / "captions.csv")
    texts = [row["caption"] for row in table[:100]]
    names = sorted({row["filename"] for row in table})[:64]
    sample = model.load(run.data / "flickr8k" / "images", names)
    sizes = {path.name: path.stat().st_size for path in sorted(run.out.iterdir())}
    return {
        "captions": captions(run, model),
        "zero_shot": {name: zero_shot(run, model, name) for name in ZERO_SHOT},
        "batch_composition": {"images": composition(model, sample), "texts": text_composition(model, texts)},
        "speed": speed(model, sample, texts),
        "bytes": {**sizes, "total": sum(sizes.values())},
    }
