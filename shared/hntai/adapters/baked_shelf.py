"""The shelf of what stands in a models folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from hntai.adapters.baked_models import MANIFEST, BakedModels
from hntai.adapters.cpu_quota import lambda_quota, thread_count
from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.model_process import ModelProcess
from hntai.adapters.model_shelf import ProcessModelShelf, ShelvedModel
from hntai.adapters.no_models import NoModels
from hntai.domain.manifest import Model
from hntai.ports import ModelShelf

MOST_CONTEXT_TOKENS: Final = 8192
"""Of any model: a longer context takes memory for each token it might hold, and nothing here asks for one."""


def baked_shelf(models_dir: Path | None) -> ModelShelf:
    """The models begun in the folder, whole or not; an empty shelf where there is no such folder.

    Raises:
        ConfigurationError: the folder's manifest is wrong.
    """
    if models_dir is None or not (models_dir / MANIFEST).is_file():
        return NoModels()
    baked = BakedModels(models_dir)
    begun = (model for model in baked.manifest.models if model.model_type and baked.is_begun(model))
    models = [
        ShelvedModel(model.identity, _names(model), partial(_folder, baked, model), model.is_test_only)
        for model in begun
    ]
    threads = thread_count(_quota(os.environ))
    return ProcessModelShelf(models, lambda folder: ModelProcess(folder, threads))


def _names(model: Model) -> tuple[str, ...]:
    files = [file.upstream_path for file in model.files if file.upstream_path]
    return (*model.aliases, *(f"{model.upstream.repository}/{f}" for f in files if model.upstream))


def _folder(baked: BakedModels, model: Model) -> ModelFolder:
    found = baked.get(model)
    files = tuple(file.name for file in model.files)
    return ModelFolder(model.identity, found.folder, files, min(model.context_tokens, MOST_CONTEXT_TOKENS))


def _quota(environment: Mapping[str, str]) -> float | None:
    """Processors of this Lambda function; elsewhere the group of processes says."""
    memory = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
    return lambda_quota(int(memory)) if memory.isdigit() else None
