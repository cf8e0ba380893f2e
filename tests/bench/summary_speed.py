"""python -m tests.bench.summary_speed [FOLDER]: from the EHR's answer, as bytes, to the assembled summary.

Over the bundles of FOLDER/data/clinical/patients (FOLDER: else $HNTAI_SHARED, else ../shared), or over the
demo patients where there are none; then a bundle of 4 MB and one of 50 MB, each in a process of its own that
tells how much memory it took. Every step of a run that computes is in it (scrubbing, the chart through JSON,
the gate); the network, the database and the state machine are not. Goals are printed, nothing is asserted.
"""

from __future__ import annotations

import copy
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import build_chart, chart_from_json, chart_to_json, known_values
from hntai.domain.deidentification import DeidentificationOptions, Policy, deidentify
from hntai.domain.delta import build_delta
from hntai.domain.grounding import verify
from hntai.domain.sections import section_statements, to_markdown
from hntai.domain.statements import Section
from hntai.runtime.collector import collect_rarely
from hntai_local.demo_patients import demo_bundles

Bundle = dict[str, Any]

ROUNDS: Final = 5
LARGE: Final = ((4_000_000, "1 s, 512 MB"), (50_000_000, "no goal"))
"""Bytes of a bundle, and the goal for it."""


def main(arguments: list[str]) -> int:
    """One line per measure; 0."""
    collect_rarely()
    if arguments[:1] == ["--large"]:
        _measure_large(int(arguments[1]))
        return 0
    shared = Path(arguments[0] if arguments else os.environ.get("HNTAI_SHARED", "../shared"))
    answers, called = _answers(shared / "data" / "clinical" / "patients")
    summarised(answers[0])
    runs = [_seconds(answer) for _ in range(ROUNDS) for answer in answers]
    seconds, busy = sorted(wall for wall, _ in runs), sorted(cpu for _, cpu in runs)
    place = round(0.95 * (len(seconds) - 1))
    print(
        f"summary of {len(answers)} {called}: median {1000 * statistics.median(seconds):.0f} ms,"
        f" p95 {1000 * seconds[place]:.0f} ms, of one core {1000 * busy[place]:.0f} ms (goal 150 ms),"
        f" {len(seconds)} runs"
    )
    for size, goal in LARGE:
        told = subprocess.run(
            [sys.executable, "-m", __spec__.name, "--large", str(size)], check=True, capture_output=True
        )
        print(f"{told.stdout.decode().strip()} (goal: {goal})", flush=True)
    return 0


def summarised(answer: bytes) -> bytes:
    """The answer of a run in rule mode, from the EHR's answer."""
    resources = [entry["resource"] for entry in json.loads(answer)["entry"]]
    patient_id = next(r["id"] for r in resources if r["resourceType"] == "Patient")
    options = DeidentificationOptions(
        policy=Policy.limited_dataset, known=known_values(resources, patient_id)
    )
    scrubbed: dict[str, str] = {}

    def scrub(text: str) -> str:
        if text not in scrubbed:
            scrubbed[text] = deidentify(text, options).scrubbed_text
        return scrubbed[text]

    chart = build_chart(resources, patient_id=patient_id, today=date(2026, 10, 20), scrub=scrub)
    chart = chart_from_json(json.loads(json.dumps(chart_to_json(chart))))
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    made = [s for section in Section for s in section_statements(section, chart, baseline, delta)]
    verified = verify(made, chart)
    told = {
        "summary": to_markdown(verified.kept),
        "baseline": baseline.to_json(),
        "delta": delta.to_json(),
        "evidence": [[s.text, s.references, s.dates] for s in verified.kept],
        "warnings": chart.warnings,
    }
    return json.dumps(told).encode()


def large_bundle(size: int) -> bytes:
    """One invented patient's bundle of about so many bytes: the first demo record, year after year."""
    own = demo_bundles()[0]
    entries = [json.dumps(entry) for entry in own["entry"]]
    length = sum(map(len, entries))
    for year in _years():
        if length >= size:
            break
        again = [json.dumps(entry) for entry in _of_year(own, year)]
        entries += again
        length += sum(map(len, again))
    return f'{{"resourceType": "Bundle", "type": "searchset", "entry": [{",".join(entries)}]}}'.encode()


def _years() -> Iterator[int]:
    yield from range(1, 100_000)


def _of_year(bundle: Bundle, copy_number: int) -> Iterator[Bundle]:
    """The clinical entries once more under ids of their own, each on another day."""
    kept = ("Observation", "Encounter", "MedicationRequest", "Immunization")
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] in kept:
            again = copy.deepcopy(entry["resource"])
            again["id"] = f"{again['id']}-{copy_number}"
            yield {"resource": _moved(again, copy_number)}


def _moved(again: dict[str, Any], copy_number: int) -> dict[str, Any]:
    day = date.fromordinal(date(2026, 10, 1).toordinal() - 3 * (copy_number % 6000)).isoformat()
    for field in ("effectiveDateTime", "authoredOn", "occurrenceDateTime"):
        if field in again:
            again[field] = f"{day}T09:{copy_number % 60:02}:00Z"
    if "period" in again:
        again["period"] = {"start": f"{day}T09:00:00Z", "end": f"{day}T10:00:00Z"}
    return again


def _measure_large(size: int) -> None:
    answer = large_bundle(size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    summarised(json.dumps(demo_bundles()[1]).encode())
    started, busy = time.perf_counter(), time.process_time()
    told = summarised(answer)
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"summary of a bundle of {len(answer) / 1e6:.1f} MB: {seconds:.2f} s, of one core {busy:.2f} s,"
        f" {most:.0f} MB resident at most"
        f" ({before:.0f} MB before), answer of {len(told) / 1000:.0f} kB"
    )


def _answers(folder: Path) -> tuple[list[bytes], str]:
    paths = [path for path in sorted(folder.glob("*.json")) if path.name != "index.json"]
    if paths:
        return [path.read_bytes() for path in paths], "evaluation bundles"
    return [json.dumps(bundle).encode() for bundle in demo_bundles()], "demo patients"


def _seconds(answer: bytes) -> tuple[float, float]:
    """On the wall, and of the core: the first is longer where others use the machine."""
    started, busy = time.perf_counter(), time.process_time()
    summarised(answer)
    return time.perf_counter() - started, time.process_time() - busy


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
