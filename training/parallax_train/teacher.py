"""Features of the ImageNet teacher for every view of every picture, computed once and kept."""

import logging

import numpy as np
import onnxruntime

from .config import Run
from .views import Views, view_count

log = logging.getLogger(__name__)


def open_session(run: Run) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    wanted = ["CUDAExecutionProvider", "CPUExecutionProvider"] if run.device == "cuda" else ["CPUExecutionProvider"]
    usable = [name for name in wanted if name in onnxruntime.get_available_providers()]
    return onnxruntime.InferenceSession(str(run.data / run["teacher"]["file"]), options, providers=usable)


def cache_features(run: Run) -> None:
    """Writes features-<view>.npy (half floats) for each view; a view already written is kept."""
    views, teacher, session = Views(run), run["teacher"], open_session(run)
    count = views.boxes.shape[1]
    for view in range(view_count(run)):
        path = run.path(f"features-{view}.npy")
        if path.exists():
            continue
        features = np.empty((count, teacher["width"]), np.float16)
        for start in range(0, count, teacher["batch"]):
            rows = np.arange(start, min(start + teacher["batch"], count))
            crops = views.cut(np.full(len(rows), view), rows, teacher["side"])
            # The teacher was published for pixels in [-1, 1].
            scaled = crops.contiguous().numpy().astype(np.float32) / 127.5 - 1
            features[rows] = session.run(None, {"pixel_values": scaled})[0]
        partial = path.with_suffix(".partial.npy")
        np.save(partial, features)
        partial.rename(path)
        log.info("teacher view %d of %d cached", view + 1, view_count(run))


def load_features(run: Run) -> np.ndarray:
    """All views as [view, row, feature] half floats."""
    return np.stack([np.load(run.path(f"features-{view}.npy")) for view in range(view_count(run))])
