"""Makes models that give no vector for some inputs.

    python make_odd_models.py        (in this folder; rewrites odd/ and odd-text/)

Needs onnx and numpy. Pictures are 4x4 and not normalised, so a black one is all zeros: "nan.onnx" then divides zero by zero,
"infinite.onnx" one by zero, "zero.onnx" gives the numbers as they are. The text model takes the mean of its tokens' rows:
"b" has a row that is not a number, "c" has none, so the model itself fails on it.
"""

import json
import os

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
SIDE, COUNT = 4, 48


def save(folder, name, nodes, inputs, outputs, weights):
    graph = helper.make_graph(nodes, "odd", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    onnx.save(model, os.path.join(HERE, folder, name))


def text_file(folder, name, content):
    with open(os.path.join(HERE, folder, name), "w") as file:
        file.write(content if isinstance(content, str) else json.dumps(content) + "\n")


def pictures():
    image = helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["batch", 3, SIDE, SIDE])
    vector = helper.make_tensor_value_info("image_embeds", TensorProto.FLOAT, ["batch", COUNT])
    flat = helper.make_node("Flatten", ["pixel_values"], ["flat"])
    total = helper.make_node("ReduceSum", ["flat", "axes"], ["total"], keepdims=1)
    axes = numpy_helper.from_array(numpy.array([1], numpy.int64), "axes")
    endings = {
        "zero": ([flat, helper.make_node("Identity", ["flat"], ["image_embeds"])], []),
        "nan": ([flat, total, helper.make_node("Div", ["flat", "total"], ["image_embeds"])], [axes]),
        "infinite": (
            [flat, total, helper.make_node("Reciprocal", ["total"], ["inverse"]),
             helper.make_node("Add", ["flat", "inverse"], ["image_embeds"])],
            [axes],
        ),
    }
    for name, (nodes, weights) in endings.items():
        save("odd", f"{name}.onnx", nodes, [image], [vector], weights)
    text_file("odd", "config.json", {"model_type": "odd"})
    text_file("odd", "preprocessor_config.json", {
        "do_resize": True, "size": {"height": SIDE, "width": SIDE}, "resample": 2, "do_normalize": False,
        "do_rescale": True,
    })


def texts():
    start, end = "<|startoftext|>", "<|endoftext|>"
    words = ["a", "b", "c", "d", "a</w>", "b</w>", "d</w>", start, end, "c</w>"]
    # One row fewer than there are words.
    table = numpy.eye(9, 4, dtype=numpy.float32) + numpy.float32(0.25)
    table[words.index("b</w>")] = numpy.nan
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])
    vector = helper.make_tensor_value_info("text_embeds", TensorProto.FLOAT, ["batch", 4])
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("ReduceMean", ["rows"], ["text_embeds"], axes=[1], keepdims=0),
    ]
    save("odd-text", "model.onnx", nodes, [ids], [vector], [numpy_helper.from_array(table, "table")])
    text_file("odd-text", "config.json", {"model_type": "odd", "max_position_embeddings": 6})
    text_file("odd-text", "vocab.json", {word: number for number, word in enumerate(words)})
    text_file("odd-text", "merges.txt", "#version: 0.2\n")
    text_file("odd-text", "tokenizer_config.json", {"bos_token": start, "eos_token": end, "pad_token": end})


pictures()
texts()
