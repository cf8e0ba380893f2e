"""An ONNX Runtime session whose inputs and outputs are checked where they cross the model's edge."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime

from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.out_of_memory import is_out_of_memory
from hntai.domain.errors import ModelFailedError

Tensors = dict[str, Any]
"""OrtValues by name; they stay where the session made them, so nothing is copied between steps."""
_TYPES: Final = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(int64)": np.int64,
    "tensor(bool)": np.bool_,
}


class ModelEdgeError(Exception):
    """A model's inputs or outputs are not what its family has."""


class OnnxSession:
    """One graph on the processor."""

    def __init__(self, file: Path, threads: int) -> None:
        """Raises what onnxruntime raises; failure() names it."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 4
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        self.inputs: Mapping[str, Any] = {place.name: place for place in self._session.get_inputs()}
        self.outputs: tuple[str, ...] = tuple(place.name for place in self._session.get_outputs())

    def require(self, inputs: Sequence[str], outputs: Sequence[str]) -> None:
        """Raises ModelEdgeError where one of them is missing, or an input has a type we do not feed."""
        if not set(inputs) <= set(self.inputs) or not set(outputs) <= set(self.outputs):
            raise ModelEdgeError
        if any(place.type not in _TYPES for place in self.inputs.values()):
            raise ModelEdgeError

    def run(self, feeds: Tensors) -> Tensors:
        """Every output, by name. feeds: what the graph has no input for is left out."""
        known = {name: value for name, value in feeds.items() if name in self.inputs}
        values = self._session.run_with_ort_values(list(self.outputs), known)
        return dict(zip(self.outputs, values, strict=True))

    def tensor(self, name: str, values: npt.NDArray[Any]) -> Any:
        """The array as the input of that name takes it."""
        wanted = _TYPES[self.inputs[name].type] if name in self.inputs else values.dtype
        return onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(values, dtype=wanted))

    def empty_pasts(self, names: Collection[str] | None = None) -> Tensors:
        """Keys and values of no token at all: (1, heads, 0, width) for each past input, or those named."""
        wanted = [name for name in self.inputs if is_past(name) and (names is None or name in names)]
        return {name: self._empty(name, self.inputs[name]) for name in wanted}

    def _empty(self, name: str, place: Any) -> Any:
        sizes = place.shape
        if len(sizes) != 4 or not isinstance(sizes[1], int) or not isinstance(sizes[3], int):
            raise ModelEdgeError
        return self.tensor(name, np.zeros((1, sizes[1], 0, sizes[3]), dtype=np.float32))


def is_past(name: str) -> bool:
    return name.startswith("past_key_values.")


def presents(outputs: Tensors) -> Tensors:
    """A step's keys and values under the names the next step takes them by."""
    return {
        name.replace("present.", "past_key_values.", 1): value
        for name, value in outputs.items()
        if name.startswith("present.")
    }


def last_logits(outputs: Tensors, vocabulary: int) -> npt.NDArray[np.float32]:
    """(vocabulary,): of the last position.

    Raises:
        ModelEdgeError: they are not (1, tokens, vocabulary) of floats, or not all numbers.
    """
    logits = outputs["logits"].numpy()
    if logits.ndim != 3 or logits.shape[0] != 1 or logits.shape[2] < vocabulary or logits.dtype.kind != "f":
        raise ModelEdgeError
    last: npt.NDArray[np.float32] = logits[0, -1].astype(np.float32, copy=False)
    if not np.isfinite(last).all():
        raise ModelEdgeError
    return last


def failure(model: ModelFolder, error: Exception, otherwise: str) -> ModelFailedError:
    """What the library raised, as our error: by its words where it ran out of memory."""
    cause = "out_of_memory" if is_out_of_memory(error) else otherwise
    return ModelFailedError(model=model.identity.name, cause=cause)


def read_json(file: Path) -> dict[str, Any]:
    """An object; {} where there is no such file."""
    return dict(json.loads(file.read_text("utf-8"))) if file.exists() else {}
