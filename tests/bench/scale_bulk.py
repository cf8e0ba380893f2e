"""python -m tests.bench.scale_bulk [measure]: hours and dollars of bulks, small to large.

`measure` starts a local stack, runs a bulk of ROWS synthetic patients on it, and writes what its runs took
into docs/bulk-measured.json, with date and machine. Without it the newest measure is read. Either way a bulk
is then simulated patient by patient for each size and concurrency: every child takes its turn at the EHR (one
bucket of tokens, which pays for each request), waits for it, and has one run in hand for as long as a run
took. The figures are printed beside what `hntai bulk estimate` says, and drawn into docs/bulk-scale.svg.
"""

from __future__ import annotations

import heapq
import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hntai.domain.bulk_cost import ROW_CALLS, MeasuredRun, estimate
from hntai_local.state_dir import PROJECT_ROOT

MEASURED: Final = PROJECT_ROOT / "docs" / "bulk-measured.json"
PLOT: Final = PROJECT_ROOT / "docs" / "bulk-scale.svg"
ROWS: Final = 24
SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
CONCURRENCIES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)
SCENARIOS: Final = ((5.0, None), (50.0, None), (50.0, 3.0))
"""Requests a second to the EHR, and requests a record takes: as measured, or as many as a longer one may."""
BATCH_ROWS: Final = 25


def main(arguments: list[str]) -> int:
    """The tables and the picture; 0."""
    from tests.bench.scale_plot import drawn

    if arguments[:1] == ["measure"]:
        MEASURED.write_text(json.dumps(measured_now(), indent=2) + "\n", "utf-8")
    kept = json.loads(MEASURED.read_text("utf-8"))
    measured = MeasuredRun(**kept["run"])
    print(f"measured {kept['date']} on {kept['machine']}: {measured.total_s:.2f} s a run,")
    print(f"{measured.ehr_requests:.1f} requests to the EHR, {measured.transitions:.0f} states")
    hours = {}
    for rate, requests in SCENARIOS:
        run = measured if requests is None else replace(measured, ehr_requests=requests)
        title = f"{rate:g} requests a second, {run.ehr_requests:g} a record"
        hours[title] = simulated_hours(run, rate)
        _print_table(title, run, rate, hours[title])
    PLOT.write_text(drawn(hours, kept), "utf-8")
    print(f"\ndrawn into {PLOT.relative_to(PROJECT_ROOT)}")
    return 0


def simulated_s(rows: int, measured: MeasuredRun, concurrency: int, requests_per_s: float) -> float:
    """From the first turn to the last end, in seconds."""
    interval, own_s = 1 / requests_per_s, measured.quickest_call_s
    debt = (measured.ehr_requests - 1) * interval
    free = 0.0
    hands = [0.0] * min(concurrency, rows)
    for _ in range(rows):
        now = heapq.heappop(hands) + own_s
        turn = max(free, now)
        free = max(turn + interval, now) + debt
        heapq.heappush(hands, turn + (ROW_CALLS - 1) * own_s + measured.total_s)
    return max(hands)


def simulated_hours(measured: MeasuredRun, requests_per_s: float) -> dict[int, list[float]]:
    """By size, for each of CONCURRENCIES. A million goes on as a hundred thousand do: it is not simulated."""
    hours: dict[int, list[float]] = {}
    for size in SIZES:
        simulated = min(size, 100_000)
        hours[size] = [
            simulated_s(simulated, measured, width, requests_per_s) * size / simulated / 3600
            for width in CONCURRENCIES
        ]
    return hours


def _print_table(title: str, measured: MeasuredRun, rate: float, hours: Mapping[int, list[float]]) -> None:
    print(f"\n{title}: hours (in brackets: estimated), dollars")
    print(f"{'patients':>10}" + "".join(f"{width:>18}" for width in CONCURRENCIES) + f"{'dollars':>12}")
    for size, found in hours.items():
        told = [
            estimate(size, measured, concurrency=width, requests_per_s=rate, batch_rows=BATCH_ROWS)
            for width in CONCURRENCIES
        ]
        cells = "".join(f"{f'{h:.2f} ({t.hours:.2f})':>18}" for h, t in zip(found, told, strict=True))
        print(f"{size:>10,}{cells}{told[0].dollars:>12,.2f}")


def measured_now() -> dict[str, Any]:
    """A bulk on a stack of our own: what its runs took, when, and where."""
    from hntai.admin.commands import main as administer
    from hntai.admin.measured_runs import measured_runs
    from hntai_local.demo_patients import demo_bundles
    from hntai_local.ports_check import free_port
    from hntai_local.progress import Progress
    from hntai_local.stack import Stack
    from hntai_local.stack_settings import StackSettings
    from hntai_local.state_dir import StateDir

    with TemporaryDirectory(prefix="hntai-bench-", ignore_cleanup_errors=True) as folder:
        state = StateDir(Path(folder))
        with state.locked():
            ports = ("HNTAI_PORT", "HNTAI_STREAM_PORT", "HNTAI_AWS_PORT")
            environment = {**os.environ, **{name: str(free_port()) for name in ports}}
            stack = Stack(StackSettings.from_environment(environment), state, Progress(), environment)
            try:
                stack.start()
                ids = [_patient_id(bundle) for bundle in demo_bundles()]
                settings = ("--settings", str(state.settings_file))
                _warm(state, ids)
                manifest = Path(folder) / "rows.jsonl"
                rows = [json.dumps({"patientid": ids[number % len(ids)]}) for number in range(ROWS)]
                manifest.write_text("\n".join(rows))
                limits = ("--concurrency", "1", "--requests-per-s", "100", "--yes")
                if administer([*settings, "bulk", "start", str(manifest), *limits]):
                    raise SystemExit("the bulk did not start")
                client, arn = _step_functions(), os.environ["HNTAI_STATE_MACHINE_ARN"]
                _wait_for(client, arn, ROWS + len(ids))
                run = measured_runs(client, arn)
            finally:
                stack.close()
    return {"date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": _machine(), "run": asdict(run)}


def _warm(state: Any, ids: list[str]) -> None:
    """One run of each patient, so that no cold start is measured."""
    import httpx

    from hntai_local.fhir_server import DEMO_KEY, DEMO_TOKEN
    from hntai_local.token import ALL_SCOPES, make_token, signing_secret

    facts = state.read_stack()
    token = make_token(signing_secret(os.environ, state), subject="bench", scopes=ALL_SCOPES, ttl_s=600)
    for patient in ids:
        body = {"patientid": patient, "token": DEMO_TOKEN, "key": DEMO_KEY, "generation_mode": "rule"}
        url, headers = f"{facts['api_url']}/generate_patient_summary", {"Authorization": f"Bearer {token}"}
        httpx.post(url, json=body, headers=headers, timeout=60).raise_for_status()


def _step_functions() -> Any:
    from hntai.adapters.aws_clients import client

    return client("stepfunctions")


def _wait_for(client: Any, arn: str, runs: int) -> None:
    deadline = time.monotonic() + 300
    while True:
        found = client.list_executions(stateMachineArn=arn, statusFilter="SUCCEEDED", maxResults=1000)
        if len(found["executions"]) >= runs:
            return
        if time.monotonic() > deadline:
            raise SystemExit("the bulk did not end")
        time.sleep(0.5)


def _patient_id(bundle: Mapping[str, Any]) -> str:
    resources = (entry["resource"] for entry in bundle["entry"])
    return str(next(resource["id"] for resource in resources if resource["resourceType"] == "Patient"))


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "one CPU")
    return f"{len(os.sched_getaffinity(0))} cores of {model}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
