"""The background of questions that scores are held against, and from where on an answer stands out.

A standing is how far a cosine lies above those of unrelated questions with the same picture, in standard deviations
of these. An answer stands out where the best standing of its first ten pictures reaches a threshold, which is chosen on
the dev split: one question in twenty that the pictures can answer falls below it.
"""

import json
import logging

import numpy as np

from ..config import Run
from ..data import is_dev
from ..figures import cosines, unit
from ..folder import Folder
from ..specialise import labels_of
from .corpus import WORD, captions_alone, class_names, taught_items
from .reader import one_thread

log = logging.getLogger(__name__)

# Pictures of an answer that are looked at.
FIRST = 10

# Short questions, with the words by which captions say that a photo fits.
QUESTIONS = {
    "dog": "dog dogs puppy", "horse": "horse horses", "bicycle": "bicycle bike bikes",
    "children playing": "playing plays",
    "snow": "snow snowy", "beach": "beach sand shore", "swimming pool": "pool", "mountain": "mountain mountains",
    "motorcycle": "motorcycle motorbike", "skateboard": "skateboard skateboarder skateboarding",
    "boat": "boat boats canoe",
    "soccer": "soccer", "basketball": "basketball", "climbing": "climbing climber climbs rock", "baby": "baby toddler",
    "crowd": "crowd people", "jumping": "jumping jumps jump", "running": "running runs run", "car": "car cars",
    "red shirt": "red", "black dog": "black", "tree": "tree trees", "grass": "grass grassy", "water": "water",
    "football player": "football", "surfer": "surfer surfing surfboard wave", "camera": "camera", "hat": "hat cap",
}


def background_texts(run: Run) -> list[str]:
    """Captions without pictures and names of classes, drawn by the seed."""
    settings, random = run["background"], np.random.default_rng([run["seed"], 4])
    captions = sorted({text.rstrip(" .").lower() for text in captions_alone(run)})
    names = sorted({names[0] for names, _ in class_names(run)})
    drawn = [
        [pool[at] for at in sorted(random.choice(len(pool), min(count, len(pool)), replace=False))]
        for pool, count in ((captions, settings["captions"]), (names, settings["names"]))
    ]
    return [*drawn[0], *drawn[1]]


def standings(scores: np.ndarray, images: np.ndarray, background: np.ndarray) -> np.ndarray:
    """[question, picture]: scores less the mean of the background's with the picture, over their spread."""
    others = unit(background) @ unit(images).T
    return (scores - others.mean(0)) / others.std(0)


def best_standing(questions: np.ndarray, images: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Of each question, over the first pictures by cosine."""
    scores = cosines(questions, images)
    found = standings(scores, images, background)
    first = np.argsort(-scores, axis=1)[:, :FIRST]
    return np.take_along_axis(found, first, 1).max(1)


def best_cosine(questions: np.ndarray, images: np.ndarray) -> np.ndarray:
    return cosines(questions, images).max(1)


def area_under_curve(right: np.ndarray, wrong: np.ndarray) -> float:
    """How often a question that can be answered has the higher value (Mann and Whitney 1947)."""
    above, equal = (right[:, None] > wrong).mean(), (right[:, None] == wrong).mean()
    return float(above + equal / 2)


def unanswerable(run: Run, said: set[str]) -> list[str]:
    """Names of classes of which no word, and none of their kinds, is said of any picture."""
    found = []
    for names, kinds in class_names(run):
        words = {word for name in (*names, *kinds) for word in WORD.findall(name.lower())}
        if words.isdisjoint(said):
            found.append(names[0])
    return found


def dev_questions(run: Run) -> dict[str, tuple[list, list[str], list[str]]]:
    """By set of the dev split: its pictures, questions that they answer, and questions that they do not."""
    items = [item for item in taught_items(run) if item.texts and is_dev(item.file, run["data"]["dev_modulus"])]
    found, labels = {}, {}
    for name in ("grocery", "houses", run["data"]["scored"]):
        own = [item for item in items if item.set == name]
        if own and name != run["data"]["scored"]:
            form = run["label_forms"].get(name, "first")
            labels[name] = sorted({label for item in own for label in labels_of(item, form)})
            found[name] = (own, labels[name])
        elif own:
            # One caption of each photo, and the short questions that a photo answers.
            captions = [item.texts[0].rstrip(" .") for item in own]
            held = [{word for text in item.texts for word in WORD.findall(text.lower())} for item in own]
            short = [asked for asked, words in QUESTIONS.items()
                     if any(not words_of.isdisjoint(words.split()) for words_of in held)]
            found[name] = (own, [*captions, *short])
    out = {}
    for name, (own, answered) in found.items():
        said = {word for item in own for text in item.texts for word in WORD.findall(text.lower())}
        others = [label for other in labels if other != name for label in labels[other]
                  if said.isdisjoint(WORD.findall(label.lower()))]
        others = [*others, *unanswerable(run, said)]
        if others:
            out[name] = (own, answered, others)
    return out


def prepare_background(run: Run) -> None:
    """Writes background.json beside the model: the texts, their vectors in small whole numbers, and the threshold."""
    model = Folder(run.out)
    model.vision, model.words = one_thread(run.out / "vision_model.onnx"), one_thread(run.out / "text_model.onnx")
    texts, questions = background_texts(run), dev_questions(run)
    if len(texts) < 2 or not questions:
        log.warning("no background: it takes captions without pictures or ImageNet's classes, and sets to ask about")
        return
    vectors = unit(model.texts(texts))
    short = np.round(vectors / np.abs(vectors).max(1, keepdims=True) * 127).astype(int)
    right, wrong = [], []
    for name, (own, answered, others) in questions.items():
        images = model.files([run.data / "train" / item.file for item in own])
        fits, misfits = (best_standing(model.texts(asked), images, short) for asked in (answered, others))
        plain = area_under_curve(
            best_cosine(model.texts(answered), images), best_cosine(model.texts(others), images))
        log.info("background, %s: %d pictures, %d questions that they answer, %d others: area %.3f, by cosine %.3f",
                 name, len(own), len(answered), len(others), area_under_curve(fits, misfits), plain)
        right.append(fits), wrong.append(misfits)
    # Where it is hardest to stand out.
    threshold = float(min(np.quantile(fits, run["background"]["missed"]) for fits in right))
    log.info("threshold %.2f: below it %s of the questions that sets answer, %s of the others", threshold,
             [round(float((fits < threshold).mean()), 3) for fits in right],
             [round(float((misfits < threshold).mean()), 3) for misfits in wrong])
    content = {"threshold": round(threshold, 2), "texts": texts, "vectors": short.tolist()}
    (run.out / "background.json").write_text(
        json.dumps(content, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
