"""What must not be taken, what is held, what was not done or is still to be done, and whose value it is."""

from __future__ import annotations

import pytest

from hntai.domain.extraction.entities import Entity, Kind
from hntai.domain.extraction.extract import extract


def _of(text: str, kind: Kind) -> list[Entity]:
    return [one for one in extract(text).entities if one.kind is kind]


@pytest.mark.parametrize(
    "text",
    [
        "Valproate contraindicated given pregnancy.",
        "Metformin is contraindicated because of eGFR 25.",
        "Methotrexate and isotretinoin are contraindicated.",
        "Contraindications: methotrexate, isotretinoin.",
        "Warfarin: do not restart.",
        "She must not take ibuprofen or naproxen.",
        "Avoid ibuprofen, naproxen.",
        "Aspirin should be avoided.",
        "Codeine - avoid.",
    ],
)
def test_what_must_not_be_taken_is_denied_and_has_no_status(text: str) -> None:
    drugs = _of(text, Kind.MEDICATIONS)
    assert drugs
    assert [(str(one.assertion), one.details.get("status")) for one in drugs] == [("negated", None)] * len(
        drugs
    )


@pytest.mark.parametrize(
    "text",
    [
        "Aspirin is not contraindicated.",
        "Metformin 500 mg BID; surgery is contraindicated.",
        "Continue aspirin.",
    ],
)
def test_a_refusal_of_something_else_is_none_of_the_medicine(text: str) -> None:
    assert [str(one.assertion) for one in _of(text, Kind.MEDICATIONS)] == ["present"]


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Continue aspirin, do not take ibuprofen.", "aspirin"),
        ("Do not stop metoprolol.", "metoprolol"),
        ("She should not miss her levothyroxine.", "levothyroxine"),
        ("Must not run out of prednisone.", "prednisone"),
        ("Do not take ibuprofen with warfarin.", "warfarin"),
        ("Do not take ibuprofen while on warfarin.", "warfarin"),
        ("Avoid NSAIDs because of lisinopril.", "lisinopril"),
        ("Avoid alcohol with metronidazole.", "metronidazole"),
        ("Alendronate should not be taken with food.", "alendronate"),
        ("Take levothyroxine 50 mcg daily, should not be taken with calcium.", "levothyroxine"),
        ("Prednisone should not be stopped abruptly.", "prednisone"),
        ("Nitroglycerin, do not use with alcohol.", "nitroglycerin"),
    ],
)
def test_what_is_taken_is_not_denied_by_a_refusal_beside_it(text: str, taken: str) -> None:
    drugs = {one.details["drug"]: one for one in _of(text, Kind.MEDICATIONS)}
    assert str(drugs[taken].assertion) == "present"
    assert drugs[taken].details.get("status") in (None, "continued")


def test_that_nothing_speaks_against_it_is_no_medicine_taken() -> None:
    assert [str(one.assertion) for one in _of("No contraindication to heparin.", Kind.MEDICATIONS)] == [
        "hypothetical"
    ]


@pytest.mark.parametrize(
    ("text", "status", "assertion"),
    [
        ("Lithium 300 mg BID - HOLD.", "held", "present"),
        ("Lithium 300 mg BID (HOLD)", "held", "present"),
        ("Metformin 500 mg BID, hold until seen.", "held", "present"),
        ("Sertraline 50 mg daily, d/c.", "stopped", "historical"),
        ("Lisinopril 10 mg daily, hold for SBP < 100.", None, "present"),
        ("Lisinopril 10 mg daily, d/c home tomorrow.", None, "present"),
    ],
)
def test_what_stands_last_in_an_item_says_what_became_of_it(
    text: str, status: str | None, assertion: str
) -> None:
    drug = _of(text, Kind.MEDICATIONS)[0]
    assert (drug.details.get("status"), str(drug.assertion)) == (status, assertion)


def test_the_next_item_is_held_not_this_one() -> None:
    drugs = _of("Lithium 300 mg BID, hold metformin.", Kind.MEDICATIONS)
    assert [one.details.get("status") for one in drugs] == [None, "held"]


@pytest.mark.parametrize(
    ("text", "dose"),
    [("ASA 81.", "81"), ("Given IV lasix 80.", "80"), ("Digoxin 0.8.", None), ("Aspirin 3.", None)],
)
def test_a_figure_alone_is_a_dose_where_the_drug_is_given_so(text: str, dose: str | None) -> None:
    assert [one.details.get("dose") for one in _of(text, Kind.MEDICATIONS)] == [dose]


def test_how_strong_a_liquid_is_tells_no_dose() -> None:
    drug = _of("Amoxicillin 400mg/5mL 7.5 mL PO BID", Kind.MEDICATIONS)[0]
    told = {name: drug.details.get(name) for name in ("dose", "unit", "strength", "frequency")}
    assert told == {"dose": "7.5", "unit": "mL", "strength": "400 mg/5 mL", "frequency": "twice daily"}


def test_a_salt_of_a_drug_has_the_code_of_its_ingredient() -> None:
    assert [code.code for code in _of("Metoprolol succinate 50 mg daily", Kind.MEDICATIONS)[0].codes] == [
        "6918"
    ]


@pytest.mark.parametrize(
    "text", ["Utox positive for cocaine, amphetamines.", "He snorted cocaine.", "Cocaine use."]
)
def test_a_habit_and_a_screen_name_no_medicine(text: str) -> None:
    assert _of(text, Kind.MEDICATIONS) == []


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("MMR deferred today.", Kind.IMMUNIZATIONS, "negated"),
        ("Flu shot declined.", Kind.IMMUNIZATIONS, "negated"),
        ("Tdap due.", Kind.IMMUNIZATIONS, "hypothetical"),
        ("Tdap given today, declined flu shot.", Kind.IMMUNIZATIONS, "present"),
        ("Sleep study planned.", Kind.PROCEDURES, "hypothetical"),
        ("Colonoscopy was cancelled.", Kind.PROCEDURES, "negated"),
        ("MRI was ordered and showed no mass.", Kind.PROCEDURES, "present"),
    ],
)
def test_what_was_not_done_or_is_to_be_done(text: str, kind: Kind, said: str) -> None:
    assert str(_of(text, kind)[0].assertion) == said


@pytest.mark.parametrize(
    ("text", "problem", "said"),
    [
        ("Hepatitis C, cured with antivirals in 2016.", "Hepatitis C", "historical"),
        ("We considered PE but the CTA ruled it out.", "PE", "negated"),
        ("Cough and fever; flu was considered, and the swab ruled that out.", "flu", "negated"),
        ("GBS unknown.", "GBS", "possible"),
        ("Anemia, cause unknown.", "Anemia", "present"),
        ("Acute on chronic HFrEF exacerbation.", "Acute on chronic HFrEF exacerbation", "present"),
    ],
)
def test_what_is_said_behind_a_problem(text: str, problem: str, said: str) -> None:
    assert (problem, said) in [(one.text, str(one.assertion)) for one in _of(text, Kind.PROBLEMS)]


def test_what_is_cured_has_no_code_of_what_goes_on() -> None:
    assert [one.codes for one in _of("PMH: hepatitis C (cured)", Kind.PROBLEMS)] == [()]


@pytest.mark.parametrize(
    ("text", "substance", "reaction"),
    [
        ("Penicillin causes anaphylaxis.", "penicillin", "anaphylaxis"),
        ("Sulfa - rash.", "sulfa", "rash"),
        ("Intolerant of lisinopril due to cough.", "lisinopril", "cough"),
        ("Statin intolerance.", "statin", None),
    ],
)
def test_what_makes_a_medicine_an_allergen_is_no_problem(
    text: str, substance: str, reaction: str | None
) -> None:
    found = extract(text).entities
    assert [(one.kind, one.details.get("substance"), one.details.get("reaction")) for one in found] == [
        (Kind.ALLERGIES, substance, reaction)
    ]


def test_a_dosed_medicine_for_a_rash_is_no_allergen() -> None:
    assert _of("Hydrocortisone 1% cream BID - rash.", Kind.ALLERGIES) == []


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("BP 182/104", "high"),
        ("BP 84/50", "low"),
        ("BP 118/76", None),
        ("6-week-old infant. HR 150.", None),
        ("4 yo M with cough. RR 26.", None),
        ("40 yo M with cough. RR 26.", "high"),
        ("28 yo G1P1, infant doing well. HR 112", "high"),
    ],
)
def test_adult_ranges_judge_adults(text: str, flag: str | None) -> None:
    assert [one.details.get("flag") for one in _of(text, Kind.VITALS)] == [flag]


def test_the_heart_rate_of_a_fetus_is_not_the_mothers() -> None:
    assert _of("Fetal heart rate 150, maternal HR 88.", Kind.VITALS)[0].details["value"] == 88
