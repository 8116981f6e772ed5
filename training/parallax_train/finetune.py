"""Stage 3: both towers together, by contrast, while the teacher still holds the image tower."""

import torch

from . import losses, models
from .config import Run
from .data import Mixer, read_items, split_rows
from .distil import TeacherTargets, distil_loss, embed_rows, side_at
from .loop import Captions, load_modules, optimiser, ranks, summary, tokens, train
from .tasks import Prompter, TextLosses
from .tokenizer import load_tokenizer
from .views import Views


def finetune(run: Run) -> None:
    torch.manual_seed(run["seed"] + 2)
    config, settings, dims = run.config, run["finetune"], run["joint"]["dims"]
    items = read_items(run.data)
    rows, dev = split_rows(items, run)
    mixer, targets, views = Mixer(run, items, rows, "mix"), TeacherTargets(run, rows), Views(run)
    tokenizer = load_tokenizer(run.path("tokenizer.json"), run["text"]["max_tokens"])
    image = models.image_tower(config)
    modules = torch.nn.ModuleDict({
        "image": image,
        "feature": torch.nn.Linear(image.project.in_features, run["teacher"]["width"]),
        "text": models.text_tower(config),
        "temperature": models.Temperature(run["joint"]["max_scale"]),
    }).to(run.device, memory_format=torch.channels_last)
    modules.load_state_dict({
        **{key: value for key, value in load_modules(run, "head").items() if not key.startswith("head.")},
        **load_modules(run, "distil"),
    })
    held, prompted = Captions(run, items, dev, tokenizer), Prompter(run)
    among_texts = TextLosses(run, items, rows, tokenizer)

    def loss_of(step, random):
        drawn, texts = mixer.draw(settings["batch"], random)
        seen = random.integers(run["teacher"]["views"], size=len(drawn))
        pooled = modules["image"].pooled(views(seen, drawn, side_at(run["image"], settings, step), random))
        student, feature = modules["image"].project(pooled).float(), modules["feature"](pooled).float()
        asked = [prompted(text, items[row].set, random) for row, text in zip(drawn, texts)]
        words = modules["text"](*tokens(tokenizer, asked, run.device)).float()
        clashes = losses.clash_mask(drawn, texts).to(run.device)
        scale = modules["temperature"]()
        contrast = losses.contrastive(student, words, scale, dims, clashes, settings["label_smoothing"])
        taught = distil_loss(run, student, feature, targets(seen, drawn))
        return contrast + settings["distil_weight"] * taught + among_texts(modules["text"], scale, random)

    def score():
        modules.eval()
        images = embed_rows(modules["image"], views, held.rows, run["image"]["side"])
        return summary(ranks(images, held.vectors(modules["text"]), held.owner))

    rates = {"text": settings["text_rate"]}
    groups = [(module, rates.get(name, settings["rate"])) for name, module in modules.items()]
    train(run, "finetune", modules, optimiser(groups, settings["weight_decay"]), settings["steps"], loss_of, score)
