import json

from tokenizers import Tokenizer

from parallax_train.tokenizer import END, START, published, train_tokenizer

TEXTS = ["A brown dog runs on the beach .", "Two dogs run on a beach", "A man isn't running"] * 20


def test_layout_is_clips():
    tokenizer = train_tokenizer(TEXTS, 560)
    vocabulary = tokenizer.get_vocab()
    assert sorted(vocabulary.values()) == list(range(len(vocabulary)))
    assert vocabulary["!"] == 0 and vocabulary["!</w>"] == 256
    assert (vocabulary[START], vocabulary[END]) == (len(vocabulary) - 2, len(vocabulary) - 1)


def test_published_file_reads_back_the_same():
    tokenizer = train_tokenizer(TEXTS, 560)
    text = published(tokenizer)
    again = Tokenizer.from_str(text)
    for sample in ("A DOG  on the\tbeach!", "isn't", "été 日本 12", ""):
        assert again.encode(sample).ids == tokenizer.encode(sample).ids
    model = json.loads(text)["model"]
    assert model["type"] == "BPE" and model["end_of_word_suffix"] == "</w>"
    assert all(isinstance(merge, str) for merge in model["merges"])


def test_start_end_and_lower_case():
    tokenizer = train_tokenizer(TEXTS, 560)
    upper, lower = tokenizer.encode("A DOG"), tokenizer.encode("a dog")
    assert upper.ids == lower.ids
    assert upper.tokens[0] == START and upper.tokens[-1] == END


def test_no_byte_is_unknown():
    tokenizer = train_tokenizer(TEXTS, 560)
    for sample in ("日本", "ß", "🦊", "\x07"):
        inner = tokenizer.encode(sample).tokens[1:-1]
        assert inner and END not in inner
