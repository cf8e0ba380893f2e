"""Evaluated prefixes on file, beside their model: baked once, read where a process would evaluate them.

One file a prefix, `prefixes/<key>.state`: 32 bytes of SHA-256 over the rest, then the state as llama.cpp
gives it. Nothing of a record is ever in one, for a prefix is the instruction alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hntai.adapters.baked_models import RECORD
from hntai.adapters.model_folder import ModelFolder

PREFIXES: Final = "prefixes"
"""Of a model's folder."""
_DIGEST_BYTES: Final = 32


class PrefixStates:
    """The states of one model under one build and one set of parameters. Reads; never writes."""

    def __init__(self, model: ModelFolder, parameters: str) -> None:
        """parameters: everything beside the model's bytes and the tokens that the numbers depend on."""
        self._folder = model.folder / PREFIXES
        self._parameters = parameters
        self._model = recorded_digests(model)

    def path(self, prefix: Sequence[int]) -> Path:
        """Where the state of these tokens stands, if it was baked."""
        told = json.dumps([self._model, self._parameters, list(prefix)])
        return self._folder / f"{hashlib.sha256(told.encode()).hexdigest()}.state"

    def read(self, prefix: Sequence[int]) -> bytes | None:
        """The state; None where none was baked for just this, or its bytes are not those baked."""
        if not self._model:
            return None
        try:
            written = self.path(prefix).read_bytes()
        except OSError:
            return None
        digest, state = written[:_DIGEST_BYTES], written[_DIGEST_BYTES:]
        return state if state and hashlib.sha256(state).digest() == digest else None


def written_form(state: bytes) -> bytes:
    """As a file holds it."""
    return hashlib.sha256(state).digest() + state


def recorded_digests(model: ModelFolder) -> str:
    """Of the model's files, as they were baked; "" where the folder does not say."""
    try:
        files = json.loads((model.folder / RECORD).read_text("utf-8"))["files"]
        digests = {str(file["name"]): str(file["sha256"]) for file in files}
        return " ".join(digests[name] for name in model.files)
    except (OSError, ValueError, LookupError, TypeError):
        return ""
