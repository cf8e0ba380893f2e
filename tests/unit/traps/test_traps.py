"""What a physician would call wrong or dangerous, planted in records: none of it may reach a summary."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import build_chart, known_values
from hntai.domain.deidentification import DeidentificationOptions, Policy, deidentify
from hntai.domain.delta import build_delta
from hntai.domain.grounding import verify
from hntai.domain.sections import section_statements, to_markdown
from hntai.domain.statements import Section, Statement
from tests.unit.chart_records import TODAY
from tests.unit.traps.drugs import DRUG_TRAPS
from tests.unit.traps.people import PEOPLE_TRAPS
from tests.unit.traps.results import RESULT_TRAPS
from tests.unit.traps.trap import Trap

TRAPS = {trap.danger: trap for trap in (*RESULT_TRAPS, *DRUG_TRAPS, *PEOPLE_TRAPS)}


@cache
def _answer(danger: str) -> tuple[tuple[Statement, ...], str, int]:
    """The statements as a run makes them, all that leaves as one text, and how many the gate removes."""
    trap = TRAPS[danger]
    record = [trap.patient, *trap.resources]
    known = known_values(record, "p1")
    options = DeidentificationOptions(policy=Policy.limited_dataset, known=known)
    chart = build_chart(
        record, patient_id="p1", today=TODAY, scrub=lambda text: deidentify(text, options).scrubbed_text
    )
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    made = tuple(s for section in Section for s in section_statements(section, chart, baseline, delta))
    verified = verify(made, chart)
    evidence = [[s.references, s.dates] for s in verified.kept]
    leaves = json.dumps([evidence, baseline.to_json(), delta.to_json(), chart.warnings], ensure_ascii=False)
    return verified.kept, f"{to_markdown(verified.kept)}\n{leaves}", verified.removed


def _of(trap: Trap, section: Section) -> list[str]:
    return [s.text for s in _answer(trap.danger)[0] if s.section is section]


@pytest.mark.parametrize("danger", TRAPS)
def test_what_was_planted_stands_where_it_must_and_nowhere_else(danger: str) -> None:
    trap = TRAPS[danger]
    _, everything, removed = _answer(danger)
    missing = [f"{s.name}: {p}" for s, p in trap.must if not any(re.search(p, t) for t in _of(trap, s))]
    misplaced = [
        f"{s.name}: {p}" for s, p in trap.first.items() if not re.search(p, (_of(trap, s) or [""])[0])
    ]
    shown = [pattern for pattern in trap.never if re.search(pattern, everything)]
    shown += [f"{s.name}: {p}" for s, p in trap.not_in if any(re.search(p, text) for text in _of(trap, s))]
    told = {"missing": missing, "not first": misplaced, "shown": shown, "removed by the gate": removed}
    assert told == {"missing": [], "not first": [], "shown": [], "removed by the gate": 0}, everything


def test_there_are_at_least_two_traps_for_each_danger() -> None:
    assert len(TRAPS) == len((*RESULT_TRAPS, *DRUG_TRAPS, *PEOPLE_TRAPS)) >= 46
