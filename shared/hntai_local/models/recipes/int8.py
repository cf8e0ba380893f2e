"""Dynamic int8 of the matrix products, as optimum's avx2 setting does it."""

from __future__ import annotations

from pathlib import Path

from onnx import TensorProto
from onnxruntime.quantization import QuantType, quantize_dynamic


def to_int8(graph: Path, into: Path) -> None:
    """Weights of MatMul and Gather become int8, one scale a channel; activations are scaled as they come.

    reduce_range keeps 7 bits of the weights: without AVX-512 VNNI the 16-bit sums of 8-bit products overflow.
    What fused nodes give has no type that shapes could be inferred from: it is taken as float.
    """
    quantize_dynamic(
        graph,
        into,
        op_types_to_quantize=["MatMul", "Gather"],
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )
