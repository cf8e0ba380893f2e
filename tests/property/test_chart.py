"""The chart whatever the record looks like: never a crash, always the same after a journey through JSON."""

from __future__ import annotations

import copy
import json
import re
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import Chart, build_chart, chart_from_json, chart_to_json, known_values
from hntai.domain.dates import DateStyle
from hntai.domain.delta import build_delta
from hntai.domain.grounding import verify
from hntai.domain.sections import section_statements, to_markdown
from hntai.domain.statements import Section, Statement
from hntai_local.demo_patients import demo_bundles

RECORDS = [[entry["resource"] for entry in bundle["entry"]] for bundle in demo_bundles()]
TODAY = date(2026, 10, 20)
TEXT = st.text(max_size=12)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
STYLES = st.sampled_from(list(DateStyle))


@st.composite
def damaged_records(draw: st.DrawFn) -> list[Any]:
    """A demo record with junk put in place of some of its values, at any depth, and resources dropped."""
    record: list[Any] = copy.deepcopy(draw(st.sampled_from(RECORDS)))
    clinical = [resource for resource in record if resource["resourceType"] != "Patient"]
    for resource in draw(st.lists(st.sampled_from(clinical), max_size=12)):
        holders = [holder for holder in _holders(resource) if holder]
        holder = draw(st.sampled_from(holders))
        holder[draw(st.sampled_from(sorted(holder)))] = draw(JUNK)
    kept = draw(st.integers(1, len(clinical)))
    patient = next(resource for resource in record if resource["resourceType"] == "Patient")
    return [patient, *clinical[-kept:], draw(JUNK)]


def _holders(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(found for inner in value.values() for found in _holders(inner))]
    return [found for inner in value for found in _holders(inner)] if isinstance(value, list) else []


def _chart(record: list[Any], style: DateStyle) -> Chart:
    patient_id = next(r["id"] for r in record if isinstance(r, dict) and r.get("resourceType") == "Patient")
    return build_chart(record, patient_id=patient_id, today=TODAY, scrub=str, date_style=style)


def _statements(chart: Chart) -> tuple[Statement, ...]:
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    return tuple(s for section in Section for s in section_statements(section, chart, baseline, delta))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(damaged_records(), STYLES)
def test_a_chart_is_the_same_after_json(record: list[Any], style: DateStyle) -> None:
    chart = _chart(record, style)
    assert chart_from_json(json.loads(json.dumps(chart_to_json(chart)))) == chart


@settings(max_examples=60, deadline=None, derandomize=True)
@given(damaged_records(), STYLES)
def test_whatever_the_record_holds_every_statement_stands(record: list[Any], style: DateStyle) -> None:
    chart = _chart(record, style)
    statements = _statements(chart)
    assert verify(statements, chart).removed == 0
    assert to_markdown(statements).count("## ") >= 4


@settings(max_examples=40, deadline=None, derandomize=True)
@given(damaged_records())
def test_relative_style_never_shows_a_calendar_date(record: list[Any]) -> None:
    chart = _chart(record, DateStyle.RELATIVE)
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    told = json.dumps([baseline.to_json(), delta.to_json(), str(_statements(chart))])
    assert not re.search(r"\b(?:19|20)\d{2}-\d{2}", told)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(JUNK, max_size=5),
    st.dictionaries(st.sampled_from(["name", "address", "telecom", "identifier"]), JUNK),
)
def test_known_values_take_any_shape(resources: list[Any], patient: dict[str, Any]) -> None:
    known_values([*resources, {"resourceType": "Patient", "id": "p1", **patient}], "p1")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.permutations(RECORDS[0]))
def test_the_order_of_resources_changes_nothing(record: list[dict[str, Any]]) -> None:
    assert _statements(_chart(record, DateStyle.ABSOLUTE)) == _statements(
        _chart(RECORDS[0], DateStyle.ABSOLUTE)
    )
