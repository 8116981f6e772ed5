"""The text tower of a shipped `mini`, used as it is: what it makes of every training text, computed once and kept.

The pieces of the new tokenizer are written in those of the tower's, so one list of ids serves both readings of a text.
"""

import json
import logging
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from ..config import Run
from ..folder import Folder, batches
from ..tokenizer import END, START, WORD_END
from .corpus import load_sentences

log = logging.getLogger(__name__)

# Where no piece stands.
NONE = -1
# A word that the tower's tokenizer breaks into more pieces is none that the tower knows: the rest is left out.
LONGEST = 6
# Under which tasks the texts of each kind are read.
READ = {
    "classes": (None, "CLASSIFICATION"),
    "labels": (None, "CLASSIFICATION", "RETRIEVAL_QUERY"),
    "words": (None,),
    "pictures": (None, "RETRIEVAL_QUERY", "CLASSIFICATION", "RETRIEVAL_DOCUMENT", "SEMANTIC_SIMILARITY"),
}
REPOSITORY = Path(__file__).resolve().parents[3]


def has_tower(run: Run) -> bool:
    """Whether a tower reads texts beside the bag of words."""
    return bool(run["reader"]["folder"])


def folder(run: Run) -> Folder:
    return Folder(REPOSITORY / run["reader"]["folder"])


def one_thread(path: Path) -> onnxruntime.InferenceSession:
    """Two threads would wait for each other where others use the processor."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options)


def path_of(run: Run, kind: str, task: str | None):
    return run.path(f"read-{kind}-{(task or 'bare').lower()}.npy")


def cache_readings(run: Run) -> None:
    """read-<kind>-<task>.npy: [text, 256] half floats in the order of sentences-<kind>.json."""
    if not has_tower(run):
        return
    tower = folder(run)
    tower.words = one_thread(tower.path / "text_model.onnx")
    for kind, under in READ.items():
        texts, _ = load_sentences(run, kind)
        order = np.argsort([len(text) for text in texts], kind="stable")
        for task in under:
            path = path_of(run, kind, task)
            if path.exists():
                continue
            vectors = np.empty((len(texts), tower.config["projection_dim"]), np.float16)
            for part in batches(order, 128):
                vectors[part] = tower.texts([texts[at] for at in part], task, batch=128)
            np.save(run.path("read.partial.npy"), vectors)
            run.path("read.partial.npy").rename(path)
            log.info("%d texts (%s) read under %s", len(texts), kind, task)


def spelt_in(old: Tokenizer, pieces: list[str]) -> list[list[int]]:
    """Each piece in the pieces of another byte-level tokenizer."""
    # The model alone: pieces are written in its byte alphabet already.
    content = json.loads(old.to_str())
    vocabulary = content["model"]["vocab"]
    ranks = {tuple(pair if isinstance(pair, list) else pair.split(" ")): at
             for at, pair in enumerate(content["model"]["merges"])}
    found = []
    for piece in pieces:
        ends = piece.endswith(WORD_END)
        symbols = list(piece.removesuffix(WORD_END))
        if ends and symbols:
            symbols[-1] += WORD_END
        while len(symbols) > 1:
            rank, at = min((ranks.get(pair, len(ranks)), at) for at, pair in enumerate(zip(symbols, symbols[1:])))
            if rank == len(ranks):
                break
            symbols[at:at + 2] = [symbols[at] + symbols[at + 1]]
        found.append([vocabulary[symbol] for symbol in symbols])
    return found


def piece_map(run: Run, tokenizer: Tokenizer) -> np.ndarray:
    """[piece of the new tokenizer, place]: pieces of the tower's tokenizer, NONE behind the last."""
    old = folder(run).tokenizer
    vocabulary = tokenizer.get_vocab()
    words = sorted((piece for piece in vocabulary if piece not in (START, END)), key=vocabulary.get)
    spelt = spelt_in(old, words)
    found = np.full((len(vocabulary), LONGEST), NONE, np.int64)
    for piece, ids in zip(words, spelt):
        found[vocabulary[piece], : len(ids[:LONGEST])] = ids[:LONGEST]
    for mark in (START, END):
        found[vocabulary[mark], 0] = old.token_to_id(mark)
    return found
