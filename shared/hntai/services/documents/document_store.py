"""Documents at rest: the text of each sealed, under a key that names its owner and itself and nothing else.

documents/<owner>/<id>            what was read and answered
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NewType

from hntai.domain.documents.document import PAGE_GAP
from hntai.domain.errors import ResourceUnknownError, UploadMissingError
from hntai.domain.identity import Identity
from hntai.ports import Blobs, Clock, Digests, Sealer
from hntai.services.file_store import owner_part

DOCUMENTS: Final = "documents/"
UploadId = NewType("UploadId", uuid.UUID)


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """The text of a document as it was answered, and when that was."""

    text: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentStore:
    """Keeps and gives back. Raises BlobsUnavailableError, SealingUnavailableError."""

    blobs: Blobs
    sealer: Sealer
    digests: Digests
    clock: Clock

    def keep(
        self, upload_id: UploadId, identity: Identity, pages: Sequence[str], expires_at: datetime
    ) -> None:
        """The pages, for their owner, until then."""
        key = self._key(upload_id, identity)
        times = {"expires_at": expires_at.isoformat(), "kept_at": self.clock().isoformat()}
        kept = json.dumps({**times, "pages": list(pages)}).encode()
        self.blobs.put(key, self.sealer.seal(kept, _context(key)))

    def document(self, upload_id: UploadId, identity: Identity) -> KeptDocument:
        """What was kept.

        Raises:
            ResourceUnknownError: none of this identity's, or its time is over.
        """
        key = self._key(upload_id, identity)
        try:
            sealed = b"".join(self.blobs.read(key))
        except UploadMissingError:
            raise ResourceUnknownError from None
        kept: dict[str, Any] = json.loads(self.sealer.open(sealed, _context(key)))
        if datetime.fromisoformat(kept["expires_at"]) <= self.clock():
            raise ResourceUnknownError
        return KeptDocument(PAGE_GAP.join(kept["pages"]), datetime.fromisoformat(kept["kept_at"]))

    def forget(self, upload_id: UploadId, identity: Identity) -> None:
        """It is not there afterwards."""
        self.blobs.delete([self._key(upload_id, identity)])

    def _key(self, upload_id: UploadId, identity: Identity) -> str:
        return f"{DOCUMENTS}{owner_part(self.digests, identity)}/{upload_id.hex}"


def _context(key: str) -> str:
    return f"document/{key}"
