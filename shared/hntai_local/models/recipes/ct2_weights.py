"""Weights out of a CTranslate2 model.bin, by name."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt

_DTYPES: Final = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}
"""Source: CTranslate2, include/ctranslate2/types.h, DataType."""
_VERSION: Final = 6

Weights = dict[str, npt.NDArray[Any]]


def read_weights(file: Path) -> Weights:
    """Every variable, as it is stored.

    Source: CTranslate2, python/ctranslate2/specs/model_spec.py, _serialize.

    Raises:
        ValueError: it is no model.bin of the version this was written for.
    """
    with file.open("rb") as stream:
        if _number(stream, "I") != _VERSION:
            raise ValueError("model.bin is of another version")
        _text(stream)
        _number(stream, "I")
        return dict(_variable(stream) for _ in range(_number(stream, "I")))


def _variable(stream: BinaryIO) -> tuple[str, npt.NDArray[Any]]:
    name = _text(stream)
    shape = [_number(stream, "I") for _ in range(_number(stream, "B"))]
    dtype = _DTYPES[_number(stream, "B")]
    return name, np.frombuffer(stream.read(_number(stream, "I")), dtype).reshape(shape)


def _number(stream: BinaryIO, kind: str) -> int:
    (value,) = struct.unpack(f"<{kind}", stream.read(struct.calcsize(kind)))
    return int(value)


def _text(stream: BinaryIO) -> str:
    """Its length counts a zero at the end."""
    return stream.read(_number(stream, "H"))[:-1].decode()
