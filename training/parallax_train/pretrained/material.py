"""What the heads learn from: features of views, texts with the sentence model's vectors, and classes as pictures."""

import logging
from functools import cached_property

import numpy as np
import torch

from ..config import Run
from ..data import is_dev
from ..specialise import labels_of
from . import looks
from .backbone import load_network
from .corpus import class_names, load_sentences
from .features import all_items, sampled_rows
from .reader import has_tower, path_of
from .wordnet import class_offsets

log = logging.getLogger(__name__)

KINDS = ("pictures", "labels", "classes", "words", "captions")


class Material:
    """The pictures and the texts of a run. Rows are those of the cached features."""

    def __init__(self, run: Run):
        self.run, self.items = run, all_items(run)
        dev = np.array([is_dev(item.file, run["data"]["dev_modulus"]) for item in self.items])
        shares = run["mix"]
        silent = np.array([not item.texts for item in self.items])
        known = np.array([shares.get(item.set, 0) > 0 for item in self.items])
        self.training, self.dev = np.flatnonzero(known & ~dev), np.flatnonzero(known & dev)
        # Pictures that may teach that a look changes nothing.
        self.seen, self.held = np.flatnonzero((known | silent) & ~dev), np.flatnonzero((known | silent) & dev)
        self.sampled = np.zeros(len(self.items), bool)
        self.sampled[sampled_rows(run, self.items)] = True
        self.views = [view for view in range(len(looks.VIEWS)) if run.path(f"pooled-{view}.npy").exists()]
        self._features = {view: np.load(run.path(f"pooled-{view}.npy"), mmap_mode="r") for view in self.views}
        log.info("views: %s", [looks.VIEWS[view].__name__ for view in self.views])

    def named_views(self, names: list[str]) -> np.ndarray:
        return np.array([view for view in self.views if looks.VIEWS[view].__name__ in names])

    def features(self, views, rows) -> torch.Tensor:
        """float [n, 1280]; `views` is one number or one a row."""
        views = np.broadcast_to(views, len(rows))
        out = np.empty((len(rows), 1280), np.float32)
        for view in np.unique(views):
            chosen = views == view
            out[chosen] = self._features[view][np.asarray(rows)[chosen]]
        return torch.from_numpy(out)

    @cached_property
    def sentences(self) -> tuple[dict[str, int], np.ndarray]:
        """Where each text's vector lies, and the vectors [text, 384] in half floats."""
        place, parts = {}, []
        for kind in KINDS:
            texts, vectors = load_sentences(self.run, kind)
            for at, text in enumerate(texts):
                place.setdefault(text, at + sum(map(len, parts)))
            parts.append(vectors)
        return place, np.concatenate(parts)

    @cached_property
    def readings(self) -> dict[str | None, tuple[np.ndarray, np.ndarray]]:
        """By task: where the reading of each text lies (-1: not read), in the order of `sentences`, and the vectors."""
        found = {}
        for task in (None, *self.run["prompts"]):
            place, parts, total = [], [], 0
            for kind in KINDS:
                count, path = len(load_sentences(self.run, kind)[0]), path_of(self.run, kind, task)
                place.append(np.arange(total, total + count) if path.exists() else np.full(count, -1))
                if path.exists():
                    parts.append(np.load(path))
                    total += count
            found[task] = np.concatenate(place), np.concatenate(parts) if parts else np.empty((0, 256), np.float16)
        return found

    def readable(self, text: str, task: str | None) -> bool:
        """Whether a text can stand under the task: where there is no tower, any can."""
        return not has_tower(self.run) or self.readings[task][0][self.sentences[0][text]] >= 0

    def readings_of(self, texts: list[str], tasks: list[str | None]) -> torch.Tensor | None:
        """float [n, 256]: what the tower makes of each text under its task."""
        if not has_tower(self.run):
            return None
        return torch.from_numpy(np.stack([
            self.readings[task][1][self.readings[task][0][self.sentences[0][text]]] for text, task in zip(texts, tasks)
        ]).astype(np.float32))

    def sentence_vectors(self, texts: list[str]) -> torch.Tensor:
        place, vectors = self.sentences
        return torch.from_numpy(vectors[[place[text] for text in texts]].astype(np.float32))

    def kind(self, kind: str) -> list[str]:
        """Texts for the text side alone; those of pictures of the dev split are left out."""
        texts = load_sentences(self.run, kind)[0]
        if kind != "pictures":
            return texts
        learnt = {text for row in self.training for text in self.items[row].texts}
        return [text for text in texts if text in learnt]

    @cached_property
    def names(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        return class_names(self.run)

    @cached_property
    def classes(self) -> np.ndarray:
        """The class of each row of ImageNet's pictures, -1 for all others."""
        files = [item.file for item in self.items if item.set == "imagenet"]
        at = {offset: number for number, offset in enumerate(class_offsets(files))} if files else {}
        return np.array([
            at.get(int(item.file.rsplit("/", 1)[-1][1:9]), -1) if item.set in ("imagenet", "tiny_imagenet") else -1
            for item in self.items
        ])

    @cached_property
    def own_texts(self) -> list[tuple[str, ...]]:
        """Everything that is right to say of a row: its texts, and its class's names and kinds."""
        found = []
        for row, item in enumerate(self.items):
            more = ()
            if self.classes[row] >= 0:
                names, kinds = self.names[self.classes[row]]
                more = (*names, *kinds)
            elif item.set != self.run["data"]["scored"]:
                more = labels_of(item, self.run["label_forms"].get(item.set, "first")) if item.texts else ()
            found.append(tuple(dict.fromkeys((*item.texts, *more))))
        return found

    def draw_text(self, row: int, random: np.random.Generator) -> str:
        """A text of the row; a class's kinds seldom, the farther the seldomer."""
        texts = self.own_texts[row]
        first = len(dict.fromkeys(self.items[row].texts))
        if len(texts) > first and random.random() < self.run["words"]["kinds"]:
            rest = len(texts) - first
            return texts[first + min(rest - 1, int(random.exponential(rest / 3)))]
        return texts[random.integers(first)]


def captioned_rows(run: Run, material: Material) -> tuple[np.ndarray, np.ndarray]:
    """Rows with captions to learn from, and those of the dev split."""
    scored = run["data"]["scored"]
    return tuple(np.array([row for row in rows if material.items[row].set == scored], int)
                 for rows in (material.training, material.dev))


def silent_rows(material: Material) -> np.ndarray:
    """Rows without texts to learn looks from."""
    return np.array([row for row in material.seen if not material.items[row].texts], int)


def texts_of(material: Material, rows: np.ndarray) -> tuple[list[str], np.ndarray]:
    """The texts of some rows, and for each the place of its row."""
    texts = [text for row in rows for text in material.items[row].texts]
    return texts, np.array([at for at, row in enumerate(rows) for _ in material.items[row].texts])


def drawn(owner: np.ndarray, at: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """One text of each of some rows."""
    first, count = np.searchsorted(owner, at), np.bincount(owner)[at]
    return first + random.integers(count)


class Classes:
    """The backbone's classifier as pictures: where the features of each class lie.

    A linear classifier is w = C^-1 (m - mean) for features of covariance C around class means m (linear discriminant
    analysis), so C w gives a class's mean back, up to a factor that real pictures of the class supply.
    """

    def __init__(self, material: Material):
        layer = load_network()._fc
        self.weight, self.bias = layer.weight.detach().float(), layer.bias.detach().float()
        classifier = self.weight.double().numpy()
        rows, self.of_row = self.pictures(material)
        found = material.features(0, rows).double().numpy()
        self.mean = found.mean(0)
        centred = found - self.mean
        covariance = centred.T @ centred / len(centred)
        shrunk = covariance + np.trace(covariance) / len(covariance) * np.eye(len(covariance))
        means = shrunk @ classifier.T
        self.means = (means - means.mean(1, keepdims=True)).T
        own = self.means[self.of_row]
        self.factor = float((centred * own).sum() / (own * own).sum())
        self.residuals = (centred - self.factor * own).astype(np.float32)
        log.info("classes as pictures: factor %.2f from %d pictures", self.factor, len(rows))

    def pictures(self, material: Material) -> tuple[np.ndarray, np.ndarray]:
        """Rows and their classes: those of ImageNet's pictures, or what the classifier itself takes others for."""
        rows = material.training[material.classes[material.training] >= 0]
        if len(rows):
            return rows, material.classes[rows]
        rows = material.training
        return rows, self.guesses(material.features(0, rows)).argmax(1).numpy()

    def guesses(self, features: torch.Tensor) -> torch.Tensor:
        """The classifier's own logits, [n, 1000]."""
        return features @ self.weight.T + self.bias

    def draw(self, count: int, random: np.random.Generator) -> tuple[np.ndarray, torch.Tensor]:
        """Numbers of classes and what a picture of each might look like to the backbone, [count, 1280]."""
        chosen = random.choice(len(self.means), count, replace=False)
        residuals = self.residuals[random.integers(len(self.residuals), size=count)]
        features = self.mean + self.factor * self.means[chosen] + random.uniform(0.5, 1, (count, 1)) * residuals
        return chosen, torch.from_numpy(np.maximum(features, 0).astype(np.float32))
