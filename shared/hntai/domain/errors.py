"""Every error HNTAI raises on purpose, as one tree.

    HntaiError
    ├── ConfigurationError
    ├── RequestError
    │   ├── MalformedRequestError       ├── InvalidRequestError
    │   ├── TextTooLongError            ├── EventTooLargeError       ├── AnswerTooLargeError
    │   ├── ResourceUnknownError        ├── ModelUnknownError        ├── StreamingUnavailableError
    │   ├── EventIdUnknownError         ├── IdempotencyKeyReusedError
    │   ├── IdempotencyInProgressError  ├── RateLimitedError         ├── MalformedFormError
    │   ├── UploadMissingError          └── UploadTooLargeError
    ├── AudioError
    │   ├── AudioTypeUnknownError       ├── AudioTooLongError        └── AudioUnreadableError
    ├── DocumentError
    │   ├── DocumentTypeUnknownError    ├── DocumentTooLongError     └── DocumentUnreadableError
    ├── IdentityError
    │   ├── UnauthenticatedError        └── ScopeMissingError
    ├── DependencyError
    │   ├── DatabaseUnavailableError    ├── AuditUnavailableError    ├── CacheUnavailableError
    │   ├── SealingUnavailableError     ├── WorkflowUnavailableError ├── FunctionUnavailableError
    │   ├── SecretUnavailableError      ├── KeySetUnavailableError   ├── BlobsUnavailableError
    │   └── StackUnreachableError
    ├── EhrError
    │   ├── EhrUnavailableError         ├── EhrTimeoutError          ├── EhrRefusedError
    │   ├── EhrPatientUnknownError      ├── EhrAnswerInvalidError    ├── EhrAnswerTooLargeError
    │   └── EhrWrongPatientError
    ├── AuditError
    │   ├── AuditChainBrokenError       └── AuditAnchorForgedError
    ├── ScrubError
    │   ├── RecognizerBudgetError       └── TaggerError
    ├── ModelError
    │   ├── ModelFailedError            └── PromptTooLongError
    └── RunError
        ├── RecordMissingError          ├── StoredRecordMissingError
        ├── RunTimedOutError            ├── BulkRunningError
        └── UnexpectedStepError

A leaf's details are ids, counts, limits and names we chose ourselves: messages reach logs and the
execution history of the state machine, so text from a request or a record never goes in.
"""

from __future__ import annotations

from typing import ClassVar

Detail = int | float | str | list[str]


class HntaiError(Exception):
    """Root of the tree; never raised itself."""

    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"
    retryable: ClassVar[bool] = False
    """True where the same call may succeed later, unchanged."""

    def __init__(self, **details: Detail) -> None:
        self.details = details
        shown = ", ".join(f"{name}={value}" for name, value in details.items())
        super().__init__(f"{self.slug}: {shown}" if shown else self.slug)


class ConfigurationError(HntaiError):
    """A setting is wrong; details carry its name and what was expected, never its value."""

    slug, title = "configuration", "The service is not configured correctly"


class RequestError(HntaiError):
    """The caller can repair it."""


class MalformedRequestError(RequestError):
    slug, title = "malformed-request", "The request body is not valid JSON"


class InvalidRequestError(RequestError):
    slug, title = "invalid-request", "The request does not fit the contract"


class TextTooLongError(RequestError):
    slug, title = "text-too-long", "The text is longer than the limit"


class EventTooLargeError(RequestError):
    slug, title = "event-too-large", "The request event is larger than the limit"


class AnswerTooLargeError(RequestError):
    slug, title = "answer-too-large", "The answer would be larger than the limit"


class ResourceUnknownError(RequestError):
    slug, title = "unknown-resource", "There is no such resource"


class ModelUnknownError(RequestError):
    """Details carry `models`, the names there are; never the one that was asked for."""

    slug, title = "model-unknown", "No such model is baked into this service"


class StreamingUnavailableError(RequestError):
    slug, title = "streaming-elsewhere", "This address does not stream; use stream_url"


class EventIdUnknownError(RequestError):
    slug, title = "unknown-event-id", "Last-Event-ID names no event of this job"


class IdempotencyKeyReusedError(RequestError):
    slug, title = "idempotency-key-reused", "The Idempotency-Key was used with another body"


class IdempotencyInProgressError(RequestError):
    slug, title, retryable = "idempotency-in-progress", "The first call with this key still runs", True


class RateLimitedError(RequestError):
    slug, title, retryable = "rate-limited", "Too many requests", True


class MalformedFormError(RequestError):
    slug, title = "malformed-form", "The request body is not a multipart form with one file in it"


class UploadMissingError(RequestError):
    slug, title = "upload-missing", "Nothing lies under this key: not uploaded yet, used already, or expired"


class UploadTooLargeError(RequestError):
    slug, title = "upload-too-large", "The file has more bytes than the limit"


class AudioError(HntaiError):
    """What was sent cannot be transcribed; details carry limits, durations and causes we named."""


class AudioTypeUnknownError(AudioError):
    """Details carry `types`, those there are."""

    slug, title = "audio-type-unknown", "The bytes are no recording of a type that is read here"


class AudioTooLongError(AudioError):
    slug, title = "audio-too-long", "The recording is longer than the limit"


class AudioUnreadableError(AudioError):
    """Details carry `cause`: empty, truncated, damaged, no_audio, codec, sample_rate, channels, …"""

    slug, title = "audio-unreadable", "The recording cannot be decoded"


class DocumentError(HntaiError):
    """What was sent cannot be read as a document; details carry limits and causes we named."""


class DocumentTypeUnknownError(DocumentError):
    """Details carry `types`, those there are."""

    slug, title = "document-type-unknown", "The bytes are no document of a type that is read here"


class DocumentTooLongError(DocumentError):
    slug, title = "document-too-long", "The document has more pages or characters than the limit"


class DocumentUnreadableError(DocumentError):
    """Details carry `cause`: empty, truncated, damaged, encrypted, entities, bomb, archive_paths, …"""

    slug, title = "document-unreadable", "The document cannot be read"


class IdentityError(HntaiError):
    """Who calls is not known, or may not do this."""


class UnauthenticatedError(IdentityError):
    slug, title = "unauthenticated", "A valid bearer token or API key is required"


class ScopeMissingError(IdentityError):
    slug, title = "scope-missing", "The identity lacks the scope for this call"


class DependencyError(HntaiError):
    """A service HNTAI stands on does not answer."""

    retryable = True


class DatabaseUnavailableError(DependencyError):
    slug, title = "database-unavailable", "The database does not answer"


class AuditUnavailableError(DependencyError):
    slug, title = "audit-unavailable", "The audit row could not be kept, so there is no answer"


class CacheUnavailableError(DependencyError):
    slug, title = "cache-unavailable", "The cache does not answer"


class SealingUnavailableError(DependencyError):
    slug, title = "sealing-unavailable", "The key service does not answer"


class WorkflowUnavailableError(DependencyError):
    slug, title = "workflow-unavailable", "The state machine could not be reached"


class FunctionUnavailableError(DependencyError):
    slug, title = "function-unavailable", "A function did not answer"


class SecretUnavailableError(DependencyError):
    slug, title = "secret-unavailable", "A secret could not be read"


class KeySetUnavailableError(DependencyError):
    slug, title = "key-set-unavailable", "The issuer's key set could not be read"


class BlobsUnavailableError(DependencyError):
    slug, title = "storage-unavailable", "The object store does not answer"


class StackUnreachableError(DependencyError):
    slug, title = "stack-unreachable", "CloudFormation took no answer"


class EhrError(HntaiError):
    """The EHR did not give the record asked for."""


class EhrUnavailableError(EhrError):
    slug, title, retryable = "ehr-unavailable", "The EHR does not answer, or broke off", True


class EhrTimeoutError(EhrError):
    slug, title = "ehr-timeout", "The EHR did not answer within the time limit"


class EhrRefusedError(EhrError):
    slug, title = "ehr-refused", "The EHR refused the credentials sent on"


class EhrPatientUnknownError(EhrError):
    slug, title = "ehr-patient-unknown", "The EHR does not know this patient"


class EhrAnswerInvalidError(EhrError):
    slug, title = "ehr-answer-invalid", "The EHR's answer is not a record in the expected form"


class EhrAnswerTooLargeError(EhrError):
    slug, title = "ehr-answer-too-large", "The EHR's answer is larger than the limit"


class EhrWrongPatientError(EhrError):
    slug, title = "ehr-wrong-patient", "The EHR answered with another patient's record"


class AuditError(HntaiError):
    """The audit log is not what it was."""


class AuditChainBrokenError(AuditError):
    slug, title = "audit-chain-broken", "The audit chain does not hold"


class AuditAnchorForgedError(AuditError):
    slug, title = "audit-anchor-forged", "An anchor of the audit chain carries a wrong signature"


class ScrubError(HntaiError):
    """De-identification could not be finished, so nothing is returned."""


class RecognizerBudgetError(ScrubError):
    slug, title, retryable = "recognizer-budget", "A recognizer could not finish within its budget", True


class TaggerError(ScrubError):
    slug, title = "tagger", "The tagger cannot work here"


class ModelError(HntaiError):
    """A model could not do what it was asked; details carry its name, counts and a cause we named."""


class ModelFailedError(ModelError):
    slug, title = "model-failed", "The model failed"


class PromptTooLongError(ModelError):
    slug, title = "prompt-too-long", "The prompt and its answer do not fit into the model's context"


class RunError(HntaiError):
    """A patient-summary run could not go on."""


class RecordMissingError(RunError):
    slug, title = "record-missing", "What an earlier step kept is no longer there"


class StoredRecordMissingError(RunError):
    slug, title = "stored-record-missing", "There is no stored record to fall back on"


class BulkRunningError(RunError):
    slug, title = "bulk-running", "The bulk still runs"


class RunTimedOutError(RunError):
    slug, title = "run-timed-out", "The run did not end within its time"


class UnexpectedStepError(RunError):
    """A step failed in a way no one foresaw; details carry the class name of the cause only."""

    slug, title = "unexpected-step", "A step of the run failed unexpectedly"


def leaves(root: type[HntaiError] = HntaiError) -> tuple[type[HntaiError], ...]:
    """Every error class without subclasses below root, in order of definition."""
    children = root.__subclasses__()
    if not children:
        return (root,)
    return tuple(leaf for child in children for leaf in leaves(child))


def leaf_named(name: str) -> type[HntaiError]:
    """The leaf of that class name; UnexpectedStepError for a name that is not ours."""
    return next((leaf for leaf in leaves() if leaf.__name__ == name), UnexpectedStepError)
