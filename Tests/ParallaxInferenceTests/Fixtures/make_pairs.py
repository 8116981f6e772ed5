"""Makes the cross-encoders of pairs/ and what ONNX Runtime and Hugging Face's tokenizers say of them.

Usage: pip install numpy onnx onnxruntime tokenizers, then python make_pairs.py
"""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

HERE = Path(__file__).parent / "pairs"
WORDS = (
    "[PAD] [UNK] [CLS] [SEP] a red car cafe ##s ##ing park blue , . ! ? ' - # ( ) dog run ##n 4 ##2 中 文 naive über "
    "uber stras ##se x ##y [ ] sep"
).split()
LONGEST = 12


def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordPiece({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    made.enable_truncation(LONGEST, strategy="longest_first")
    return made



def ints(name):
    return helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"])


def graph(inputs, nodes, weights, outputs):
    made = helper.make_graph(
        nodes, "pairs", inputs, outputs, [numpy_helper.from_array(value, name) for name, value in weights.items()])
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def floats(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))


WEIGHTS = {
    "table": np.random.default_rng(5).normal(size=len(WORDS)).astype(np.float32),
    "two": np.array(2, np.float32), "axis": np.array([1], np.int64),
    "all": np.array([1, 2, 3], np.int64), "nothing": np.array(0, np.float32),
}

# The sum over tokens of a number each, twice that for those of the second text and three times in all.
WORD_NODES = [
    helper.make_node("Gather", ["table", "input_ids"], ["words"]),
    helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
    helper.make_node("Mul", ["words", "mask"], ["masked"]),
]


def of_texts(extra=None):
    nodes = WORD_NODES + [
        helper.make_node("Cast", ["token_type_ids"], ["types"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["types", "two"], ["doubled"]),
        helper.make_node("Mul", ["doubled", "masked"], ["more"]),
        helper.make_node("Add", ["masked", "more"], ["both"]),
        helper.make_node("ReduceSum", ["both", "axis"], ["logits"], keepdims=1),
    ]
    inputs = [ints("input_ids"), ints("attention_mask"), ints("token_type_ids")]
    if extra:
        inputs.append(ints(extra))
        nodes.append(helper.make_node("Identity", [extra], ["unused"]))
    outputs = [floats("logits", "batch", 1)]
    if extra:
        outputs.append(helper.make_tensor_value_info("unused", TensorProto.INT64, ["batch", "sequence"]))
    return graph(inputs, nodes, {k: WEIGHTS[k] for k in ("table", "two", "axis")}, outputs)


def of_images():
    nodes = WORD_NODES + [
        helper.make_node("ReduceSum", ["masked", "axis"], ["said"], keepdims=1),
        helper.make_node("ReduceSum", ["pixel_values", "all"], ["seen4"], keepdims=0),
        helper.make_node("Unsqueeze", ["seen4", "axis"], ["seen"]),
        helper.make_node("Mul", ["said", "seen"], ["yes"]),
        helper.make_node("Mul", ["said", "two"], ["no"]),
        helper.make_node("Concat", ["no", "yes"], ["itm_score"], axis=1),
    ]
    inputs = [floats("pixel_values", "batch", 3, 8, 8), ints("input_ids"), ints("attention_mask")]
    return graph(
        inputs, nodes, {k: WEIGHTS[k] for k in ("table", "two", "axis", "all")},
        [floats("itm_score", "batch", 2)])


def write(name, model, picture=False):
    folder = HERE / name
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(model, folder / "model.onnx")
    tokenizer().save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"model_max_length": LONGEST}) + "\n")
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "version": "7"}) + "\n")
    if picture:
        (folder / "preprocessor_config.json").write_text(json.dumps({
            "image_processor_type": "CLIPImageProcessor", "do_resize": True, "size": {"height": 8, "width": 8},
            "resample": 2, "do_center_crop": False, "do_rescale": True, "rescale_factor": 1 / 255,
            "do_normalize": True, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}) + "\n")
    return folder


def cross():
    """What the shipped pairwise model says, called as training/parallax_train/pretrained/reranking.py calls it."""
    resources = Path(__file__).resolve().parents[3] / "Sources/ParallaxProviders/Resources"
    towers, own = resources / "mini", resources / "mini-cross"
    vision, text, seen_by, asked_by, pairs = (onnxruntime.InferenceSession(str(path)) for path in (
        towers / "vision_model.onnx", towers / "text_model.onnx", own / "picture.onnx", own / "question.onnx",
        own / "model.onnx"))
    words = Tokenizer.from_file(str(towers / "tokenizer.json"))
    prompt = json.loads((towers / "config.json").read_text())["prompts"]["RETRIEVAL_QUERY"]
    processor = json.loads((towers / "preprocessor_config.json").read_text())
    found = []
    for asked in ("a red car", "two dogs run on the beach"):
        encoded = words.encode(prompt + asked)
        mask = np.array([encoded.attention_mask], np.int64)
        vector, pieces = text.run(
            ["text_embeds", "last_hidden_state"], {"input_ids": [encoded.ids], "attention_mask": mask})
        questions = asked_by.run(None, {
            "text_embeds": vector, "text_tokens": pieces, "attention_mask": np.ones(pieces.shape[:2], np.int64)})
        for number in (0, 1, 2):
            pixels = picture(number, 192, processor["image_mean"], processor["image_std"])
            seen, places = vision.run(["image_embeds", "last_hidden_state"], {"pixel_values": pixels})
            pictures = seen_by.run(None, {"image_embeds": seen, "image_tokens": places})
            names = ("picture_embeds", "picture_tokens", "question_embeds", "question_tokens", "question_shares")
            score = pairs.run(None, dict(zip(names, pictures + questions)))[0]
            found.append({"text": asked, "picture": number, "score": float(score[0])})
    return found


def picture(number, side=8, mean=(0.5,) * 3, std=(0.5,) * 3):
    """As Support.swift has it."""
    made = np.zeros((side, side, 3), np.uint8)
    for y in range(side):
        for x in range(side):
            for c in range(3):
                made[y, x, c] = (x * (3 + number) + y * (5 + 2 * number) + c * 40 * number + x * y * (number + 1) // 3) % 256
    scaled = (made.astype(np.float32) / 255 - np.array(mean, np.float32)) / np.array(std, np.float32)
    return scaled.astype(np.float32).transpose(2, 0, 1)[None]


TEXTS = [
    "a red car", "A RED CAR!", "cafés, parking", "Café\u0301", "42 dogs running", "中文 a", "straße", "naïve über",
    "", "  a\tred\ncar  ", "x" * 101, "a-b#c", "[SEP] a", "red\u0000car \ufffdblue\u200bcar", "a red car, a blue car, a red dog.",
]
PAIRS = [("a red car", "blue"), ("a", "a red car a red car a red car a red"), ("a red car a red car a", "blue car blue car blue car"),
         ("", "a"), ("dog", "")]


def main():
    words = tokenizer()
    texts = write("texts", of_texts())
    images = write("images", of_images(), picture=True)
    write("odd", of_texts("mystery"))
    text_session = onnxruntime.InferenceSession(str(texts / "model.onnx"))
    image_session = onnxruntime.InferenceSession(str(images / "model.onnx"))

    def text_score(one, two):
        encoded = words.encode(one, two)
        return float(text_session.run(["logits"], {
            "input_ids": [encoded.ids], "attention_mask": [encoded.attention_mask],
            "token_type_ids": [encoded.type_ids]})[0][0, 0])

    def image_score(text, number):
        encoded = words.encode(text)
        no, yes = image_session.run(["itm_score"], {
            "pixel_values": picture(number), "input_ids": [encoded.ids],
            "attention_mask": [encoded.attention_mask]})[0][0]
        return float(yes - no)

    golden = {
        "texts": [{"text": text, "ids": words.encode(text).ids} for text in TEXTS],
        "pairs": [
            {"text": one, "other": two, "ids": words.encode(one, two).ids, "types": words.encode(one, two).type_ids,
             "score": text_score(one, two)} for one, two in PAIRS],
        "cross": cross(),
        "images": [
            {"text": text, "picture": number, "score": image_score(text, number)}
            for text in ("a red car", "blue dog!") for number in (0, 1, 2)],
    }
    (HERE / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")


main()
