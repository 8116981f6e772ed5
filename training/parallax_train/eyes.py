"""Stage 5: the pairwise model's own image tower.

It sees more places than mini's tower and was drawn from another seed, so it errs elsewhere: what both agree on is
more often right. It learns into the space of the finished text tower, which stands still.
"""

import torch

from . import losses, models
from .config import Run
from .data import Mixer, read_items, split_rows
from .distil import TeacherTargets, distil_loss, embed_rows, side_at
from .loop import Captions, finished_towers, optimiser, ranks, summary, tokens, train
from .tasks import Prompter
from .tokenizer import load_tokenizer
from .views import Views


def train_eyes(run: Run) -> None:
    torch.manual_seed(run["seed"] + 3)
    config, settings = run.config, run["eyes"]
    items = read_items(run.data)
    rows, dev = split_rows(items, run)
    pictures, pairs = Mixer(run, items, rows, "distil_mix"), Mixer(run, items, rows, "mix")
    targets, views, prompted = TeacherTargets(run, rows), Views(run), Prompter(run)
    tokenizer = load_tokenizer(run.path("tokenizer.json"), run["text"]["max_tokens"])
    words_of = finished_towers(run)[1]
    held = Captions(run, items, dev, tokenizer)
    wanted = held.vectors(words_of)
    image = models.image_tower(config, "eyes")
    modules = torch.nn.ModuleDict({
        "image": image, "feature": torch.nn.Linear(image.project.in_features, run["teacher"]["width"]),
        "temperature": models.Temperature(run["joint"]["max_scale"]),
    }).to(run.device, memory_format=torch.channels_last)

    def seen_as(drawn, step, random, count: int):
        seen = random.integers(count, size=len(drawn))
        pooled = modules["image"].pooled(views(seen, drawn, side_at(settings, settings, step), random))
        student, feature = modules["image"].project(pooled).float(), modules["feature"](pooled).float()
        return student, distil_loss(run, student, feature, targets(seen, drawn))

    def match_loss(step, random):
        drawn, texts = pairs.draw(settings["batch"], random)
        # A blend has no caption.
        student, taught = seen_as(drawn, step, random, run["teacher"]["views"])
        asked = [prompted(text, items[row].set, random) for row, text in zip(drawn, texts)]
        with torch.no_grad():
            words = words_of(*tokens(tokenizer, asked, run.device)).float()
        clashes = losses.clash_mask(drawn, texts).to(run.device)
        scale, smoothing = modules["temperature"](), settings["label_smoothing"]
        return taught + losses.contrastive(student, words, scale, run["joint"]["dims"], clashes, smoothing)

    def loss_of(step, random):
        if step >= (1 - settings["match_share"]) * settings["steps"]:
            return match_loss(step, random)
        drawn = pictures.draw_rows(settings["batch"], random)
        return seen_as(drawn, step, random, len(targets.features))[1]

    def score():
        images = embed_rows(modules["image"], views, held.rows, run["eyes"]["side"])
        return summary(ranks(images, wanted, held.owner))

    optimizer = optimiser([(module, settings["rate"]) for module in modules.values()], settings["weight_decay"])
    train(run, "eyes", modules, optimizer, settings["steps"], loss_of, score)
