"""The models of an image, each in a process of its own, loaded at its first use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Final

from hntai.adapters.baked_models import BakedModels
from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.model_process import ModelProcess
from hntai.adapters.process_models import ProcessSentenceEncoder, ProcessTextModel
from hntai.domain.errors import ModelFailedError, ModelUnknownError
from hntai.domain.generation import ModelIdentity, ModelType
from hntai.domain.manifest import Model
from hntai.ports import SentenceEncoder, TextModel

MOST_CONTEXT_TOKENS: Final = 8_192
"""Keys and values of a model of 1.5 billion weights take 28 kB a token: 235 MB."""


@dataclass(frozen=True, slots=True)
class ShelvedModel:
    """A model that was baked, whole or not."""

    identity: ModelIdentity
    also_named: tuple[str, ...]
    """Other names a request may use: `upstream repository/file`."""
    find: Callable[[], ModelFolder]
    """Looks at its files, by size. Raises ModelFailedError: one is missing, or another than was baked."""
    is_only_by_name: bool = False
    """Whether it never answers a request that names no model: what is there for tests."""


class ProcessModelShelf:
    """A ModelShelf. Threads may share it."""

    def __init__(
        self,
        models: Sequence[ShelvedModel],
        start: Callable[[ModelFolder], ModelProcess],
    ) -> None:
        """models: in the manifest's order; the first of a type is its default."""
        self._models, self._start = tuple(models), start
        self._lock = Lock()
        self._opened: dict[str, tuple[ModelFolder, ModelProcess]] = {}

    def names(self, model_type: ModelType | None = None) -> tuple[str, ...]:
        return tuple(model.identity.name for model in self._of_type(model_type))

    def has_text_model(self, name: str | None, model_type: ModelType | None) -> bool:
        return bool(self._asked_for(name, model_type))

    def text_model(self, name: str | None, model_type: ModelType | None) -> TextModel:
        asked = self._asked_for(name, model_type)
        if not asked:
            raise ModelUnknownError(models=[model.identity.name for model in self._writers(model_type)])
        return ProcessTextModel(*self._open(asked[0]))

    def encoder(self) -> SentenceEncoder:
        encoders = self._of_type(ModelType.EXTRACTIVE)
        if not encoders:
            raise ModelFailedError(model=ModelType.EXTRACTIVE.value, cause="missing")
        return ProcessSentenceEncoder(*self._open(encoders[0]))

    def close(self) -> None:
        """Ends the children."""
        with self._lock:
            for _, process in self._opened.values():
                process.close()
            self._opened.clear()

    def _asked_for(self, name: str | None, model_type: ModelType | None) -> list[ShelvedModel]:
        writers = self._writers(model_type)
        if name is None:
            return [model for model in writers if not model.is_only_by_name]
        return [model for model in writers if name == model.identity.name or name in model.also_named]

    def _writers(self, model_type: ModelType | None) -> list[ShelvedModel]:
        return [m for m in self._of_type(model_type) if m.identity.model_type is not ModelType.EXTRACTIVE]

    def _of_type(self, model_type: ModelType | None) -> list[ShelvedModel]:
        return [m for m in self._models if model_type is None or m.identity.model_type is model_type]

    def _open(self, model: ShelvedModel) -> tuple[ModelFolder, ModelProcess]:
        with self._lock:
            name = model.identity.name
            if name not in self._opened:
                folder = model.find()
                self._opened[name] = folder, self._start(folder)
            return self._opened[name]


def shelved_models(
    baked: BakedModels, most_context_tokens: int = MOST_CONTEXT_TOKENS
) -> tuple[ShelvedModel, ...]:
    """Every model of a family a request may name that was ever baked there, in the manifest's order."""
    return tuple(
        ShelvedModel(
            model.identity,
            _other_names(model),
            partial(_folder, baked, model, most_context_tokens),
            is_only_by_name=model.is_test_only,
        )
        for model in baked.manifest.models
        if model.model_type is not None and baked.is_begun(model)
    )


def _other_names(model: Model) -> tuple[str, ...]:
    places = [file.upstream_path for file in model.files if file.upstream_path]
    upstream = [f"{model.upstream.repository}/{place}" for place in places] if model.upstream else []
    return (*model.aliases, *upstream)


def _folder(baked: BakedModels, model: Model, most_context_tokens: int) -> ModelFolder:
    """Raises ModelFailedError."""
    folder, files = baked.get(model).folder, tuple(file.name for file in model.files)
    return ModelFolder(model.identity, folder, files, min(model.context_tokens, most_context_tokens))
