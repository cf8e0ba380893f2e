"""Rule-mode summaries over the evaluation bundles: faults, coverage, words and time; floors fail.

    python -m tests.eval.summary_eval [folder]

folder: the one that holds `data/clinical`; else $HNTAI_SHARED, else ../shared. Without it nothing is measured
and the exit code is 0. Summaries are checked against the raw JSON (summary_check.py, record_facts.py).
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import Chart, build_chart, known_values
from hntai.domain.dates import DateStyle
from hntai.domain.deidentification import DeidentificationOptions, Policy, deidentify
from hntai.domain.delta import build_delta
from hntai.domain.grounding import verify
from hntai.domain.sections import section_statements, to_markdown
from hntai.domain.statements import Section, Statement
from tests.eval import summary_check as check

Resource = dict[str, Any]

FLOORS: Final = {"problems": 100.0, "drugs": 100.0, "allergies": 100.0, "abnormal": 98.0}
"""Percent of what the record holds that the summaries must tell."""
MEDIAN_WORDS: Final = 450
_CALENDAR = re.compile(r"\b\d{4}-\d{2}(?:-\d{2})?\b")


@dataclass(frozen=True, slots=True)
class Outcome:
    name: str
    words: int
    statements: int
    removed: int
    faults: dict[str, tuple[str, ...]]
    """Kinds of fault, none of which may occur: headings, unsupported, evidence, identifiers, traps."""
    coverage: dict[str, tuple[int, list[str]]]
    build_ms: float
    scrubbed_ms: float


def main(arguments: list[str]) -> int:
    """Print one line per patient and the figures over all; the exit code."""
    shared = Path(arguments[0] if arguments else os.environ.get("HNTAI_SHARED", "../shared"))
    folder = shared / "data" / "clinical"
    if not folder.is_dir():
        print(f"No clinical evaluation data at {folder}: nothing measured.")
        return 0
    bundles = sorted(
        path for part in ("patients", "traps") for path in (folder / part).glob("[a-z][0-9][0-9]*.json")
    )
    outcomes = [_measured(path) for path in bundles if ".expect." not in path.name]
    for outcome in outcomes:
        print(_line(outcome))
    return _verdict(outcomes)


def _verdict(outcomes: list[Outcome]) -> int:
    times = sorted(outcome.build_ms for outcome in outcomes)
    words = [outcome.words for outcome in outcomes]
    median = statistics.median(words)
    below = [kind for kind in FLOORS if _percent(outcomes, kind) < FLOORS[kind]]
    below += ["words"] if median > MEDIAN_WORDS else []
    print(f"patients {len(outcomes)}, words median {median:.0f} most {max(words)}", end=", ")
    print(f"build and sections p95 {times[int(0.95 * (len(times) - 1))]:.0f} ms")
    for kind in outcomes[0].faults:
        count = sum(len(outcome.faults[kind]) for outcome in outcomes)
        below += [kind] if count else []
        print(f"{kind + ' faults':24}{count:6}      floor 0")
    for kind, floor in FLOORS.items():
        total = sum(outcome.coverage[kind][0] for outcome in outcomes)
        print(f"{kind + ' told':24}{_percent(outcomes, kind):6.1f} % of {total:4}, floor {floor:g} %")
    if below:
        print(f"below the floor: {', '.join(below)}")
    return 1 if below else 0


def _percent(outcomes: list[Outcome], kind: str) -> float:
    total = sum(outcome.coverage[kind][0] for outcome in outcomes)
    missing = sum(len(outcome.coverage[kind][1]) for outcome in outcomes)
    return 100 * (1 - missing / total) if total else 100.0


def _line(outcome: Outcome) -> str:
    faults = [f"{kind}: {fault}" for kind, found in outcome.faults.items() for fault in found]
    faults += [f"{kind} left out: {name}" for kind, (_, names) in outcome.coverage.items() for name in names]
    told = " ".join(f"{kind} {n - len(out)}/{n}" for kind, (n, out) in outcome.coverage.items())
    figures = (
        f"{outcome.words:4} words {outcome.statements:3} statements {outcome.removed:2} removed",
        f"{sum(map(len, outcome.faults.values())):2} faults  {told}",
        f" {outcome.build_ms:.0f} ms ({outcome.scrubbed_ms:.0f} ms with the scrubber)",
    )
    return f"{outcome.name:21} {' '.join(figures)}" + "".join(f"\n    {fault}" for fault in faults)


def _measured(path: Path) -> Outcome:
    resources = [entry["resource"] for entry in json.loads(path.read_text())["entry"]]
    patient = next(r for r in resources if r["resourceType"] == "Patient")
    started = time.perf_counter()
    _summary(resources, patient["id"], str)
    build_ms = 1000 * (time.perf_counter() - started)
    started = time.perf_counter()
    told, statements, chart = _summary(resources, patient["id"], _scrubber(resources, patient["id"]))
    scrubbed_ms = 1000 * (time.perf_counter() - started)
    relative, _, _ = _summary(resources, patient["id"], str, DateStyle.RELATIVE)
    verified = verify(statements, chart)
    markdown = to_markdown(verified.kept)
    of_patient = (str(chart.patient.age), "90", str(chart.patient.died and chart.patient.died.written))
    counts = map(str, chart.counts.values())
    leaked = (*check.identifiers(told, patient), *(f"day {d}" for d in _CALENDAR.findall(relative)[:1]))
    return Outcome(
        name=path.stem,
        words=len(markdown.split()),
        statements=len(statements),
        removed=verified.removed,
        faults={
            "headings": tuple(check.headings(markdown)),
            "unsupported": tuple(check.unsupported(statements, resources, (*of_patient, *counts))),
            "evidence": tuple(check.without_evidence(statements, resources)),
            "identifiers": leaked,
            "traps": tuple(missed(path, markdown)),
        },
        coverage=check.uncovered(markdown, resources),
        build_ms=build_ms,
        scrubbed_ms=scrubbed_ms,
    )


def _summary(
    resources: list[Resource],
    patient_id: str,
    scrub: Callable[[str], str],
    style: DateStyle = DateStyle.ABSOLUTE,
) -> tuple[str, tuple[Statement, ...], Chart]:
    """Everything that leaves, as one text; the statements; the chart."""
    chart = build_chart(resources, patient_id=patient_id, today=date.today(), scrub=scrub, date_style=style)
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    statements = tuple(s for section in Section for s in section_statements(section, chart, baseline, delta))
    leaves = [
        baseline.to_json(),
        delta.to_json(),
        [[s.text, s.references, s.dates] for s in statements],
        chart.warnings,
    ]
    return json.dumps(leaves, ensure_ascii=False), statements, chart


def _scrubber(resources: list[Resource], patient_id: str) -> Callable[[str], str]:
    known = known_values(resources, patient_id)
    options = DeidentificationOptions(policy=Policy.limited_dataset, known=known)
    return lambda text: deidentify(text, options).scrubbed_text


def missed(path: Path, markdown: str) -> Iterator[str]:
    """What the trap wants told or kept out, and the summary does otherwise."""
    expectations = path.with_name(f"{path.stem}.expect.json")
    if expectations.exists():
        expected = json.loads(expectations.read_text())
        for wanted in expected["must_mention"]:
            if not any(re.search(pattern, markdown, re.IGNORECASE) for pattern in wanted["any"]):
                yield f"missed: {wanted['why']}"
        for unwanted in expected["must_not"]:
            if re.search(unwanted["re"], markdown, re.IGNORECASE):
                yield f"shown: {unwanted['why']}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
