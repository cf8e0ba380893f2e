"""The verifier of make eval sees what it is there to see."""

from __future__ import annotations

import pytest

from hntai.domain.statements import Section, Statement
from tests.eval.summary_check import headings, identifiers, uncovered, unsupported, without_evidence
from tests.unit.chart_records import PATIENT, allergy, chart_of, drug, encounter, lab, problem, statements_of

RECORD = [
    PATIENT,
    encounter(),
    lab("2823-3", 5.9, "mmol/L", own="k"),
    drug("Metformin 500 MG Oral Tablet", "2026-01-02", own="m"),
    problem("Gout", "2020-02-03", own="c"),
    allergy("Penicillin", own="a"),
]
EVERYTHING = ("Observation/k", "MedicationRequest/m", "Condition/c", "AllergyIntolerance/a")


def _said(text: str, *references: str) -> tuple[Statement, ...]:
    return (Statement(Section.CLINICAL_ASSESSMENT, text, references or EVERYTHING, ()),)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Potassium 5.9 mmol/L (2026-05-20).", set()),
        ("Metformin 500 MG (since 2026-01-02).", set()),
        ("Active problems: Gout (since 2020-02-03).", set()),
        ("Potassium 6.1 mmol/L (2026-05-20).", {"number"}),
        ("Potassium 5.9 mmol/L (2026-05-21).", {"date", "number"}),
        ("Metformin 850 mg.", {"number", "dose"}),
        ("Metformin with lisinopril.", {"drug"}),
        ("Active problems: Gout (since 2020-02-03); Asthma (since 2020-02-03).", {"diagnosis"}),
    ],
)
def test_facts_that_do_not_stand_in_the_record_are_named_by_kind(text: str, kinds: set[str]) -> None:
    found = {fault.split(" ")[0] for fault in unsupported(_said(text), RECORD, ("70",))}
    assert found == kinds


def test_a_fact_must_stand_in_what_the_sentence_refers_to() -> None:
    assert [*unsupported(_said("Potassium 5.9 mmol/L.", "Condition/c"), RECORD, ())]


def test_a_summary_of_the_record_leaves_nothing_out_and_has_evidence() -> None:
    statements = statements_of(chart_of(*RECORD[1:]))
    told = "\n".join(statement.text for statement in statements)
    assert {kind: out for kind, (_, out) in uncovered(told, RECORD).items() if out} == {}
    assert not [*without_evidence(statements, RECORD)]


def test_what_is_left_out_is_counted() -> None:
    missing = {kind: len(out) for kind, (_, out) in uncovered("Nothing.", RECORD).items()}
    assert missing == {"problems": 1, "drugs": 1, "allergies": 1, "abnormal": 1}


def test_sentences_without_evidence_wrong_headings_and_identifiers_show() -> None:
    assert [*without_evidence(_said("Well.", "Observation/none"), RECORD)]
    assert [*headings("## Plan & Suggested Actions\n\n## Clinical Assessment\n")]
    assert [*identifiers("Seen with Anna Testpatient.", PATIENT)]
