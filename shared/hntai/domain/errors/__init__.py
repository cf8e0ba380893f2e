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

from hntai.domain.errors.callers import (
    AnswerTooLargeError,
    AudioError,
    AudioTooLongError,
    AudioTypeUnknownError,
    AudioUnreadableError,
    DocumentError,
    DocumentTooLongError,
    DocumentTypeUnknownError,
    DocumentUnreadableError,
    EventIdUnknownError,
    EventTooLargeError,
    IdempotencyInProgressError,
    IdempotencyKeyReusedError,
    IdentityError,
    InvalidRequestError,
    MalformedFormError,
    MalformedRequestError,
    ModelUnknownError,
    RateLimitedError,
    RequestError,
    ResourceUnknownError,
    ScopeMissingError,
    StreamingUnavailableError,
    TextTooLongError,
    UnauthenticatedError,
    UploadMissingError,
    UploadTooLargeError,
)
from hntai.domain.errors.dependencies import (
    AuditUnavailableError,
    BlobsUnavailableError,
    CacheUnavailableError,
    DatabaseUnavailableError,
    DependencyError,
    EhrAnswerInvalidError,
    EhrAnswerTooLargeError,
    EhrError,
    EhrPatientUnknownError,
    EhrRefusedError,
    EhrTimeoutError,
    EhrUnavailableError,
    EhrWrongPatientError,
    FunctionUnavailableError,
    KeySetUnavailableError,
    SealingUnavailableError,
    SecretUnavailableError,
    StackUnreachableError,
    WorkflowUnavailableError,
)
from hntai.domain.errors.own_work import (
    AuditAnchorForgedError,
    AuditChainBrokenError,
    AuditError,
    BulkRunningError,
    ModelError,
    ModelFailedError,
    PromptTooLongError,
    RecognizerBudgetError,
    RecordMissingError,
    RunError,
    RunTimedOutError,
    ScrubError,
    StoredRecordMissingError,
    TaggerError,
    UnexpectedStepError,
)
from hntai.domain.errors.root import (
    ConfigurationError,
    Detail,
    HntaiError,
)
from hntai.domain.errors.tree import leaf_named, leaves

__all__ = [
    "AnswerTooLargeError",
    "AudioError",
    "AudioTooLongError",
    "AudioTypeUnknownError",
    "AudioUnreadableError",
    "AuditAnchorForgedError",
    "AuditChainBrokenError",
    "AuditError",
    "AuditUnavailableError",
    "BlobsUnavailableError",
    "BulkRunningError",
    "CacheUnavailableError",
    "ConfigurationError",
    "DatabaseUnavailableError",
    "DependencyError",
    "Detail",
    "DocumentError",
    "DocumentTooLongError",
    "DocumentTypeUnknownError",
    "DocumentUnreadableError",
    "EhrAnswerInvalidError",
    "EhrAnswerTooLargeError",
    "EhrError",
    "EhrPatientUnknownError",
    "EhrRefusedError",
    "EhrTimeoutError",
    "EhrUnavailableError",
    "EhrWrongPatientError",
    "EventIdUnknownError",
    "EventTooLargeError",
    "FunctionUnavailableError",
    "HntaiError",
    "IdempotencyInProgressError",
    "IdempotencyKeyReusedError",
    "IdentityError",
    "InvalidRequestError",
    "KeySetUnavailableError",
    "MalformedFormError",
    "MalformedRequestError",
    "ModelError",
    "ModelFailedError",
    "ModelUnknownError",
    "PromptTooLongError",
    "RateLimitedError",
    "RecognizerBudgetError",
    "RecordMissingError",
    "RequestError",
    "ResourceUnknownError",
    "RunError",
    "RunTimedOutError",
    "ScopeMissingError",
    "ScrubError",
    "SealingUnavailableError",
    "SecretUnavailableError",
    "StackUnreachableError",
    "StoredRecordMissingError",
    "StreamingUnavailableError",
    "TaggerError",
    "TextTooLongError",
    "UnauthenticatedError",
    "UnexpectedStepError",
    "UploadMissingError",
    "UploadTooLargeError",
    "WorkflowUnavailableError",
    "leaf_named",
    "leaves",
]
