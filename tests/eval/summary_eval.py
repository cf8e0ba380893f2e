"""Rule-mode summaries over the evaluation bundles: words, statements, unsupported numbers, identifiers, time.

    python -m tests.eval.summary_eval [folder]

folder: the one that holds `data/clinical`; else $HNTAI_SHARED, else ../shared. Without it nothing is measured
and the exit code is 0. A number is looked for in the raw JSON of what a statement refers to, by other
means than grounding.py: a figure counts as supported if some raw figure there, rounded to as many decimals,
is the same. Exit code 1 if a number is unsupported, an identifier shows, or a trap is missed.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import Chart, build_chart, known_values
from hntai.domain.dates import DateStyle
from hntai.domain.deidentification import DeidentificationOptions, Policy, deidentify
from hntai.domain.delta import build_delta
from hntai.domain.grounding import verify
from hntai.domain.rules import RULES
from hntai.domain.sections import section_statements, to_markdown
from hntai.domain.statements import Section, Statement

Resource = dict[str, Any]

_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_OWN_RANGE = re.compile(r"reference (?:up to |from )?[\d.]+(?:-[\d.]+)?")
_CALENDAR = re.compile(r"\b\d{4}-\d{2}(?:-\d{2})?\b")
_OURS = re.compile(
    "|".join(
        re.escape(phrase)
        for rule in RULES
        for phrase in sorted((rule.source, *rule.declared), key=len, reverse=True)
    )
    + r"|over 12 months old|more than 12 months ago|within 12 months of|CKD-EPI 2021|last 13 months"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    name: str
    words: int
    statements: int
    removed: int
    unsupported: tuple[str, ...]
    identifiers: tuple[str, ...]
    missed: tuple[str, ...]
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
    p95 = times[int(0.95 * (len(times) - 1))]
    faults = sum(len(o.unsupported) + len(o.identifiers) + len(o.missed) for o in outcomes)
    words = statistics.median(outcome.words for outcome in outcomes)
    print(f"patients {len(outcomes)}, median words {words:.0f}, build and sections p95 {p95:.0f} ms")
    print(f"unsupported {sum(len(o.unsupported) for o in outcomes)}", end=", ")
    print(f"identifiers {sum(len(o.identifiers) for o in outcomes)}", end=", ")
    print(f"traps missed {sum(len(o.missed) for o in outcomes)}")
    return 1 if faults else 0


def _line(outcome: Outcome) -> str:
    faults = [*outcome.unsupported, *outcome.identifiers, *outcome.missed]
    figures = (
        f"{outcome.words:4} words {outcome.statements:3} statements {outcome.removed:2} removed",
        f"{len(outcome.unsupported):2} unsupported {len(outcome.identifiers):2} identifiers",
        f"{outcome.build_ms:4.0f} ms ({outcome.scrubbed_ms:5.0f} ms with the scrubber)",
    )
    return f"{outcome.name:24} {' '.join(figures)} {' | '.join(faults)}"


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
    kept = verify(statements, chart)
    return Outcome(
        name=path.stem,
        words=len(to_markdown(kept.kept).split()),
        statements=len(statements),
        removed=kept.removed,
        unsupported=tuple(_unsupported(statements, resources, chart)),
        identifiers=(
            *_identifiers(told, patient),
            *(f"calendar date {d}" for d in _CALENDAR.findall(relative)[:1]),
        ),
        missed=tuple(_missed(path, to_markdown(kept.kept))),
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


def _unsupported(statements: tuple[Statement, ...], resources: list[Resource], chart: Chart) -> Iterator[str]:
    raw = {f"{r['resourceType']}/{r.get('id')}": set(_figures(r)) for r in resources}
    raw["Patient"] = {str(chart.patient.age), "90", *(str(count) for count in chart.counts.values())}
    for statement in statements:
        allowed = set().union(*(raw.get(reference, set()) for reference in statement.references))
        text = _OWN_RANGE.sub(" ", _OURS.sub(" ", statement.text))
        for figure in _FIGURE.findall(text):
            if not any(_agree(figure, known) for known in allowed):
                yield f"{figure} in: {statement.text[:90]}"


def _figures(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _figures(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _figures(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield repr(value)
    elif isinstance(value, str):
        yield from _FIGURE.findall(value)


def _agree(shown: str, raw: str) -> bool:
    if shown == raw:
        return True
    decimals = len(shown.split(".")[1]) if "." in shown else 0
    return any(round(float(raw), places) == float(shown) for places in {decimals, decimals + 1})


def _identifiers(told: str, patient: Resource) -> Iterator[str]:
    values: list[str] = [patient["birthDate"], patient["id"]]
    for name in patient.get("name", []):
        values += [*name.get("given", []), name.get("family", "")]
    for address in patient.get("address", []):
        values += [*address.get("line", []), address.get("city", ""), address.get("postalCode", "")]
    values += [telecom.get("value", "") for telecom in patient.get("telecom", [])]
    values += [identifier.get("value", "") for identifier in patient.get("identifier", [])]
    for value in {value for value in values if len(value) > 1}:
        if re.search(rf"(?<!\w){re.escape(value)}(?!\w)", told, re.IGNORECASE):
            yield f"identifier of {len(value)} characters"


def _missed(path: Path, markdown: str) -> Iterator[str]:
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
