"""What the services need for recordings: somewhere to keep bytes, and something that decodes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class AudioDecoder(Protocol):
    def decode(self, recording: Iterable[bytes], *, limit_s: float, deadline_s: float) -> Iterator[bytes]:
        """PCM as hntai.domain.speech has it, piece by piece; closing the iterator ends the work.

        recording: its bytes in order. limit_s: of decoded time. deadline_s: from when all of them are there.

        Raises:
            AudioTypeUnknownError: the first bytes are no type we read.
            AudioTooLongError: limit_s of it were decoded, and there is more.
            AudioUnreadableError: truncated, damaged, empty, of a form beyond the limits; or it ended.
        """


@dataclass(frozen=True, slots=True)
class PresignedPost:
    """Where and with which fields a form may be posted."""

    url: str
    fields: Mapping[str, str]


class Blobs(Protocol):
    """Objects by key. Raises BlobsUnavailableError where the store does not answer."""

    def presigned_post(self, key: str, *, max_bytes: int, expires_in_s: int) -> PresignedPost: ...
    def put(self, key: str, body: bytes) -> None: ...
    def size(self, key: str) -> int:
        """Raises UploadMissingError."""

    def read(self, key: str, *, first: int | None = None) -> Iterator[bytes]:
        """The object in pieces; only its first bytes where first says how many.

        Raises:
            UploadMissingError: there is none.
        """

    def keys(self, prefix: str) -> Sequence[str]:
        """Every key that begins so, sorted."""

    def delete(self, keys: Sequence[str]) -> None:
        """None of them is there afterwards; one that was not there is no error."""
