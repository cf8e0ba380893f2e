"""Whose record it is: other patients' entries, errors and wrong shapes never enter the chart."""

from __future__ import annotations

import pytest

from hntai.domain.chart import build_chart
from hntai.domain.errors import EhrAnswerInvalidError, EhrWrongPatientError
from tests.unit.chart_records import PATIENT, TODAY, chart_of, encounter, lab, problem, texts_of


def test_another_patients_record_is_refused() -> None:
    with pytest.raises(EhrWrongPatientError):
        build_chart([{**PATIENT, "id": "p2"}], patient_id="p1", today=TODAY, scrub=str)


def test_a_record_without_patient_is_refused() -> None:
    with pytest.raises(EhrAnswerInvalidError):
        build_chart([encounter()], patient_id="p1", today=TODAY, scrub=str)


@pytest.mark.parametrize(
    ("subject", "is_kept"),
    [
        ("Patient/p1", True),
        ("https://ehr.example/fhir/Patient/p1", True),
        ("urn:uuid:p1", True),
        ("urn:uuid:0000-unknown", True),
        ("Patient/p2", False),
        ("https://ehr.example/fhir/Patient/p2/_history/1", False),
        ("Group/g1", False),
    ],
)
def test_only_entries_of_the_patient_are_kept(subject: str, *, is_kept: bool) -> None:
    chart = chart_of(lab("2823-3", 4.1, "mmol/L", subject={"reference": subject}, patient=None))
    assert bool(chart.results) is is_kept
    assert ("other_patient" in chart.counts) is not is_kept


def test_an_entry_of_another_patient_in_the_record_is_counted_in_a_warning() -> None:
    other = {**PATIENT, "id": "p2"}
    chart = chart_of(encounter(), other, lab("2823-3", 9.9, "mmol/L", subject={"reference": "urn:uuid:p2"}))
    assert chart.results == ()
    assert chart.warnings == ("Left out because another patient is named: 1.",)


def test_entries_in_error_are_left_out() -> None:
    wrong = {"coding": [{"code": "entered-in-error"}]}
    error = lab("2823-3", 8.9, "mmol/L", status="entered-in-error")
    chart = chart_of(problem("Heart failure", verificationStatus=wrong), error)
    assert (chart.problems, chart.results) == ((), ())
    assert chart.counts["entered_in_error"] == 2


@pytest.mark.parametrize("junk", [None, 5, "x", [], {}, {"resourceType": 5}, {"resourceType": ""}])
def test_what_is_not_a_resource_is_skipped_and_counted(junk: object) -> None:
    assert chart_of(junk).counts["misshapen"] == 1


def test_unknown_resource_types_are_ignored() -> None:
    assert chart_of({"resourceType": "Spaceship", "id": "s1"}).counts == {"empty": 1, "no_encounter": 1}


def test_a_resource_that_comes_twice_counts_once_in_its_newest_version() -> None:
    old = lab("2823-3", 4.1, "mmol/L", own="o1", meta={"lastUpdated": "2026-05-20T09:00:00Z"})
    new = lab("2823-3", 4.6, "mmol/L", own="o1", meta={"lastUpdated": "2026-05-21T09:00:00Z"})
    for order in ((old, new), (new, old)):
        assert [result.shown for result in chart_of(*order).results] == ["4.6 mmol/L"]


def test_an_entry_far_in_the_future_is_left_out_and_counted() -> None:
    chart = chart_of(encounter(), lab("2823-3", 4.1, "mmol/L", "2091-05-20"))
    assert (chart.results, chart.counts["after_today"]) == ((), 1)


def test_evidence_never_carries_an_identifier_in_a_resource_id() -> None:
    patient = {**PATIENT, "identifier": [{"value": "MRN7700411"}]}
    chart = chart_of(
        lab("2823-3", 4.1, "mmol/L", own="anna-potassium"),
        lab("2951-2", 140, "mmol/L", own="mrn7700411.2"),
        lab("2160-0", 0.9, "mg/dL", own="plain"),
        patient=patient,
    )
    references = {reference for result in chart.results for reference in result.references}
    assert "Observation/plain" in references
    assert not any("anna" in reference or "mrn" in reference for reference in references)


def test_an_empty_record_says_so_and_claims_nothing() -> None:
    chart = chart_of()
    text = texts_of(chart)
    assert "no encounter recorded" in text
    assert "Allergies: not recorded." in text
    assert "No clinical entries are recorded for this patient." in chart.warnings
