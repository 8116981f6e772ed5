"""The stage that trains the image head, the text side and the text teacher together, on cached features."""

import logging

import numpy as np
import torch
import torch.nn.functional as F

from ..config import Run
from ..loop import optimiser, ranks, summary, tokens, train
from ..models import Temperature
from ..specialise import labels_of
from ..tokenizer import load_tokenizer
from . import looks, networks
from .corpus import WORD
from .distillation import Distillation
from .ensemble import finished_ensemble
from .lessons import Lessons
from .material import Material
from .networks import both

log = logging.getLogger(__name__)


def load_table(run: Run, side: networks.TextSide) -> None:
    table = np.load(run.path("table.npz"))
    with torch.no_grad():
        vectors = torch.from_numpy(table["vectors"]).float()
        side.table.weight.copy_(F.normalize(vectors, dim=1) * vectors.norm(dim=1).clamp(max=1)[:, None])
        side.weight.copy_(torch.from_numpy(table["weight"]))
        side.counted.copy_(torch.from_numpy(table["counted"]))
        side.known.copy_(torch.from_numpy(table["known"]))


class Dev:
    """Figures on the dev split, by which settings are chosen."""

    def __init__(self, run: Run, material: Material, tokenizer):
        self.run, self.material, self.tokenizer = run, material, tokenizer
        items, scored = material.items, run["data"]["scored"]
        self.rows = np.array([row for row in material.dev if items[row].set == scored])
        self.captions = [text for row in self.rows for text in items[row].texts]
        self.owner = torch.tensor([at for at, row in enumerate(self.rows) for _ in items[row].texts])
        self.strange = self.strange_words()
        self.galleries = {}
        for name in dict.fromkeys(items[row].set for row in material.dev):
            rows = [row for row in material.dev if items[row].set == name]
            labels = [labels_of(items[row], run["label_forms"].get(name, "first")) for row in rows]
            if name != scored and len({label for own in labels for label in own}) > 1:
                self.galleries[name] = (np.array(rows), labels)

    def strange_words(self) -> dict[str, torch.Tensor]:
        """Words that no training text holds, with the dev photos whose captions hold a word of the same meaning."""
        held = [{word for text in self.material.items[row].texts for word in WORD.findall(text.lower())}
                for row in self.rows]
        return {
            word: torch.tensor([not words.isdisjoint(meant.split()) for words in held])
            for word, meant in self.run["strange"].items() if word in self.material.sentences[0]
        }

    def vectors(self, side, texts: list[str], task: str | None) -> torch.Tensor:
        tasks = [task if self.material.readable(text, task) else None for text in texts]
        written = [self.run["prompts"][own] + text if own else text for text, own in zip(texts, tasks)]
        ids, mask = tokens(self.tokenizer, written, self.run.device)
        return both(side(ids, mask, self.material.readings_of(texts, tasks))).float()

    def fits(self, head, captions: torch.Tensor) -> dict[str, float]:
        """How well captions find photos that are squashed, cut to their middle, or letterboxed, or seen twice."""
        units = {
            name: F.normalize(head(self.material.features(view, self.rows)).float(), dim=1)
            for name, view in (("squash", 0), ("crop", 2), ("letterbox", 3))
            if view in self.material.views
        }
        if "crop" in units:
            units["squash and crop"] = units["squash"] + units["crop"]
        return {name: summary(ranks(images, captions, self.owner))["R@10"] for name, images in units.items()}

    def named(self, who: str, read, head) -> dict[str, float]:
        """How often the nearest label of a set is one of the picture's own, in percent."""
        found = {}
        for name, (rows, labels) in self.galleries.items():
            names = sorted({label for own in labels for label in own})
            pictures = F.normalize(head(self.material.features(0, rows)).float(), dim=1)
            nearest = (pictures @ F.normalize(read(names, "CLASSIFICATION"), dim=1).T).argmax(1)
            hits = np.mean([names[at] in own for at, own in zip(nearest, labels)])
            found[f"{who} {name}"] = round(100 * float(hits), 1)
        return found

    def __call__(self, modules) -> dict:
        modules.eval()
        head, material = modules["head"], self.material
        with torch.no_grad():
            def taught(texts, task=None):
                return modules["teacher"](material.sentence_vectors(texts)).float()

            def written(texts, task=None):
                return self.vectors(modules["text"], texts, task)

            found = {}
            images = head(material.features(0, self.rows)).float() if len(self.rows) else None
            for who, read in (("teacher", taught), ("text", written)):
                found |= self.named(who, read, head)
                if images is None:
                    continue
                captions = read(self.captions, "RETRIEVAL_QUERY")
                found[who] = summary(ranks(images, captions, self.owner))
                if who == "text":
                    found["R@10 by fit"] = self.fits(head, captions)
                    found["64"] = summary(ranks(images[:, :64], captions[:, :64], self.owner))["R@10"]
                    ensemble = F.normalize(captions, dim=1) + F.normalize(taught(self.captions), dim=1)
                    found["ensemble"] = summary(ranks(images, ensemble, self.owner))["R@10"]
                scores = F.normalize(read(list(self.strange)), dim=1) @ F.normalize(images, dim=1).T
                right = torch.stack(list(self.strange.values())).gather(1, scores.topk(10, 1).indices)
                found[f"{who} strange"] = round(100 * right.float().mean().item(), 1)
            looked = self.rows if len(self.rows) else material.dev
            still = F.normalize(head(material.features(0, looked)).float(), dim=1)
            for view in material.views[1:]:
                moved = F.normalize(head(material.features(view, looked)).float(), dim=1)
                name = looks.VIEWS[view].__name__
                found.setdefault(f"cos {name}", round((still * moved).sum(1).mean().item(), 3))
        return found


def train_joint(run: Run) -> None:
    torch.manual_seed(run["seed"])
    settings, material = run["joint_stage"], Material(run)
    tokenizer = load_tokenizer(run.path("tokenizer.json"), run["text"]["max_tokens"])
    side = networks.text_side(run.config)
    load_table(run, side)
    modules = torch.nn.ModuleDict({
        "head": networks.image_head(run.config),
        "teacher": networks.text_teacher(run.config),
        "text": side,
        "temperature": Temperature(run["joint"]["max_scale"]),
    }).to(run.device)
    distillation = None
    if run.path("ensemble.pt").exists():
        distillation = Distillation(run, material, tokenizer, finished_ensemble(run))
    lessons, dev = Lessons(run, material, tokenizer, distillation), Dev(run, material, tokenizer)
    if len(dev.rows):
        log.info("%d strange words, chance %.1f %%", len(dev.strange),
                 100 * torch.stack(list(dev.strange.values())).float().mean().item())

    def loss_of(step, random):
        lessons.choose_dims(random)
        loss = lessons.pictures(modules, random) + settings["steady_weight"] * lessons.steady(modules, random)
        loss = loss + settings["reading_weight"] * lessons.reading(modules, random)
        if lessons.classes and settings["naming_weight"]:
            loss = loss + settings["naming_weight"] * lessons.naming(modules, random)
        if step % settings["texts_every"] == 0:
            loss = loss + settings["similar_weight"] * lessons.similar(modules, random)
            if lessons.photos:
                loss = loss + settings["pairs_weight"] * lessons.pairs(modules, random)
        return loss

    groups = [(module, settings["rate"]) for name, module in modules.items() if name != "text"]
    groups += [(side.bag, settings["rate"]), (side.adapter, settings["rate"]), (side.table, settings["table_rate"])]
    optimizer = optimiser(groups, settings["weight_decay"])
    for parameter, rate in ((side.weight, settings["table_rate"]), (side.log_scale, settings["rate"])):
        optimizer.add_param_group({"params": [parameter], "peak": rate, "weight_decay": 0.0, "lr": 0.0})
    train(run, "joint", modules, optimizer, settings["steps"], loss_of, lambda: dev(modules))
