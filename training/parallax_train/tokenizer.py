"""A byte-level BPE of CLIP's exact structure, learned from the training texts."""

import json

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from .config import Run
from .data import read_items, split_rows

START, END = "<|startoftext|>", "<|endoftext|>"
WORD_END = "</w>"
SPLIT = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def _dress(tokenizer: Tokenizer) -> Tokenizer:
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(SPLIT), behavior="removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _clip_bytes() -> list[str]:
    """The byte alphabet in CLIP's order: printable bytes first."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + index) for index in range(len(rest))]


def train_tokenizer(texts: list[str], pieces: int) -> Tokenizer:
    alphabet = _clip_bytes()
    learner = _dress(Tokenizer(models.BPE(end_of_word_suffix=WORD_END)))
    trainer = trainers.BpeTrainer(
        vocab_size=pieces, initial_alphabet=alphabet, end_of_word_suffix=WORD_END, show_progress=False
    )
    learner.train_from_iterator(texts, trainer)
    learned = json.loads(learner.to_str())["model"]["merges"]

    # The trainer keeps only the word ends it met; CLIP's layout holds all 256, so no byte is ever unknown.
    vocabulary = {piece: index for index, piece in enumerate([*alphabet, *(byte + WORD_END for byte in alphabet)])}
    merges = []
    for left, right in learned:
        if len(vocabulary) == pieces - 2:
            break
        vocabulary.setdefault(left + right, len(vocabulary))
        merges.append((left, right))
    vocabulary[START], vocabulary[END] = len(vocabulary), len(vocabulary) + 1

    tokenizer = _dress(Tokenizer(models.BPE(
        vocab=vocabulary, merges=merges, unk_token=END, continuing_subword_prefix="", end_of_word_suffix=WORD_END
    )))
    tokenizer.add_special_tokens([START, END])
    tokenizer.post_processor = processors.RobertaProcessing(
        (END, vocabulary[END]), (START, vocabulary[START]), trim_offsets=False, add_prefix_space=False
    )
    return tokenizer


def prepare_tokenizer(run: Run) -> None:
    path = run.path("tokenizer.json")
    if path.exists():
        return
    items = read_items(run.data)
    rows, _ = split_rows(items, run)
    tokenizer = train_tokenizer([text for row in rows for text in items[row].texts], run["text"]["pieces"])
    path.write_text(published(tokenizer), encoding="utf-8")


def published(tokenizer: Tokenizer) -> str:
    """The file as CLIP's was published: merges as "left right" lines, which every reader understands."""
    content = json.loads(tokenizer.to_str())
    model = content["model"]
    content["model"] = {"type": "BPE", **model, "merges": [" ".join(pair) for pair in model["merges"]]}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def load_tokenizer(path, max_tokens: int) -> Tokenizer:
    """Truncates to `max_tokens` and pads batches to their longest text."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(max_tokens)
    tokenizer.enable_padding(pad_id=tokenizer.token_to_id(END), pad_token=END)
    return tokenizer
