"""Features of the ImageNet teacher for every view of every picture, computed once and kept."""

import logging

import numpy as np
import onnxruntime

from .config import Run
from .data import cut, load_pixels, view_boxes

log = logging.getLogger(__name__)


def open_session(run: Run) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    wanted = ["CUDAExecutionProvider", "CPUExecutionProvider"] if run.device == "cuda" else ["CPUExecutionProvider"]
    usable = [name for name in wanted if name in onnxruntime.get_available_providers()]
    return onnxruntime.InferenceSession(str(run.data / run["teacher"]["file"]), options, providers=usable)


def cache_features(run: Run) -> None:
    """Writes features-<view>.npy (half floats) for each view; a view already written is kept."""
    pixels, boxes, teacher = load_pixels(run), view_boxes(run), run["teacher"]
    session = open_session(run)
    for view in range(teacher["views"]):
        path = run.path(f"features-{view}.npy")
        if path.exists():
            continue
        features = np.empty((len(pixels), teacher["width"]), np.float16)
        for start in range(0, len(pixels), teacher["batch"]):
            rows = np.arange(start, min(start + teacher["batch"], len(pixels)))
            crops = cut(pixels, rows, boxes[view, rows], teacher["side"])
            # The teacher was published for pixels in [-1, 1].
            scaled = crops.contiguous().numpy().astype(np.float32) / 127.5 - 1
            features[rows] = session.run(None, {"pixel_values": scaled})[0]
        partial = path.with_suffix(".partial.npy")
        np.save(partial, features)
        partial.rename(path)
        log.info("teacher view %d of %d cached", view + 1, teacher["views"])


def load_features(run: Run) -> np.ndarray:
    """All views as [view, row, feature] half floats."""
    return np.stack([np.load(run.path(f"features-{view}.npy")) for view in range(run["teacher"]["views"])])
