"""Words that no text taught borrow from words near them that were.

Training moves the vectors of words that stand with pictures. What it makes of the others follows from a few layers, and
is off: a photo is found by "dog", and not by "mutt". So a word that no picture's text, class name or prompt holds moves
towards those that many texts hold and that the sentence model puts nearest. Parts of words move such that what is
written with them comes out there (least squares), while words that were taught stay.
"""

import numpy as np

from ..config import Run
from ..tokenizer import WORD_END, load_tokenizer
from .corpus import WORD, load_sentences
from .table import picture_texts, piece_counts


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def nearest_mean(wanted: np.ndarray, known: np.ndarray, values: np.ndarray, near: int, spread: float) -> np.ndarray:
    """For unit vectors [n, 384] the mean of `values` of the `near` most similar of `known`, as unit vectors; the
    similar the more, by exp(cosine / spread)."""
    found = []
    for part in np.array_split(wanted, len(wanted) // 4096 + 1):
        scores = part @ known.T
        top = np.argpartition(-scores, near - 1, axis=1)[:, :near]
        weights = np.exp((np.take_along_axis(scores, top, 1) - 1) / spread)
        found.append((weights[:, :, None] * values[top]).sum(1))
    return unit(np.concatenate(found))


def moved(vectors: np.ndarray, towards: np.ndarray, share: float) -> np.ndarray:
    """Turned by a share of the way; lengths stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return lengths * unit(share * towards + (1 - share) * unit(vectors))


def fit_parts(table: np.ndarray, is_free: np.ndarray, made: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
              damp: float) -> np.ndarray:
    """The free rows such that each word's weighted mean of rows changes as it should: (pieces, weights, change)."""
    # Imported here: the other stages run without it.
    from scipy.sparse import csr_matrix
    from scipy.sparse.linalg import lsqr

    free = np.flatnonzero(is_free)
    place = np.cumsum(is_free) - 1
    rows = np.concatenate([np.full(len(pieces), at) for at, (pieces, _, _) in enumerate(made)])
    pieces = np.concatenate([pieces for pieces, _, _ in made])
    weights = np.concatenate([weights for _, weights, _ in made])
    held = is_free[pieces]
    matrix = csr_matrix((weights[held], (rows[held], place[pieces[held]])), shape=(len(made), len(free)))
    wanted, fitted = np.stack([change for _, _, change in made]), table.copy()
    for column in range(table.shape[1]):
        fitted[free, column] += lsqr(matrix, wanted[:, column], damp=damp, iter_lim=40)[0]
    return fitted


def borrowed(run: Run, table: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The table [piece, width] after borrowing; `weight` [piece] is how much each piece counts in a text."""
    settings = run["borrow"]
    tokenizer = load_tokenizer(run.path("tokenizer.json"), run["text"]["max_tokens"])
    tokenizer.no_padding(), tokenizer.no_truncation()
    words, sentences = load_sentences(run, "words")
    sentences = unit(sentences.astype(np.float32))
    pieces = [tokenizer.get_vocab().get(word + WORD_END) for word in words]
    whole = np.array([at for at, piece in enumerate(pieces) if piece is not None])
    rows = np.array([pieces[at] for at in whole])

    texts = picture_texts(run)
    counts = piece_counts(tokenizer, texts)
    # The prompts stood before most of the texts.
    beside = [*load_sentences(run, "classes")[0], *run["prompts"].values()]
    taught = counts + piece_counts(tokenizer, beside) > 0
    teaches = counts[rows] >= settings["least"]
    if teaches.sum() < settings["near"]:
        return table
    lenders, lent = sentences[whole[teaches]], unit(table[rows[teaches]])

    def target(of: np.ndarray) -> np.ndarray:
        return nearest_mean(of, lenders, lent, settings["near"], settings["spread"])

    found, borrows = table.copy(), ~taught[rows]
    found[rows[borrows]] = moved(
        table[rows[borrows]], target(sentences[whole[borrows]]), settings["share"])

    is_free = np.ones(len(table), bool)
    is_free[rows] = False
    held = {word for text in (*texts, *beside) for word in WORD.findall(text.lower())}
    composed = np.array([at for at, piece in enumerate(pieces) if piece is None])
    made = []
    for at, aim in zip(composed, target(sentences[composed])):
        ids = np.array(tokenizer.encode(words[at]).ids[1:-1])
        weights = weight[ids] / weight[ids].sum()
        now = weights @ found[ids]
        if words[at] in held:
            made.append((ids, settings["stay"] * weights, np.zeros_like(now)))
        else:
            made.append((ids, weights, moved(now[None], aim[None], settings["share"])[0] - now))
    return fit_parts(found, is_free, made, settings["damp"])
