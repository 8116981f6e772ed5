"""The pairwise model as an ONNX graph over the towers' vectors, the places of a picture and the pieces of a text."""

import json

import numpy as np
import onnx
from onnx import TensorProto, helper

from ..config import Run
from ..export import array, gelu, linear
from ..export_cross import cosine
from ..graph import Graph
from ..loop import load_modules, part
from .backbone import MAP_WIDTH
from .export import axes, scaled
from .pairs import BLOCKED, TASK, PairEncoder, pair_encoder

LENGTH_FLOOR = np.float32(1e-12)


def units(graph: Graph, x: str) -> str:
    """The vectors of a sequence divided by their length, [batch, place, width]."""
    squares = graph.node("ReduceSum", graph.node("Mul", x, x), axes(graph, 2), keepdims=1)
    length = graph.node("Max", graph.node("Sqrt", squares), graph.constant(LENGTH_FLOOR))
    return graph.node("Div", x, length)


def liked(graph: Graph, vectors: str, captions: np.ndarray, sharpness: float) -> str:
    """How near pictures are to captions of all kinds, [batch]."""
    units_of = graph.node("Div", vectors, graph.node("Max", graph.node("Sqrt", graph.node(
        "ReduceSum", graph.node("Mul", vectors, vectors), axes(graph, 1), keepdims=1)), graph.constant(LENGTH_FLOOR)))
    near = graph.linear(units_of, sharpness * captions, np.full(len(captions), -np.log(len(captions))))
    # As an attribute: ReduceLogSumExp takes axes as inputs only from opset 18 on.
    return scaled(graph, graph.node("ReduceLogSumExp", near, axes=[1], keepdims=0), 1 / sharpness)


def pair_graph(
    model: PairEncoder, captions: np.ndarray, share: float, sharpness: float, side: int, storage: str, metadata: dict
) -> onnx.ModelProto:
    """A score for each row: the cosine of the vectors and the weighted addition, less a share of what hubs get."""
    graph = Graph("mini_cross", storage)

    def normed(x: str, norm) -> str:
        return graph.normalise(x, array(norm.weight), array(norm.bias), norm.eps)

    image = normed("image_tokens", model.norm_image)
    places = units(graph, linear(graph, gelu(graph, linear(graph, image, model.image_up)), model.image_down))
    text = normed("text_tokens", model.norm_text)
    pieces = units(graph, linear(graph, gelu(graph, linear(graph, text, model.text_up)), model.text_down))
    counts = graph.node("Squeeze", linear(graph, text, model.count), axes(graph, 2))
    mask = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    blocked = scaled(graph, graph.node("Sub", graph.constant(np.float32(1)), mask), BLOCKED)
    shares = graph.node("Softmax", graph.node("Add", counts, blocked), axis=1)
    near = graph.node("MatMul", pieces, graph.node("Transpose", places, perm=[0, 2, 1]))
    chosen = graph.node("Softmax", scaled(graph, near, model.log_sharpness.exp().item()), axis=-1)
    best = graph.node("ReduceSum", graph.node("Mul", chosen, near), axes(graph, 2), keepdims=0)
    added = graph.node("ReduceSum", graph.node("Mul", best, shares), axes(graph, 1), keepdims=0)
    score = graph.node(
        "Add", cosine(graph, "image_embeds", "text_embeds"), scaled(graph, added, model.weight.item()))
    score = graph.node("Sub", score, scaled(graph, liked(graph, "image_embeds", captions, sharpness), share))
    floats, count, dimension = TensorProto.FLOAT, (side // 32) ** 2, captions.shape[1]
    inputs = [
        helper.make_tensor_value_info("image_embeds", floats, ["batch", dimension]),
        helper.make_tensor_value_info("image_tokens", floats, ["batch", count, MAP_WIDTH]),
        helper.make_tensor_value_info("text_embeds", floats, ["batch", dimension]),
        helper.make_tensor_value_info("text_tokens", floats, ["batch", "sequence", model.text_up.in_features]),
        helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "sequence"]),
    ]
    return graph.model(inputs, {"scores": (score, ["batch"])}, metadata)


def finished_pairs(run: Run) -> PairEncoder:
    model = pair_encoder(run.config)
    model.load_state_dict(part(load_modules(run, "pairs"), "pairs"))
    return model.eval()


def export_pairs(run: Run) -> None:
    """Writes mini-cross beside the dual encoder's folder, where it was trained."""
    if not run.path("hubs.npz").exists():
        return
    folder = run.out.parent / f"{run.out.name}-cross"
    folder.mkdir(parents=True, exist_ok=True)
    hubs = np.load(run.path("hubs.npz"))
    model = pair_graph(
        finished_pairs(run), hubs["captions"], hubs["share"].item(), run["hubs"]["sharpness"], run["image"]["side"],
        run["export"]["storage"], {"version": run["version"]})
    onnx.save(model, folder / "model.onnx")
    content = {"model_type": "parallax-mini-cross", "version": run["version"], "task": TASK}
    (folder / "config.json").write_text(json.dumps(content, indent=2) + "\n")
