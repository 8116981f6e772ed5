"""The first vectors of the pieces: those of a sentence model for whole words, reduced to a few numbers.

Pieces that are no word get the vectors with which the words they make up come out best (least squares).
"""

import logging
from collections import Counter

import numpy as np

from ..config import Run
from ..data import read_items, split_rows
from ..tokenizer import END, START, WORD_END, load_tokenizer
from .corpus import captions_alone, load_sentences

log = logging.getLogger(__name__)


def principal(vectors: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean, and the directions [input, width] of the largest variance."""
    mean = vectors.mean(0)
    directions = np.linalg.svd((vectors - mean).T @ (vectors - mean))[0][:, :width]
    return mean, directions


def picture_texts(run: Run) -> list[str]:
    items = read_items(run.data)
    return [text for row in split_rows(items, run)[0] for text in items[row].texts]


def piece_counts(tokenizer, texts: list[str]) -> np.ndarray:
    """How often each piece stands in the texts."""
    counts = Counter(piece for encoded in tokenizer.encode_batch(texts) for piece in encoded.ids)
    found = np.zeros(tokenizer.get_vocab_size(), np.float64)
    found[list(counts)] = list(counts.values())
    return found


def fit_rest(vectors: np.ndarray, is_word: np.ndarray, made: list[tuple[list[int], np.ndarray]]) -> np.ndarray:
    """Rows of `vectors` where `is_word` is false, such that pieces add up to the words they make."""
    # Imported here: the other stages run without it.
    from scipy.sparse import csr_matrix
    from scipy.sparse.linalg import lsqr

    free = np.flatnonzero(~is_word)
    place = {piece: at for at, piece in enumerate(free)}
    rows, columns, wanted = [], [], []
    for at, (pieces, vector) in enumerate(made):
        rest = vector * len(pieces) - vectors[[piece for piece in pieces if is_word[piece]]].sum(0)
        wanted.append(rest)
        for piece in pieces:
            if not is_word[piece]:
                rows.append(at)
                columns.append(place[piece])
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(made), len(free)))
    wanted, filled = np.array(wanted), vectors.copy()
    for column in range(vectors.shape[1]):
        filled[free, column] = lsqr(matrix, wanted[:, column], damp=1.0, iter_lim=30)[0]
    return filled


def prepare_table(run: Run) -> None:
    """Writes table.npz: `vectors` [piece, width], `weight` (log), `counted` and `known` [piece]."""
    path = run.path("table.npz")
    if path.exists():
        return
    settings = run["text"]
    tokenizer = load_tokenizer(run.path("tokenizer.json"), settings["max_tokens"])
    tokenizer.no_padding(), tokenizer.no_truncation()
    vocabulary = tokenizer.get_vocab()
    words, sentences = load_sentences(run, "words")
    sentences = sentences.astype(np.float64)
    mean, directions = principal(sentences, settings["table"])
    reduced = (sentences - mean) @ directions
    vectors = np.zeros((len(vocabulary), settings["table"]))
    is_word, made = np.zeros(len(vocabulary), bool), []
    for word, vector in zip(words, reduced):
        piece = vocabulary.get(word + WORD_END)
        if piece is None:
            made.append((tokenizer.encode(word).ids[1:-1], vector))
        else:
            vectors[piece], is_word[piece] = vector, True
    vectors = fit_rest(vectors, is_word, made)
    seen = piece_counts(tokenizer, picture_texts(run))
    counts = seen + piece_counts(tokenizer, captions_alone(run))
    share = counts / counts.sum()
    for piece, at in vocabulary.items():
        is_word[at] |= not any(letter.isalpha() for letter in piece.removesuffix(WORD_END))
        is_word[at] &= len(piece.removesuffix(WORD_END)) > 1 or not piece[0].isalpha() or piece[0] in "ai"
    counted = np.ones(len(vocabulary))
    counted[[vocabulary[START], vocabulary[END]]] = 0
    np.savez(
        run.path("table.partial.npz"), vectors=vectors, counted=counted,
        # S. Arora et al. 2017: smooth inverse frequency.
        weight=np.log(settings["rare"] / (settings["rare"] + share)),
        # The tower read the texts of pictures only. A part of a word says nothing of the word.
        known=is_word * seen / (seen + settings["few"]),
    )
    run.path("table.partial.npz").rename(path)
    log.info("%d pieces are words, %d words are made of pieces", is_word.sum(), len(made))
