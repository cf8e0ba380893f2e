"""What the services need from the outside, and nothing of how it is had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from hntai.domain.audit import AuditRow, ChainedRow, ChainHead
from hntai.domain.identity import Identity
from hntai.domain.jobs import Job, JobId, JobKind, JobState, PatientKey
from hntai.ports.audio import AudioDecoder as AudioDecoder
from hntai.ports.audio import Blobs as Blobs
from hntai.ports.audio import PresignedPost as PresignedPost
from hntai.ports.documents import DocumentReader as DocumentReader
from hntai.ports.documents import ReadDocument as ReadDocument
from hntai.ports.models import ModelShelf as ModelShelf
from hntai.ports.models import SentenceEncoder as SentenceEncoder
from hntai.ports.models import TextModel as TextModel
from hntai.ports.speech import SpeechModel as SpeechModel

if TYPE_CHECKING:
    from hntai.domain.run_events import RunEvent, StoredEvent


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, with a time zone."""


class Digests(Protocol):
    def __call__(self, purpose: str, *parts: bytes) -> bytes:
        """32-byte keyed digest; different purposes never collide, nor do parts cut differently."""


class Sealer(Protocol):
    """Envelope encryption. context binds a blob to its place: it must be the same at opening.

    Raises:
        SealingUnavailableError: the key service does not answer, or refuses the blob.
    """

    def seal(self, plaintext: bytes, context: str) -> bytes: ...
    def open(self, sealed: bytes, context: str) -> bytes: ...


class AuditLog(Protocol):
    def append(self, rows: Sequence[AuditRow]) -> None:
        """Keeps the rows durably, each once, however often it is called with them.

        Raises:
            AuditUnavailableError: not kept; the caller must not answer.
        """


class AuditReader(Protocol):
    def heads(self) -> Sequence[ChainHead]: ...
    def rows(self, shard: int, after_position: int, limit: int) -> Sequence[ChainedRow]: ...


class AuditAnchors(Protocol):
    """Signed chain heads kept outside the database, so that a cut tail shows."""

    def put(self, heads: Sequence[ChainHead], made_at: datetime) -> str: ...
    def latest(self) -> Sequence[ChainHead] | None:
        """The newest anchor, or None where there is none.

        Raises:
            AuditAnchorForgedError: its signature does not hold.
        """


@dataclass(frozen=True, slots=True)
class JobResult:
    """How a run ended: the sealed answer, or the problem in ids and counts."""

    state: JobState
    sealed: bytes | None
    error: str | None
    """The leaf of the error tree that ended it, by class name."""


class Jobs(Protocol):
    """Raises DatabaseUnavailableError; ResourceUnknownError where there is no such job."""

    def create(self, job: Job, sealed_request: bytes) -> None: ...
    def get(self, job_id: JobId) -> Job: ...
    def get_owned(self, job_id: JobId, identity: Identity) -> Job: ...
    def start_fetch(self, job_id: JobId, at: datetime) -> Job:
        """Marks the run as running; the first call fixes fetch_started_at, later ones keep it."""

    def sealed_request(self, job_id: JobId) -> bytes: ...
    def replace_sealed_request(self, job_id: JobId, sealed_request: bytes) -> None: ...
    def mark_phi_touched(self, job_id: JobId) -> None: ...
    def finish(self, job_id: JobId, result: JobResult, at: datetime) -> bool:
        """True for the call that ended the run; a run ends once."""

    def result(self, job_id: JobId) -> JobResult: ...
    def overdue(self, kind: JobKind, before: datetime, limit: int) -> Sequence[JobId]:
        """Jobs of that kind, created before then, that never ended."""


class RunDocuments(Protocol):
    """Sealed text that passes between the steps of a run."""

    def put(self, job_id: JobId, kind: str, sealed: bytes) -> None: ...
    def get(self, job_id: JobId, kind: str) -> bytes:
        """Raises RecordMissingError."""

    def count(self, job_id: JobId, prefix: str) -> int:
        """How many documents there are whose kind begins so."""

    def discard(self, job_id: JobId) -> None: ...


@dataclass(frozen=True, slots=True)
class StoredRecord:
    sealed: bytes
    retrieved_at: datetime


class StoredRecords(Protocol):
    """The last record of each patient, sealed, for when the EHR is down."""

    def put(self, patient: PatientKey, record: StoredRecord) -> None: ...
    def get(self, patient: PatientKey) -> StoredRecord:
        """Raises StoredRecordMissingError."""


class RunEvents(Protocol):
    """Events of runs, in order. What is lost here is only ever an event, never a result."""

    def append(self, job_id: JobId, event: RunEvent) -> str | None:
        """The event's id, or None where it could not be kept."""

    def read(self, job_id: JobId, after: str, wait_s: float) -> Sequence[StoredEvent]:
        """Events after the id ("0-0": from the start), waiting up to wait_s for the first.

        Raises:
            CacheUnavailableError: the store does not answer.
        """

    def has(self, job_id: JobId, event_id: str) -> bool:
        """Raises CacheUnavailableError."""

    def forget(self, job_id: JobId) -> None:
        """Nobody will read this run's events; what cannot be forgotten now goes by itself later."""


class RunStarter(Protocol):
    """Sets the state machine of one kind of job going."""

    def start(self, job_id: JobId) -> None:
        """Raises WorkflowUnavailableError."""


@dataclass(frozen=True, slots=True)
class EhrCredentials:
    """Sent on to the EHR and never kept in clear."""

    token: str
    key: str


@dataclass(frozen=True, slots=True)
class EhrRecord:
    """resources: FHIR R4 resources, unwrapped from their bundles, in the EHR's order."""

    resources: Sequence[Mapping[str, object]]
    warnings: Sequence[str]
    requests: int = 1
    """How often the EHR was asked for it, repeated ones too."""


class Ehr(Protocol):
    def fetch(self, patient_id: str, credentials: EhrCredentials, budget_s: float) -> EhrRecord:
        """The whole record, every page, within the budget.

        Raises:
            EhrError: any of its leaves.
        """


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer worth remembering."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class IdempotencyRecords(Protocol):
    def begin(self, identity: Identity, path: str, key: str, body: bytes) -> Answer | None:
        """None: this call runs first, and owes finish or release. Else the first call's answer.

        Raises:
            IdempotencyKeyReusedError: the key was used with another body.
            IdempotencyInProgressError: the first call still runs.
            DatabaseUnavailableError: not known; the call must not run.
        """

    def finish(self, identity: Identity, path: str, key: str, answer: Answer) -> None: ...
    def release(self, identity: Identity, path: str, key: str) -> None: ...


class RateLimiter(Protocol):
    def admit(self, identity: Identity) -> None:
        """Raises RateLimitedError(retry_after_s=…)."""


class IdentityVerifier(Protocol):
    def verify(self, authorization: str | None, api_key: str | None) -> Identity:
        """Raises UnauthenticatedError, or DependencyError where it could not be decided."""


class MetricSink(Protocol):
    """Fleet-wide counters and histograms; losing one is allowed, raising is not."""

    def count(self, name: str, labels: Mapping[str, str], by: int = 1) -> None: ...
    def observe(self, name: str, labels: Mapping[str, str], seconds: float) -> None: ...
    def flush(self) -> None: ...
    def render(self) -> str:
        """Prometheus text format. Raises CacheUnavailableError."""


class HealthProbe(Protocol):
    name: str

    def __call__(self) -> bool:
        """True where the part is ready; never raises, never takes over 2 s."""


class Answers(Protocol):
    """Answers kept for a while for who asks the same again; losing one is allowed, raising is not."""

    def get(self, key: bytes) -> bytes | None: ...
    def put(self, key: bytes, answer: bytes) -> None:
        """key: a keyed digest of all the answer depends on."""


class Schema(Protocol):
    """The tables, as the migrations of this image make them."""

    def digest(self) -> str:
        """Of the migrations this image holds."""

    def migrate(self, budget_s: float) -> Sequence[str]:
        """Names of those applied now, in order; another caller is waited for, within budget_s.

        Raises:
            ConfigurationError: an applied migration was changed.
            DatabaseUnavailableError: no answer in time.
        """


@dataclass(frozen=True, slots=True)
class Gate:
    """What guarded routes need."""

    verifier: IdentityVerifier
    rate_limiter: RateLimiter
    idempotency: IdempotencyRecords


@dataclass(frozen=True, slots=True)
class EntryPorts:
    """What the web entry of every function stands on."""

    function: str
    metrics: MetricSink
    origins: Sequence[str] = ()
    gate: Gate | None = None
    """None where every route is open."""
