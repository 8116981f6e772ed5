"""Stage 1: the teacher's features and the texts meet in one space, by contrast."""

import torch

from . import losses, models
from .config import Run
from .data import Mixer, read_items, split_rows
from .loop import Captions, optimiser, ranks, summary, tokens, train
from .teacher import load_features
from .tokenizer import load_tokenizer


def train_head(run: Run) -> None:
    torch.manual_seed(run["seed"])
    config, settings, dims = run.config, run["head"], run["joint"]["dims"]
    items = read_items(run.data)
    rows, dev = split_rows(items, run)
    features, mixer = load_features(run), Mixer(run, items, rows, "mix")
    tokenizer = load_tokenizer(run.path("tokenizer.json"), run["text"]["max_tokens"])
    modules = torch.nn.ModuleDict({
        "head": models.teacher_head(config),
        "text": models.text_tower(config),
        "temperature": models.Temperature(run["joint"]["max_scale"]),
    }).to(run.device)
    held = Captions(run, items, dev, tokenizer)

    def loss_of(_, random):
        drawn, texts = mixer.draw(settings["batch"], random)
        views = random.integers(run["teacher"]["views"], size=len(drawn))
        images = modules["head"](torch.from_numpy(features[views, drawn]).float().to(run.device))
        words = modules["text"](*tokens(tokenizer, texts, run.device))
        clashes = losses.clash_mask(drawn, texts).to(run.device)
        scale = modules["temperature"]()
        return losses.contrastive(images.float(), words.float(), scale, dims, clashes, settings["label_smoothing"])

    def score():
        modules.eval()
        with torch.no_grad():
            images = modules["head"](torch.from_numpy(features[0, held.rows]).float().to(run.device))
        return summary(ranks(images, held.vectors(modules["text"]), held.owner))

    optimizer = optimiser([(module, settings["rate"]) for module in modules.values()], settings["weight_decay"])
    train(run, "head", modules, optimizer, settings["steps"], loss_of, score)
