"""The shelf of an image into which no model is baked."""

from __future__ import annotations

from hntai.domain.errors import ModelFailedError, ModelUnknownError
from hntai.domain.generation import ModelType
from hntai.ports import SentenceEncoder, TextModel


class NoModels:
    """See hntai.ports.ModelShelf."""

    def names(self, model_type: ModelType | None = None) -> tuple[str, ...]:  # noqa: ARG002
        return ()

    def text_model(self, name: str | None, model_type: ModelType | None) -> TextModel:  # noqa: ARG002
        raise ModelUnknownError(models=[])

    def encoder(self) -> SentenceEncoder:
        raise ModelFailedError(model="encoder", cause="missing")
