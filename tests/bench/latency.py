"""python -m tests.bench.latency: what a caller waits, on a stack of its own; medians and 95th percentiles.

Figures depend on the machine and on what else it does: compare within one run only.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from hntai_local.demo_patients import demo_bundles, demo_note
from hntai_local.fhir_server import DEMO_KEY, DEMO_TOKEN
from hntai_local.lambda_pool import LambdaPool
from hntai_local.leash import Leash
from hntai_local.ports_check import free_port
from hntai_local.progress import Progress
from hntai_local.stack import Stack
from hntai_local.stack_settings import StackSettings
from hntai_local.state_dir import PROJECT_ROOT, StateDir
from hntai_local.template import LocalFunction, read_template
from hntai_local.token import ALL_SCOPES, make_token, signing_secret

COLD_STARTS = 5
WARM_CALLS = 300
STREAMS = 20
NOTE = {"text": "Patient John Doe, SSN 123-45-6789, diagnosed with diabetes."}


def main() -> int:
    """Prints one line per measure; 0."""
    with (
        TemporaryDirectory(prefix="hntai-bench-", ignore_cleanup_errors=True) as folder,
        stack_of_its_own(folder) as facts,
    ):
        headers = {"Authorization": f"Bearer {facts['token']}"}
        settle(facts)
        print(f"{'measure':52} {'median':>10} {'p95':>10}   n")
        _cold(facts, headers)
        with httpx.Client(base_url=facts["api_url"], headers=headers, timeout=60) as api:
            _show(
                "POST /phi/scrub, 59 characters, warm",
                _times(WARM_CALLS, lambda: _ok(api.post("/phi/scrub", json=NOTE))),
            )
            note = {"text": demo_note(demo_bundles()[0])}
            _show(
                f"POST /phi/scrub, a note of {len(note['text'])} characters, warm",
                _times(100, lambda: _ok(api.post("/phi/scrub", json=note))),
            )
            long = {"text": (note["text"] * 400)[:500_000], "entities": False}
            _show(
                "POST /phi/scrub, 500,000 characters",
                _times(3, lambda: _ok(api.post("/phi/scrub", json=long))),
            )
            asked = {"patientid": "demo-1", "token": DEMO_TOKEN, "key": DEMO_KEY, "generation_mode": "rule"}
            _show(
                "POST /generate_patient_summary, rule, whole run",
                _times(STREAMS, lambda: _ok(api.post("/generate_patient_summary", json=asked))),
            )
        _streams(facts, headers)
    return 0


def _cold(facts: Mapping[str, Any], headers: Mapping[str, str]) -> None:
    """First answers of fresh environments: ours, and a bare FastAPI + Mangum function beside it."""
    event = json.loads((PROJECT_ROOT / "events" / "scrub_http.json").read_text("utf-8"))
    event["headers"] = {**event["headers"], "authorization": headers["Authorization"]}
    scrub = read_template(PROJECT_ROOT / "template.yaml").function("ScrubFunction")
    bare = LocalFunction(
        "Bare", ("tests.bench.bare_function.handler",), streaming=False, timeout_s=29, memory_mb=1769
    )
    times: dict[str, list[float]] = {"scrub": [], "bare": []}
    for _ in range(COLD_STARTS):
        for name, function in (("bare", bare), ("scrub", scrub)):
            times[name].append(_first_answer(function, facts["environment"], event))
    _show("POST /phi/scrub, cold environment to first answer", times["scrub"])
    _show("bare FastAPI + Mangum, the same", times["bare"])
    ratio = statistics.median(times["scrub"]) / statistics.median(times["bare"])
    print(f"{'cold start, scrub over bare':52} {ratio:9.2f}x")


def _first_answer(function: LocalFunction, environment: Mapping[str, str], event: Mapping[str, Any]) -> float:
    with TemporaryDirectory() as logs:
        leash = Leash()
        pool = LambdaPool([function], environment=environment, leash=leash, log_dir=Path(logs))
        started = time.perf_counter()
        answer = pool.invoke(function.name, json.dumps(event).encode())
        took = time.perf_counter() - started
        assert json.loads(answer.payload)["statusCode"] == 200, answer.payload[:200]
        pool.close()
        leash.close()
    return took


def _streams(facts: Mapping[str, Any], headers: Mapping[str, str]) -> None:
    """To the first event's last byte, and to the end, over the streaming URL."""
    firsts, wholes = [], []
    asked = {"patientid": "demo-2", "token": DEMO_TOKEN, "key": DEMO_KEY, "generation_mode": "rule"}
    with httpx.Client(base_url=facts["stream_url"], headers=dict(headers), timeout=60) as url:
        for _ in range(STREAMS):
            started = time.perf_counter()
            with url.stream("POST", "/generate_patient_summary?stream=true", json=asked) as answer:
                lines = answer.iter_lines()
                while next(lines):
                    pass
                firsts.append(time.perf_counter() - started)
                for _line in lines:
                    pass
            wholes.append(time.perf_counter() - started)
    _show("SSE, request to first event", firsts)
    _show("SSE, request to complete", wholes)


def _times(count: int, call: Callable[[], None]) -> list[float]:
    call()
    taken = []
    for _ in range(count):
        started = time.perf_counter()
        call()
        taken.append(time.perf_counter() - started)
    return taken


def _ok(answer: httpx.Response) -> None:
    assert answer.status_code == 200, answer.text[:200]


def _show(name: str, seconds: Sequence[float]) -> None:
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    print(
        f"{name:52} {statistics.median(ordered) * 1000:8.1f} ms {p95 * 1000:8.1f} ms  {len(ordered):3}",
        flush=True,
    )


def settle(facts: Mapping[str, Any]) -> None:
    """Until the functions are warm: one run, and the prewarming over."""
    headers = {"Authorization": f"Bearer {facts['token']}"}
    asked = {"patientid": "demo-3", "token": DEMO_TOKEN, "key": DEMO_KEY, "generation_mode": "rule"}
    for _ in range(2):
        _ok(
            httpx.post(
                f"{facts['api_url']}/generate_patient_summary", json=asked, headers=headers, timeout=60
            )
        )
    time.sleep(8)


@contextmanager
def stack_of_its_own(folder: str) -> Iterator[Mapping[str, Any]]:
    environment = {"HNTAI_STATE_DIR": folder, "PATH": os.environ["PATH"]}
    environment |= {name: str(free_port()) for name in ("HNTAI_PORT", "HNTAI_STREAM_PORT", "HNTAI_AWS_PORT")}
    state = StateDir.for_environment(environment)
    with state.locked():
        stack = Stack(StackSettings.from_environment(environment), state, Progress(), environment)
        try:
            stack.start()
            facts = state.read_stack()
            assert facts is not None
            token = make_token(
                signing_secret(environment, state), subject="bench", scopes=ALL_SCOPES, ttl_s=3600
            )
            yield {**facts, "token": token}
        finally:
            stack.close()


if __name__ == "__main__":
    sys.exit(main())
