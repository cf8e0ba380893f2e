"""The weights as the tagger's core reads them (hntai/domain/tagger/native/tagger.c says in what order)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

WIDTH: Final = 64
"""Numbers that stand for a token."""
PIECE_WIDTH: Final = 64
BUCKETS: Final = 1 << 15
"""Rows of the table of facts."""
_TYPES: Final = 11
_PANEL: Final = 16
"""The scores are filled up to so many columns."""
_MAX_LAYERS: Final = 8
_MAGIC: Final = b"HNTAITG1"


def packed(state: Mapping[str, npt.NDArray[np.float32]], gaps: tuple[int, ...]) -> bytes:
    """state: the parameters of learn.Network by name; gaps: how far each layer looks. Facts in eight bits."""
    head = struct.pack(
        f"<8s{5 + _MAX_LAYERS}i", _MAGIC, WIDTH, PIECE_WIDTH, _TYPES, BUCKETS, len(gaps),
        *gaps, *[0] * (_MAX_LAYERS - len(gaps)),
    )  # fmt: skip
    table = state["facts.weight"]
    scale = np.abs(table).max(axis=0) / 127 + 1e-12
    out = np.vstack([state["out.weight"].T, state["out.bias"]])
    out = np.pad(out, ((0, 0), (0, _PANEL - _TYPES)))
    arrays = [scale, state["meaning.weight"].T, state["meaning.bias"], out]
    for number in range(len(gaps)):
        # (out, in, left|middle|right) to left, middle and right one under the other
        arrays.append(state[f"layers.{number}.weight"].transpose(2, 1, 0).reshape(3 * WIDTH, WIDTH))
        arrays.append(state[f"layers.{number}.bias"])
    numbers = b"".join(np.ascontiguousarray(array, dtype="<f4").tobytes() for array in arrays)
    facts: bytes = np.round(table / scale).astype(np.int8).tobytes()
    return head + numbers + facts
