"""The visits form as it is documented: the schema, the example and the reader say the same."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hntai.domain.chart import Chart, build_chart, known_values
from hntai.domain.errors import EhrAnswerInvalidError
from hntai.domain.visits import resources_from_visits

DOCS = Path(__file__).parents[2] / "docs"
Json = dict[str, Any]


def document(name: str) -> Json:
    read: Json = json.loads((DOCS / f"visits.{name}.json").read_text("utf-8"))
    return read


def chart_of(page: Json, patient: str = "demo-9") -> Chart:
    found = resources_from_visits(page)
    return build_chart(found, patient_id=patient, today=date(2026, 6, 1), scrub=lambda text: text)


def test_the_example_is_of_the_form_and_shows_all_of_it() -> None:
    schema, example = document("schema"), document("example")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(example)
    shown = set(names_in(example))
    assert set(names_of(schema)) - shown == {"death_date", "patient_id"}


def names_in(value: object) -> Iterator[str]:
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield name
        yield from names_in(inner)
    for inner in value if isinstance(value, list) else ():
        yield from names_in(inner)


def names_of(schema: Json) -> Iterator[str]:
    for part in (schema, *schema["$defs"].values(), schema["properties"]["patient"]):
        yield from part.get("properties", ())


def test_the_example_becomes_the_chart_it_describes() -> None:
    chart = chart_of(document("example"))
    assert (chart.patient.sex, chart.patient.age) == ("female", 70)
    assert [(one.name, one.at.written if one.at else "") for one in chart.encounters] == [
        ("Office visit", "2026-01-14"),
        ("Office visit", "2026-05-20"),
    ]
    assert [(one.name, one.is_active) for one in chart.problems] == [
        ("Type 2 diabetes mellitus", True),
        ("Acute bronchitis", False),
    ]
    assert {(one.name, one.dose, one.is_active, one.is_reported) for one in chart.orders} == {
        ("Metformin 500 MG Oral Tablet", "1 tablet twice daily", False, False),
        ("Metformin 1000 MG Oral Tablet", "every 12 hours", True, False),
        ("Ibuprofen 200 MG Oral Tablet", "as needed", True, True),
    }
    assert [(one.name, one.reactions, one.is_severe) for one in chart.allergies] == [
        ("Penicillin", ("Anaphylaxis",), True)
    ]
    assert {one.shown for one in chart.results} == {
        "148/92 mmHg",
        "82.4 kg",
        "7.4 %",
        "8.3 %",
        "<5 mg/L",
        "no growth",
    }
    assert [one.name for one in chart.immunizations] == ["Influenza, seasonal, injectable"]
    assert [one.name for one in chart.procedures] == ["Retinal examination"]
    assert [one.name for one in chart.notes] == ["Progress note"]
    assert chart.warnings == ()


def test_everybody_the_example_names_is_known() -> None:
    known = known_values(resources_from_visits(document("example")), "demo-9")
    assert {"Anna", "Testpatient", "Sampleton", "Albert", "Dora", "Testdoctor"} <= set(known.names)
    assert "MRN49088354" in known.mrn
    assert {"(617) 555-0139", "(617) 555-0140", "(617) 555-0108"} <= set(known.phones)
    assert {
        "938-47-9293",
        "anna.testpatient@example.org",
        "439 Placeholder Street, Sampleton, MA 01999",
        "Example Valley Clinic",
    } <= set(known.other)


def page(kind: str, *entries: object) -> Json:
    visit = {"id": "v1", "date": "2026-05-20", kind: list(entries)}
    return {"patient": {"id": "p1", "birth_date": "1956-04-12"}, "visits": [visit]}


@pytest.mark.parametrize(
    ("kind", "entry", "reason"),
    [
        ("labs", {"name": "Sodium", "value": 140, "status": "entered-in-error"}, "entered_in_error"),
        ("problems", {"name": "Asthma", "certainty": "refuted"}, "refuted"),
        ("problems", {"name": "Asthma", "certainty": "entered-in-error"}, "entered_in_error"),
        ("problems", {"icd10": ""}, "nameless"),
        ("medications", {"name": "Warfarin", "status": "cancelled"}, "not_ordered"),
        ("immunizations", {"name": "Flu", "status": "not-done"}, "not_done"),
        ("labs", {"name": "Sodium"}, None),
        ("labs", {"name": "Sodium", "value": None}, None),
        ("labs", {"name": "", "value": 140}, "nameless"),
        ("labs", {"name": "Sodium", "loinc": "2951-2", "value": 140}, "no_unit"),
        ("labs", 5, "misshapen"),
    ],
)
def test_what_is_left_out_of_a_visit_is_counted(kind: str, entry: object, reason: str | None) -> None:
    counts = chart_of(page(kind, entry), "p1").counts
    assert counts == ({reason: 1} if reason else {})


@pytest.mark.parametrize("place", ["visit", "record"])
def test_a_lone_object_counts_as_a_list_of_one(place: str) -> None:
    whole = {"patient": {"id": "p1"}, "visits": {"id": "v1", "date": "2026-05-20"}}
    holder: Json = whole["visits"] if place == "visit" else whole
    holder["allergies"] = {"name": "Penicillin", "reactions": "Hives"}
    chart = chart_of(whole, "p1")
    assert [(one.name, one.reactions) for one in chart.allergies] == [("Penicillin", ("Hives",))]
    assert chart.warnings == ()


@pytest.mark.parametrize("wrong", ["none", 5, False, ["none"], ""])
def test_what_is_no_list_of_entries_is_told_and_never_passed_over(wrong: object) -> None:
    whole = page("labs")
    whole["visits"][0]["labs"] = wrong
    chart = chart_of(whole, "p1")
    assert chart.counts == {"misshapen": 1}
    assert chart.warnings == ("Left out because they do not have the shape of an entry: 1.",)


def test_a_number_written_as_text_keeps_its_unit() -> None:
    (result,) = chart_of(page("labs", {"name": "Potassium", "value": "6.9", "unit": "meq/L"}), "p1").results
    assert (result.analyte, result.value) == ("potassium", 6.9)


def test_entries_without_ids_get_one_of_their_place_that_differs_page_by_page() -> None:
    bare = {"name": "Sodium", "value": 140}
    content = {"patient": {"id": "p1"}, "visits": [{"date": "2026-05-20", "labs": [bare, bare]}]}
    first, second = (
        [one["id"] for one in resources_from_visits(copy.deepcopy(content), number)] for number in (1, 2)
    )
    assert first == ["p1", "visit-1", "visit-1-labs-1", "visit-1-labs-2"]
    assert second == ["page-2-visit-1", "page-2-visit-1-labs-1", "page-2-visit-1-labs-2"]


def test_an_id_that_is_no_fhir_id_still_ties_an_entry_to_its_visit() -> None:
    visit = {"id": "V 2026/05_20", "date": "2026-05-20", "labs": [{"name": "Sodium", "value": 140}]}
    result = chart_of({"patient": {"id": "p_1"}, "visits": [visit]}, "p_1").results[0]
    assert result.encounter == "Encounter/V-2026-05_20"


odd = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
def test_any_value_in_any_field_is_read_or_refused(data: st.DataObject) -> None:
    spoilt = document("example")
    holders = [*holders_in(spoilt)]
    holder = data.draw(st.sampled_from(holders))
    holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(odd)
    if isinstance(spoilt.get("patient"), dict):
        spoilt["patient"]["id"] = "demo-9"
    try:
        assert chart_of(spoilt).patient is not None
    except EhrAnswerInvalidError:
        assert not (isinstance(spoilt.get("visits"), list) and isinstance(spoilt.get("patient"), dict))


def holders_in(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from holders_in(inner)
