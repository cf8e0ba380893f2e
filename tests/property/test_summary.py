"""The summary under changes of the record that must, or must not, change what it says."""

from __future__ import annotations

import copy
import re
from datetime import date
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import Chart, build_chart
from hntai.domain.delta import build_delta
from hntai.domain.rules import hits
from hntai.domain.sections import section_statements, to_markdown
from hntai.domain.statements import Section, Statement
from hntai_local.demo_patients import demo_bundles
from tests.eval.summary_check import unsupported, without_evidence
from tests.unit.chart_records import PATIENT, allergy, drug, encounter, lab, pressure, problem

Resource = dict[str, Any]

TODAY = date(2026, 10, 20)
DEMOS: list[list[Resource]] = [[entry["resource"] for entry in bundle["entry"]] for bundle in demo_bundles()]
KINDS = ("Observation", "Condition", "MedicationRequest", "AllergyIntolerance", "Immunization", "Procedure")
QUIET = settings(max_examples=30, deadline=None, derandomize=True)
MOLAR = {"2345-7": 18.016, "2160-0": 1 / 88.42, "13457-7": 38.67}
"""mg/dL for one mmol/L (creatinine: umol/L) by LOINC code, from molar masses; not read from the product."""


@st.composite
def invented(draw: st.DrawFn) -> list[Resource]:
    """A small record in which everything may be abnormal, doubled, old or out of order."""
    days = st.sampled_from(("2023-02-01", "2026-01-10", "2026-05-20", "2026-05-27", "2026-10-01"))
    levels = (("2823-3", "mmol/L", 2.1, 7.9), ("2345-7", "mg/dL", 31, 620), ("2160-0", "mg/dL", 0.4, 6.1))
    made: list[Resource] = [copy.deepcopy(PATIENT)]
    for number, day in enumerate(draw(st.lists(days, min_size=1, max_size=4))):
        made.append(encounter(day, f"e{number}", draw(st.sampled_from(("AMB", "IMP", "EMER")))))
    for number in range(draw(st.integers(0, 6))):
        code, unit, low, high = draw(st.sampled_from(levels))
        value = round(draw(st.floats(low, high)), 1)
        if code == "2345-7":
            value = 3 * draw(st.integers(10, 206)) + 2  # never within a shown digit of a limit
        state = draw(st.sampled_from(("final", "preliminary")))
        made.append(lab(code, value, unit, draw(days), f"o{number}", status=state))
    for number in range(draw(st.integers(0, 4))):
        name = draw(
            st.sampled_from(("Metformin 500 MG", "Metformin 1000 MG", "Lisinopril 10 MG", "Zyloxin 5 MG"))
        )
        made.append(drug(name, draw(days), draw(st.sampled_from(("active", "stopped"))), f"m{number}"))
    for number in range(draw(st.integers(0, 3))):
        made.append(
            problem(
                draw(st.sampled_from(("Gout", "Asthma", "No evidence of cancer"))),
                draw(days),
                own=f"c{number}",
            )
        )
    for number in range(draw(st.integers(0, 3))):
        made.append(allergy(draw(st.sampled_from(("Penicillin", "Latex"))), f"a{number}"))
    return [*made, pressure(draw(st.integers(85, 215)), draw(st.integers(40, 84)), draw(days))]


RECORDS = st.sampled_from(DEMOS) | invented()


def _chart(record: list[Resource]) -> Chart:
    patient = next(resource for resource in record if resource["resourceType"] == "Patient")
    return build_chart(record, patient_id=patient["id"], today=TODAY, scrub=str)


def _statements(record: list[Resource]) -> tuple[Statement, ...]:
    chart = _chart(record)
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    return tuple(s for section in Section for s in section_statements(section, chart, baseline, delta))


def _summary(record: list[Resource]) -> str:
    return to_markdown(_statements(record))


def _clinical(record: list[Resource]) -> list[Resource]:
    return [resource for resource in record if resource["resourceType"] in KINDS]


@QUIET
@given(RECORDS)
def test_the_same_record_gives_the_same_bytes(record: list[Resource]) -> None:
    assert _summary(record).encode() == _summary(copy.deepcopy(record)).encode()


@QUIET
@given(RECORDS, st.randoms(use_true_random=False))
def test_another_order_gives_the_same_bytes(record: list[Resource], chance: Any) -> None:
    shuffled = chance.sample(record, len(record))
    assert _statements(shuffled) == _statements(record)


@QUIET
@given(RECORDS, st.data())
def test_resources_sent_twice_change_nothing(record: list[Resource], data: st.DataObject) -> None:
    twice = data.draw(st.lists(st.sampled_from(record), max_size=8))
    assert _statements([*record, *copy.deepcopy(twice)]) == _statements(record)


@QUIET
@given(RECORDS, st.data())
def test_copies_under_other_ids_change_no_word(record: list[Resource], data: st.DataObject) -> None:
    clinical = _clinical(record)
    assume(clinical)
    chosen = data.draw(st.lists(st.sampled_from(clinical), max_size=6, unique_by=lambda r: r["id"]))
    copies = [{**copy.deepcopy(resource), "id": f"copy-of-{resource['id']}"} for resource in chosen]
    assert _summary([*record, *copies]) == _summary(record)


@QUIET
@given(RECORDS, st.data())
def test_what_is_dropped_is_not_spoken_of(record: list[Resource], data: st.DataObject) -> None:
    clinical = _clinical(record)
    assume(clinical)
    dropped = data.draw(st.lists(st.sampled_from(clinical), min_size=1, max_size=10))
    kept = [resource for resource in record if resource not in dropped]
    statements = _statements(kept)
    assert not [*without_evidence(statements, kept)]
    assert not [*unsupported(statements, kept, _of_patient(kept))]


@QUIET
@given(RECORDS, st.data())
def test_what_was_entered_in_error_is_as_if_it_were_not_there(
    record: list[Resource], data: st.DataObject
) -> None:
    clinical = _clinical(record)
    assume(clinical)
    wrong = data.draw(st.lists(st.sampled_from(clinical), min_size=1, max_size=6))
    marked = [_in_error(resource) if resource in wrong else resource for resource in record]
    without = [resource for resource in record if resource not in wrong]
    told = re.sub(r"- Left out because marked as entered in error: \d+\.\n?", "", _summary(marked))
    assert told == _summary(without) or _with_others(told) == _with_others(_summary(without))


@QUIET
@given(invented())
def test_another_unit_keeps_the_meaning(record: list[Resource]) -> None:
    scaled = [_in_molar_units(resource) for resource in record]
    assert [_meaning(hit) for hit in hits(_chart(scaled))] == [_meaning(hit) for hit in hits(_chart(record))]
    flags = [[(r.references, r.flag, r.doubt) for r in _chart(one).results] for one in (record, scaled)]
    assert flags[0] == flags[1]


@QUIET
@given(RECORDS)
def test_every_number_day_drug_dose_and_diagnosis_stands_in_the_record(record: list[Resource]) -> None:
    assert not [*unsupported(_statements(record), record, _of_patient(record))]


def _of_patient(record: list[Resource]) -> tuple[str, ...]:
    chart = _chart(record)
    return (str(chart.patient.age), "90", *map(str, chart.counts.values()))


def _in_error(resource: Resource) -> Resource:
    if resource["resourceType"] in ("Condition", "AllergyIntolerance"):
        return {**resource, "verificationStatus": {"coding": [{"code": "entered-in-error"}]}}
    return {**resource, "status": "entered-in-error"}


def _with_others(summary: str) -> list[str]:
    """The lines but those that count or say what was left out."""
    counted = re.compile(r"Left out because|No clinical entries|Taken as this patient's")
    return [line for line in summary.splitlines() if not counted.search(line)]


def _in_molar_units(resource: Resource) -> Resource:
    code = resource.get("code", {}).get("coding", [{}])[0].get("code")
    if resource["resourceType"] != "Observation" or code not in MOLAR:
        return resource
    unit = "umol/L" if code == "2160-0" else "mmol/L"
    value = round(resource["valueQuantity"]["value"] / MOLAR[code], 6)
    return {**resource, "valueQuantity": {"value": value, "unit": unit}}


def _meaning(hit: Any) -> tuple[object, ...]:
    return hit.rule.id, hit.urgency, hit.finding.references
