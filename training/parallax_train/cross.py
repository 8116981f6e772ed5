"""Stage 6: the pairwise model, on what its own eyes and the finished text tower hand it, against what mini confuses."""

import logging

import numpy as np
import torch
import torch.nn.functional as F

from . import models
from .cross_model import cross_encoder
from .config import Run
from .data import Item, read_items, split_rows
from .distil import TeacherTargets, embed_rows
from .loop import finished_towers, load_modules, optimiser, part, ranks, summary, tokens, train
from .tokenizer import load_tokenizer
from .views import Views

log = logging.getLogger(__name__)


class Gallery:
    """Pictures of some rows as the towers see them, with their texts as queries."""

    def __init__(self, run: Run, items: list[Item], rows: np.ndarray, towers: "Towers", views: Views, count: int):
        self.rows, self.sets = rows, np.array([items[row].set for row in rows])
        self.tokens = torch.stack([towers.seen(views, rows, view) for view in range(count)])
        self.texts = [text for row in rows for text in items[row].texts]
        self.owner = torch.tensor([at for at, row in enumerate(rows) for _ in items[row].texts])
        self.asked = [run["prompts"]["RETRIEVAL_QUERY"] + text for text in self.texts]
        self.encoded = tokens(towers.tokenizer, self.asked, "cpu")
        self.words = towers.text_vectors(self.encoded)
        self.vectors = embed_rows(towers.image, views, rows, towers.side)

    def mined(self, count: int) -> torch.Tensor:
        """The pictures of the same set that mini puts nearest each text, its own left out."""
        unit, found = F.normalize(self.vectors, dim=1), []
        apart = torch.from_numpy(np.unique(self.sets, return_inverse=True)[1])
        for part_words, part_owner in zip(F.normalize(self.words, dim=1).split(512), self.owner.split(512)):
            scores = part_words @ unit.T
            scores[apart[part_owner][:, None] != apart[None]] = -2
            scores[torch.arange(len(part_owner)), part_owner] = -2
            found.append(scores.topk(count, dim=1).indices)
        return torch.cat(found)


class Towers:
    def __init__(self, run: Run):
        self.image, self.text = finished_towers(run)
        self.eyes = models.image_tower(run.config, "eyes")
        self.eyes.load_state_dict(part(load_modules(run, "eyes"), "image"))
        self.eyes.eval()
        self.side, self.eyes_side = run["image"]["side"], run["eyes"]["side"]
        self.tokenizer = load_tokenizer(run.path("tokenizer.json"), run["text"]["max_tokens"])

    @torch.no_grad()
    def seen(self, views: Views, rows: np.ndarray, view: int) -> torch.Tensor:
        """What the eyes see of a view, as tokens."""
        parts = (rows[start:start + 128] for start in range(0, len(rows), 128))
        return torch.cat([
            self.eyes.tokens(views(np.full(len(p), view), p, self.eyes_side)).half().contiguous() for p in parts])

    @torch.no_grad()
    def text_vectors(self, encoded) -> torch.Tensor:
        return torch.cat([self.text(ids, mask) for ids, mask in zip(*(t.split(256) for t in encoded))])


def rerank_ranks(model, towers: Towers, gallery: Gallery, count: int) -> tuple[torch.Tensor, ...]:
    """For each text of a gallery and mini's first `count` pictures: the scores of mini, of the eyes and of the cross
    layers, [text, candidate] each, and which picture is right."""
    scores = F.normalize(gallery.words, dim=1) @ F.normalize(gallery.vectors, dim=1).T
    top = scores.topk(min(count, scores.shape[1]), dim=1)
    eyes, added = [], []
    with torch.no_grad():
        for at, candidates in enumerate(top.indices):
            ids, mask = (part[at:at + 1] for part in gallery.encoded)
            length = int(mask.sum())
            ids, mask = ids[:, :length], mask[:, :length]
            states = towers.text.tokens(ids, mask).expand(len(candidates), -1, -1)
            pair = gallery.tokens[0, candidates].float(), states, mask.expand(len(candidates), -1)
            eyes.append(model.cosine(*pair))
            added.append(model.addition(*pair))
    return (top.values, torch.stack(eyes), torch.stack(added)), top.indices == gallery.owner[:, None]


def rank_after(parts, right, weights) -> torch.Tensor:
    """The rank of the right picture by the weighted sum of the parts; past the end if it is not there."""
    scores = sum(weight * part for weight, part in zip(weights, parts))
    own = scores.masked_fill(~right, -torch.inf).max(1).values
    rank = (scores > own[:, None]).sum(1) + 1
    return torch.where(right.any(1), rank, scores.shape[1] + 1)


EYES_WEIGHTS = [0.0, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0]
ADDED_WEIGHTS = [0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2]


def best_weights(parts, right) -> tuple[tuple[float, ...], dict]:
    """The weights (of mini, which is 1, of the eyes, of the cross layers) with the best mean reciprocal rank: finer
    than R@1 on a small dev split."""
    def quality(weights):
        return (1 / rank_after(parts, right, weights).float()).mean().item()

    choices = [(1.0, eyes, added) for eyes in EYES_WEIGHTS for added in ADDED_WEIGHTS]
    weights = max(choices, key=quality)
    return weights, summary(rank_after(parts, right, weights))


def train_cross(run: Run) -> None:
    torch.manual_seed(run["seed"] + 3)
    settings, items = run["cross"], read_items(run.data)
    rows, dev = split_rows(items, run)
    towers, views = Towers(run), Views(run)
    taught = np.array([row for row in rows if items[row].set in settings["sets"]])
    held = np.array([row for row in dev if items[row].set == run["data"]["scored"]])
    learning = Gallery(run, items, taught, towers, views, settings["views"])
    holding = Gallery(run, items, held, towers, views, 1)
    negatives = learning.mined(settings["mined"])
    targets = TeacherTargets(run, rows)
    pictures = F.normalize(targets(np.zeros(len(taught), int), taught)[0], dim=1)
    text_teacher = models.text_tower(run.config)
    text_teacher.load_state_dict(part(load_modules(run, "head"), "text"))
    text_teacher.eval()
    modules = torch.nn.ModuleDict({"cross": cross_encoder(run.config, towers.eyes.project, towers.text)})
    log.info("dev without reranking %s", summary(ranks(holding.vectors, holding.words, holding.owner)))

    def loss_of(_, random):
        asked = torch.from_numpy(random.choice(len(learning.texts), settings["queries"], replace=False))
        drawn = torch.from_numpy(random.integers(settings["mined"], size=(len(asked), settings["candidates"] - 1)))
        candidates = torch.cat([learning.owner[asked][:, None], negatives[asked].gather(1, drawn)], 1)
        seen = torch.from_numpy(random.integers(settings["views"], size=candidates.shape))
        ids, mask = (part[asked] for part in learning.encoded)
        length = int(mask.sum(1).max())
        ids, mask = ids[:, :length], mask[:, :length]
        with torch.no_grad():
            states = towers.text.tokens(ids, mask)
            bare = tokens(towers.tokenizer, [learning.texts[at] for at in asked], "cpu")
            wanted = F.normalize(text_teacher(*bare), dim=1)[:, None] * pictures[candidates]
            wanted = (settings["teacher_scale"] * wanted.sum(2)).log_softmax(1)
        count = candidates.shape[1]
        logits = modules["cross"].addition(
            learning.tokens[seen, candidates].flatten(0, 1).float(), states.repeat_interleave(count, 0),
            mask.repeat_interleave(count, 0),
        ).float().view(len(asked), count)
        right = F.cross_entropy(logits, torch.zeros(len(asked), dtype=torch.long))
        soft = F.kl_div(logits.log_softmax(1), wanted, log_target=True, reduction="batchmean")
        return right + settings["teacher_weight"] * soft

    def score():
        modules.eval()
        measured = rerank_ranks(modules["cross"], towers, holding, run["cross"]["mined"])
        alone = best_weights((*measured[0][:2], torch.zeros_like(measured[0][2])), measured[1])
        weights, found = best_weights(*measured)
        modules["cross"].weights.copy_(torch.tensor(weights))
        return {**found, "weights": weights, "without cross layers": alone}

    optimizer = optimiser([(modules["cross"], settings["rate"])], settings["weight_decay"])
    train(run, "cross", modules, optimizer, settings["steps"], loss_of, score)
