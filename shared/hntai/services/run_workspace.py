"""What the steps of a run hand to each other: sealed JSON in PostgreSQL, never in the state machine."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hntai.domain.errors import RecordMissingError
from hntai.domain.jobs import JobId, PatientKey
from hntai.ports import EhrRecord, Jobs, RunDocuments, Sealer


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What was asked for. token and key are empty once the record was fetched."""

    patient_id: str
    token: str
    key: str
    generation_mode: str
    timeout_mode: str
    phi_policy: str
    model_name: str | None
    model_type: str | None
    documents: Sequence[str] = ()
    """Upload ids."""


@dataclass(frozen=True, slots=True)
class TranscriptionRequest:
    """What of which recording was asked for."""

    source: str
    """Where the recording lies; see hntai.services.file_store."""
    is_scrubbed: bool
    is_retained: bool
    owner: str
    """The owner's part of keys."""
    is_kept: bool = False
    """Whether the transcript is kept."""


@dataclass(frozen=True, slots=True)
class DocumentRequest:
    """What of which document was asked for."""

    source: str
    """Where it lies; see hntai.services.file_store."""
    is_scrubbed: bool


@dataclass(frozen=True, slots=True)
class RunWorkspace:
    """Seals what goes in, opens what comes out; every blob is bound to its job and kind."""

    jobs: Jobs
    documents: RunDocuments
    sealer: Sealer

    def sealed_request(
        self, job_id: JobId, request: RunRequest | TranscriptionRequest | DocumentRequest
    ) -> bytes:
        fields = {name: getattr(request, name) for name in type(request).__slots__}
        return self.sealer.seal(_json(fields), f"request/{job_id}")

    def request(self, job_id: JobId) -> RunRequest:
        return RunRequest(**self._asked(job_id))

    def transcription(self, job_id: JobId) -> TranscriptionRequest:
        return TranscriptionRequest(**self._asked(job_id))

    def document(self, job_id: JobId) -> DocumentRequest:
        return DocumentRequest(**self._asked(job_id))

    def _asked(self, job_id: JobId) -> dict[str, Any]:
        asked: dict[str, Any] = json.loads(
            self.sealer.open(self.jobs.sealed_request(job_id), f"request/{job_id}")
        )
        return asked

    def put(self, job_id: JobId, kind: str, content: Any) -> None:
        self.documents.put(job_id, kind, self.sealer.seal(_json(content), _context(job_id, kind)))

    def get(self, job_id: JobId, kind: str) -> Any:
        """Raises RecordMissingError."""
        return json.loads(self.sealer.open(self.documents.get(job_id, kind), _context(job_id, kind)))

    def find(self, job_id: JobId, kind: str) -> Mapping[str, Any]:
        """An object; nothing where the job did not come so far."""
        try:
            content: Mapping[str, Any] = self.get(job_id, kind)
        except RecordMissingError:
            return {}
        return content

    def count(self, job_id: JobId, prefix: str) -> int:
        """Of documents whose kind begins so."""
        return self.documents.count(job_id, prefix)

    def seal_record(self, patient: PatientKey, resources: Sequence[Any], warnings: Sequence[str]) -> bytes:
        content = {"resources": resources, "warnings": warnings}
        return self.sealer.seal(_json(content), f"stored-record/{patient.hex()}")

    def open_record(self, patient: PatientKey, sealed: bytes) -> EhrRecord:
        content = json.loads(self.sealer.open(sealed, f"stored-record/{patient.hex()}"))
        return EhrRecord(content["resources"], content["warnings"])

    def seal_result(self, job_id: JobId, answer: Mapping[str, Any]) -> bytes:
        return self.sealer.seal(_json(answer), f"result/{job_id}")

    def open_result(self, job_id: JobId, sealed: bytes) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.sealer.open(sealed, f"result/{job_id}"))
        return answer


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _context(job_id: JobId, kind: str) -> str:
    return f"run/{job_id}/{kind}"
