"""What the backbone makes of training pictures under every look, computed once and kept.

For each view `map-<view>.npy` (int8, [row, place, channel], times `map-scale.npy`) and `pooled-<view>.npy` (half
floats, [row, 1280]). Rows are those of texts.jsonl, then the pictures without texts; a row that a look was not computed
for is zero.
"""

import logging
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime
from PIL import Image

from ..config import Run
from ..data import Item, is_dev, read_items
from . import looks
from .backbone import MAP_WIDTH, FEATURE_WIDTH, feature_model, load_network

log = logging.getLogger(__name__)

BATCH = 64
# The scale of the maps is taken from this many pictures, with room for brighter ones.
CALIBRATION, ROOM = 512, 1.25


def all_items(run: Run) -> list[Item]:
    """The pictures with texts, then those without."""
    items = read_items(run.data)
    for name in run["data"]["silent"]:
        paths = sorted((run.data / "train" / name).iterdir()) if (run.data / "train" / name).is_dir() else []
        items += [Item(f"{name}/{path.name}", name, ()) for path in paths]
    return items


class Backbone:
    def __init__(self, run: Run):
        self.side, self.seed = run["image"]["side"], run["seed"]
        self.folder = run.data / "train"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = run["image"]["threads"]
        # Spinning threads would take the processor from others.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        model = feature_model(load_network(), self.side).SerializeToString()
        wanted = ["CUDAExecutionProvider"] if run.device == "cuda" else []
        known = onnxruntime.get_available_providers()
        providers = [name for name in [*wanted, "CPUExecutionProvider"] if name in known]
        self.session = onnxruntime.InferenceSession(model, options, providers=providers)

    def picture(self, item: Item, view: int, row: int) -> np.ndarray:
        with Image.open(self.folder / item.file) as image:
            return looks.seen(image.convert("RGB"), view, row, self.seed, self.side)

    def __call__(self, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """uint8 [n, side, side, 3] to maps [n, place, 320] and pooled features [n, 1280]."""
        scaled = (pixels.astype(np.float32).transpose(0, 3, 1, 2) - 127) / 128
        maps, pooled = self.session.run(["map", "pooled"], {"pixel_values": np.ascontiguousarray(scaled)})
        return maps.reshape(len(maps), MAP_WIDTH, -1).transpose(0, 2, 1), pooled


def map_scale(run: Run, backbone: Backbone, items: list[Item]) -> np.ndarray:
    path = run.path("map-scale.npy")
    if not path.exists():
        rows = np.random.default_rng(run["seed"]).choice(len(items), min(CALIBRATION, len(items)), replace=False)
        found = [
            np.abs(backbone(np.stack([backbone.picture(items[row], 0, row) for row in part]))[0]).max((0, 1))
            for part in np.array_split(rows, max(1, len(rows) // BATCH))
        ]
        np.save(path, (ROOM * np.max(found, 0) / 127).astype(np.float32))
    return np.load(path)


def sampled_rows(run: Run, items: list[Item]) -> np.ndarray:
    """Rows that are seen under every look: the dev split, and a share of each set's others drawn by the seed."""
    shares = np.array([run["looks"]["share"].get(item.set, 0.0) for item in items])
    drawn = np.random.default_rng([run["seed"], 1]).random(len(items)) < shares
    dev = [is_dev(item.file, run["data"]["dev_modulus"]) for item in items]
    return np.flatnonzero(drawn | np.array(dev))


def cache_backbone(run: Run) -> None:
    """A view already written is kept; one begun goes on from its last finished part."""
    items, backbone = all_items(run), Backbone(run)
    scale, places = map_scale(run, backbone, items), (run["image"]["side"] // 32) ** 2
    sampled = sampled_rows(run, items)
    for view in range(len(looks.VIEWS)):
        order = np.arange(len(items)) if looks.VIEWS[view].__name__ in run["looks"]["full"] else sampled
        finished = run.path(f"pooled-{view}.npy")
        if finished.exists():
            continue
        mark, partial = run.path(f"view-{view}.done"), run.path(f"pooled-{view}.partial.npy")
        begun = mark.exists()
        mode = "r+" if begun else "w+"
        maps = np.lib.format.open_memmap(
            run.path(f"map-{view}.npy"), mode, np.int8, (len(items), places, MAP_WIDTH))
        pooled = np.lib.format.open_memmap(partial, mode, np.float16, (len(items), FEATURE_WIDTH))
        first = int(mark.read_text()) if begun else 0
        mark.write_text(str(first))
        starts = range(first, len(order), BATCH)

        def load(start):
            return np.stack([backbone.picture(items[row], view, row) for row in order[start:start + BATCH]])

        with ThreadPoolExecutor(1) as pool:
            coming = pool.submit(load, starts[0]) if len(starts) else None
            for start in starts:
                pixels = coming.result()
                if start + BATCH < len(order):
                    coming = pool.submit(load, start + BATCH)
                found, features = backbone(pixels)
                rows = order[start:start + BATCH]
                maps[rows] = np.clip(np.round(found / scale), -127, 127)
                pooled[rows] = features
                if (start // BATCH) % 50 == 49:
                    maps.flush(), pooled.flush()
                    mark.write_text(str(start + BATCH))
        maps.flush(), pooled.flush()
        partial.rename(finished)
        mark.unlink()
        log.info("view %d of %d (%s) cached", view + 1, len(looks.VIEWS), looks.VIEWS[view].__name__)
