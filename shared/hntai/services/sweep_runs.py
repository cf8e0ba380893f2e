"""Ending runs that were stopped from outside: each still owes its audit row and holds sealed text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hntai.domain.errors import HntaiError, RunTimedOutError
from hntai.domain.jobs import RUN_LIMIT
from hntai.ports import Clock, Jobs
from hntai.services.run_steps.end_run import EndRun

_GRACE = timedelta(minutes=1)
_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class SweepRuns:
    """Fails a few runs past their limit; called whenever a new one starts, so that none stays for long."""

    jobs: Jobs
    end_run: EndRun
    clock: Clock

    def __call__(self) -> int:
        """How many were ended. One that cannot be ended now is left to the next call."""
        ended = 0
        for job_id in self.jobs.overdue(self.clock() - RUN_LIMIT - _GRACE, _AT_ONCE):
            try:
                self.end_run.fail(job_id, RunTimedOutError.__name__)
            except HntaiError:
                continue
            ended += 1
        return ended
