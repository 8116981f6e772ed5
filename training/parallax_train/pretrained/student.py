"""Small networks of the pairwise model that say what the ensemble says, from what the towers give of each side.

The text tower learned the captions of the training pictures by heart, so these networks learn from captions without
pictures as well: what the tower makes of a caption that it never saw beside a picture is what it makes of a question.
"""

import logging

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from ..config import Run
from ..loop import load_modules, optimiser, part, ranks, summary, train
from ..models import TextLayer
from . import networks
from .backbone import FEATURE_WIDTH
from .ensemble import Ensemble, batches, enough, finished_ensemble
from .material import Material, captioned_rows, silent_rows
from .pairs import BLOCKED, Captions, finished_towers

log = logging.getLogger(__name__)

# A unit vector's numbers are brought to about the size of normalised ones.
TEXT_SCALE = 16.0
DEV_PART = 256
# Pictures by which the directions are chosen.
PROJECTED = 8000


class ImageStudent(networks.ImageHead):
    """Pooled features [batch, 1280] -> [batch, width]."""

    def __init__(self, settings: dict):
        super().__init__(FEATURE_WIDTH, settings["hidden"], settings["dropout"], settings["width"])


class TextStudent(nn.Module):
    """States [batch, sequence, states], mask [batch, sequence] and unit vectors [batch, 256] -> [batch, width].

    The pieces meet once more; then each of some readers takes a weighted mean of what is projected for it.
    """

    def __init__(self, settings: dict, states: int, dimension: int):
        super().__init__()
        self.readers, self.each = settings["readers"], settings["reader_width"]
        known = self.readers * self.each + dimension
        self.layer = TextLayer(states, settings["heads"], settings["layer_hidden"], settings["dropout"])
        self.norm_states, self.count = nn.LayerNorm(states), nn.Linear(states, self.readers)
        self.value = nn.Linear(states, self.readers * self.each)
        self.norm, self.up = nn.LayerNorm(known), nn.Linear(known, settings["hidden"])
        self.down = nn.Linear(settings["hidden"], settings["width"])
        self.dropout = nn.Dropout(settings["dropout"])

    def forward(self, states, mask, vectors):
        blocked = (1 - mask) * BLOCKED
        normed = self.norm_states(self.layer(states, blocked[:, None, None, :]))
        shares = (self.count(normed) + blocked[:, :, None]).softmax(1)
        values = self.value(normed).unflatten(2, (self.readers, self.each))
        read = (shares[..., None] * values).sum(1).flatten(1)
        known = torch.cat([read, TEXT_SCALE * vectors], 1)
        return self.down(self.dropout(F.gelu(self.up(self.dropout(self.norm(known))))))


class Student(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        settings, dimension = config["student"], config["joint"]["dims"][-1]
        self.image = ImageStudent(settings)
        self.text = TextStudent(settings, config["pairs"]["states"], dimension)

    def captions(self, captions: Captions) -> torch.Tensor:
        """Unit vectors of captions, [caption, width]."""
        parts = np.array_split(np.arange(len(captions.texts)), max(1, len(captions.texts) // DEV_PART))
        with torch.no_grad():
            return F.normalize(torch.cat([
                self.text(*captions.padded(at), captions.vectors[at]).float() for at in parts]), dim=1)

    def pictures(self, features: torch.Tensor) -> torch.Tensor:
        """Unit vectors of pictures, [picture, width]."""
        with torch.no_grad():
            return F.normalize(self.image(features).float(), dim=1)


def finished_student(run: Run) -> Student:
    model = Student(run.config)
    model.load_state_dict(part(load_modules(run, "student"), "student"))
    return model.eval()


def projection(texts: torch.Tensor, pictures: torch.Tensor, width: int) -> torch.Tensor:
    """[joined, width]: the directions in which both kinds of vectors are largest, so that products stay the same."""
    moments = sum(vectors.T @ vectors / len(vectors) for vectors in (texts, pictures))
    return torch.linalg.eigh(moments).eigenvectors[:, -width:]


class Lesson:
    """Pictures and texts with what the ensemble makes of them, in few numbers."""

    def __init__(self, run: Run, material: Material, ensemble: Ensemble):
        self.settings, self.material = run["student"], material
        _, side = finished_towers(run)
        shares = self.settings["texts_of"]
        kinds = {kind: material.kind(kind) for kind in shares}
        self.shares = [share for kind, share in shares.items() if kinds[kind]]
        # Where the texts of each kind begin and end.
        self.ends = np.cumsum([0, *(len(texts) for texts in kinds.values() if texts)])
        self.captions = Captions(run, [text for texts in kinds.values() for text in texts], side)
        self.views, self.mixer = material.named_views(self.settings["views"]), batches(run, material).mixer
        # Pictures without texts, as they are.
        self.silent = silent_rows(material)
        self.place = np.zeros(len(material.items), int)
        self.place[material.seen] = np.arange(len(material.seen))
        with torch.no_grad():
            said = ensemble.captions(material.sentence_vectors(self.captions.texts))
            looked = ensemble.photographs(material, material.seen, run["ensemble"]["teaching_views"]).float()
            rows = np.concatenate([self.mixer.draw_rows(PROJECTED, np.random.default_rng(run["seed"])), self.silent])
            self.turn = projection(said, looked[self.place[rows]], self.settings["width"])
            self.said, self.looked = (said @ self.turn).half(), (looked @ self.turn).half()

    def text(self, model: TextStudent, random: np.random.Generator) -> torch.Tensor:
        counts = random.multinomial(self.settings["texts"], np.array(self.shares) / sum(self.shares))
        at = np.concatenate([
            random.integers(*ends, size=count) for *ends, count in zip(self.ends, self.ends[1:], counts)])
        return apart(model(*self.captions.padded(at), self.captions.vectors[at]), self.said[at].float())

    def picture(self, model: ImageStudent, random: np.random.Generator) -> torch.Tensor:
        rows = self.mixer.draw_rows(self.settings["pictures"], random)
        views = np.where(self.material.sampled[rows], random.choice(self.views, len(rows)), 0)
        features = self.material.features(views, rows)
        if len(self.silent):
            at = random.choice(self.silent, self.settings["silent"])
            features = torch.cat([features, self.material.features(0, at)])
            rows = np.concatenate([rows, at])
        # The ensemble sees a picture in several ways at once, the network in one.
        return apart(model(features), self.looked[self.place[rows]].float())


def apart(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """The squared distance, as a share of the wanted vectors' squared length."""
    return (found.float() - wanted).square().sum() / wanted.square().sum()


def train_student(run: Run) -> None:
    if not run.path("ensemble.pt").exists():
        return
    torch.manual_seed(run["seed"] + 5)
    settings, material = run["student"], Material(run)
    taught, held = captioned_rows(run, material)
    if not enough(run, taught, held):
        return
    ensemble = finished_ensemble(run)
    lesson = Lesson(run, material, ensemble)
    _, side = finished_towers(run)
    asked, features = Captions.of_rows(run, material, held, side), material.features(0, held)
    right = torch.from_numpy(asked.owner)
    with torch.no_grad():
        teachers = ensemble.pictures(features), ensemble.captions(material.sentence_vectors(asked.texts))
    log.info("dev, the ensemble %s", summary(ranks(*teachers, right)))
    model = Student(run.config)
    modules = nn.ModuleDict({"student": model})

    def loss_of(_, random):
        return lesson.text(model.text, random) + lesson.picture(model.image, random)

    def score():
        model.eval()
        return summary(ranks(model.pictures(features), model.captions(asked), right))

    optimizer = optimiser([(model, settings["rate"])], settings["weight_decay"])
    train(run, "student", modules, optimizer, settings["steps"], loss_of, score)
