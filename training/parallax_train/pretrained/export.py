"""The heads on the backbone and the text side as an ONNX model folder, which every reader of CLIP's layout can load."""

import json

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper

from ..config import Run
from ..export import array, gelu, linear
from ..export import configuration as towers_configuration
from ..graph import Graph
from ..loop import load_modules, part
from ..tokenizer import load_tokenizer
from . import networks, reader
from .backbone import MAP_WIDTH, PIXEL_MEAN, PIXEL_STD, last_map, load_network, pooled
from .borrow import borrowed
from .copies import CopyHead, copy_head
from .networks import READ_LENGTH, TINY, ImageHead, TextSide

LENGTH_FLOOR = np.float32(1e-12)


def axes(graph: Graph, *numbers: int) -> str:
    return graph.constant(np.array(numbers, np.int64))


def unit(graph: Graph, x: str) -> str:
    """Rows divided by their length."""
    squares = graph.node("ReduceSum", graph.node("Mul", x, x), axes(graph, 1), keepdims=1)
    length = graph.node("Max", graph.node("Sqrt", squares), graph.constant(LENGTH_FLOOR))
    return graph.node("Div", x, length)


def scaled(graph: Graph, x: str, factor: float) -> str:
    return graph.node("Mul", x, graph.constant(np.float32(factor)))


def headed(graph: Graph, x: str, head: ImageHead | CopyHead) -> str:
    x = graph.normalise(x, array(head.norm.weight), array(head.norm.bias), head.norm.eps)
    return linear(graph, gelu(graph, linear(graph, x, head.up)), head.down)


def mapped_statistics(graph: Graph, features: str) -> str:
    """The greatest value and the standard deviation of each channel over the places."""
    places = axes(graph, 0, MAP_WIDTH, -1)
    flat = graph.node("Reshape", features, places)
    # As attributes: ReduceMax and ReduceMean take axes as inputs only from opset 18 on.
    most = graph.node("ReduceMax", flat, axes=[2], keepdims=0)
    mean = graph.node("ReduceMean", flat, axes=[2], keepdims=1)
    apart = graph.node("Sub", flat, mean)
    spread = graph.node("Sqrt", graph.node("ReduceMean", graph.node("Mul", apart, apart), axes=[2], keepdims=0))
    return graph.node("Concat", most, spread, axis=1)


def image_model(network, head: ImageHead, copies: CopyHead, side: int, storage: str, metadata: dict):
    """Outputs `image_embeds`, `copy_embeds` and the places of the last map, `last_hidden_state`."""
    graph = Graph("mini_vision", storage)
    features = last_map(graph, network, "pixel_values")
    mean = pooled(graph, network, features)
    places = (side // 32) ** 2
    flat = graph.node("Reshape", features, axes(graph, 0, MAP_WIDTH, places))
    known = graph.node("Concat", mean, mapped_statistics(graph, features), axis=1)
    pixels = helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["batch", 3, side, side])
    outputs = {
        "image_embeds": (headed(graph, mean, head), ["batch", head.down.out_features]),
        "copy_embeds": (headed(graph, known, copies), ["batch", copies.down.out_features]),
        "last_hidden_state": (graph.node("Transpose", flat, perm=[0, 2, 1]), ["batch", places, MAP_WIDTH]),
    }
    return graph.model([pixels], outputs, metadata)


def short(graph: Graph, values: np.ndarray, index: str, kind) -> str:
    """Rows of a table kept in a small type, as floats or whole numbers."""
    found = graph.node("Gather", graph.constant(values.astype(kind)), index, axis=0)
    return graph.node("Cast", found, to=TensorProto.INT64 if np.issubdtype(kind, np.integer) else TensorProto.FLOAT)


def respelt(graph: Graph, spelling: np.ndarray, most: int) -> tuple[str, str]:
    """The text in the pieces of the tower's tokenizer: ids and mask [batch, length], the pieces moved together."""
    longest = spelling.shape[1]
    width = graph.constant(np.array([0, -1], np.int64))
    pieces = graph.node("Reshape", short(graph, spelling, "input_ids", np.int16), width)
    # The mask once for each place of a piece.
    wide = graph.node("Unsqueeze", "attention_mask", axes(graph, 2))
    wide = graph.node("Mul", wide, graph.constant(np.ones((1, 1, longest), np.int64)))
    there = graph.node("Mul", graph.node("Reshape", wide, width), graph.node(
        "Cast", graph.node("GreaterOrEqual", pieces, graph.constant(np.int64(0))), to=TensorProto.INT64))
    before = graph.node("CumSum", there, graph.constant(np.int64(1)))
    count = graph.node("ReduceMax", before, axes=[1], keepdims=1)
    length = graph.node("ReduceMax", count, axes=[0, 1], keepdims=0)
    last = graph.node("Min", graph.node("Reshape", length, axes(graph, 1)), axes(graph, most))
    # What is no piece, or has no room, goes to a place behind the last, which is cut off.
    fits = graph.node("And", graph.node("Cast", there, to=TensorProto.BOOL),
                      graph.node("LessOrEqual", before, last))
    target = graph.node("Where", fits, graph.node("Sub", before, graph.constant(np.int64(1))), last)
    rows = graph.node("Gather", graph.node("Shape", pieces), axes(graph, 0), axis=0)
    room = graph.node("Concat", rows, graph.node("Add", last, axes(graph, 1)), axis=0)
    empty = graph.node("ConstantOfShape", room, value=helper.make_tensor("zero", TensorProto.INT64, [1], [0]))
    moved = graph.node("ScatterElements", empty, target, pieces, axis=1)
    ids = graph.node("Slice", moved, axes(graph, 0), last, axes(graph, 1))
    order = graph.node("Range", graph.constant(np.int64(0)), graph.node("Squeeze", last, axes(graph, 0)),
                       graph.constant(np.int64(1)))
    mask = graph.node("Cast", graph.node("Less", order, count), to=TensorProto.INT64)
    return ids, mask


def grafted(graph: Graph, model: onnx.ModelProto, feeds: dict[str, str], outputs: list[str]) -> list[str]:
    """The nodes and weights of another model within this graph, from `feeds` to `outputs`."""
    producers = {name: node for node in model.graph.node for name in node.output}
    needed, waiting = set(), list(outputs)
    while waiting:
        node = producers.get(waiting.pop())
        if node is not None and node.output[0] not in needed:
            needed.add(node.output[0])
            waiting += node.input

    def renamed(name: str) -> str:
        return feeds.get(name, f"tower/{name}") if name else name

    used = set()
    for node in model.graph.node:
        if node.output[0] in needed:
            copy = onnx.NodeProto()
            copy.CopyFrom(node)
            used.update(node.input)
            copy.input[:] = [renamed(name) for name in node.input]
            copy.output[:] = [renamed(name) for name in node.output]
            graph.nodes.append(copy)
    for constant in model.graph.initializer:
        if constant.name in used:
            copy = onnx.TensorProto()
            copy.CopyFrom(constant)
            copy.name = renamed(constant.name)
            graph.constants.append(copy)
    return [renamed(output) for output in outputs]


def text_inputs() -> list[onnx.ValueInfoProto]:
    return [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"])
        for name in ("input_ids", "attention_mask")
    ]


def bag(graph: Graph, side: TextSide) -> tuple[str, str, str]:
    """The unit vector of the bag of words, the weights of its pieces, and their sum."""
    given = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    weight = array(side.weight.exp() * side.counted)
    weights = graph.node("Mul", short(graph, weight, "input_ids", np.float16), given)
    weights = graph.node("Add", weights, scaled(graph, given, TINY))
    total = graph.node("ReduceSum", weights, axes(graph, 1), keepdims=1)
    rows = graph.rows(array(side.table.weight), "input_ids")
    weighed = graph.node("Mul", rows, graph.node("Unsqueeze", weights, axes(graph, 2)))
    mean = graph.node("Div", graph.node("ReduceSum", weighed, axes(graph, 1), keepdims=0), total)
    up, down = side.bag[0], side.bag[3]
    known = scaled(graph, unit(graph, mean), side.table.embedding_dim ** 0.5)
    return unit(graph, linear(graph, gelu(graph, linear(graph, known, up)), down)), weights, total


def bag_model(side: TextSide, storage: str, metadata: dict):
    """A text side without a tower. Output `text_embeds`."""
    graph = Graph("mini_text", storage)
    found, _, _ = bag(graph, side)
    return graph.model(text_inputs(), {"text_embeds": (found, ["batch", side.bag[3].out_features])}, metadata)


def text_model(side: TextSide, spelling: np.ndarray, tower: onnx.ModelProto, most: int, storage: str, metadata: dict):
    """Outputs `text_embeds`, and what the tower makes of each of its own pieces, `last_hidden_state`."""
    graph = Graph("mini_text", storage)
    ids, mask = respelt(graph, spelling, most)
    read, states = grafted(
        graph, tower, {"input_ids": ids, "attention_mask": mask}, ["text_embeds", "last_hidden_state"])
    states_width = next(
        port.type.tensor_type.shape.dim[2].dim_value for port in tower.graph.output if port.name == "last_hidden_state")

    words, weights, total = bag(graph, side)
    read = scaled(graph, unit(graph, read), READ_LENGTH)
    up, down = side.adapter[0], side.adapter[3]
    adapted = graph.node("Add", read, linear(graph, gelu(graph, linear(graph, read, up)), down))
    known = graph.node("Mul", short(graph, array(side.known), "input_ids", np.float16), weights)
    share = graph.node("Div", graph.node("ReduceSum", known, axes(graph, 1), keepdims=1), total)
    trust = scaled(graph, graph.node("Mul", share, share), side.log_scale.exp().item())
    trusted = graph.node("Mul", unit(graph, adapted), trust)
    outputs = {
        "text_embeds": (graph.node("Add", words, trusted), ["batch", down.out_features]),
        "last_hidden_state": (states, ["batch", "pieces", states_width]),
    }
    return graph.model(text_inputs(), outputs, metadata)


def configuration(run: Run) -> dict:
    """What readers of a folder are told; `image_tasks` names the output that holds the vectors of a task."""
    return {**towers_configuration(run), "image_tasks": {"COPY": "copy_embeds"}}


def preprocessing(run: Run) -> dict:
    """Squashed, or the middle of the picture with its aspect kept, as `fit` says."""
    side = run["image"]["side"]
    squash = run["image"]["fit"] == "squash"
    return {
        "image_processor_type": "CLIPImageProcessor",
        "do_convert_rgb": True,
        "do_resize": True,
        "size": {"height": side, "width": side} if squash else {"shortest_edge": side},
        "resample": 3,
        "do_center_crop": not squash,
        "do_trim_bars": squash,
        "crop_size": {"height": side, "width": side},
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": list(PIXEL_MEAN),
        "image_std": list(PIXEL_STD),
    }


def finished(run: Run) -> tuple[ImageHead, TextSide, CopyHead]:
    state, copies = load_modules(run, "joint"), load_modules(run, "copies")
    head, side, copy = networks.image_head(run.config), networks.text_side(run.config), copy_head(run.config)
    head.load_state_dict(part(state, "head"))
    side.load_state_dict(part(state, "text"))
    copy.load_state_dict(part(copies, "head"))
    table = borrowed(run, array(side.table.weight), array(side.weight.exp() * side.counted))
    with torch.no_grad():
        side.table.weight.copy_(torch.from_numpy(table))
    return head.eval(), side.eval(), copy.eval()


def export(run: Run) -> None:
    head, side, copies = finished(run)
    storage, metadata = run["export"]["storage"], {"version": run["version"]}
    run.out.mkdir(parents=True, exist_ok=True)
    vision = image_model(load_network(), head, copies, run["image"]["side"], storage, metadata)
    tokenizer = load_tokenizer(run.path("tokenizer.json"), run["text"]["max_tokens"])
    if reader.has_tower(run):
        tower = reader.folder(run)
        most = tower.config["text_config"]["max_position_embeddings"]
        text = text_model(
            side, reader.piece_map(run, tokenizer), onnx.load(tower.path / "text_model.onnx"), most, storage, metadata)
    else:
        text = bag_model(side, storage, metadata)
    onnx.save(vision, run.out / "vision_model.onnx")
    onnx.save(text, run.out / "text_model.onnx")
    (run.out / "tokenizer.json").write_bytes(run.path("tokenizer.json").read_bytes())
    for name, content in (("config", configuration(run)), ("preprocessor_config", preprocessing(run))):
        (run.out / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n")
