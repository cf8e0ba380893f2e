"""The states of a bulk. What comes in and goes out is ids, numbers and names; the summaries themselves are
made by the machine of the patient summary, started once for each row."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from hntai.domain.bulk import BulkId, RowOutcome, batches, job_of
from hntai.domain.errors import ConfigurationError, ResourceUnknownError, leaf_named
from hntai.domain.jobs import Job, JobId, JobState
from hntai.ports import Clock, Jobs, RunEvents
from hntai.ports.bulk import EhrTurns
from hntai.services.bulk.bulk_store import BulkStore
from hntai.services.run_workspace import RunRequest, RunWorkspace


class PreparedBulk(TypedDict):
    """What the Distributed Map is told."""

    index_key: str
    rows: int
    batches: int
    concurrency: int
    tolerated_failure_percentage: int


class BulkCounts(TypedDict):
    """Rows of the whole bulk, of all attempts."""

    rows: int
    succeeded: int
    failed: int
    pending: int


@dataclass(frozen=True, slots=True)
class PrepareBulk:
    """PrepareBatches: the rows that are not done yet, as an index of numbers."""

    store: BulkStore

    def __call__(self, bulk_id: BulkId, attempt: int) -> PreparedBulk:
        """Raises ResourceUnknownError: there is no such bulk."""
        plan = self.store.plan(bulk_id)
        pending = list(self.store.pending(bulk_id, plan))
        index = batches(pending, plan.batch_rows)
        return {
            "index_key": self.store.keep_index(bulk_id, attempt, index),
            "rows": len(pending),
            "batches": len(index),
            "concurrency": plan.concurrency,
            "tolerated_failure_percentage": plan.tolerated_failure_percentage,
        }


@dataclass(frozen=True, slots=True)
class TakeTurn:
    """TakeTurn: when this row may go to the EHR."""

    store: BulkStore
    turns: EhrTurns
    pause: Callable[[float], None]

    def __call__(self, bulk_id: BulkId) -> dict[str, int]:
        """Whole seconds still to wait. The state machine knows no parts of one, so a part is waited out here.

        Rounded up instead, every short wait would be a second, and a second is longer than many a run.
        """
        part, whole = math.modf(self.turns.take(self.store.plan(bulk_id).requests_per_s))
        self.pause(part)
        return {"wait_s": int(whole)}


@dataclass(frozen=True, slots=True)
class StartRow:
    """StartRow: a row of the manifest becomes a job, its credentials sealed into it until the fetch."""

    store: BulkStore
    jobs: Jobs
    workspace: RunWorkspace
    credentials: Callable[[], str]
    """The secret: a JSON object with token, key or both."""
    clock: Clock

    def __call__(self, bulk_id: BulkId, attempt: int, row: int) -> dict[str, str]:
        """The job, made once however often the row is started in one attempt.

        Raises:
            ConfigurationError: the secret is not of that form.
        """
        job_id = job_of(bulk_id, attempt, row)
        if not self._is_there(job_id):
            plan, asked = self.store.plan(bulk_id), self.store.row(bulk_id, row)
            token, key = self._opened()
            request = RunRequest(
                patient_id=asked.patientid,
                token=token,
                key=key,
                generation_mode=asked.generation_mode.value,
                timeout_mode=asked.timeout_mode.value,
                phi_policy=asked.phi_policy.value,
                model_name=asked.patient_summarizer_model_name,
                model_type=asked.patient_summarizer_model_type,
            )
            request_id = f"bulk/{bulk_id}/{attempt}/{row}"
            job = Job(job_id, plan.tenant, plan.actor, request_id, JobState.QUEUED, self.clock())
            self.jobs.create(job, self.workspace.sealed_request(job_id, request))
        return {"job_id": str(job_id)}

    def _is_there(self, job_id: JobId) -> bool:
        try:
            self.jobs.get(job_id)
        except ResourceUnknownError:
            return False
        return True

    def _opened(self) -> tuple[str, str]:
        try:
            secret = json.loads(self.credentials())
            return str(secret.get("token", "")), str(secret.get("key", ""))
        except (ValueError, AttributeError):
            raise ConfigurationError(
                setting="HNTAI_BULK_EHR_CREDENTIALS", expected="a JSON object with token, key or both"
            ) from None


@dataclass(frozen=True, slots=True)
class KeepResults:
    """KeepResults: what became of a batch's rows, as sealed lines."""

    store: BulkStore
    jobs: Jobs
    workspace: RunWorkspace
    events: RunEvents

    def __call__(
        self, bulk_id: BulkId, attempt: int, batch: int, ended: Sequence[Mapping[str, object]]
    ) -> dict[str, int]:
        """How many succeeded and failed.

        ended: a row number each, with the error's name where the row came to no job.
        """
        outcomes = [
            self._outcome(bulk_id, attempt, int(str(one["row"])), str(one.get("error", ""))) for one in ended
        ]
        self.store.keep_results(bulk_id, attempt, batch, outcomes)
        for outcome in outcomes:
            self.events.forget(job_of(bulk_id, attempt, outcome.row))
        failed = sum(bool(outcome.error) for outcome in outcomes)
        return {"succeeded": len(outcomes) - failed, "failed": failed}

    def _outcome(self, bulk_id: BulkId, attempt: int, row: int, error: str) -> RowOutcome:
        patient_id = self.store.row(bulk_id, row).patientid
        if error:
            return RowOutcome(row, patient_id, None, leaf_named(error).__name__)
        job_id = job_of(bulk_id, attempt, row)
        result = self.jobs.result(job_id)
        if result.sealed is None:
            return RowOutcome(row, patient_id, None, result.error or "RunTimedOutError")
        return RowOutcome(row, patient_id, self.workspace.open_result(job_id, result.sealed), "")


@dataclass(frozen=True, slots=True)
class SumUp:
    """SumUp: how the whole bulk stands."""

    store: BulkStore

    def __call__(self, bulk_id: BulkId) -> BulkCounts:
        """Raises ResourceUnknownError."""
        rows, progress = self.store.plan(bulk_id).rows, self.store.progress(bulk_id)
        succeeded, failed = len(progress.succeeded), len(progress.failed)
        return {
            "rows": rows,
            "succeeded": succeeded,
            "failed": failed,
            "pending": rows - succeeded - failed,
        }
