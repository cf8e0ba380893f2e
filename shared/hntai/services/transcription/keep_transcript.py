"""Keeping the text of a transcript as the text of a document is kept, for the calls that name it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hntai.contracts.transcript import KeptTranscript
from hntai.domain.identity import Identity
from hntai.domain.jobs import JobId
from hntai.ports import Clock
from hntai.services.documents.document_store import DocumentStore, UploadId

_TRANSCRIPT: Final = "transcript"


@dataclass(frozen=True, slots=True)
class KeepTranscript:
    """Keeps and forgets. Raises BlobsUnavailableError, SealingUnavailableError."""

    documents: DocumentStore
    clock: Clock
    retention: timedelta

    def __call__(self, upload_id: UploadId, identity: Identity, text: str) -> KeptTranscript:
        """The text, sealed for its owner: one page."""
        expires_at = self.clock() + self.retention
        self.documents.keep(upload_id, identity, [text], expires_at)
        return KeptTranscript(upload_id=upload_id, expires_at=expires_at)

    def forget(self, upload_id: UploadId, identity: Identity) -> None:
        """It is not there afterwards."""
        self.documents.forget(upload_id, identity)


def upload_id_of(job_id: JobId) -> UploadId:
    """Of the transcript of a job, the same however often its state is tried."""
    return UploadId(uuid.uuid5(job_id, _TRANSCRIPT))
