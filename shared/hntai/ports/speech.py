"""What the services need of speech recognition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from hntai.domain.generation import ModelIdentity
    from hntai.domain.speech import SpeechSegment, SpeechWindow


class SpeechModel(Protocol):
    """A loaded recogniser with its voice activity detector. PCM is as hntai.domain.speech has it."""

    identity: ModelIdentity
    language: str
    """ISO 639-1, of what it writes."""

    def windows(self, pcm: bytes) -> Sequence[SpeechWindow]:
        """Where there is speech, in order, none longer than the model hears at once; silence: none.

        Raises:
            ModelFailedError: it could not be computed.
        """

    def transcribe(
        self, pcm: bytes, windows: Sequence[SpeechWindow], *, deadline_s: float
    ) -> Iterator[Sequence[SpeechSegment]]:
        """The segments of each window, window by window and in order; times count from the start of pcm.

        deadline_s: from now, for all of them.

        Raises:
            ModelFailedError: it crashed, ran out of memory, or the deadline passed.
        """
