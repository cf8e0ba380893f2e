"""Errors of what HNTAI stands on: its own services, and the EHR it asks."""

from __future__ import annotations

from hntai.domain.errors.root import HntaiError


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
