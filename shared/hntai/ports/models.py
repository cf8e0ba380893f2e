"""What the services need of models, whatever family they are of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from hntai.domain.generation import Generated, ModelIdentity, ModelType, Prompt


class TextModel(Protocol):
    """A loaded model that writes. One call at a time: callers queue, runners lock."""

    identity: ModelIdentity
    context_tokens: int
    """Prompt and answer together."""

    def count_tokens(self, text: str) -> int:
        """In the model's own tokens, without a template's."""

    def generate(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        deadline_s: float,
        on_text: Callable[[str], None] | None = None,
        grammar: str | None = None,
    ) -> Generated:
        """Greedy, from a fixed seed: the same prompt gives the same text.

        max_tokens: of the answer. deadline_s: from now; what is written by then is the answer. on_text: each
        piece as it comes. grammar: GBNF, where the family can hold to one; others pass over it.

        Raises:
            PromptTooLongError: template, prompt and max_tokens exceed the context. Nothing is cut.
            ModelFailedError: it crashed, ran out of memory, or wrote what is no text.
        """


class SentenceEncoder(Protocol):
    """Sentence vectors, for summaries made of the source's own sentences."""

    identity: ModelIdentity

    def count_tokens(self, text: str) -> int:
        """In the encoder's own tokens."""

    def similarities(self, sentences: Sequence[str]) -> Sequence[Sequence[float]]:
        """Cosine of each sentence with each: (n, n), from -1 to 1, symmetric, ones on the diagonal.

        Raises:
            ModelFailedError: it could not be computed.
        """


class ModelShelf(Protocol):
    """The models baked into this image, each loaded at its first use."""

    def names(self, model_type: ModelType | None = None) -> tuple[str, ...]:
        """Names of the baked models a request may ask for, in the manifest's order."""

    def has_text_model(self, name: str | None, model_type: ModelType | None) -> bool:
        """Whether text_model knows such a model; nothing is loaded."""

    def text_model(self, name: str | None, model_type: ModelType | None) -> TextModel:
        """The model asked for; by None the manifest's first of this type.

        Raises:
            ModelUnknownError: no such model is baked here; details carry the names there are.
            ModelFailedError: its file is missing, of another checksum, or cannot be loaded.
        """

    def encoder(self) -> SentenceEncoder:
        """Raises ModelFailedError, as above."""
