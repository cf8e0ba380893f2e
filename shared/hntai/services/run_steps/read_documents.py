"""ReadDocuments: what the uploaded documents of a run say of the patient, before the chart is built."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any, Final, TypedDict

from hntai.contracts.patient_summary import PhiPolicy
from hntai.domain.chart import known_values
from hntai.domain.deidentification import Policy
from hntai.domain.errors import RecognizerBudgetError, RecordMissingError, ResourceUnknownError
from hntai.domain.fhir import mapping
from hntai.domain.identity import Identity
from hntai.domain.jobs import JobId
from hntai.domain.known_values import KnownValues
from hntai.domain.uploaded.entries import UploadedDocument, UploadedText, read_document
from hntai.services.documents.document_store import DocumentStore, UploadId
from hntai.services.run_steps.step import DOCUMENTS, RECORD, StepPorts
from hntai.services.run_workspace import RunRequest

BUDGET_S: Final = 35.0
"""For all documents; the function ends after 60 s, and opening them takes some of them."""
MISSING, UNREAD = "document_missing", "document_unread"
"""Names of fallbacks."""
POLICIES: Final = {
    PhiPolicy.LIMITED_DATASET: Policy.limited_dataset,
    PhiPolicy.SAFE_HARBOR: Policy.safe_harbor,
}
_SAID: Final = {
    MISSING: "Uploaded document {id} had expired or was deleted before it was read: nothing of it is told.",
    UNREAD: "Uploaded document {id} could not be read within its limits: nothing of it is told.",
}


class ReadCounts(TypedDict):
    """The state's output."""

    documents: int
    entries: int
    unread: int


@dataclass(frozen=True, slots=True)
class ReadDocuments:
    """Reads each document; one that is gone, too long or too slow is named, and the run goes on."""

    step: StepPorts
    documents: DocumentStore
    max_chars: int
    """Of all documents together."""
    budget_s: float = BUDGET_S

    def __call__(self, job_id: JobId) -> ReadCounts:
        """Raises BlobsUnavailableError, SealingUnavailableError."""
        workspace, job = self.step.workspace, self.step.jobs.get(job_id)
        request = workspace.request(job_id)
        reading = _Reading(request, workspace.get(job_id, RECORD)["resources"], self.budget_s)
        identity = Identity(job.tenant, job.subject, frozenset())
        read: list[UploadedDocument] = []
        fallbacks: dict[str, str] = {}
        left = self.max_chars
        for upload_id in request.documents:
            try:
                kept = self.documents.document(UploadId(uuid.UUID(upload_id)), identity)
            except ResourceUnknownError:
                fallbacks[upload_id] = MISSING
                continue
            uploaded = UploadedText(upload_id, kept.text, kept.kept_at.date())
            document = reading.read(uploaded) if len(kept.text) <= left else None
            if document is None:
                fallbacks[upload_id] = UNREAD
            else:
                left -= len(kept.text)
                read.append(document)
        content = {"read": [document.to_json() for document in read], "fallbacks": fallbacks}
        workspace.put(job_id, DOCUMENTS, content)
        self.step.tell(job_id, 38, "read_documents", documents=len(read))
        entries = sum(len(document.entries) for document in read)
        return {"documents": len(read), "entries": entries, "unread": len(fallbacks)}


class _Reading:
    """What every document of a run is read with."""

    def __init__(self, request: RunRequest, resources: list[Any], budget_s: float) -> None:
        own = [r for r in resources if mapping(r).get("resourceType") == "Patient"]
        self._known: KnownValues = known_values(resources, request.patient_id)
        self._names = known_values(own, request.patient_id).names
        self._policy = POLICIES[PhiPolicy(request.phi_policy)]
        self._until = time.perf_counter() + budget_s

    def read(self, uploaded: UploadedText) -> UploadedDocument | None:
        """The document; nothing where time was up."""
        try:
            return read_document(
                uploaded,
                self._known,
                self._names,
                self._policy,
                lambda: time.perf_counter() < self._until,
            )
        except RecognizerBudgetError:
            return None


def documents_read(step: StepPorts, job_id: JobId) -> list[UploadedDocument]:
    """Those that could be read; none where none were asked for, or the step failed."""
    return [UploadedDocument.from_json(told) for told in _content(step, job_id)["read"]]


def documents_missed(step: StepPorts, job_id: JobId) -> tuple[list[str], list[str]]:
    """The fallbacks, and a warning for each document of which nothing is told."""
    asked = step.workspace.request(job_id).documents
    content = _content(step, job_id)
    read = {told["upload_id"] for told in content["read"]}
    missed = {own: content["fallbacks"].get(own, UNREAD) for own in asked if own not in read}
    warnings = [_SAID[name].format(id=own) for own, name in missed.items()]
    return list(dict.fromkeys(missed.values())), warnings


def _content(step: StepPorts, job_id: JobId) -> dict[str, Any]:
    try:
        content: dict[str, Any] = step.workspace.get(job_id, DOCUMENTS)
    except RecordMissingError:
        return {"read": [], "fallbacks": {}}
    return content
