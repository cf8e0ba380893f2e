"""The recognisers of a models folder."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Final

from hntai.adapters.baked_models import MANIFEST, BakedModels
from hntai.adapters.model_folder import ModelFolder
from hntai.domain.errors import ModelFailedError, ModelUnknownError
from hntai.domain.manifest import Model
from hntai.ports.speech import SpeechModel

RECOGNITION: Final = "automatic-speech-recognition"
ACTIVITY: Final = "voice-activity-detection"
"""Tasks, as the manifest names them."""


class SpeechShelf:
    """Each recogniser is loaded when first asked for. Threads may share it."""

    def __init__(self, models_dir: Path | None, threads: int) -> None:
        """Raises ConfigurationError: the folder's manifest is wrong."""
        is_there = models_dir is not None and (models_dir / MANIFEST).is_file()
        self._baked = BakedModels(models_dir) if models_dir is not None and is_there else None
        self._threads, self._lock = threads, Lock()
        self._loaded: dict[str, SpeechModel] = {}

    def names(self) -> tuple[str, ...]:
        """Of what was baked, whole or not, in the manifest's order."""
        return tuple(model.name for model in self._of_task(RECOGNITION))

    def speech_model(self, name: str | None = None) -> SpeechModel:
        """The recogniser of that name or alias; the manifest's first without one.

        Raises:
            ModelUnknownError: no such recogniser is baked.
            ModelFailedError: it, or the detector of speech it needs, is not whole or cannot be loaded.
        """
        found = [model for model in self._of_task(RECOGNITION) if name in (None, model.name, *model.aliases)]
        if not found:
            raise ModelUnknownError(models=list(self.names()))
        with self._lock:
            if found[0].name not in self._loaded:
                self._loaded[found[0].name] = self._load(found[0])
            return self._loaded[found[0].name]

    def _load(self, model: Model) -> SpeechModel:
        detectors = self._of_task(ACTIVITY)
        if not detectors:
            raise ModelFailedError(model=model.name, cause="missing")
        folders = self._folder(model), self._folder(detectors[0])
        try:
            from hntai.adapters.whisper import WhisperSpeech
        except ImportError as error:
            raise ModelFailedError(model=model.name, cause="cannot_load") from error
        return WhisperSpeech(*folders, self._threads)

    def _of_task(self, task: str) -> list[Model]:
        """Those that run here: what they are made of has a format of its own."""
        models = self._baked.manifest.models if self._baked else ()
        return [
            model
            for model in models
            if model.task == task and model.format == "onnx" and self._baked and self._baked.is_begun(model)
        ]

    def _folder(self, model: Model) -> ModelFolder:
        """Raises ModelFailedError."""
        assert self._baked is not None
        folder, files = self._baked.get(model).folder, tuple(file.name for file in model.files)
        return ModelFolder(model.identity, folder, files, model.context_tokens)
