"""The pairwise model as three ONNX graphs: what is made of a picture, what is made of a question, and their score."""

import json
from dataclasses import asdict, dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper

from ..config import Run
from ..export import attention, gelu, linear
from ..export_cross import normed
from ..graph import Graph
from ..loop import load_modules, part
from . import reader
from .backbone import MAP_WIDTH, load_network, pooled
from .blend import Weights
from .export import axes, headed, scaled, unit
from .pairs import BLOCKED, TASK, PairEncoder, pair_encoder
from .student import TEXT_SCALE, Student, TextStudent, finished_student

FLOAT, LENGTH_FLOOR = TensorProto.FLOAT, np.float32(1e-12)


def units(graph: Graph, x: str) -> str:
    """The vectors of a sequence divided by their length, [batch, place, width]."""
    squares = graph.node("ReduceSum", graph.node("Mul", x, x), axes(graph, 2), keepdims=1)
    length = graph.node("Max", graph.node("Sqrt", squares), graph.constant(LENGTH_FLOOR))
    return graph.node("Div", x, length)


def liked(graph: Graph, units_of: str, captions: np.ndarray, sharpness: float) -> str:
    """How near pictures, given as unit vectors, are to captions of all kinds, [batch, 1]."""
    near = graph.linear(units_of, sharpness * captions, np.full(len(captions), -np.log(len(captions))))
    # As an attribute: ReduceLogSumExp takes axes as inputs only from opset 18 on.
    return scaled(graph, graph.node("ReduceLogSumExp", near, axes=[1], keepdims=1), 1 / sharpness)


def answered(graph: Graph, vectors: str, blocked: str, model: TextStudent) -> str:
    """What the student makes of texts, [batch, width]; `blocked` [batch, sequence] is added where no piece stands."""
    states = attention(
        graph, "text_tokens", model.layer, graph.node("Unsqueeze", blocked, axes(graph, 1, 2)))
    inner = gelu(graph, linear(graph, normed(graph, states, model.layer.norm_hidden), model.layer.up))
    states = normed(graph, graph.node("Add", states, linear(graph, inner, model.layer.down)), model.norm_states)
    counts = graph.node("Add", linear(graph, states, model.count), graph.node("Unsqueeze", blocked, axes(graph, 2)))
    shares = graph.node("Unsqueeze", graph.node("Softmax", counts, axis=1), axes(graph, 3))
    each = axes(graph, 0, 0, model.readers, model.each)
    values = graph.node("Mul", graph.node("Reshape", linear(graph, states, model.value), each), shares)
    read = graph.node("Flatten", graph.node("ReduceSum", values, axes(graph, 1), keepdims=0), axis=1)
    known = graph.node("Concat", read, scaled(graph, vectors, TEXT_SCALE), axis=1)
    return linear(graph, gelu(graph, linear(graph, normed(graph, known, model.norm), model.up)), model.down)


@dataclass(frozen=True)
class Parts:
    """What the pairwise model is made of. `hubs` are captions by which these are known, at `sharpness`.

    Texts of at most `short` pieces, with the prompt and the marks, have the weights of names, and from `long` on those
    of captions.
    """

    pairs: PairEncoder
    student: Student
    hubs: np.ndarray
    sharpness: float
    names: Weights
    captions: Weights
    short: int
    long: int
    storage: str
    metadata: dict

    @property
    def dimension(self) -> int:
        """Numbers of the vectors that a pair multiplies: the towers', the student's, and what hubs lose."""
        return self.hubs.shape[1] + self.student.text.down.out_features + 1

    @property
    def width(self) -> int:
        return self.pairs.text_down.out_features


def picture_graph(parts: Parts, network, side: int) -> onnx.ModelProto:
    """What is made of a picture once: a vector, and its places in the space of pieces."""
    graph, model = Graph("mini_cross_picture", parts.storage), parts.pairs
    across, places = side // 32, (side // 32) ** 2
    vectors = unit(graph, "image_embeds")
    turned = graph.node("Transpose", "image_tokens", perm=[0, 2, 1])
    features = pooled(graph, network, graph.node("Reshape", turned, axes(graph, 0, MAP_WIDTH, across, across)))
    told = unit(graph, headed(graph, features, parts.student.image))
    lost = liked(graph, vectors, parts.hubs, parts.sharpness)
    normed_places = normed(graph, "image_tokens", model.norm_image)
    seen = linear(graph, gelu(graph, linear(graph, normed_places, model.image_up)), model.image_down)
    inputs = [
        helper.make_tensor_value_info("image_embeds", FLOAT, ["batch", parts.hubs.shape[1]]),
        helper.make_tensor_value_info("image_tokens", FLOAT, ["batch", places, MAP_WIDTH]),
    ]
    outputs = {
        "picture_embeds": (graph.node("Concat", vectors, told, lost, axis=1), ["batch", parts.dimension]),
        "picture_tokens": (units(graph, seen), ["batch", places, parts.width]),
    }
    return graph.model(inputs, outputs, parts.metadata)


def weighed(graph: Graph, mask: str, parts: Parts) -> dict[str, str]:
    """Each weight of a text, [batch, 1], by how many pieces it has."""
    count = graph.node("ReduceSum", mask, axes(graph, 1), keepdims=1)
    beyond = graph.node("Sub", count, graph.constant(np.float32(parts.short)))
    share = graph.node("Clip", scaled(graph, beyond, 1 / (parts.long - parts.short)), *(
        graph.constant(np.float32(bound)) for bound in (0, 1)))
    names, captions = asdict(parts.names), asdict(parts.captions)

    def weight(name: str) -> str:
        own = graph.constant(np.float32(names[name]))
        return graph.node("Add", scaled(graph, share, captions[name] - names[name]), own)

    return {name: weight(name) for name in names}


def question_graph(parts: Parts) -> onnx.ModelProto:
    """What is made of a text once: a vector, its pieces in the space of places, and how much each counts."""
    graph, model = Graph("mini_cross_question", parts.storage), parts.pairs
    mask = graph.node("Cast", "attention_mask", to=FLOAT)
    one = graph.constant(np.float32(1))
    blocked = scaled(graph, graph.node("Sub", one, mask), BLOCKED)
    vectors = unit(graph, "text_embeds")
    weights = weighed(graph, mask, parts)
    told = graph.node("Mul", unit(graph, answered(graph, vectors, blocked, parts.student.text)), weights["told"])
    lost = scaled(graph, weights["liked"], -1)
    text = normed(graph, "text_tokens", model.norm_text)
    pieces = units(graph, linear(graph, gelu(graph, linear(graph, text, model.text_up)), model.text_down))
    counts = graph.node("Squeeze", linear(graph, text, model.count), axes(graph, 2))
    shares = graph.node("Softmax", graph.node("Add", counts, blocked), axis=1)
    inputs = [
        helper.make_tensor_value_info("text_embeds", FLOAT, ["batch", parts.hubs.shape[1]]),
        helper.make_tensor_value_info("text_tokens", FLOAT, ["batch", "sequence", model.text_up.in_features]),
        helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "sequence"]),
    ]
    outputs = {
        "question_embeds": (graph.node("Concat", vectors, told, lost, axis=1), ["batch", parts.dimension]),
        "question_tokens": (pieces, ["batch", "sequence", parts.width]),
        "question_shares": (graph.node("Mul", shares, weights["added"]), ["batch", "sequence"]),
    }
    return graph.model(inputs, outputs, parts.metadata)


def pair_graph(parts: Parts, side: int) -> onnx.ModelProto:
    """A score for each row: the product of the vectors, and what places and pieces add."""
    graph = Graph("mini_cross", parts.storage)
    near = graph.node(
        "MatMul", "question_tokens", graph.node("Transpose", "picture_tokens", perm=[0, 2, 1]))
    chosen = graph.node("Softmax", scaled(graph, near, parts.pairs.log_sharpness.exp().item()), axis=-1)
    best = graph.node("ReduceSum", graph.node("Mul", chosen, near), axes(graph, 2), keepdims=0)

    def total(first: str, second: str) -> str:
        return graph.node("ReduceSum", graph.node("Mul", first, second), axes(graph, 1), keepdims=0)

    score = graph.node("Add", total("picture_embeds", "question_embeds"), total(best, "question_shares"))
    inputs = [
        helper.make_tensor_value_info("picture_embeds", FLOAT, ["batch", parts.dimension]),
        helper.make_tensor_value_info("picture_tokens", FLOAT, ["batch", (side // 32) ** 2, parts.width]),
        helper.make_tensor_value_info("question_embeds", FLOAT, ["batch", parts.dimension]),
        helper.make_tensor_value_info("question_tokens", FLOAT, ["batch", "sequence", parts.width]),
        helper.make_tensor_value_info("question_shares", FLOAT, ["batch", "sequence"]),
    ]
    return graph.model(inputs, {"scores": (score, ["batch"])}, parts.metadata)


def finished_pairs(run: Run) -> PairEncoder:
    model = pair_encoder(run.config)
    model.load_state_dict(part(load_modules(run, "pairs"), "pairs"))
    return model.eval()


def export_pairs(run: Run) -> None:
    """Writes mini-cross beside the dual encoder's folder, where it was trained."""
    if not run.path("blend.npz").exists():
        return
    folder = run.out.parent / f"{run.out.name}-cross"
    folder.mkdir(parents=True, exist_ok=True)
    blend = np.load(run.path("blend.npz"))
    prompt = reader.folder(run).encoded([""], TASK)["attention_mask"].sum()
    parts = Parts(
        finished_pairs(run), finished_student(run), blend["hubs"], run["hubs"]["sharpness"],
        Weights(*blend["names"].tolist()), Weights(*blend["captions"].tolist()), prompt + run["blend"]["short"],
        prompt + run["blend"]["long"], run["export"]["storage"], {"version": run["version"]})
    side = run["image"]["side"]
    onnx.save(picture_graph(parts, load_network(), side), folder / "picture.onnx")
    onnx.save(question_graph(parts), folder / "question.onnx")
    onnx.save(pair_graph(parts, side), folder / "model.onnx")
    content = {"model_type": "parallax-mini-cross", "version": run["version"], "task": TASK}
    (folder / "config.json").write_text(json.dumps(content, indent=2) + "\n")
