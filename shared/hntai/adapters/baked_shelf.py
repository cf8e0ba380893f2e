"""The shelf of what stands in a models folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from hntai.adapters.baked_models import MANIFEST, BakedModels
from hntai.adapters.cpu_quota import lambda_quota, thread_count
from hntai.adapters.model_process import ModelProcess
from hntai.adapters.model_shelf import ProcessModelShelf, shelved_models
from hntai.adapters.no_models import NoModels
from hntai.domain.errors import ModelFailedError
from hntai.domain.manifest import Model
from hntai.ports import ModelShelf


def baked_shelf(models_dir: Path | None, threads: int | None = None) -> ModelShelf:
    """The models begun in the folder, whole or not; an empty shelf where there is no such folder.

    threads: of each model; without them what the quota gives.

    Raises:
        ConfigurationError: the folder's manifest is wrong.
    """
    if models_dir is None or not (models_dir / MANIFEST).is_file():
        return NoModels()
    used = threads_used(threads)
    return ProcessModelShelf(
        shelved_models(BakedModels(models_dir)), lambda folder: ModelProcess(folder, used)
    )


def model_states(models_dir: Path | None) -> dict[str, bool]:
    """Of each model begun in the folder whether it is whole, by size; nothing where there is no such folder.

    Raises ConfigurationError as baked_shelf does.
    """
    if models_dir is None or not (models_dir / MANIFEST).is_file():
        return {}
    baked = BakedModels(models_dir)
    begun = [model for model in baked.manifest.models if baked.is_begun(model)]
    return {model.name: _is_whole(baked, model) for model in begun}


def _is_whole(baked: BakedModels, model: Model) -> bool:
    try:
        baked.get(model)
    except ModelFailedError:
        return False
    return True


def threads_used(threads: int | None) -> int:
    """Those that are set, else what the quota gives."""
    return threads or thread_count(_quota(os.environ))


def _quota(environment: Mapping[str, str]) -> float | None:
    """Processors of this Lambda function; elsewhere the group of processes says."""
    memory = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
    return lambda_quota(int(memory)) if memory.isdigit() else None
