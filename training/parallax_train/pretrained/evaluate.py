"""Figures of the exported folder on pictures no stage has seen, each with its 95 % interval."""

import hashlib
import io
import json
import logging
from functools import cache, partial

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from ..config import Run
from ..evaluate import (
    LABELLED, Photographs, captions, composition, rows, sentence_teacher, speed, tasks, text_composition,
)
from ..figures import cosines, percent, ranked, recalls, same_label, unit
from ..folder import Folder, batches
from ..reranking import cross_folder
from .background import QUESTIONS, area_under_curve, best_cosine, best_standing, unanswerable
from .corpus import WORD
from .micro import agreements, micro_average_precision, perceptual_hash
from .reader import one_thread
from .reranking import reranking

log = logging.getLogger(__name__)

def bordered(image, colour=(0, 0, 0), share=0.1):
    board = Image.new("RGB", tuple(round(side * (1 + 2 * share)) for side in image.size), colour)
    board.paste(image, tuple(round(side * share) for side in image.size))
    return board


def recoloured(image):
    shifted = np.asarray(image.convert("HSV")).copy()
    shifted[..., 0] += 85
    return Image.fromarray(shifted, "HSV").convert("RGB")


def covered(image):
    """A half transparent band with words, and a filled box."""
    image = image.copy()
    width, height = image.size
    band = Image.new("RGB", (width, height // 6), (255, 255, 255))
    ImageDraw.Draw(band).text((4, 4), "SAMPLE PHOTO 2024", fill=(200, 0, 0))
    image.paste(band, (0, height - band.height), Image.new("L", band.size, 200))
    image.paste((20, 120, 220), (width // 10, height // 10, width // 3, height // 4))
    return image


def saved_badly(image):
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=15)
    return Image.open(io.BytesIO(stream.getvalue())).convert("RGB")


def letterboxed(image):
    """The bars that a picture of 16:9 gets in a square."""
    width, height = image.size
    inner = image.resize((width, round(height * 9 / 16)), Image.BICUBIC)
    board = Image.new("RGB", image.size)
    board.paste(inner, (0, (height - inner.height) // 2))
    return board


CHANGES = {
    "border": bordered,
    "quarter turn": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "grey": lambda image: ImageOps.grayscale(image).convert("RGB"),
    "hue": recoloured,
    "half crop": lambda image: image.crop((0, 0, image.width // 2, image.height)),
    "overlay": covered,
    "64 pixels": lambda image: image.resize((64, 64), Image.BICUBIC),
    "recompressed": saved_badly,
    "letterboxed": letterboxed,
    "mirrored": ImageOps.mirror,
}


class Seen:
    """Both vectors of pictures, in memory or in files."""

    def __init__(self, model: Folder):
        self.model = model

    def __call__(self, images) -> tuple[np.ndarray, np.ndarray]:
        found = [self._part(part) for part in batches(images, 32)]
        return tuple(np.concatenate(parts) for parts in zip(*found))

    def _part(self, images):
        pixels = np.stack([self.model.seen(image) for image in images])
        return self.model.vision.run(["image_embeds", "copy_embeds"], {"pixel_values": pixels})


def copies(photographs: Photographs, model: Folder) -> dict:
    """Changed photographs look for their originals among all: R@1, the cosine to the original, and over all pairs the
    micro average precision, beside that of the perceptual hash."""
    seen = Seen(model)
    originals = []
    for path in photographs.paths:
        with Image.open(path) as image:
            originals.append(image.convert("RGB"))
    image_vectors, copy_vectors = seen(originals)
    hashes = np.stack([perceptual_hash(image) for image in originals])
    own, found, groups = np.arange(len(originals)), {}, {"mini": [], "copy head": [], "hash": []}
    for name, change in CHANGES.items():
        changed = [change(image) for image in originals]
        images, again = seen(changed)
        scores = {
            "mini": cosines(images, image_vectors), "copy head": cosines(again, copy_vectors),
            "hash": agreements(np.stack([perceptual_hash(image) for image in changed]), hashes),
        }
        for way, own_scores in scores.items():
            groups[way].append(own_scores)
        found[name] = {
            **{way: recalls(ranked(scores[way], own))["R@1"] for way in ("mini", "copy head")},
            "precision": {way: micro_average_precision([scores[way]]) for way in scores},
            "cosine": round(float((unit(images) * unit(image_vectors)).sum(1).mean()), 4),
            "copy cosine": round(float((unit(again) * unit(copy_vectors)).sum(1).mean()), 4),
        }
    found["all changes"] = {"precision": {way: micro_average_precision(parts) for way, parts in groups.items()}}
    resized = sorted((photographs.folder / "resized").iterdir())
    if resized:
        files = [Image.open(path).convert("RGB") for path in resized]
        images, again = seen(files)
        owner = np.array([photographs.names.index(path.name) for path in resized])
        found["resized file"] = {
            "mini": recalls(ranked(cosines(images, image_vectors), owner))["R@1"],
            "copy head": recalls(ranked(cosines(again, copy_vectors), owner))["R@1"],
        }
    return found


def precision(photographs: Photographs, model: Folder, images, asked: dict[str, str], task) -> dict:
    """Of the first ten photographs, how many have a caption with a fitting word."""
    held = [set() for _ in photographs.names]
    for caption, owner in zip(photographs.captions, photographs.owner):
        held[owner].update(WORD.findall(caption.lower()))
    scores = cosines(model.texts(list(asked), task), images())
    hits, chance = {}, []
    for (question, words), row in zip(asked.items(), scores):
        right = np.array([not own.isdisjoint(words.split()) for own in held])
        if right.sum() >= 10:
            hits[question] = int(right[np.argsort(-row)[:10]].sum())
            chance.append(right.mean())
    return {
        "questions": len(hits), **percent(sum(hits.values()), 10 * len(hits)),
        "chance": round(100 * float(np.mean(chance)), 1), "each": hits,
    }


def answerable(run: Run, photographs: Photographs, model: Folder, images) -> dict:
    """How well standings and cosines tell questions that pictures answer from others: areas under the curve, and how
    many of each reach the threshold."""
    content = json.loads((run.out / "background.json").read_text(encoding="utf-8"))
    vectors, found = np.array(content["vectors"], np.float32), {}
    galleries = {
        "flickr8k": (images(), photographs.captions, photographs.one_each(0)),
        "flickr8k, short questions": (images(), photographs.captions, list(QUESTIONS)),
    }
    for name in LABELLED:
        if (run.data / name / "metadata.csv").exists():
            column, words = LABELLED[name]
            table = rows(run.data / name / "metadata.csv")
            labels = sorted({words(row[column]) for row in table})
            paths = [run.data / name / "images" / row["filename"] for row in table]
            galleries[name] = (model.files(paths), labels, labels)
    for name, (pictures, said, right) in galleries.items():
        words = {word for text in said for word in WORD.findall(text.lower())}
        labels = [label for other in galleries if other != name and "flickr8k" not in other
                  for label in galleries[other][2]]
        others = [label for label in labels if words.isdisjoint(WORD.findall(label.lower()))]
        wrong = [*others, *unanswerable(run, words)]
        asked = [model.texts(texts) for texts in (right, wrong)]
        standing = [best_standing(vector, pictures, vectors) for vector in asked]
        cosine = [best_cosine(vector, pictures) for vector in asked]
        found[name] = {
            "answered": len(right), "others": len(wrong),
            "area by standing": round(area_under_curve(*standing), 3),
            "area by cosine": round(area_under_curve(*cosine), 3),
            "answered that stand out": percent(int((standing[0] >= content["threshold"]).sum()), len(right)),
            "others that do not": percent(int((standing[1] < content["threshold"]).sum()), len(wrong)),
        }
    return found


def labelled(run: Run, model: Folder, name: str) -> dict:
    """Naming pictures by the nearest label, bare and as a label, and neighbours of the same label."""
    column, words = LABELLED[name]
    table = rows(run.data / name / "metadata.csv")
    own = [row[column] for row in table]
    labels = sorted(set(own))
    images = model.files([run.data / name / "images" / row["filename"] for row in table])
    named = {}
    for task in (None, "CLASSIFICATION"):
        nearest = cosines(images, model.texts([words(label) for label in labels], task)).argmax(1)
        named[task or "none"] = percent(sum(labels[at] == label for at, label in zip(nearest, own)), len(own))
    return {"labels": len(labels), "pictures": len(table), "named": named, "neighbours": same_label(images, own)}


def sections(run: Run) -> dict:
    """What can be measured with the evaluation sets there are, as name and function."""
    model = Folder(run.out)
    model.vision, model.words = one_thread(run.out / "vision_model.onnx"), one_thread(run.out / "text_model.onnx")
    sizes = {path.name: path.stat().st_size for path in sorted(run.out.iterdir())}
    found = {"bytes": lambda: {**sizes, "total": sum(sizes.values())}}
    if (run.data / "flickr8k" / "captions.csv").exists():
        photographs = Photographs(run)
        images = cache(lambda: model.files(photographs.paths))
        sample, texts = cache(lambda: model.load(photographs.paths[:64])), photographs.captions[:100]
        found["captions"] = lambda: captions(photographs, model, images())
        for task in (None, "RETRIEVAL_QUERY"):
            found[f"strange words, {task}"] = partial(precision, photographs, model, images, run["strange"], task)
            found[f"short questions, {task}"] = partial(precision, photographs, model, images, QUESTIONS, task)
        found["batch composition"] = lambda: {
            "images": composition(model, sample()), "texts": text_composition(model, texts)}
        found["copies"] = lambda: copies(photographs, model)
        if (run.out / "background.json").exists():
            found["answerable"] = partial(answerable, run, photographs, model, images)
        found["reranking"] = partial(reranking, run, photographs, model)
    for name in LABELLED:
        if (run.data / name / "metadata.csv").exists():
            found[name] = partial(labelled, run, model, name)
    if "captions" in found:
        found["tasks"] = lambda: tasks(photographs, model, images(), sentence_teacher(run))
        found["speed of one thread"] = lambda: speed(model, sample(), texts)
    return found


def lines(figures: dict, above: tuple[str, ...] = ()) -> list[str]:
    """Rows of a Markdown table: where a figure stands, and the figure with its interval."""
    found = []
    for name, value in figures.items():
        where = (*above, str(name))
        if not isinstance(value, dict):
            if name not in ("percent", "interval", "rho"):
                found.append(f"| {' / '.join(where)} | {value} |")
            continue
        share = value.get("percent", value.get("rho"))
        if share is not None:
            low, high = value["interval"]
            found.append(f"| {' / '.join(where)} | {share} [{low}, {high}] |")
        found += lines(value, where)
    return found


def evaluate(run: Run) -> None:
    """Writes figures.json and figures.md beside the model's folder; read once, at the end, never to choose by.

    A section that is already there is kept, so a stopped measurement goes on; another model needs another file.
    """
    path, partial_path = run.path("figures.json"), run.path("figures.partial")
    files = [file for folder in (run.out, cross_folder(run.out)) if folder.exists() for file in sorted(folder.iterdir())]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    figures = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if figures.get("model") != digest:
        figures = {"model": digest}
    for name, section in sections(run).items():
        if name not in figures:
            figures[name] = section()
            log.info("%s: %s", name, json.dumps(figures[name]))
            partial_path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
            partial_path.rename(path)
    table = ["| figure | value |", "|---|---|", *lines(figures)]
    run.path("figures.md").write_text("\n".join(table) + "\n", encoding="utf-8")
