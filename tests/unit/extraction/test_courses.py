"""What is told one after the other: values of one name, what was done with a medicine."""

from __future__ import annotations

import pytest

from hntai.domain.extraction.entities import Kind
from hntai.domain.extraction.extract import extract

Told = list[tuple[str, float, str]]

SERIES: dict[str, Told] = {
    "Sodium fell to 128 and was 136.": [("Sodium fell to 128", 128, "present"), ("136", 136, "present")],
    "Sodium fell to 128 and was 136 last week.": [
        ("Sodium fell to 128", 128, "present"),
        ("136", 136, "historical"),
    ],
    "Sodium fell to 128 and was 136 at discharge.": [
        ("Sodium fell to 128", 128, "historical"),
        ("136", 136, "present"),
    ],
    "Na 140 -> 132 -> 128": [
        ("Na 140", 140, "historical"),
        ("132", 132, "historical"),
        ("128", 128, "present"),
    ],
    "Creatinine rose from 1.0 to 1.8": [
        ("Creatinine rose from 1.0", 1.0, "historical"),
        ("1.8", 1.8, "present"),
    ],
    "Creatinine 2.1, down from 3.4": [("Creatinine 2.1", 2.1, "present"), ("3.4", 3.4, "historical")],
    "Hgb 9.2 (was 11.4)": [("Hgb 9.2", 9.2, "present"), ("11.4", 11.4, "historical")],
    "WBC 12.1 on admission, now 8.4": [("WBC 12.1", 12.1, "historical"), ("8.4", 8.4, "present")],
    "A1c 7.1 in March and was 6.8 today": [("A1c 7.1", 7.1, "historical"), ("6.8", 6.8, "present")],
    "Platelets 150, previously 200 in 2019": [("Platelets 150", 150, "present"), ("200", 200, "historical")],
    "Hgb stable at 9.1": [("Hgb stable at 9.1", 9.1, "present")],
    "K 2.8, repeat 3.6": [("K 2.8", 2.8, "present"), ("3.6", 3.6, "present")],
    "Glucose 450 then 210": [("Glucose 450", 450, "historical"), ("210", 210, "present")],
    "Weight down from 210 to 198 lb": [
        ("Weight down from 210", 210, "historical"),
        ("198 lb", 198, "present"),
    ],
    "Na 138 and K 4.2 was noted": [("Na 138", 138, "present"), ("K 4.2", 4.2, "present")],
    "Na 138 and was 3 days in hospital": [("Na 138", 138, "present")],
    "Na 138 -> seen by 2 doctors": [("Na 138", 138, "present")],
}


@pytest.mark.parametrize("text", SERIES)
def test_every_value_of_a_series_is_told_and_the_earlier_are_past(text: str) -> None:
    found = extract(text).entities
    told = [(one.text, one.details["value"], str(one.assertion)) for one in found if "value" in one.details]
    assert told == SERIES[text]


COURSES: dict[str, list[tuple[str, str, str]]] = {
    "on warfarin until 2019": [("warfarin", "stopped", "historical")],
    "Took prednisone until last month, now on methotrexate": [
        ("prednisone", "stopped", "historical"),
        ("methotrexate", "continued", "present"),
    ],
    "Was on methotrexate until she developed pneumonitis": [("methotrexate", "stopped", "historical")],
    "Continue aspirin until 2030": [("aspirin", "continued", "present")],
    "Enoxaparin until INR therapeutic": [("Enoxaparin", "", "present")],
    "Lisinopril held on admission and restarted on discharge": [("Lisinopril", "started", "present")],
    "Apixaban stopped, then resumed": [("Apixaban", "started", "present")],
    "Started on amiodarone but this was stopped": [("amiodarone", "stopped", "historical")],
    "HCTZ was started, then increased to 25 mg": [("HCTZ", "changed", "present")],
    "Metformin held, to be restarted in 48 hours": [("Metformin", "held", "present")],
    "Hold lisinopril, will be restarted if K improves": [("lisinopril", "held", "present")],
    "On metformin, stopped smoking last year": [("metformin", "continued", "present")],
    "On lisinopril, decreased appetite": [("lisinopril", "continued", "present")],
    "Started lisinopril and reduced salt intake": [("lisinopril", "started", "present")],
    "Switched from atenolol to bisoprolol": [
        ("atenolol", "stopped", "historical"),
        ("bisoprolol", "started", "present"),
    ],
    "Switch metoprolol 25 mg to carvedilol 6.25 mg bid": [
        ("metoprolol", "stopped", "historical"),
        ("carvedilol", "started", "present"),
    ],
    "Warfarin stopped and started apixaban": [
        ("Warfarin", "stopped", "historical"),
        ("apixaban", "started", "present"),
    ],
    "If BP high on lisinopril 10 mg add amlodipine": [
        ("lisinopril", "continued", "present"),
        ("amlodipine", "", "hypothetical"),
    ],
    "If pain persists, start gabapentin 300 mg": [("gabapentin", "", "hypothetical")],
    "Stop metformin if eGFR below 30": [("metformin", "", "present")],
    "Hold lisinopril if SBP<100": [("lisinopril", "", "present")],
}


@pytest.mark.parametrize("text", COURSES)
def test_the_last_state_of_a_medicine_is_meant_and_a_condition_is_no_state(text: str) -> None:
    found = extract(text).of(Kind.MEDICATIONS)
    assert [(one.text, one.details.get("status", ""), str(one.assertion)) for one in found] == COURSES[text]
