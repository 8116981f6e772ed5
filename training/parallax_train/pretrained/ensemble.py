"""Heads on pooled features and sentence vectors, alike but for their seeds: together they know more than one of them.

They teach the small networks of the pairwise model, and none of them is shipped.
"""

import logging
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from ..config import Run
from ..loop import load_modules, optimiser, part, ranks, summary, train
from ..losses import one_way
from ..models import Temperature
from . import networks
from .features import FEATURE_WIDTH
from .lessons import Lessons
from .material import Material, captioned_rows, texts_of

log = logging.getLogger(__name__)

SENTENCE_WIDTH = 384


class Ensemble(nn.Module):
    """Unit vectors whose products are the means of the members' cosines, [batch, members x width]."""

    def __init__(self, settings: dict):
        super().__init__()
        members, width = range(settings["members"]), settings["width"]
        self.images = nn.ModuleList(
            networks.ImageHead(FEATURE_WIDTH, settings["hidden"], settings["dropout"], width) for _ in members)
        self.texts = nn.ModuleList(
            networks.TextTeacher(SENTENCE_WIDTH, settings["text_hidden"], settings["text_dropout"], width)
            for _ in members)

    def joined(self, heads, inputs):
        return torch.cat([F.normalize(head(inputs).float(), dim=1) for head in heads], 1) / len(heads) ** 0.5

    def pictures(self, features):
        return self.joined(self.images, features)

    def captions(self, sentences):
        return self.joined(self.texts, sentences)

    def photographs(self, material: Material, rows: np.ndarray, looks: list[str]) -> torch.Tensor:
        """Half floats [row, members x width]: what rows look like in several ways at once, where they are seen so."""
        with torch.no_grad():
            found = self.pictures(material.features(0, rows))
            at = np.flatnonzero(material.sampled[rows])
            for view in material.named_views(looks):
                found[at] += self.pictures(material.features(view, rows[at]))
        return F.normalize(found, dim=1).half()


def enough(run: Run, rows: np.ndarray, held: np.ndarray) -> bool:
    """Whether there are captioned pictures for a pairwise model."""
    return min(len(rows), len(held)) >= run["pairs"]["nearest"]


def finished_ensemble(run: Run) -> Ensemble:
    """The heads, and as `scale` the mean of the scales of their contrasts."""
    model, state = Ensemble(run["ensemble"]), load_modules(run, "ensemble")
    model.load_state_dict(part(state, "ensemble"))
    scales = nn.ModuleList(Temperature(run["ensemble"]["max_scale"]) for _ in model.images)
    scales.load_state_dict(part(state, "scales"))
    model.scale = sum(scale().item() for scale in scales) / len(scales)
    return model.eval()


def batches(run: Run, material: Material) -> Lessons:
    """Batches as the joint stage draws them, in the shares of this one."""
    settings = run["ensemble"]
    own = {"batch": settings["batch"], "classes": settings["classes"], "contrast": settings["views"]}
    config = {**run.config, "mix": settings["mix"], "joint_stage": {**run["joint_stage"], **own}}
    return Lessons(replace(run, config=config), material, None)


def train_ensemble(run: Run) -> None:
    torch.manual_seed(run["seed"] + 4)
    settings, material = run["ensemble"], Material(run)
    taught, held = captioned_rows(run, material)
    if not enough(run, taught, held):
        return
    asked, right = texts_of(material, held)
    asked, seen, lessons = material.sentence_vectors(asked), material.features(0, held), batches(run, material)
    model = Ensemble(settings)
    scales = nn.ModuleList(Temperature(settings["max_scale"]) for _ in range(settings["members"]))
    modules = nn.ModuleDict({"ensemble": model, "scales": scales})

    def loss_of(_, random):
        loss = 0
        # Every member sees pictures, looks and texts of its own.
        for image, text, scale in zip(model.images, model.texts, scales):
            _, features, texts, _, owns = lessons.batch(random)
            said = material.sentence_vectors(texts)
            found = F.normalize(text(said), dim=1) @ F.normalize(image(features), dim=1).T
            loss = loss + contrast(scale() * found.float(), said, settings, lessons.clashes(owns, texts).T)
        return loss

    def score():
        model.eval()
        with torch.no_grad():
            return summary(ranks(model.pictures(seen), model.captions(asked), torch.from_numpy(right)))

    optimizer = optimiser([(module, settings["rate"]) for module in modules.values()], settings["weight_decay"])
    train(run, "ensemble", modules, optimizer, settings["steps"], loss_of, score)


def contrast(
    scores: torch.Tensor, sentences: torch.Tensor, settings: dict, clashes: torch.Tensor | None = None
) -> torch.Tensor:
    """The right picture for each text and the reverse; texts that say the same may share a picture.

    scores: [text, picture], scaled; sentences: unit vectors of the texts; clashes: pairs that are right as well.
    """
    if clashes is None:
        clashes = torch.zeros(scores.shape, dtype=torch.bool)
    right = sum(one_way(*pair, torch.arange(len(scores)), settings["label_smoothing"])
                for pair in ((scores, clashes), (scores.T, clashes.T)))
    with torch.no_grad():
        wanted = (settings["sharpness"] * sentences @ sentences.T).float().log_softmax(1)
    soft = F.kl_div(scores.log_softmax(1), wanted, log_target=True, reduction="batchmean")
    return right + settings["soft_weight"] * soft
