"""What the ensemble says of photographs and captions, for the towers to learn."""

import numpy as np
import torch
import torch.nn.functional as F

from ..config import Run
from ..loop import tokens
from .ensemble import Ensemble
from .material import Material, captioned_rows, silent_rows
from .phrases import Phrases


class Distillation:
    """Captions and photographs are as near as the ensemble finds them, also captions and photographs alone.

    The ensemble sees a photograph in several ways at once, the towers in one: they learn what it looks like in all.
    """

    def __init__(self, run: Run, material: Material, tokenizer, ensemble: Ensemble):
        self.settings, self.material, self.tokenizer = run["joint_stage"], material, tokenizer
        self.phrases, self.ensemble, self.device = Phrases(run), ensemble, run.device
        self.captioned, _ = captioned_rows(run, material)
        self.silent, self.alone = silent_rows(material), material.kind("captions")
        self.contrast = material.named_views(self.settings["contrast"])
        rows = np.concatenate([self.captioned, self.silent])
        self.place = dict(zip(rows.tolist(), range(len(rows))))
        self.photographs = ensemble.photographs(material, rows, run["ensemble"]["teaching_views"])

    def __call__(self, modules, dims, rows, images, texts, words, random) -> torch.Tensor:
        """`images` and `words`: the towers' vectors of some captioned rows and their texts."""
        settings = self.settings
        silent = random.choice(self.silent, min(settings["distil_pictures"], len(self.silent)), replace=False)
        views = np.where(self.material.sampled[silent], random.choice(self.contrast, len(silent)), 0)
        images = torch.cat([images, modules["head"](self.material.features(views, silent)).float()])
        count = settings["distil_texts"] if self.alone else 0
        more = [self.alone[at] for at in random.integers(len(self.alone), size=count)]
        written = [self.phrases.written(text, self.phrases.task(True, random), random) for text in more]
        if more:
            words = torch.cat([words, modules["text"].bag_of(*tokens(self.tokenizer, written, self.device)).float()])
        with torch.no_grad():
            places = [self.place[row] for row in (*rows.tolist(), *silent.tolist())]
            captions = self.ensemble.captions(self.material.sentence_vectors([*texts, *more]))
            wanted = self.ensemble.scale * captions @ self.photographs[places].float().T
        total = 0.0
        for dim in dims:
            found = F.normalize(words[:, :dim], dim=1) @ F.normalize(images[:, :dim], dim=1).T
            total = total + matched(modules["temperature"]() * found, wanted) / len(dims)
        return total


def matched(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """How far the shares of scores [text, picture] are from the wanted ones, for each text and for each picture."""
    return sum(F.kl_div(one.log_softmax(1), other.log_softmax(1), log_target=True, reduction="batchmean")
               for one, other in ((found, wanted), (found.T, wanted.T)))
