"""What a bulk takes, in hours and dollars, from what single runs took."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

DOLLARS_A_GB_S: Final = 0.0000166667
"""Source: aws.amazon.com/lambda/pricing, us-east-1, x86, first tier, 2025."""
DOLLARS_A_CALL: Final = 0.20 / 1_000_000
"""The same page: requests."""
DOLLARS_A_TRANSITION: Final = 0.025 / 1000
"""Source: aws.amazon.com/step-functions/pricing, us-east-1, standard workflows, 2025."""
MEMORY_MB: Final = {
    "FetchRecord": 1769,
    "LoadStoredRecord": 1769,
    "ReadDocuments": 1769,
    "BuildChart": 1769,
    "ChooseMode": 3538,
    "GenerateSection": 3538,
    "GenerateSectionByRule": 3538,
    "Verify": 1769,
    "Assemble": 1769,
    "Publish": 1769,
    "FailRun": 1769,
}
"""Of the function behind each state, as template.yaml has it; a test holds the two together."""
BULK_STEP_MB: Final = 1024
ROW_CALLS: Final = 2
"""TakeTurn and StartRow."""
TURN_PAUSE_S: Final = 0.5
"""Part of a second that TakeTurn waits out itself: half of one, taken evenly."""
ROW_TRANSITIONS: Final = 5
"""Their states, the wait, the summary's start and the row's end."""
BATCH_TRANSITIONS: Final = 5
"""The batch itself, its map, its results, the choice and its end."""


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """Means over finished runs of the patient summary."""

    runs: int
    total_s: float
    """From start to end of a run."""
    busy_s: Mapping[str, float]
    """Seconds of a state's function in one run, all its calls together, by the state's name."""
    calls: Mapping[str, float]
    """Calls of a state's function in one run."""
    transitions: float
    """States a run goes through."""
    ehr_requests: float
    """Requests to the EHR in one run."""

    @property
    def quickest_call_s(self) -> float:
        """Stands for a bulk's own steps, which read and seal as little as the quickest of the summary's."""
        return min(self.busy_s[name] / count for name, count in self.calls.items() if count)


@dataclass(frozen=True, slots=True)
class BulkEstimate:
    """What a bulk would take. Rate: patients a second once it runs."""

    rows: int
    rate: float
    limit: str
    """What holds the rate down: `concurrency` or `ehr`."""
    hours: float
    lambda_dollars: float
    step_functions_dollars: float

    @property
    def dollars(self) -> float:
        return self.lambda_dollars + self.step_functions_dollars


def estimate(
    rows: int, measured: MeasuredRun, *, concurrency: int, requests_per_s: float, batch_rows: int
) -> BulkEstimate:
    """Retries, cold starts and throttling come on top; so do S3, KMS, logs and servers."""
    by_hands = concurrency / (measured.total_s + ROW_CALLS * measured.quickest_call_s)
    by_ehr = requests_per_s / max(1.0, measured.ehr_requests)
    rate = min(by_hands, by_ehr)
    row_gb_s = sum(MEMORY_MB[name] / 1024 * seconds for name, seconds in measured.busy_s.items())
    own_s = (ROW_CALLS + 1 / batch_rows) * measured.quickest_call_s + TURN_PAUSE_S
    own_gb_s = own_s * BULK_STEP_MB / 1024
    calls = sum(measured.calls.values()) + ROW_CALLS + 1 / batch_rows
    batches = math.ceil(rows / batch_rows)
    transitions = rows * (measured.transitions + ROW_TRANSITIONS) + batches * BATCH_TRANSITIONS
    return BulkEstimate(
        rows=rows,
        rate=rate,
        limit="concurrency" if by_hands <= by_ehr else "ehr",
        hours=rows / rate / 3600,
        lambda_dollars=rows * ((row_gb_s + own_gb_s) * DOLLARS_A_GB_S + calls * DOLLARS_A_CALL),
        step_functions_dollars=transitions * DOLLARS_A_TRANSITION,
    )
