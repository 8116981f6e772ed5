"""How much each part of the pairwise model counts, and which pictures are liked by texts of all kinds.

Some pictures lie near to many captions that do not mean them. How near a picture is to captions of other pictures is
taken from its score: the logarithm of the mean of exp(sharpness x cosine), divided by the sharpness (S. Smith et al.
2017, the inverted softmax, with a fixed sample of questions in place of those that happen to be asked).
"""

import itertools
import logging
from dataclasses import asdict, dataclass

import numpy as np
import torch
import torch.nn.functional as F

from ..config import Run
from ..loop import load_modules, part, summary
from ..specialise import labels_of
from .material import Material, captioned_rows, texts_of
from .pairs import Captions, Held, Places, added, finished_towers, pair_encoder, rank_of
from .student import finished_student

log = logging.getLogger(__name__)

TOLD = np.arange(0, 2.1, 0.25)
ADDED = np.arange(0, 1.05, 0.1)
LIKED = np.arange(0, 1.25, 0.2)


@dataclass(frozen=True)
class Weights:
    """Of the student's cosine, of what pieces and places add, and of what hubs lose; the towers' cosine counts 1.

    Places and hubs are told by captions: where a text is the name of a thing they do harm. So names have weights of
    their own, and a text of some length has weights in between.
    """

    told: float
    added: float
    liked: float


def liked(images: torch.Tensor, captions: torch.Tensor, sharpness: float) -> torch.Tensor:
    """[picture], of unit vectors [picture, dimension] and [caption, dimension]."""
    near = sharpness * images @ captions.T
    return (near.logsumexp(1) - np.log(len(captions))) / sharpness


def sample(run: Run, material: Material, side, rows: np.ndarray) -> torch.Tensor:
    """Unit vectors of captions drawn by the seed, as the text side reads them under the task."""
    texts, _ = texts_of(material, rows)
    count = min(run["hubs"]["captions"], len(texts))
    chosen = np.sort(np.random.default_rng([run["seed"], 6]).choice(len(texts), count, replace=False))
    return Captions(run, [texts[at] for at in chosen], side).vectors


def average_precision(scores: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """[text], of [text, picture]."""
    found = right.gather(1, scores.argsort(1, descending=True)).float()
    precision = found.cumsum(1) / torch.arange(1, found.shape[1] + 1)
    return (precision * found).sum(1) / found.sum(1)


class Labels:
    """Pictures of a set of the dev split, asked for by their labels."""

    def __init__(self, run: Run, material: Material, rows: np.ndarray, scorer: "Scorer"):
        own = [labels_of(material.items[row], run["label_forms"].get(material.items[row].set, "first")) for row in rows]
        names = sorted({label for labels in own for label in labels})
        self.right = torch.tensor([[name in labels for labels in own] for name in names])
        every = torch.arange(len(rows)).expand(len(names), -1)
        self.parts = scorer(Captions(run, names, scorer.side), rows, every)

    def precision(self, weights: Weights) -> float:
        return average_precision(total(weights, *self.parts), self.right).mean().item()


class Scorer:
    """What each part of the model says of texts and their candidates, given as places among rows."""

    def __init__(self, run: Run, material: Material, taught: np.ndarray):
        self.run, self.material = run, material
        self.head, self.side = finished_towers(run)
        self.pairs, self.student = pair_encoder(run.config), finished_student(run)
        self.pairs.load_state_dict(part(load_modules(run, "pairs"), "pairs"))
        self.captions = sample(run, material, self.side, taught)

    def vectors(self, rows: np.ndarray) -> torch.Tensor:
        with torch.no_grad():
            return F.normalize(self.head(self.material.features(0, rows)).float(), dim=1)

    def __call__(self, asked: Captions, rows: np.ndarray, candidates: torch.Tensor):
        """Cosines, the student's, what places and pieces add, and hubs: each [text, candidate]."""
        images, places = self.vectors(rows), Places(self.run, self.material, rows, ["whole"])
        told = self.student.captions(asked) @ self.student.pictures(self.material.features(0, rows)).T
        hubs = liked(images, self.captions, self.run["hubs"]["sharpness"])
        return ((asked.vectors @ images.T).gather(1, candidates), told.gather(1, candidates),
                added(self.pairs, asked, places, candidates), hubs[candidates])


def total(weights: Weights, cosines, told, added, hubs) -> torch.Tensor:
    return cosines + weights.told * told + weights.added * added - weights.liked * hubs


def chosen(quality) -> Weights:
    return max((Weights(*map(float, found)) for found in itertools.product(TOLD, ADDED, LIKED)), key=quality)


def prepare_blend(run: Run) -> None:
    """Writes blend.npz: the captions' vectors, and the weights of names and of captions.

    Those of captions are chosen by one half of the dev split's photos and measured on the other, those of names by the
    labels of its other pictures.
    """
    if not run.path("student.pt").exists():
        return
    material = Material(run)
    taught, held = captioned_rows(run, material)
    scorer = Scorer(run, material, taught)
    asked = Captions.of_rows(run, material, held, scorer.side)
    holding = Held(run, asked, Places(run, material, held, ["whole"]), scorer.vectors(held), run["pairs"]["depth"])
    said = scorer(asked, held, holding.candidates)
    sets = {material.items[row].set for row in material.dev} - {run["data"]["scored"]}
    galleries = {name: Labels(run, material, np.array([
        row for row in material.dev if material.items[row].set == name]), scorer) for name in sorted(sets)}

    def ranked(weights: Weights) -> torch.Tensor:
        return rank_of(total(weights, *said), holding.right)

    def named(weights: Weights) -> dict[str, float]:
        return {name: round(labels.precision(weights), 4) for name, labels in galleries.items()}

    plain, rest = Weights(0.0, 0.0, 0.0), ~holding.first
    captions = chosen(lambda weights: (1 / ranked(weights)[holding.first].float()).mean().item())
    names = chosen(lambda weights: np.mean(list(named(weights).values()))) if galleries else captions
    log.info("captions %s; dev before %s, after %s", captions, summary(ranked(plain)[rest]),
             summary(ranked(captions)[rest]))
    for left_out in asdict(captions):
        without = Weights(**{**asdict(captions), left_out: 0.0})
        log.info("without %s %s", left_out, summary(ranked(without)[rest]))
    log.info("names %s; average precision before %s, after %s, by those of captions %s", names, named(plain),
             named(names), named(captions))
    np.savez(run.path("blend.partial.npz"), hubs=scorer.captions.numpy().astype(np.float32),
             captions=list(asdict(captions).values()), names=list(asdict(names).values()))
    run.path("blend.partial.npz").rename(run.path("blend.npz"))
