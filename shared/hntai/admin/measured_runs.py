"""What runs of the patient summary took, out of their histories."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from hntai.admin.run_history import events_of, runs_of
from hntai.admin.run_states import StateVisit, visits
from hntai.domain.bulk_cost import MEMORY_MB, MeasuredRun
from hntai.domain.errors import ResourceUnknownError

MOST_RUNS = 20


def measured_runs(client: Any, state_machine_arn: str) -> MeasuredRun:
    """Means over the newest runs that succeeded, at most MOST_RUNS.

    A state's seconds are those from entering to leaving it: what waits for a function to start is in them.

    Raises:
        ResourceUnknownError: no run has succeeded yet.
    """
    runs = [run for run in runs_of(client, [state_machine_arn]) if run["status"] == "SUCCEEDED"][:MOST_RUNS]
    if not runs:
        raise ResourceUnknownError(succeeded_runs=0)
    passed = [visits(events_of(client, run["executionArn"])) for run in runs]
    seconds, calls = defaultdict[str, float](float), Counter[str]()
    for visit in (visit for of_run in passed for visit in of_run if visit.name in MEMORY_MB):
        assert visit.exited_at is not None
        seconds[visit.name] += (visit.exited_at - visit.entered_at).total_seconds()
        calls[visit.name] += visit.tries
    return MeasuredRun(
        runs=len(runs),
        total_s=sum(map(_took, runs)) / len(runs),
        busy_s={name: total / len(runs) for name, total in seconds.items()},
        calls={name: total / len(runs) for name, total in calls.items()},
        transitions=sum(map(len, passed)) / len(runs),
        ehr_requests=sum(map(_requests, passed)) / len(runs),
    )


def _took(run: Mapping[str, Any]) -> float:
    return float((run["stopDate"] - run["startDate"]).total_seconds())


def _requests(of_run: Sequence[StateVisit]) -> int:
    outputs = [visit.output for visit in of_run if visit.name == "FetchRecord" and visit.output]
    return sum(int(json.loads(output).get("requests", 1)) for output in outputs)
