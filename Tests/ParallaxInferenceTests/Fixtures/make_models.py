"""Makes the models, tokenizers and golden numbers of ParallaxInference's tests.

    python make_models.py        (in this folder; rewrites everything but itself)

Needs torch, transformers, onnx, onnxruntime, tokenizers, sentencepiece, protobuf.
The weights are random and tiny. Golden vectors come twice: from PyTorch and from
Python's ONNX Runtime; golden ids from Hugging Face's tokenizers. Pictures and
random texts are not stored: tests make them with the same arithmetic.
"""

import collections
import io
import json
import os
import shutil
import struct
import warnings

import numpy
import onnx
import onnxruntime
import torch
import transformers
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.float16 import convert_float_to_float16

warnings.filterwarnings("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
SIDE = 32
MASK = (1 << 64) - 1


# --- What the tests make in the same way ------------------------------------------------


def picture(number, side=SIDE):
    """A picture by arithmetic alone."""
    y, x, c = numpy.meshgrid(
        numpy.arange(side), numpy.arange(side), numpy.arange(3), indexing="ij")
    value = x * (3 + number) + y * (5 + 2 * number) + c * 40 * number + x * y * (number + 1) // 3
    return (value % 256).astype(numpy.uint8)


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        return mixed ^ (mixed >> 31)

    def below(self, bound):
        return self.next() % bound


WORDS = [
    "a photo of a dog", "it's", "don't", "we'll", "THEY'VE", "I'M", "'RE", "licensor", "2024",
    "3.14", "<|endoftext|>", "<|startoftext|>", "<|EndOfText|>", "café", "naïve", "Straße",
    "Οδυσσεύς", "ΟΔΥΣΣΕΥΣ", "İstanbul", "приве́т", "日本語", "한국어", "مرحبا", "हिन्दी",
    "👩‍👩‍👧", "🏳️‍🌈", "①②",
    "ﬁn", "Ⅻ", "e\u0301\u0327", "</w>", "▁x", "#hash", "C++",
]
RANGES = [
    (0x20, 0x7F), (0x20, 0x7F), (0x20, 0x7F), (0x00, 0x20), (0x80, 0x100), (0x100, 0x250),
    (0x300, 0x370), (0x370, 0x530), (0x590, 0x700), (0x900, 0xC00), (0x1100, 0x1200),
    (0x1E00, 0x2070), (0x2070, 0x2C00), (0x3040, 0x3100), (0x4E00, 0x9FFF), (0xAC00, 0xD7A4),
    (0xF900, 0xFB50), (0xFE00, 0xFFF0), (0x1F300, 0x1F700),
]


def random_text(generator):
    parts = []
    for _ in range(1 + generator.below(12)):
        kind = generator.below(4)
        if kind == 0:
            parts.append(WORDS[generator.below(len(WORDS))])
        elif kind == 1:
            parts.append(" " * (1 + generator.below(2)))
        else:
            low, high = RANGES[generator.below(len(RANGES))]
            parts += [chr(low + generator.below(high - low)) for _ in range(1 + generator.below(5))]
    return "".join(parts)


def siglip_text(text):
    """Without special tokens, which Parallax takes as text, and without `lll`, whose two
    equally good divisions versions of SentencePiece choose between differently."""
    return text.replace("<unk>", "unk").replace("</s>", "s").replace("'ll", "'ll ")


def fingerprint(ids):
    """FNV-1a over the ids as 32-bit little-endian numbers, folded to 32 bits."""
    state = 0xCBF29CE484222325
    for byte in struct.pack(f"<{len(ids)}I", *ids):
        state = ((state ^ byte) * 0x100000001B3) & MASK
    return (state >> 32) ^ (state & 0xFFFFFFFF)


# --- Tokenizers --------------------------------------------------------------------------

SENTENCES = """
a photo of a dog on the beach. two children are playing in the grass, and it's raining.
a woman in a red dress; a man's blue shirt! people don't look at the camera. they'll go.
une photo d'un café près de la rivière, été comme hiver. ein großes Haus, schöne Straße.
μια φωτογραφία ενός σκύλου στην παραλία. фотография собаки на пляже, приве́т мир.
海辺の犬の写真。日本語の文。 한국어 문장입니다. 一张狗的照片。 صورة كلب على الشاطئ
""" * 4

READABLE = [
    "", " ", "a photo of a cat", "A PHOTO OF A CAT!!!", "it's the dog's ball, isn't it?",
    "tabs\tand\nnew lines\r\n  spaces", "1234 5.6 10,000", "cafe\u0301 CAFÉ caf\u00e9",
    "Straße İ ΟΔΟΣ ΣΑΣ",
    "日本語のテキスト", "👩‍👩‍👧 family 🏳️‍🌈", "hello <|endoftext|> world", "<|ENDOFTEXT|>",
    "x" * 400, "the " * 50, "non\u00a0breaking\u2009thin", "\u0000\u0007control", "'s's'S ''s",
    "___--**", "½ ² Ⅻ ①", "license, licensed: licensing-licensee", "don\u2019t", "a.b,c!d?",
    "\u202eright to left", "</s> <unk> ▁",
]


def train_merges(words, count):
    """Plain byte-pair encoding; ties go to the pair that sorts first."""
    counts = collections.Counter(words)
    divided = {word: [*word[:-1], word[-1] + "</w>"] for word in counts}
    merges, pieces = [], set()
    while len(merges) < count:
        pairs = collections.Counter()
        for word, parts in divided.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += counts[word]
        pairs = {pair: n for pair, n in pairs.items() if "".join(pair) not in pieces}
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        pieces.add("".join(best))
        for parts in divided.values():
            at = 0
            while at + 1 < len(parts):
                if (parts[at], parts[at + 1]) == best:
                    parts[at:at + 2] = ["".join(best)]
                at += 1
    return merges


def make_clip_tokenizer(folder):
    """Byte-level BPE as CLIP's, with 2,000 pieces."""
    from tokenizers import Regex, normalizers, pre_tokenizers

    normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    pattern = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    splitter = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), behavior="removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False)])
    license_text = open(os.path.join(HERE, "../../../LICENSE"), encoding="utf-8").read()
    text = normalizer.normalize_str(license_text + SENTENCES)
    merges = train_merges([word for word, _ in splitter.pre_tokenize_str(text)], 1486)
    # Every byte also ends words, as in CLIP's own vocabulary.
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    pieces = alphabet + [c + "</w>" for c in alphabet] + [left + right for left, right in merges]
    pieces += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    assert len(vocabulary) == len(pieces)
    with open(f"{folder}/vocab.json", "w", encoding="utf-8") as file:
        json.dump(vocabulary, file, ensure_ascii=False, separators=(",", ":"))
    with open(f"{folder}/merges.txt", "w", encoding="utf-8") as file:
        file.write("#version: 0.2\n" + "\n".join(map(" ".join, merges)) + "\n")
    write_json(f"{folder}/tokenizer_config.json", {
        "tokenizer_class": "CLIPTokenizer", "model_max_length": 16, "bos_token": "<|startoftext|>",
        "eos_token": {"content": "<|endoftext|>", "special": True}, "pad_token": "!"})
    return transformers.CLIPTokenizer(vocab=vocabulary, merges=merges), len(pieces)


def make_old_tokenizer_file(folder, out):
    """`tokenizer.json` as published with CLIP: another pattern, a token that is normalised."""
    from tokenizers import (
        AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors)

    vocabulary = json.load(open(f"{folder}/vocab.json", encoding="utf-8"))
    lines = open(f"{folder}/merges.txt", encoding="utf-8").read().splitlines()[1:]
    tokenizer = Tokenizer(models.BPE(
        vocab=vocabulary, merges=[tuple(line.split(" ")) for line in lines],
        end_of_word_suffix="</w>", unk_token="<|endoftext|>", continuing_subword_prefix=""))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(
            Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"),
            behavior="removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.add_special_tokens([
        AddedToken("<|startoftext|>", normalized=True, special=True),
        AddedToken("<|endoftext|>", normalized=False, special=True)])
    tokenizer.post_processor = processors.RobertaProcessing(
        ("<|endoftext|>", vocabulary["<|endoftext|>"]),
        ("<|startoftext|>", vocabulary["<|startoftext|>"]), False, False)
    content = json.loads(tokenizer.to_str())
    content["model"]["merges"] = lines
    with open(out, "w", encoding="utf-8") as file:
        file.write(json.dumps(content, ensure_ascii=False, separators=(",", ":")))
    return tokenizer


def make_sentencepiece(folder):
    import sentencepiece

    corpus = [line for line in (
        open(os.path.join(HERE, "../../../LICENSE"), encoding="utf-8").read()
        + SENTENCES).lower().splitlines() if line.strip()]
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus), model_writer=written, vocab_size=500,
        character_coverage=1.0, normalization_rule_name="identity", pad_id=0, eos_id=1,
        unk_id=2, bos_id=-1, minloglevel=2, num_threads=1, hard_vocab_limit=False)
    with open(f"{folder}/spiece.model", "wb") as file:
        file.write(written.getvalue())
    write_json(f"{folder}/tokenizer_config.json", {
        "tokenizer_class": "SiglipTokenizer", "model_max_length": 16, "pad_token": "</s>",
        "eos_token": "</s>", "unk_token": "<unk>"})
    return transformers.SiglipTokenizer(vocab_file=f"{folder}/spiece.model", model_max_length=16)


def write_ids(name, encode, count):
    """Readable cases in full, and a fingerprint for each random text."""
    generator = SplitMix64(2024)
    prints = [fingerprint(encode(random_text(generator))) for _ in range(count)]
    with open(f"{HERE}/{name}.fingerprints", "wb") as file:
        file.write(struct.pack(f"<{count}I", *prints))
    write_json(f"{HERE}/{name}.json", [{"text": t, "ids": encode(t)} for t in READABLE])


# --- Models ------------------------------------------------------------------------------


class Tower(torch.nn.Module):
    """A function of a model as a module with one input and one output."""

    def __init__(self, model, function):
        super().__init__()
        self.model, self.function = model, function

    def forward(self, *inputs):
        return self.function(self.model, *inputs)


def enliven(model, seed):
    """Weights large enough that different inputs get clearly different vectors."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() >= 2:
                parameter.normal_(0, 0.3, generator=generator)
    return model.eval()


def export(model, function, path, inputs, outputs, free):
    """Writes a module as ONNX, without the notes of the exporter."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    axes = {name: dict(free[name]) for name in free}
    torch.onnx.export(
        Tower(model, function).eval(), tuple(inputs.values()), path, input_names=list(inputs),
        output_names=outputs, dynamic_axes=axes, opset_version=17, dynamo=False)
    slim(path)


def slim(path):
    graph = onnx.load(path)
    for node in graph.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    del graph.graph.value_info[:]
    onnx.save(graph, path)


def set_batch(source, target, size):
    model = onnx.load(source)
    for value in list(model.graph.input) + list(model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_value = size
    onnx.save(model, target)


def run(path, feeds, output):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return session.run([output], feeds)[0]


def unit(rows):
    rows = numpy.asarray(rows, dtype=numpy.float64).reshape(len(rows), -1)
    return [[round(v, 9) for v in row] for row in (
        rows / numpy.linalg.norm(rows, axis=1, keepdims=True)).tolist()]


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=None if isinstance(value, list) else 1)
        file.write("\n")


PICTURES = list(range(5))
TEXTS = ["a photo of a dog", "two children playing, it's raining", "", "the licensor " * 20, "x"]


def pixels(processor):
    return processor(
        images=[picture(n) for n in PICTURES], return_tensors="np", input_data_format="channels_last"
    )["pixel_values"].astype(numpy.float32)


def make_clip(golden):
    folder = f"{HERE}/clip"
    os.makedirs(f"{folder}/onnx")
    tokenizer, pieces = make_clip_tokenizer(folder)
    write_ids("clip-ids", lambda t: tokenizer(t, truncation=True, max_length=40)["input_ids"], 5000)
    old = make_old_tokenizer_file(folder, f"{HERE}/clip-tokenizer.json")
    old.enable_truncation(40)
    write_ids("clip-old-ids", lambda t: old.encode(t).ids, 1000)
    config = transformers.CLIPConfig(
        text_config=dict(
            vocab_size=pieces, hidden_size=8, intermediate_size=16, num_hidden_layers=1,
            num_attention_heads=2, max_position_embeddings=16, bos_token_id=pieces - 2,
            eos_token_id=pieces - 1, pad_token_id=0),
        vision_config=dict(
            hidden_size=16, intermediate_size=24, num_hidden_layers=1, num_attention_heads=2,
            image_size=SIDE, patch_size=8), projection_dim=8)
    model = enliven(transformers.CLIPModel(config), 1)
    model.set_attn_implementation("eager")
    write_json(f"{folder}/config.json", {
        "model_type": "clip", "projection_dim": 8, "version": "1.0",
        "text_config": {"max_position_embeddings": 16}, "matryoshka_dims": [4, 8],
        "prompts": {"RETRIEVAL_QUERY": "find: "}})
    settings = {
        "crop_size": SIDE, "do_center_crop": True, "do_normalize": True, "do_resize": True,
        "feature_extractor_type": "CLIPFeatureExtractor", "resample": 3, "size": SIDE,
        "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711]}
    write_json(f"{folder}/preprocessor_config.json", settings)

    def image(m, x):
        return m.visual_projection(m.vision_model(pixel_values=x).pooler_output)

    def text(m, ids, mask):
        return m.text_projection(
            m.text_model(input_ids=ids, attention_mask=mask).pooler_output)

    def both(m, ids, x, mask):
        i, t = image(m, x), text(m, ids, mask)
        return t @ i.T, t, i

    blank = torch.zeros(2, 3, SIDE, SIDE)
    ids = torch.tensor([[pieces - 2, 5, pieces - 1]] * 2)
    mask = torch.ones_like(ids)
    batch, row = [(0, "batch_size")], [(0, "batch_size"), (1, "sequence_length")]
    export(model, image, f"{folder}/onnx/vision_model.onnx", {"pixel_values": blank},
           ["image_embeds"], {"pixel_values": batch, "image_embeds": batch})
    export(model, text, f"{folder}/onnx/text_model.onnx",
           {"input_ids": ids, "attention_mask": mask}, ["text_embeds"], {"input_ids": row, "attention_mask": row, "text_embeds": batch})
    export(model, both, f"{HERE}/clip-combined.onnx",
           {"input_ids": ids, "pixel_values": blank, "attention_mask": mask},
           ["logits", "text_embeds", "image_embeds"],
           {"input_ids": row, "attention_mask": row, "text_embeds": batch, "pixel_values":
            [(0, "image_batch")], "image_embeds": [(0, "image_batch")],
            "logits": [(0, "batch_size"), (1, "image_batch")]})
    half = convert_float_to_float16(onnx.load(f"{folder}/onnx/vision_model.onnx"))
    onnx.save(half, f"{folder}/onnx/vision_model_fp16.onnx")
    for tower in ["vision", "text"]:
        quantize_dynamic(
            f"{folder}/onnx/{tower}_model.onnx", f"{folder}/onnx/{tower}_model_quantized.onnx",
            weight_type=QuantType.QUInt8)
        slim(f"{folder}/onnx/{tower}_model_quantized.onnx")

    x = pixels(transformers.CLIPImageProcessor.from_pretrained(folder))
    rows = [tokenizer(t, truncation=True, max_length=16) for t in TEXTS]
    feeds = [{k: numpy.array([r[k]], dtype=numpy.int64) for k in ("input_ids", "attention_mask")}
             for r in rows]
    with torch.no_grad():
        golden["clip images"] = {
            "torch": unit(image(model, torch.tensor(x))),
            "onnx": unit(run(
                f"{folder}/onnx/vision_model.onnx", {"pixel_values": x}, "image_embeds")),
            "half": unit(run(f"{folder}/onnx/vision_model_fp16.onnx",
                             {"pixel_values": x.astype(numpy.float16)}, "image_embeds")),
            "quantized": unit([run(f"{folder}/onnx/vision_model_quantized.onnx",
                                   {"pixel_values": x[n:n + 1]}, "image_embeds")[0]
                               for n in PICTURES])}
        golden["clip texts"] = {
            "torch": unit([text(model, *(torch.tensor(f[k]) for k in f))[0].numpy()
                           for f in feeds]),
            "onnx": unit([run(f"{folder}/onnx/text_model.onnx", f, "text_embeds")[0]
                          for f in feeds]),
            "quantized": unit([run(
                f"{folder}/onnx/text_model_quantized.onnx", f, "text_embeds")[0]
                               for f in feeds])}


def make_siglip(golden):
    folder = f"{HERE}/siglip"
    os.makedirs(f"{folder}/onnx")
    tokenizer = make_sentencepiece(folder)
    write_ids("siglip-ids", lambda t: tokenizer(
        siglip_text(t), truncation=True, max_length=40)["input_ids"], 2000)
    pieces = tokenizer.vocab_size
    config = transformers.SiglipConfig(
        text_config=dict(
            vocab_size=pieces, hidden_size=8, intermediate_size=16, num_hidden_layers=1,
            num_attention_heads=2, max_position_embeddings=16, projection_size=8),
        vision_config=dict(
            hidden_size=8, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
            image_size=SIDE, patch_size=8))
    model = enliven(transformers.SiglipModel(config), 2)
    model.set_attn_implementation("eager")
    write_json(f"{folder}/config.json", {
        "model_type": "siglip", "text_config": {"max_position_embeddings": 16}})
    write_json(f"{folder}/preprocessor_config.json", {
        "image_processor_type": "SiglipImageProcessor", "do_resize": True, "do_rescale": True,
        "do_normalize": True, "rescale_factor": 1 / 255, "resample": 3,
        "size": {"height": SIDE, "width": SIDE}, "image_mean": [0.5] * 3, "image_std": [0.5] * 3})

    def image(m, x):
        out = m.vision_model(pixel_values=x)
        return out.last_hidden_state, out.pooler_output

    def text(m, ids):
        out = m.text_model(input_ids=ids)
        return out.last_hidden_state, out.pooler_output

    names = ["last_hidden_state", "pooler_output"]
    batch, row = [(0, "batch_size")], [(0, "batch_size"), (1, "sequence_length")]
    export(model, image, f"{folder}/onnx/vision_model.onnx",
           {"pixel_values": torch.zeros(2, 3, SIDE, SIDE)}, names,
           {"pixel_values": batch, names[0]: batch, names[1]: batch})
    export(model, text, f"{folder}/onnx/text_model.onnx",
           {"input_ids": torch.ones(2, 16, dtype=torch.long)}, names,
           {"input_ids": row, names[0]: row, names[1]: batch})
    x = pixels(transformers.SiglipImageProcessor.from_pretrained(folder))
    ids = tokenizer(TEXTS, truncation=True, max_length=16, padding="max_length")["input_ids"]
    ids = numpy.array(ids, dtype=numpy.int64)
    with torch.no_grad():
        golden["siglip images"] = {
            "torch": unit(image(model, torch.tensor(x))[1]),
            "onnx": unit(run(f"{folder}/onnx/vision_model.onnx", {"pixel_values": x}, names[1]))}
        golden["siglip texts"] = {
            "torch": unit(text(model, torch.tensor(ids))[1]),
            "onnx": unit(run(f"{folder}/onnx/text_model.onnx", {"input_ids": ids}, names[1]))}


def make_resnet(golden):
    folder = f"{HERE}/resnet"
    os.makedirs(folder)
    config = transformers.ResNetConfig(
        embedding_size=8, hidden_sizes=[8, 12], depths=[1, 1], layer_type="basic")
    model = enliven(transformers.ResNetModel(config), 3)
    write_json(f"{folder}/preprocessor_config.json", {
        "feature_extractor_type": "ConvNextFeatureExtractor", "crop_pct": 0.875, "size": SIDE,
        "do_normalize": True, "do_resize": True, "resample": 3,
        "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]})

    def pooled(m, x):
        out = m(pixel_values=x)
        return out.last_hidden_state, out.pooler_output

    def from_bytes(m, x):
        scaled = x.permute(0, 3, 1, 2).to(torch.float32) / 127.5 - 1
        return m(pixel_values=scaled).pooler_output.flatten(1)

    def tokens(m, x):
        return m(pixel_values=x).last_hidden_state.flatten(2).transpose(1, 2)

    batch = [(0, "batch")]
    names = ["last_hidden_state", "pooler_output"]
    blank = torch.zeros(2, 3, SIDE, SIDE)
    export(model, pooled, f"{folder}/model.onnx", {"pixel_values": blank}, names,
           {"pixel_values": batch, names[0]: batch, names[1]: batch})
    set_batch(f"{folder}/model.onnx", f"{HERE}/resnet-batch4.onnx", 4)
    export(model, tokens, f"{HERE}/resnet-tokens.onnx", {"pixel_values": blank}, names[:1],
           {"pixel_values": batch, names[0]: batch})
    export(model, from_bytes, f"{HERE}/resnet-bytes.onnx",
           {"image": torch.zeros(2, SIDE, SIDE, 3, dtype=torch.uint8)}, ["features"],
           {"image": batch, "features": batch})
    external = onnx.load(f"{folder}/model.onnx")
    onnx.save_model(
        external, f"{HERE}/resnet-external.onnx", save_as_external_data=True,
        location="resnet-external.onnx_data", size_threshold=256)
    mean, std = numpy.array([0.485, 0.456, 0.406]), numpy.array([0.229, 0.224, 0.225])
    raw = numpy.stack([picture(n) for n in PICTURES])
    x = ((raw / 255.0 - mean) / std).transpose(0, 3, 1, 2).astype(numpy.float32)
    with torch.no_grad():
        golden["resnet images"] = {
            "torch": unit(pooled(model, torch.tensor(x))[1]),
            "onnx": unit(run(f"{folder}/model.onnx", {"pixel_values": x}, names[1])),
            "first token": unit(tokens(model, torch.tensor(x))[:, 0]),
            "bytes torch": unit(from_bytes(model, torch.tensor(raw))),
            "bytes onnx": unit(run(f"{HERE}/resnet-bytes.onnx", {"image": raw}, "features"))}


def main():
    os.chdir(HERE)
    torch.manual_seed(0)
    for name in os.listdir(HERE):
        if name != os.path.basename(__file__):
            shutil.rmtree(name) if os.path.isdir(name) else os.remove(name)
    golden = {"made with": {
        "torch": torch.__version__, "transformers": transformers.__version__,
        "onnxruntime": onnxruntime.__version__}}
    make_clip(golden)
    make_siglip(golden)
    make_resnet(golden)
    made = golden.pop("made with")
    write_json("golden.json", {
        "made with": made, "pictures": PICTURES, "texts": TEXTS, "vectors": golden})


if __name__ == "__main__":
    main()
