"""Writes ONNX graphs by hand: full control over names, shapes and how weights are stored.

Large weights are stored as int8 with one scale per output row and turned to float inside the graph. ONNX Runtime
folds that when it loads the model, so all arithmetic is float: a vector never depends on its batch.
"""

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

OPSET = 17
# Below this many numbers a weight is not worth rounding.
SMALLEST_STORED_SHORT = 4096


def quantise(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric int8 and the scale of each row (the first axis)."""
    axes = tuple(range(1, weight.ndim))
    scale = np.maximum(np.abs(weight).max(axes, keepdims=True), 1e-12) / 127
    return np.clip(np.round(weight / scale), -127, 127).astype(np.int8), scale.astype(np.float32)


class Graph:
    def __init__(self, name: str, storage: str):
        self.name, self.storage = name, storage
        self.nodes, self.constants, self.known = [], [], {}

    def constant(self, values) -> str:
        array = np.asarray(values)
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self.known:
            self.known[key] = f"c{len(self.known)}"
            self.constants.append(numpy_helper.from_array(array, self.known[key]))
        return self.known[key]

    def node(self, kind: str, *inputs: str, **attributes) -> str:
        output = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def weight(self, values: np.ndarray) -> str:
        values = np.ascontiguousarray(values, np.float32)
        if values.size < SMALLEST_STORED_SHORT or self.storage == "float32":
            return self.constant(values)
        if self.storage == "float16":
            return self.node("Cast", self.constant(values.astype(np.float16)), to=TensorProto.FLOAT)
        short, scale = quantise(values)
        return self.node("Mul", self.node("Cast", self.constant(short), to=TensorProto.FLOAT), self.constant(scale))

    def rows(self, table: np.ndarray, index: str) -> str:
        """Looks rows up before they are widened, so that a large table stays small in memory too."""
        if self.storage == "float32":
            return self.node("Gather", self.constant(table), index, axis=0)
        if self.storage == "float16":
            found = self.node("Gather", self.constant(table.astype(np.float16)), index, axis=0)
            return self.node("Cast", found, to=TensorProto.FLOAT)
        short, scale = quantise(table)
        found = self.node("Cast", self.node("Gather", self.constant(short), index, axis=0), to=TensorProto.FLOAT)
        return self.node("Mul", found, self.node("Gather", self.constant(scale), index, axis=0))

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        # Transposed in the graph, folded at load: the stored form keeps one scale per output.
        turned = self.node("Transpose", self.weight(weight), perm=[1, 0])
        return self.node("Add", self.node("MatMul", x, turned), self.constant(bias.astype(np.float32)))

    def normalise(self, x: str, weight: np.ndarray, bias: np.ndarray, epsilon: float) -> str:
        return self.node(
            "LayerNormalization", x, self.constant(weight), self.constant(bias), axis=-1, epsilon=epsilon
        )

    def model(self, inputs: list, outputs: dict[str, tuple[str, list]], metadata: dict):
        """`outputs` maps a published name to the value in the graph and its shape."""
        for name, (value, _) in outputs.items():
            self.nodes.append(helper.make_node("Identity", [value], [name]))
        results = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, (_, shape) in outputs.items()]
        graph = helper.make_graph(self.nodes, self.name, inputs, results, self.constants)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="parallax_train", ir_version=8
        )
        helper.set_model_props(model, metadata)
        checker.check_model(model, full_check=True)
        return model
