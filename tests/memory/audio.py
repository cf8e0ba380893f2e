"""Recordings in memory: a store, a decoder that takes all for PCM, and a model that hears loudness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from hntai.domain.errors import AudioTooLongError, BlobsUnavailableError, UploadMissingError
from hntai.domain.generation import ModelIdentity, ModelType
from hntai.domain.speech import BYTES_PER_S, SpeechSegment, SpeechWindow
from hntai.ports import PresignedPost


@dataclass
class MemoryBlobs:
    kept: dict[str, bytes] = field(default_factory=dict)
    is_down: bool = False

    def _check(self) -> None:
        if self.is_down:
            raise BlobsUnavailableError

    def presigned_post(self, key: str, *, max_bytes: int, expires_in_s: int) -> PresignedPost:
        self._check()
        return PresignedPost("memory://", {"key": key, "max": str(max_bytes), "expires": str(expires_in_s)})

    def put(self, key: str, body: bytes) -> None:
        self._check()
        self.kept[key] = body

    def size(self, key: str) -> int:
        self._check()
        if key not in self.kept:
            raise UploadMissingError
        return len(self.kept[key])

    def read(self, key: str, *, first: int | None = None) -> Iterator[bytes]:
        self.size(key)
        yield self.kept[key][:first]

    def keys(self, prefix: str) -> Sequence[str]:
        self._check()
        return sorted(key for key in self.kept if key.startswith(prefix))

    def delete(self, keys: Sequence[str]) -> None:
        self._check()
        for key in keys:
            self.kept.pop(key, None)


@dataclass
class MemoryDecoder:
    """Takes every recording for PCM already, and hears it a number of times."""

    failing: Exception | None = None
    times: int = 1

    def decode(self, recording: Iterable[bytes], *, limit_s: float, deadline_s: float) -> Iterator[bytes]:
        if self.failing is not None:
            raise self.failing
        pcm = b"".join(recording) * self.times
        most = int(limit_s * BYTES_PER_S)
        for place in range(0, min(len(pcm), most), BYTES_PER_S):
            yield pcm[place : min(place + BYTES_PER_S, most)]
        if len(pcm) > most:
            raise AudioTooLongError(limit_s=limit_s)


@dataclass
class MemorySpeech:
    """A SpeechModel that takes each second with any sound in it for speech, and says the same each time.

    says: the words of a window; by default where in its PCM it lies.
    """

    says: str | None = None
    failing: list[Exception] = field(default_factory=list)
    """Raised one after the other, by one call of transcribe each."""
    identity: ModelIdentity = field(default=ModelIdentity("listener", "r1", ModelType.SEQ2SEQ))
    language: str = "en"
    heard: list[int] = field(default_factory=list)
    """Windows of each call."""

    def windows(self, pcm: bytes) -> Sequence[SpeechWindow]:
        found: list[SpeechWindow] = []
        for second in range(-(-len(pcm) // BYTES_PER_S)):
            sound = pcm[second * BYTES_PER_S : (second + 1) * BYTES_PER_S]
            if not any(sound):
                continue
            end = second + len(sound) / BYTES_PER_S
            last = found[-1] if found else None
            if last is not None and last.end_s == second and end - last.start_s <= 30:
                found[-1] = SpeechWindow(last.start_s, end)
            else:
                found.append(SpeechWindow(float(second), end))
        return found

    def transcribe(
        self, pcm: bytes, windows: Sequence[SpeechWindow], *, deadline_s: float
    ) -> Iterator[Sequence[SpeechSegment]]:
        self.heard.append(len(windows))
        for window in windows:
            if self.failing:
                raise self.failing.pop(0)
            words = self.says or f"Heard from {window.start_s:.0f} to {window.end_s:.0f}."
            yield [SpeechSegment(window.start_s, window.end_s, words, 0.9)]


def speech_pcm(*seconds: tuple[int, bool]) -> bytes:
    """PCM of stretches: how many seconds, and whether there is speech."""
    return b"".join(
        (b"\x01\x10" if is_speech else b"\x00\x00") * (16_000 * length) for length, is_speech in seconds
    )
