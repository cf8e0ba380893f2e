"""python -m tests.bench.call_cost: what 1,000 calls of each door cost at Lambda's prices (docs/costs.md).

Warm calls through the running stack; the whole answer time is billed, which is more than the function's
own. A vCPU of Lambda is another than this machine's: read the figures as an order of size.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import httpx

from hntai.domain.bulk_cost import DOLLARS_A_CALL, DOLLARS_A_GB_S, DOLLARS_A_TRANSITION, MEMORY_MB
from hntai_local.demo_patients import demo_bundles, demo_note
from hntai_local.state_dir import PROJECT_ROOT
from hntai_local.template import read_template
from tests.bench.latency import settle, stack_of_its_own
from tests.documents import lines, pdf, rendered, saved
from tests.eval.speech_clips import clips, joined
from tests.recordings import recording

_API_DOLLARS: Final = 1.00 / 1_000_000
"""An HTTP API call. Source: aws.amazon.com/api-gateway/pricing, us-east-1, first tier, 2025."""
_ROUNDS: Final = 15
_PHI_UNIT, _ENTITY_UNIT = 0.0014, 0.01
"""Comprehend Medical, 100 characters. Source: its price list, us-east-1, first tier, 2025."""
_PAGE: Final = 1.50 / 1000
"""Textract, text of a page. Source: its price list, us-east-1, first tier, 2025."""
_MINUTE: Final = 0.075
"""Transcribe Medical, a minute. Source: its price list, us-east-1, first tier, 2025."""


class Door(NamedTuple):
    """One kind of call, and what a managed service asks for the same."""

    name: str
    function: str
    call: Callable[[httpx.Client], httpx.Response]
    managed: str
    dollars: float | None


def main() -> int:
    """A table; 0."""
    functions = read_template(PROJECT_ROOT / "template.yaml")
    print("| call | memory | billed | HNTAI, 1,000 calls | managed service | its list price, 1,000 |")
    print("|---|---|---|---|---|---|")
    with (
        TemporaryDirectory(prefix="hntai-cost-", ignore_cleanup_errors=True) as folder,
        stack_of_its_own(folder) as facts,
    ):
        settle(facts)
        headers = {"Authorization": f"Bearer {facts['token']}"}
        with httpx.Client(base_url=facts["api_url"], headers=headers, timeout=60) as api:
            for door in _doors():
                memory = functions.function(door.function).memory_mb
                seconds = _billed(api, door)
                if seconds is None:
                    print(f"| {door.name} | {memory} MB | not measured: what it needs is not baked | | | |")
                    continue
                own = memory / 1024 * seconds * DOLLARS_A_GB_S + DOLLARS_A_CALL + _API_DOLLARS
                theirs = f"${1000 * door.dollars:.2f}" if door.dollars is not None else "-"
                _row(door.name, f"{memory} MB", f"{seconds * 1000:.0f} ms", own, door.managed, theirs)
    _summary_row()
    return 0


def _billed(api: httpx.Client, door: Door) -> float | None:
    """Seconds, the median of warm calls."""
    if door.call(api).status_code == 422:
        return None
    taken = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        answer = door.call(api)
        taken.append(time.perf_counter() - started)
        assert answer.status_code == 200, answer.text[:200]
    return statistics.median(taken)


def _doors() -> list[Door]:
    note = demo_note(demo_bundles()[0])
    units = -(-len(note) // 100)
    text = (note + "\n") * 4
    page = pdf(lines(*note[:2000].split("\n")[:30]))
    scan = saved(rendered(page, 200), "PNG")
    doors = [
        Door(
            f"scrub a note of {len(note)} characters", "ScrubFunction",
            lambda api: api.post("/phi/scrub", json={"text": note}),
            "Comprehend Medical DetectPHI", units * _PHI_UNIT,
        ),
        Door(
            f"extract from a note of {len(note)} characters", "ExtractFunction",
            lambda api: api.post("/extract_medical_data", json={"text": note}),
            "Comprehend Medical DetectEntities", units * _ENTITY_UNIT,
        ),
        Door(
            f"summarize {len(text)} characters, extractive", "SummarizeFunction",
            lambda api: api.post("/api/generate_summary", json={"text": _fresh(text)}), "-", None,
        ),
        Door(
            "read a page of a PDF with text", "UploadFunction",
            lambda api: api.post("/upload", files={"file": ("a.pdf", page)}), "Textract", _PAGE,
        ),
        Door(
            "read a scanned page, 200 dpi", "UploadFunction",
            lambda api: api.post("/upload", files={"file": ("a.png", scan)}), "Textract", _PAGE,
        ),
    ]  # fmt: skip
    if human := clips():
        minute = recording("m4a", joined(human, 60.0).samples[None])
        doors.append(
            Door(
                "transcribe a minute of speech", "TranscribeFunction",
                lambda api: api.post("/transcribe", files={"file": ("a.m4a", minute)}),
                "Transcribe Medical", _MINUTE,
            )
        )  # fmt: skip
    return doors


def _fresh(text: str) -> str:
    """Another text each time, that no kept answer is measured."""
    return f"{text}\nSeen at {time.monotonic_ns() % 10**9}."


def _summary_row() -> None:
    """A patient summary by rule: its states as docs/bulk-measured.json has them (make bench)."""
    measured: dict[str, Any] = json.loads((PROJECT_ROOT / "docs" / "bulk-measured.json").read_text("utf-8"))[
        "run"
    ]
    busy = sum(measured["busy_s"].values())
    gb_s = sum(MEMORY_MB[name] / 1024 * seconds for name, seconds in measured["busy_s"].items())
    own = gb_s * DOLLARS_A_GB_S + sum(measured["calls"].values()) * DOLLARS_A_CALL
    own += measured["transitions"] * DOLLARS_A_TRANSITION + _API_DOLLARS + DOLLARS_A_CALL
    _row("patient summary by rule, its states", "1,769 and 3,538 MB", f"{busy * 1000:.0f} ms", own, "-", "-")


def _row(name: str, memory: str, billed: str, dollars: float, managed: str, theirs: str) -> None:
    print(f"| {name} | {memory} | {billed} | ${1000 * dollars:.3f} | {managed} | {theirs} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
