"""Ending jobs that were stopped from outside: each still owes its audit row and holds sealed text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from hntai.domain.errors import HntaiError, RunTimedOutError
from hntai.domain.jobs import JobId, JobKind
from hntai.ports import Clock, Jobs

_GRACE = timedelta(minutes=1)
_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class SweepRuns:
    """Fails a few jobs past their kind's limit; called whenever a new one starts, so that none stays long."""

    jobs: Jobs
    kinds: Sequence[JobKind]
    """Those whose end is known here."""
    fail: Callable[[JobId, str], object]
    clock: Clock

    def __call__(self) -> int:
        """How many were ended. One that cannot be ended now is left to the next call."""
        ended = 0
        for kind in self.kinds:
            for job_id in self.jobs.overdue(kind, self.clock() - kind.limit - _GRACE, _AT_ONCE):
                try:
                    self.fail(job_id, RunTimedOutError.__name__)
                except HntaiError:
                    continue
                ended += 1
        return ended
