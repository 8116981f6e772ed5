"""The pairwise model as ONNX graphs: its eyes, and what scores their tokens with those of the text tower."""

import json

import numpy as np
import onnx
from onnx import TensorProto, helper

from .config import Run
from .cross import Towers
from .cross_model import CrossEncoder, CrossLayer, cross_encoder
from .export import array, gelu, image_model, linear, masked_mean, preprocessing
from .graph import Graph
from .loop import load_modules, part


def normed(graph: Graph, x: str, norm) -> str:
    return graph.normalise(x, array(norm.weight), array(norm.bias), norm.eps)


def cross_layer(graph: Graph, text: str, image: str, layer: CrossLayer) -> str:
    width = layer.out.in_features
    each = width // layer.heads
    shape = graph.constant(np.array([0, 0, layer.heads, each], np.int64))

    def split(x: str, how: list[int]) -> str:
        return graph.node("Transpose", graph.node("Reshape", x, shape), perm=how)

    query = split(linear(graph, normed(graph, text, layer.norm_attention), layer.query), [0, 2, 1, 3])
    key = split(linear(graph, image, layer.key), [0, 2, 3, 1])
    value = split(linear(graph, image, layer.value), [0, 2, 1, 3])
    scaled = graph.node("Mul", graph.node("MatMul", query, key), graph.constant(np.float32(each ** -0.5)))
    mixed = graph.node("MatMul", graph.node("Softmax", scaled, axis=-1), value)
    joined = graph.node(
        "Reshape", graph.node("Transpose", mixed, perm=[0, 2, 1, 3]), graph.constant(np.array([0, 0, width], np.int64)))
    text = graph.node("Add", text, linear(graph, joined, layer.out))
    inner = gelu(graph, linear(graph, normed(graph, text, layer.norm_hidden), layer.up))
    return graph.node("Add", text, linear(graph, inner, layer.down))


def cosine(graph: Graph, first: str, second: str) -> str:
    last = graph.constant(np.array([1], np.int64))

    def length(x: str) -> str:
        return graph.node("Sqrt", graph.node("ReduceSum", graph.node("Mul", x, x), last, keepdims=0))

    product = graph.node("ReduceSum", graph.node("Mul", first, second), last, keepdims=0)
    return graph.node("Div", product, graph.node("Mul", length(first), length(second)))


def cross_graph(model: CrossEncoder, storage: str, metadata: dict) -> onnx.ModelProto:
    graph = Graph("mini_cross", storage)
    mask = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    seen = graph.node(
        "Add", normed(graph, linear(graph, "image_tokens", model.image_in), model.norm_image),
        graph.constant(array(model.places)))
    x = linear(graph, "text_tokens", model.text_in)
    for layer in model.layers:
        x = cross_layer(graph, x, seen, layer)
    pooled = masked_mean(graph, normed(graph, x, model.norm), mask)
    added = graph.node(
        "Squeeze", linear(graph, gelu(graph, linear(graph, pooled, model.hidden)), model.score),
        graph.constant(np.array([1], np.int64)))
    picture = graph.node("ReduceMean", "image_tokens", axes=[1], keepdims=0)
    words = linear(graph, masked_mean(graph, "text_tokens", mask), model.text_project)
    eyes = cosine(graph, linear(graph, picture, model.image_project), words)
    parts = [
        graph.node("Mul", part, graph.constant(np.float32(weight)))
        for part, weight in zip((cosine(graph, "image_embeds", words), eyes, added), model.weights.tolist())
    ]
    score = graph.node("Add", graph.node("Add", parts[0], parts[1]), parts[2])
    inputs = [
        helper.make_tensor_value_info(
            "image_embeds", TensorProto.FLOAT, ["batch", model.text_project.out_features]),
        helper.make_tensor_value_info(
            "image_tokens", TensorProto.FLOAT, ["batch", len(model.places), model.image_in.in_features]),
        helper.make_tensor_value_info(
            "text_tokens", TensorProto.FLOAT, ["batch", "sequence", model.text_in.in_features]),
        helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "sequence"]),
    ]
    return graph.model(inputs, {"scores": (score, ["batch"])}, metadata)


def load_cross(run: Run) -> CrossEncoder:
    towers = Towers(run)
    model = cross_encoder(run.config, towers.eyes.project, towers.text)
    model.load_state_dict(part(load_modules(run, "cross"), "cross"))
    return model.eval()


def export_cross(run: Run) -> None:
    """Writes mini-cross beside the dual encoder's folder."""
    folder = run.out.parent / f"{run.out.name}-cross"
    folder.mkdir(parents=True, exist_ok=True)
    metadata = {"version": run["version"]}
    eyes = image_model(Towers(run).eyes, run["eyes"]["side"], run["export"]["storage"], metadata)
    onnx.save(eyes, folder / "vision_model.onnx")
    onnx.save(cross_graph(load_cross(run), run["export"]["storage"], metadata), folder / "model.onnx")
    configuration = {"model_type": "parallax-mini-cross", "version": run["version"], "task": "RETRIEVAL_QUERY"}
    for name, content in (("config", configuration), ("preprocessor_config", preprocessing(run["eyes"]["side"]))):
        (folder / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n")
