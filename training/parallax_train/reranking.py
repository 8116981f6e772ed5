"""What the exported pairwise model adds to the exported towers."""

import time
from pathlib import Path

import numpy as np

from .figures import cosines, ranked, recalls
from .folder import Folder, session


def cross_folder(towers: Path) -> Path:
    """Where the pairwise model of a folder of towers lies."""
    return towers.parent / f"{towers.name}-cross"


class Reranker:
    """The pairwise model's folder over the towers' own."""

    def __init__(self, towers: Folder):
        path = cross_folder(towers.path)
        self.towers, self.network = towers, session(path / "model.onnx")
        self.eyes = session(path / "vision_model.onnx")

    def seen(self, pixels: np.ndarray) -> list[np.ndarray]:
        """The eyes' own vectors and their tokens; both towers take pictures of one size."""
        return self.eyes.run(["image_embeds", "last_hidden_state"], {"pixel_values": pixels})

    def scores(self, text: str, image_embeds: np.ndarray, image_tokens: np.ndarray) -> np.ndarray:
        encoded = self.towers.encoded([text], "RETRIEVAL_QUERY")
        states = self.towers.words.run(["last_hidden_state"], encoded)[0]
        count = len(image_tokens)
        return self.network.run(None, {
            "image_embeds": image_embeds, "image_tokens": image_tokens, "text_tokens": np.repeat(states, count, 0),
            "attention_mask": np.repeat(encoded["attention_mask"], count, 0),
        })[0]


def reranking(photographs, towers: Folder, images: np.ndarray, count: int = 100) -> dict:
    """Ranks before and after the pairwise model has seen the first `count` photographs of every caption."""
    model = Reranker(towers)
    paths = photographs.paths
    seen = [model.seen(towers.load(paths[start:start + 50])) for start in range(0, len(paths), 50)]
    vectors, tokens = (np.concatenate(parts) for parts in zip(*seen))
    words = towers.texts(photographs.captions, "RETRIEVAL_QUERY")
    before, alone = cosines(words, images), cosines(words, vectors)
    after, spent = [], 0.0
    for caption, owner, scores in zip(photographs.captions, photographs.owner, before):
        first = np.argpartition(-scores, count)[:count]
        started = time.perf_counter()
        found = model.scores(caption, images[first], tokens[first])
        spent += time.perf_counter() - started
        at = np.flatnonzero(first == owner)
        # Outside the first `count` the order stays.
        after.append((found > found[at[0]]).sum() + 1 if len(at) else (scores > scores[owner]).sum() + 1)
    return {
        "before": recalls(ranked(before, photographs.owner)), "after": recalls(np.array(after)),
        "own_tower_alone": recalls(ranked(alone, photographs.owner)),
        "milliseconds_per_pair": round(1000 * spent / (len(before) * count), 4),
    }
