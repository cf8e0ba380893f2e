"""Callers' files at rest: sealed chunk by chunk, under keys that name an owner or a job and nothing else.

uploads/<owner>/<id>              as the caller posted it: under the bucket's encryption, until it is read
jobs/<job>/source/<chunk>         a file that waits for its job, sealed
jobs/<job>/pcm/<piece>/<chunk>    what is to be transcribed of a recording, sealed
retained/<owner>/<id>/<chunk>     a recording kept because its owner asked for it, sealed

The texts of documents lie beside them: services/documents/document_store.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hntai.domain.errors import BlobsUnavailableError, UploadMissingError
from hntai.domain.identity import Identity
from hntai.domain.jobs import JobId
from hntai.ports import Blobs, Digests, Sealer

UPLOADS: Final = "uploads/"
RETAINED: Final = "retained/"
CHUNK_BYTES: Final = 8 << 20
"""Sealed at once; what sealing needs of memory is twice that."""
_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


def owner_part(digests: Digests, identity: Identity) -> str:
    """What stands in keys for an identity."""
    return digests("blob-owner", identity.owner.encode()).hex()[:32]


def is_owned(source: str, owner: str) -> bool:
    """Whether a caller may name this source: its own uploads and what it has retained."""
    kind, _, rest = source.partition("/")
    named, _, own_id = rest.partition("/")
    return f"{kind}/" in (UPLOADS, RETAINED) and named == owner and _ID.fullmatch(own_id) is not None


def job_place(job_id: JobId) -> str:
    return f"jobs/{job_id}"


def source_place(job_id: JobId) -> str:
    return f"{job_place(job_id)}/source"


def piece_place(job_id: JobId, piece: int) -> str:
    return f"{job_place(job_id)}/pcm/{piece:03d}"


@dataclass(frozen=True, slots=True)
class FileStore:
    """Seals, opens and discards files. Raises BlobsUnavailableError, SealingUnavailableError."""

    blobs: Blobs
    sealer: Sealer

    def seal(self, place: str, pieces: Iterable[bytes]) -> int:
        """How many objects they became."""
        count = 0
        for chunk in _chunks(pieces):
            key = f"{place}/{count:05d}"
            self.blobs.put(key, self.sealer.seal(chunk, _context(key)))
            count += 1
        return count

    def fetch(self, source: str) -> Iterator[bytes]:
        """The bytes of an upload, or of what was sealed at a place.

        Raises:
            UploadMissingError: nothing lies there.
        """
        if source.startswith(UPLOADS):
            yield from self.blobs.read(source)
            return
        for key in self._existing(source):
            yield self.sealer.open(b"".join(self.blobs.read(key)), _context(key))

    def head(self, source: str, size: int) -> bytes:
        """The first bytes. Raises UploadMissingError."""
        if source.startswith(UPLOADS):
            return b"".join(self.blobs.read(source, first=size))
        return next(self.fetch(source))[:size]

    def size(self, source: str) -> int:
        """In bytes; of what is sealed, no less than it is. Raises UploadMissingError."""
        if source.startswith(UPLOADS):
            return self.blobs.size(source)
        return len(self._existing(source)) * CHUNK_BYTES

    def discard(self, *sources: str) -> int:
        """How many objects there were; looked at again, none is left.

        Raises:
            BlobsUnavailableError: some are.
        """
        keys = self.listed(*sources)
        self.blobs.delete(keys)
        left = self.listed(*sources)
        if left:
            raise BlobsUnavailableError(objects=len(left))
        return len(keys)

    def listed(self, *sources: str) -> list[str]:
        """The keys of what lies at these places now, and below them."""
        found: list[str] = []
        for source in sources:
            is_upload = source.startswith(UPLOADS)
            keys = self.blobs.keys(source if is_upload else f"{source}/")
            found += (key for key in keys if not is_upload or key == source)
        return list(dict.fromkeys(found))

    def _existing(self, place: str) -> Sequence[str]:
        keys = self.blobs.keys(f"{place}/")
        if not keys:
            raise UploadMissingError
        return keys


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= CHUNK_BYTES:
            yield bytes(held[:CHUNK_BYTES])
            del held[:CHUNK_BYTES]
    if held:
        yield bytes(held)


def _context(key: str) -> str:
    """What a file is sealed for. The word is as old as the first files, and those are opened by it."""
    return f"audio/{key}"
