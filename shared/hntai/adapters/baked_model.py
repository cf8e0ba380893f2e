"""A model as it stands in its folder, in the terms its runner needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hntai.domain.generation import ModelIdentity


@dataclass(frozen=True, slots=True)
class BakedModel:
    """A manifest's entry, baked."""

    identity: ModelIdentity
    format: str
    """"gguf" or "onnx"."""
    folder: Path
    files: tuple[tuple[str, int], ...]
    """Names within the folder, with their bytes."""
    context_tokens: int
    """Prompt and answer together, as the manifest allows them."""
    also_named: tuple[str, ...] = ()
    """Other names a request may use: the upstream repository with the file."""
