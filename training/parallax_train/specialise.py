"""Stage 4: the text tower learns what its tasks are for, while pictures stand still.

Names under CLASSIFICATION go where the pictures of their class lie, texts among texts as in the stage before. Bare
texts and queries are pulled back to where they were, since they were trained together with the pictures.
"""

import copy
import logging

import numpy as np
import torch
import torch.nn.functional as F

from . import losses, models
from .config import Run
from .data import Item, read_items, split_rows
from .distil import embed_rows
from .loop import Captions, load_modules, optimiser, part, ranks, summary, tokens, train
from .tasks import TextLosses
from .tokenizer import load_tokenizer
from .views import Views

log = logging.getLogger(__name__)


def labels_of(item: Item, form: str) -> tuple[str, ...]:
    """What a picture may be called: `first`, its first text; `parts`, the parts of "Gala, Apple" as well; `tail`, its
    second text, "White Skirts", and that without the colour in front."""
    if form == "parts":
        return tuple(dict.fromkeys(name.strip() for text in item.texts if "," in text for name in text.split(",")))
    if form == "tail" and len(item.texts) > 1:
        return tuple(dict.fromkeys(name for name in (item.texts[1], item.texts[1].partition(" ")[2]) if name))
    return item.texts[:1]


class Labelled:
    """The pictures of one set as the finished image tower sees them, and their labels."""

    def __init__(self, run: Run, items: list[Item], rows: list[int], form: str, views: Views, tower, count: int):
        found = [(row, labels_of(items[row], form)) for row in rows]
        self.rows = np.array([row for row, labels in found if labels], np.int64)
        self.labels = [labels for _, labels in found if labels]
        self.names = sorted({name for labels in self.labels for name in labels})
        place = {name: at for at, name in enumerate(self.names)}
        self.own = [np.array([place[name] for name in labels]) for labels in self.labels]
        self.right = torch.zeros(len(self.rows), len(self.names), dtype=torch.bool)
        for at, own in enumerate(self.own):
            self.right[at, own] = True
        side = run["image"]["side"]
        self.vectors = torch.stack([embed_rows(tower, views, self.rows, side, view) for view in range(count)])

    def loss(self, words_of, scale, dims, settings, random) -> torch.Tensor:
        """Each picture names one of its labels among those of the others."""
        drawn = random.choice(len(self.rows), settings["batch"], replace=len(self.rows) < settings["batch"])
        wanted = np.array([random.choice(self.own[row]) for row in drawn])
        names, target = np.unique(wanted, return_inverse=True)
        words = words_of([self.names[name] for name in names])
        seen = torch.from_numpy(random.integers(len(self.vectors), size=len(drawn)))
        pictures = self.vectors[seen, drawn].to(words.device)
        target = torch.from_numpy(target)
        # Another of its own labels is not wrong.
        also = self.right[drawn][:, names].scatter(1, target[:, None], False).to(words.device)
        total = 0.0
        for dim in dims:
            logits = scale * F.normalize(pictures[:, :dim], dim=1) @ F.normalize(words[:, :dim], dim=1).T
            total = total + F.cross_entropy(logits.masked_fill(also, -1e4), target.to(words.device))
        return total / len(dims)

    def accuracy(self, words_of) -> float:
        with torch.no_grad():
            words = F.normalize(words_of(self.names), dim=1)
        named = (F.normalize(self.vectors[0], dim=1) @ words.T.to(self.vectors.device)).argmax(1)
        return round(100 * self.right[torch.arange(len(named)), named].float().mean().item(), 1)


def specialise(run: Run) -> None:
    torch.manual_seed(run["seed"] + 4)
    config, settings, dims = run.config, run["specialise"], run["joint"]["dims"]
    items = read_items(run.data)
    rows, dev = split_rows(items, run)
    tokenizer, views = load_tokenizer(run.path("tokenizer.json"), run["text"]["max_tokens"]), Views(run)
    state = load_modules(run, "finetune")
    image, text = models.image_tower(config), models.text_tower(config)
    image.load_state_dict(part(state, "image"))
    text.load_state_dict(part(state, "text"))
    image.to(run.device), text.to(run.device)
    former = copy.deepcopy(text).eval()
    modules = torch.nn.ModuleDict({"text": text})
    held, among = Captions(run, items, dev, tokenizer), TextLosses(run, items, rows, tokenizer)
    held_pictures = embed_rows(image, views, held.rows, run["image"]["side"])

    def galleries(part_rows, count):
        """Of the sets that have labels, those there are pictures of."""
        chosen = {name: [row for row in part_rows if items[row].set == name] for name in settings["mix"]}
        return {
            name: Labelled(run, items, found, run["label_forms"].get(name, "first"), views, image, count)
            for name, found in chosen.items() if found
        }

    learning, holding = galleries(rows, settings["views"]), galleries(dev, 1)
    names = list(learning)
    shares = np.array([settings["mix"][name] for name in names])
    known = sorted({text for row in rows for text in items[row].texts})
    scale = part(state, "temperature")["log_scale"].exp().clamp(max=run["joint"]["max_scale"])

    def words(tower, texts, task):
        prompt = run["prompts"][task] if task else ""
        return tower(*tokens(tokenizer, [prompt + text for text in texts], run.device)).float()

    def anchored(random):
        """How far bare texts and queries have moved."""
        drawn = [known[at] for at in random.choice(len(known), min(len(known), settings["held"]), replace=False)]
        total = 0.0
        for task in (None, "RETRIEVAL_QUERY"):
            with torch.no_grad():
                stood = words(former, drawn, task)
            total = total + losses.prefix_cosine(words(text, drawn, task), stood, dims)
        return total

    def loss_of(_, random):
        loss = 0.0
        # Captions alone name nothing.
        if names:
            name = names[random.choice(len(names), p=shares / shares.sum())]
            loss = learning[name].loss(
                lambda labels: words(text, labels, "CLASSIFICATION"), scale, dims, settings, random)
        return loss + among(text, scale, random) + settings["held_weight"] * anchored(random)

    def score():
        modules.eval()
        found = {"captions": summary(ranks(held_pictures, held.vectors(text), held.owner))}
        for name, labelled in holding.items():
            found[name] = {
                task or "none": labelled.accuracy(lambda labels: words(text, labels, task))
                for task in (None, "CLASSIFICATION")}
        return found

    log.info("specialise before %s", score())
    train(run, "specialise", modules, optimiser([(text, settings["rate"])], settings["weight_decay"]),
          settings["steps"], loss_of, score)
