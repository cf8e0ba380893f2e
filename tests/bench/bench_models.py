"""The baked models a bench may measure, smallest first."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hntai.adapters.baked_models import BakedModels
from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.model_shelf import shelved_models
from hntai.domain.errors import ConfigurationError, ModelFailedError

ROUNDS: Final = 3
"""Of each measure; what is compared is alternated."""


@dataclass(frozen=True, slots=True)
class BenchModel:
    folder: ModelFolder
    is_test_only: bool
    """Whether its text is no summary."""

    @property
    def name(self) -> str:
        return self.folder.identity.name


def models_dir() -> Path:
    return Path(os.environ.get("HNTAI_MODELS_DIR") or ".models")


def baked_models() -> list[BenchModel]:
    """Those that are whole; none where nothing is baked."""
    try:
        shelved = shelved_models(BakedModels(models_dir()))
    except ConfigurationError:
        return []
    found = []
    for model in shelved:
        try:
            found.append(BenchModel(model.find(), model.is_only_by_name))
        except ModelFailedError:
            continue
    return sorted(found, key=lambda each: size_bytes(each.folder))


def size_bytes(model: ModelFolder) -> int:
    return sum((model.folder / name).stat().st_size for name in model.files)


def median(values: Iterable[float]) -> float:
    return statistics.median(values)
