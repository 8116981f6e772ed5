"""The trained towers as an ONNX model folder with its configuration files."""

import json

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper

from . import models
from .config import Run
from .data import PIXEL_MEAN, PIXEL_STD
from .graph import Graph
from .loop import finished_towers
from .tokenizer import END, START, load_tokenizer


def array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().float().cpu().numpy()


def folded(unit: models.ConvUnit) -> tuple[np.ndarray, np.ndarray]:
    """The convolution and its batch normalisation as one convolution."""
    gain = unit.norm.weight / torch.sqrt(unit.norm.running_var + unit.norm.eps)
    weight = unit.conv.weight * gain[:, None, None, None]
    return array(weight), array(unit.norm.bias - unit.norm.running_mean * gain)


def conv(graph: Graph, x: str, unit: models.ConvUnit) -> str:
    weight, bias = folded(unit)
    return graph.node(
        "Conv", x, graph.weight(weight), graph.constant(bias),
        kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=list(unit.conv.stride),
    )


def linear(graph: Graph, x: str, layer: torch.nn.Linear) -> str:
    return graph.linear(x, array(layer.weight), array(layer.bias))


def image_model(tower: models.ImageTower, side: int, storage: str, metadata: dict) -> onnx.ModelProto:
    graph = Graph("mini_vision", storage)
    x = graph.node("Relu", conv(graph, "pixel_values", tower.stem))
    for down, stage in zip(tower.downs, tower.stages):
        x = graph.node("Relu", conv(graph, x, down))
        for block in stage:
            inner = conv(graph, graph.node("Relu", conv(graph, x, block.first)), block.second)
            x = graph.node("Relu", graph.node("Add", x, inner))
    pooled = graph.node("Flatten", graph.node("GlobalAveragePool", x), axis=1)
    width, places = tower.project.in_features, models.places_of(side, len(tower.stages))
    flat = graph.node("Reshape", x, graph.constant(np.array([0, width, places], np.int64)))
    pixels = helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["batch", 3, side, side])
    outputs = {
        "image_embeds": (linear(graph, pooled, tower.project), ["batch", tower.project.out_features]),
        "last_hidden_state": (graph.node("Transpose", flat, perm=[0, 2, 1]), ["batch", places, width]),
    }
    return graph.model([pixels], outputs, metadata)


def attention(graph: Graph, x: str, layer: models.TextLayer, bias: str) -> str:
    width = layer.out.in_features
    each = width // layer.heads
    normed = graph.normalise(x, array(layer.norm_attention.weight), array(layer.norm_attention.bias), 1e-5)
    shape = graph.constant(np.array([0, 0, layer.heads, each], np.int64))
    weights, biases = array(layer.qkv.weight).reshape(3, width, width), array(layer.qkv.bias).reshape(3, width)
    query, key, value = (
        graph.node("Reshape", graph.linear(normed, w, b), shape) for w, b in zip(weights, biases)
    )
    query = graph.node("Transpose", query, perm=[0, 2, 1, 3])
    key = graph.node("Transpose", key, perm=[0, 2, 3, 1])
    value = graph.node("Transpose", value, perm=[0, 2, 1, 3])
    scores = graph.node("Mul", graph.node("MatMul", query, key), graph.constant(np.float32(each ** -0.5)))
    shares = graph.node("Softmax", graph.node("Add", scores, bias), axis=-1)
    mixed = graph.node("Transpose", graph.node("MatMul", shares, value), perm=[0, 2, 1, 3])
    joined = graph.node("Reshape", mixed, graph.constant(np.array([0, 0, width], np.int64)))
    return graph.node("Add", x, linear(graph, joined, layer.out))


def gelu(graph: Graph, x: str) -> str:
    error = graph.node("Erf", graph.node("Div", x, graph.constant(np.float32(2 ** 0.5))))
    half = graph.node("Mul", x, graph.constant(np.float32(0.5)))
    return graph.node("Mul", half, graph.node("Add", error, graph.constant(np.float32(1))))


def masked_mean(graph: Graph, x: str, mask: str) -> str:
    """The mean of the tokens, [batch, width], where `mask` [batch, sequence] is 1."""
    counted = graph.node("Unsqueeze", mask, graph.constant(np.array([2], np.int64)))
    along = graph.constant(np.array([1], np.int64))
    total = graph.node("ReduceSum", graph.node("Mul", x, counted), along, keepdims=0)
    tokens = graph.node("ReduceSum", mask, along, keepdims=1)
    return graph.node("Div", total, graph.node("Max", tokens, graph.constant(np.float32(1))))


def text_model(tower: models.TextTower, storage: str, metadata: dict) -> onnx.ModelProto:
    graph = Graph("mini_text", storage)
    mask = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    one = graph.constant(np.float32(1))
    blocked = graph.node("Unsqueeze", graph.node("Sub", one, mask), graph.constant(np.array([1, 2], np.int64)))
    bias = graph.node("Mul", blocked, graph.constant(np.float32(tower.PADDING_BIAS)))

    length = graph.node("Gather", graph.node("Shape", "input_ids"), graph.constant(np.array([1], np.int64)))
    zero, axis = graph.constant(np.array([0], np.int64)), graph.constant(np.array([0], np.int64))
    positions = graph.node("Slice", graph.constant(array(tower.positions.weight)), zero, length, axis)
    x = graph.node("Add", graph.rows(array(tower.pieces.weight), "input_ids"), positions)
    for layer in tower.layers:
        x = attention(graph, x, layer, bias)
        normed = graph.normalise(x, array(layer.norm_hidden.weight), array(layer.norm_hidden.bias), 1e-5)
        x = graph.node("Add", x, linear(graph, gelu(graph, linear(graph, normed, layer.up)), layer.down))
    x = graph.normalise(x, array(tower.norm.weight), array(tower.norm.bias), 1e-5)
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"])
        for name in ("input_ids", "attention_mask")
    ]
    output = linear(graph, masked_mean(graph, x, mask), tower.project)
    outputs = {
        "text_embeds": (output, ["batch", tower.project.out_features]),
        "last_hidden_state": (x, ["batch", "sequence", tower.project.in_features]),
    }
    return graph.model(inputs, outputs, metadata)


def configuration(run: Run) -> dict:
    tokenizer = load_tokenizer(run.path("tokenizer.json"), run["text"]["max_tokens"])
    return {
        "model_type": "parallax-mini",
        "version": run["version"],
        "projection_dim": run["joint"]["dims"][-1],
        "matryoshka_dims": run["joint"]["dims"],
        "text_config": {
            "max_position_embeddings": run["text"]["max_tokens"],
            "vocab_size": run["text"]["pieces"],
            "bos_token_id": tokenizer.token_to_id(START),
            "eos_token_id": tokenizer.token_to_id(END),
            "pad_token_id": tokenizer.token_to_id(END),
        },
        "vision_config": {"image_size": run["image"]["side"], "num_channels": 3},
        "prompts": run["prompts"],
    }


def preprocessing(side: int) -> dict:
    """The whole picture is squashed: nothing of it is cut away."""
    return {
        "image_processor_type": "CLIPImageProcessor",
        "do_convert_rgb": True,
        "do_resize": True,
        "size": {"height": side, "width": side},
        "resample": 2,
        "do_center_crop": False,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": list(PIXEL_MEAN),
        "image_std": list(PIXEL_STD),
    }


def export(run: Run) -> None:
    image, text = finished_towers(run)
    side, storage, metadata = run["image"]["side"], run["export"]["storage"], {"version": run["version"]}
    run.out.mkdir(parents=True, exist_ok=True)
    onnx.save(image_model(image, side, storage, metadata), run.out / "vision_model.onnx")
    onnx.save(text_model(text, storage, metadata), run.out / "text_model.onnx")
    (run.out / "tokenizer.json").write_bytes(run.path("tokenizer.json").read_bytes())
    for name, content in (("config", configuration(run)), ("preprocessor_config", preprocessing(side))):
        (run.out / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n")
