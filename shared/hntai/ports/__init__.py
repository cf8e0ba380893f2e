"""What the services need from the outside, and nothing of how it is had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hntai.domain.identity import Identity
from hntai.ports.audio import AudioDecoder as AudioDecoder
from hntai.ports.audio import Blobs as Blobs
from hntai.ports.audio import PresignedPost as PresignedPost
from hntai.ports.audit import AuditAnchors as AuditAnchors
from hntai.ports.audit import AuditLog as AuditLog
from hntai.ports.audit import AuditReader as AuditReader
from hntai.ports.documents import DocumentReader as DocumentReader
from hntai.ports.documents import ReadDocument as ReadDocument
from hntai.ports.models import ModelShelf as ModelShelf
from hntai.ports.models import SentenceEncoder as SentenceEncoder
from hntai.ports.models import TextModel as TextModel
from hntai.ports.runs import JobResult as JobResult
from hntai.ports.runs import Jobs as Jobs
from hntai.ports.runs import RunDocuments as RunDocuments
from hntai.ports.runs import RunEvents as RunEvents
from hntai.ports.runs import RunStarter as RunStarter
from hntai.ports.runs import StoredRecord as StoredRecord
from hntai.ports.runs import StoredRecords as StoredRecords
from hntai.ports.speech import SpeechModel as SpeechModel


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
