"""Golden summaries: a synthetic record beside the whole answer that rule mode gives for it.

    python -m tests.golden.summary_answers

rewrites the expected answers from the records; read the diff before it is committed.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import build_chart
from hntai.domain.dates import DateStyle
from hntai.domain.delta import build_delta
from hntai.domain.grounding import verify
from hntai.domain.sections import section_statements, to_markdown
from hntai.domain.statements import Section

FOLDER = Path(__file__).parent / "summaries"
TODAY = date(2026, 10, 20)


def records() -> tuple[Path, ...]:
    """The records, each a FHIR bundle `NAME.record.json`."""
    return tuple(sorted(FOLDER.glob("*.record.json")))


def expected_path(record: Path, style: DateStyle) -> Path:
    """Where the expected answer of a record lies, beside it."""
    return record.with_name(record.name.replace(".record.json", f".{style.value}.json"))


def answer(record: Path, style: DateStyle) -> dict[str, Any]:
    """Everything rule mode answers for a record."""
    resources = [entry["resource"] for entry in json.loads(record.read_text())["entry"]]
    patient = next(resource for resource in resources if resource["resourceType"] == "Patient")
    chart = build_chart(resources, patient_id=patient["id"], today=TODAY, scrub=str, date_style=style)
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    made = [s for section in Section for s in section_statements(section, chart, baseline, delta)]
    verified = verify(made, chart)
    return {
        "summary": to_markdown(verified.kept).splitlines(),
        "evidence": [{"references": list(s.references), "dates": list(s.dates)} for s in verified.kept],
        "unsupported_removed": verified.removed,
        "baseline": baseline.to_json(),
        "delta": delta.to_json(),
        "warnings": list(chart.warnings),
    }


def rewrite() -> None:
    """Write the expected answers anew."""
    for record in records():
        for style in DateStyle:
            told = json.dumps(answer(record, style), indent=1, ensure_ascii=False)
            expected_path(record, style).write_text(told + "\n")


if __name__ == "__main__":
    rewrite()
