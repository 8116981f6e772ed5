"""What the exported pairwise model adds to the exported towers."""

import time

import numpy as np

from ..config import Run
from ..evaluate import Photographs
from ..figures import cosines, ranked, recalls, unit
from ..folder import Folder, batches
from ..reranking import cross_folder
from .reader import one_thread

COUNT = 100
DRAWS = 2000


class Reranker:
    """The pairwise model's folder over the towers' own."""

    def __init__(self, towers: Folder):
        folder = cross_folder(towers.path)
        self.towers = towers
        self.picture, self.question, self.pair = (
            one_thread(folder / f"{name}.onnx") for name in ("picture", "question", "model"))

    def seen(self, pixels: np.ndarray) -> list[np.ndarray]:
        """What is made of each picture: unit vectors of the towers, and vectors and places for pairs."""
        vectors, places = self.towers.vision.run(["image_embeds", "last_hidden_state"], {"pixel_values": pixels})
        return [unit(vectors), *self.picture.run(None, {"image_embeds": vectors, "image_tokens": places})]

    def scores(self, text: str, vectors: np.ndarray, places: np.ndarray) -> np.ndarray:
        encoded = self.towers.encoded([text], "RETRIEVAL_QUERY")
        words, pieces = self.towers.words.run(["text_embeds", "last_hidden_state"], encoded)
        asked = self.question.run(None, {
            "text_embeds": words, "text_tokens": pieces, "attention_mask": np.ones(pieces.shape[:2], np.int64)})
        names = ("question_embeds", "question_tokens", "question_shares")
        repeated = {name: np.repeat(own, len(places), 0) for name, own in zip(names, asked)}
        return self.pair.run(None, {"picture_embeds": vectors, "picture_tokens": places, **repeated})[0]


def gain(before: np.ndarray, after: np.ndarray, owner: np.ndarray) -> dict:
    """How many times R@1 is what it was, with an interval: photographs are drawn with all their captions."""
    firsts = [np.bincount(owner, ranks == 1, owner.max() + 1) for ranks in (before, after)]
    random, count = np.random.default_rng(0), len(firsts[0])
    draws = random.integers(count, size=(DRAWS, count))
    times = firsts[1][draws].sum(1) / firsts[0][draws].sum(1)
    low, high = np.quantile(times, [0.025, 0.975])
    return {"times": round(float(firsts[1].sum() / firsts[0].sum()), 3),
            "from": round(float(low), 3), "to": round(float(high), 3)}


def reranked(photographs: Photographs, towers: Folder) -> dict:
    """Ranks before and after the pairwise model has seen the first photographs of every caption."""
    model, owner = Reranker(towers), photographs.owner
    parts = [model.seen(towers.load(part)) for part in batches(photographs.paths, 50)]
    units, vectors, places = (np.concatenate(found) for found in zip(*parts))
    before = cosines(towers.texts(photographs.captions, "RETRIEVAL_QUERY"), units)
    after, spent = [], 0.0
    for caption, own, scores in zip(photographs.captions, owner, before):
        first = np.argpartition(-scores, COUNT)[:COUNT]
        started = time.perf_counter()
        found = model.scores(caption, vectors[first], places[first])
        spent += time.perf_counter() - started
        at = np.flatnonzero(first == own)
        # Outside the first ones the order stays.
        after.append((found > found[at[0]]).sum() + 1 if len(at) else (scores > scores[own]).sum() + 1)
    ranks, after = ranked(before, owner), np.array(after)
    return {"before": recalls(ranks), "after": recalls(after), "R@1": gain(ranks, after, owner),
            "milliseconds a pair": round(1000 * spent / (len(before) * COUNT), 4)}


def reranking(run: Run, photographs: Photographs, towers: Folder) -> dict | None:
    return reranked(photographs, towers) if cross_folder(run.out).exists() else None
