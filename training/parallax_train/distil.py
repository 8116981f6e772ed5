"""Stage 2: the image tower learns to see what the teacher sees. No text is needed here."""

import numpy as np
import torch
import torch.nn.functional as F

from . import losses, models
from .config import Run
from .data import Mixer, read_items, split_rows
from .loop import Captions, load_modules, optimiser, part, ranks, summary, train
from .teacher import load_features
from .tokenizer import load_tokenizer
from .views import Views


class TeacherTargets:
    """The teacher's joint vector and standardised feature for any view of any picture."""

    def __init__(self, run: Run, rows: np.ndarray):
        self.device, self.features = run.device, load_features(run)
        self.head = models.teacher_head(run.config).to(run.device)
        self.head.load_state_dict(part(load_modules(run, "head"), "head"))
        self.head.eval()
        sample = self.features[0, rows].astype(np.float32)
        self.mean = torch.from_numpy(sample.mean(0)).to(run.device)
        self.spread = torch.from_numpy(sample.std(0) + 1e-3).to(run.device)

    def __call__(self, views, rows):
        raw = torch.from_numpy(self.features[views, rows]).float().to(self.device)
        with torch.no_grad():
            return self.head(raw).float(), (raw - self.mean) / self.spread


def side_at(tower: dict, settings: dict, step: int) -> int:
    small = step < settings["small_share"] * settings["steps"]
    return tower["small_side" if small else "side"]


def embed_rows(tower, views: Views, rows, side: int, view: int = 0, batch: int = 128) -> torch.Tensor:
    """Vectors of whole pictures (view 0) or centre crops (view 1), as in use."""
    tower.eval()
    with torch.no_grad():
        parts = [rows[start:start + batch] for start in range(0, len(rows), batch)]
        return torch.cat([tower(views(np.full(len(p), view), p, side)).float() for p in parts])


def distil_loss(run: Run, student, feature, targets) -> torch.Tensor:
    joint, standard = targets
    dims, settings = run["joint"]["dims"], run["distil"]
    loss = losses.prefix_cosine(student, joint, dims)
    loss = loss + settings["similarity_weight"] * losses.similarity_match(student, joint, dims)
    return loss + settings["feature_weight"] * (1 - F.cosine_similarity(feature, standard).mean())


def distil(run: Run) -> None:
    torch.manual_seed(run["seed"] + 1)
    config, settings = run.config, run["distil"]
    items = read_items(run.data)
    rows, dev = split_rows(items, run)
    mixer, targets, views = Mixer(run, items, rows, "distil_mix"), TeacherTargets(run, rows), Views(run)
    tokenizer = load_tokenizer(run.path("tokenizer.json"), run["text"]["max_tokens"])
    text = models.text_tower(config).to(run.device)
    text.load_state_dict(part(load_modules(run, "head"), "text"))
    held = Captions(run, items, dev, tokenizer)
    wanted = held.vectors(text.eval())
    image = models.image_tower(config)
    # The feature head only teaches; it is thrown away.
    modules = torch.nn.ModuleDict({
        "image": image, "feature": torch.nn.Linear(image.project.in_features, run["teacher"]["width"]),
    }).to(run.device, memory_format=torch.channels_last)

    def loss_of(step, random):
        drawn = mixer.draw_rows(settings["batch"], random)
        seen = random.integers(len(targets.features), size=len(drawn))
        pixels = views(seen, drawn, side_at(run["image"], settings, step), random)
        pooled = modules["image"].pooled(pixels)
        student, feature = modules["image"].project(pooled), modules["feature"](pooled)
        return distil_loss(run, student.float(), feature.float(), targets(seen, drawn))

    def score():
        images = embed_rows(modules["image"], views, held.rows, run["image"]["side"])
        return summary(ranks(images, wanted, held.owner))

    optimizer = optimiser([(module, settings["rate"]) for module in modules.values()], settings["weight_decay"])
    train(run, "distil", modules, optimizer, settings["steps"], loss_of, score)
