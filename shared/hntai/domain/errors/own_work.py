"""Errors of our own work: the audit log, de-identification, models and runs."""

from __future__ import annotations

from hntai.domain.errors.root import HntaiError


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
