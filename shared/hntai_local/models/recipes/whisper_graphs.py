"""Whisper's two graphs, built node by node: an encoder that also projects what the decoder will look at, and
a decoder that reads one token or many behind its past. docs/adr/0015-speech.md says what that is worth.

Encoder: mel (batch, 80, frames) to present.N.encoder.key/value (batch, heads, frames / 2, width).
Decoder: tokens (batch, new), at (asked), past_key_values.N.decoder.* (batch, heads, past, width) and
past_key_values.N.encoder.* to logits (batch, asked, vocabulary), of the new tokens `at` names, and
present.N.decoder.*. Every window of a batch has the same number of frames and of tokens.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from hntai_local.models.recipes.ct2_weights import Weights

_OPSETS: Final = (("", 17), ("com.microsoft", 1))
_IR: Final = 10
_FLOAT: Final = TensorProto.FLOAT
_INT: Final = TensorProto.INT64


class _Graph:
    """A graph as it grows. Values are known by their names."""

    def __init__(self, weights: Weights, side: str) -> None:
        self.weights, self.side = weights, side
        self.heads = int(weights[f"{side}/num_heads"])
        self.width = weights[f"{side}/layer_norm/gamma"].shape[0]
        self.layers = sum(name.startswith(side) and name.endswith("ffn/linear_0/bias") for name in weights)
        self._nodes: list[Any] = []
        self._initializers: dict[str, Any] = {}

    def put(
        self, op: str, *inputs: str, outputs: int = 1, named: tuple[str, ...] = (), **settings: Any
    ) -> Any:
        """The name of what the node gives; several where it gives several."""
        names = list(named) or [f"{op}_{len(self._nodes)}_{place}" for place in range(outputs)]
        fused = op in {"MultiHeadAttention", "BiasGelu"}
        domain = "com.microsoft" if fused else ""
        self._nodes.append(helper.make_node(op, list(inputs), names, domain=domain, **settings))
        return names[0] if len(names) == 1 else names

    def constant(self, name: str, values: npt.NDArray[Any]) -> str:
        if name not in self._initializers:
            self._initializers[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def numbers(self, *values: int) -> str:
        return self.constant("int_" + "_".join(map(str, values)), np.array(values, np.int64))

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name].astype(np.float32))

    def product(self, value: str, name: str) -> str:
        """value times the transposed weight: what stands at PREFIX/weight is (out, in)."""
        matrix = self.weights[f"{name}/weight"].astype(np.float32).T
        return str(self.put("MatMul", value, self.constant(f"{name}/transposed", matrix)))

    def linear(self, value: str, name: str) -> str:
        return str(self.put("Add", self.product(value, name), self.weight(f"{name}/bias")))

    def norm(self, value: str, name: str) -> str:
        scale, shift = self.weight(f"{name}/gamma"), self.weight(f"{name}/beta")
        return str(self.put("LayerNormalization", value, scale, shift, epsilon=1e-5))

    def forward(self, value: str, layer: str) -> str:
        """The feed-forward half of a layer, and the value it is added to."""
        inner = self.product(self.norm(value, f"{layer}/ffn/layer_norm"), f"{layer}/ffn/linear_0")
        bent = self.put("BiasGelu", inner, self.weight(f"{layer}/ffn/linear_0/bias"))
        return str(self.put("Add", value, self.linear(bent, f"{layer}/ffn/linear_1")))

    def split(self, value: str, parts: int) -> list[str]:
        sizes = self.numbers(*[self.width] * parts)
        return list(self.put("Split", value, sizes, outputs=parts, axis=-1))

    def positions(self, start: str, end: str) -> str:
        table = self.weight(f"{self.side}/position_encodings/encodings")
        return str(self.put("Slice", table, start, end, self.numbers(0)))

    def heads_of(self, value: str, named: str) -> None:
        """(batch, frames, width) by heads: (batch, heads, frames, width of one)."""
        shape = self.numbers(0, 0, self.heads, self.width // self.heads)
        self.put("Transpose", self.put("Reshape", value, shape), named=(named,), perm=[0, 2, 1, 3])

    def save(self, inputs: list[Any], outputs: list[Any], into: Path) -> None:
        graph = helper.make_graph(
            self._nodes, self.side, inputs, outputs, initializer=list(self._initializers.values())
        )
        opsets = [helper.make_opsetid(domain, version) for domain, version in _OPSETS]
        onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=_IR), into)


def save_encoder(weights: Weights, into: Path) -> None:
    graph = _Graph(weights, "encoder")
    value = _listened(graph)
    for number in range(graph.layers):
        layer = f"encoder/layer_{number}"
        normed = graph.norm(value, f"{layer}/self_attention/layer_norm")
        query_key_value = graph.split(graph.linear(normed, f"{layer}/self_attention/linear_0"), 3)
        seen = graph.put("MultiHeadAttention", *query_key_value, num_heads=graph.heads)
        value = graph.put("Add", value, graph.linear(seen, f"{layer}/self_attention/linear_1"))
        value = graph.forward(value, layer)
    value = graph.norm(value, "encoder/layer_norm")
    names = []
    for number in range(graph.layers):
        both = graph.linear(value, f"decoder/layer_{number}/attention/linear_1")
        for part, kind in zip(graph.split(both, 2), ("key", "value"), strict=True):
            names.append(f"present.{number}.encoder.{kind}")
            graph.heads_of(part, names[-1])
    mel = helper.make_tensor_value_info("mel", _FLOAT, ["batch", 80, "frames"])
    graph.save([mel], [_cached(graph, name, "heard") for name in names], into)


def save_decoder(weights: Weights, into: Path) -> None:
    graph = _Graph(weights, "decoder")
    value = _embedded(graph)
    pasts, heard, presents = [], [], []
    for number in range(graph.layers):
        layer = f"decoder/layer_{number}"
        pasts += (past := [f"past_key_values.{number}.decoder.{kind}" for kind in ("key", "value")])
        heard += (cross := [f"past_key_values.{number}.encoder.{kind}" for kind in ("key", "value")])
        presents += (present := [f"present.{number}.decoder.{kind}" for kind in ("key", "value")])
        value = graph.put("Add", value, _self_attention(graph, value, layer, past, present))
        value = graph.put("Add", value, _cross_attention(graph, value, layer, cross))
        value = graph.forward(value, layer)
    asked = graph.put("Gather", graph.norm(value, "decoder/layer_norm"), "at", axis=1)
    vocabulary = graph.weights["decoder/embeddings/weight"].astype(np.float32)
    graph.put("MatMul", asked, graph.constant("vocabulary", vocabulary.T), named=("logits",))
    inputs = [
        helper.make_tensor_value_info("tokens", _INT, ["batch", "new"]),
        helper.make_tensor_value_info("at", _INT, ["asked"]),
        *(_cached(graph, name, "past") for name in pasts),
        *(_cached(graph, name, "heard") for name in heard),
    ]
    logits = helper.make_tensor_value_info("logits", _FLOAT, ["batch", "asked", vocabulary.shape[0]])
    graph.save(inputs, [logits, *(_cached(graph, name, "read") for name in presents)], into)


def _listened(graph: _Graph) -> str:
    """The two convolutions, and where each frame stands."""
    value = "mel"
    for name, stride in (("conv1", 1), ("conv2", 2)):
        weight, bias = graph.weight(f"encoder/{name}/weight"), graph.weight(f"encoder/{name}/bias")
        value = graph.put("Conv", value, weight, bias, kernel_shape=[3], pads=[1, 1], strides=[stride])
        half = graph.put(
            "Erf", graph.put("Mul", value, graph.constant("root", np.array([0.5**0.5], np.float32)))
        )
        gate = graph.put(
            "Mul",
            graph.constant("half", np.array([0.5], np.float32)),
            graph.put("Add", half, graph.constant("one", np.array([1.0], np.float32))),
        )
        value = graph.put("Mul", value, gate)
    value = graph.put("Transpose", value, perm=[0, 2, 1])
    frames = graph.put("Shape", value, start=1, end=2)
    return str(graph.put("Add", value, graph.positions(graph.numbers(0), frames)))


def _embedded(graph: _Graph) -> str:
    read = graph.put("Shape", "past_key_values.0.decoder.key", start=2, end=3)
    end = graph.put("Add", read, graph.put("Shape", "tokens", start=1, end=2))
    vectors = graph.put("Gather", graph.weight("decoder/embeddings/weight"), "tokens")
    return str(graph.put("Add", vectors, graph.positions(read, end)))


def _self_attention(graph: _Graph, value: str, layer: str, past: list[str], present: list[str]) -> str:
    normed = graph.norm(value, f"{layer}/self_attention/layer_norm")
    parts = graph.split(graph.linear(normed, f"{layer}/self_attention/linear_0"), 3)
    seen, *_ = graph.put(
        "MultiHeadAttention",
        *(*parts, "", "", "", *past),
        named=(f"{layer}/seen", *present),
        num_heads=graph.heads,
        unidirectional=1,
    )
    return graph.linear(seen, f"{layer}/self_attention/linear_1")


def _cross_attention(graph: _Graph, value: str, layer: str, cross: list[str]) -> str:
    query = graph.linear(graph.norm(value, f"{layer}/attention/layer_norm"), f"{layer}/attention/linear_0")
    seen = graph.put("MultiHeadAttention", query, *cross, num_heads=graph.heads)
    return graph.linear(seen, f"{layer}/attention/linear_2")


def _cached(graph: _Graph, name: str, length: str) -> Any:
    return helper.make_tensor_value_info(
        name, _FLOAT, ["batch", graph.heads, length, graph.width // graph.heads]
    )
