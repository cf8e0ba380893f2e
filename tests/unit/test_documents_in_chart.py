"""A document beside the record: new facts keep their mark, and what the record says too is told once."""

from __future__ import annotations

import re

import pytest

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import chart_from_json, chart_to_json
from hntai.domain.dates import DateStyle
from hntai.domain.delta import build_delta
from hntai.domain.facts import fact_sheet
from hntai.domain.grounding import verify
from hntai.domain.statements import Section, Statement
from hntai.domain.uploaded.marks import marked
from tests.unit.chart_records import Resource, allergy, drug, lab, problem, statements_of
from tests.unit.uploaded_letters import HEAD, LETTER_ID, MARK, TWICE, VISITS, chart_with, told

ASSESSMENT, TRENDS, PLAN, GUIDANCE = Section


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        ("Diagnosis: asthma.", f"Asthma (onset not recorded, {MARK})"),
        ("Diagnosis: asthma since 2009.", f"Asthma (since 2009, {MARK})"),
        ("Diagnosis: asthma (diagnosed May 2011).", f"Asthma (since 2011-05, {MARK})"),
        ("PMH: gout, pneumonia, asthma.", f"Gout (onset not recorded, status not recorded, {MARK})"),
        ("Possible pneumonia.", f"Pneumonia (onset not recorded, unconfirmed, {MARK})"),
        ("Empagliflozin 10 mg daily.", f"Empagliflozin 10 mg once daily (start not recorded, {MARK})"),
        ("Metoprolol succinate 50 mg.", f"Metoprolol succinate 50 mg (start not recorded, {MARK})"),
        ("Allergies: penicillin (hives).", f"Penicillin (hives, {MARK})"),
        ("Potassium 5.8 mmol/L.", f"Potassium 5.8 mmol/L (2026-05-10, {MARK})"),
        ("BP 165/95.", f"Blood pressure 165/95 mmHg (2026-05-10, {MARK})"),
        ("Metoprolol 50 mg is held.", f"On hold: Metoprolol 50 mg (start not recorded, {MARK})"),
        ("Appendectomy performed on 2026-05-12.", f"Appendectomy (2026-05-12, {MARK})"),
    ],
)  # fmt: skip
def test_what_only_a_document_says_is_told_with_its_mark(letter: str, said: str) -> None:
    assert said in told(chart_with([HEAD + letter], *VISITS))


def test_what_lasts_is_taken_over_from_a_past_history_and_what_ends_is_not() -> None:
    summary = told(chart_with([HEAD + "PMH: gout, pneumonia, appendicitis."], *VISITS))
    assert "Gout" in summary
    assert "neumonia" not in summary
    assert "ppendicitis" not in summary


def test_a_drug_only_a_later_document_tells_of_did_not_stand_before() -> None:
    letter = HEAD + "Takes empagliflozin 10 mg daily."
    chart = chart_with([letter], *VISITS)
    assert build_baseline(chart).medications == ()
    earlier = chart_with([letter.replace("2026-05-10", "2026-01-08")], *VISITS)
    assert [item.details["name"] for item in build_baseline(earlier).medications] == ["Empagliflozin"]


def test_a_problem_with_an_early_start_is_not_new_though_a_later_document_tells_it() -> None:
    chart = chart_with([HEAD + "Diagnosis: asthma since 2009."], *VISITS)
    baseline = build_baseline(chart)
    assert [item.details["name"] for item in baseline.problems] == ["Asthma"]
    assert build_delta(chart, baseline).problems_new == ()


def test_a_document_without_a_date_is_marked_with_its_upload() -> None:
    summary = told(chart_with(["Diagnosis: asthma."], *VISITS))
    assert "per an uploaded document without a date, uploaded 2026-05-25" in summary


def test_evidence_is_the_document_and_the_place_in_it() -> None:
    letter = HEAD + "Diagnosis: asthma."
    chart = chart_with([letter], *VISITS)
    (found,) = [p for p in chart.problems if p.name == "Asthma"]
    start = letter.index("asthma")
    assert found.references == (f"Document/{LETTER_ID}#{start}-{start + 6}",)


@pytest.mark.parametrize(
    ("letter", "resource", "name"),
    [
        ("Diagnosis: hypertension.", problem("Essential hypertension (disorder)"), "ypertension"),
        ("Diabetes type 2.", problem("Diabetes mellitus type 2 (disorder)"), "iabetes"),
        ("Heart failure.", problem("Chronic congestive heart failure (disorder)"), "eart failure"),
        ("Metformin 500 mg twice daily.", drug("Metformin 500 MG Oral Tablet", **TWICE), "etformin"),
        ("Metoprolol succinate 50 mg.", drug("24 HR Metoprolol Succinate 50 MG Oral Tablet"), "etoprolol"),
        ("Takes metformin.", drug("Metformin 500 MG Oral Tablet", **TWICE), "etformin"),
        ("Empagliflozin 10 mg daily.", drug("Jardiance 10 MG Oral Tablet"), "mpagliflozin"),
        ("Allergies: penicillin.", allergy("Allergy to penicillin"), "enicillin"),
        ("Potassium 5.80 mmol/L.", lab("2823-3", 5.8, "mmol/L", "2026-05-10"), "otassium"),
    ],
)
def test_what_the_record_says_too_is_told_once_as_the_records(
    letter: str, resource: Resource, name: str
) -> None:
    with_letter, without = (chart_with(letters, *VISITS, resource) for letters in ([HEAD + letter], []))
    assert told(with_letter).count(name) == told(without).count(name) or name == "mpagliflozin"
    assert "uploaded" not in told(with_letter)
    assert with_letter.conflicts == ()
    every = (*with_letter.problems, *with_letter.orders, *with_letter.allergies, *with_letter.results)
    (confirmed,) = [fact for fact in every if any(r.startswith("Document/") for r in fact.references)]
    assert not confirmed.references[0].startswith("Document/")


def test_what_a_rule_concludes_from_a_document_says_so() -> None:
    summary = told(chart_with([HEAD + "Allergies: penicillin."], *VISITS, drug("Amoxicillin 500 MG")))
    (alarm, *_) = [line for line in summary.split("\n") if line.startswith("Safety conflict: ")]
    assert alarm.endswith(f"(in part {MARK}).")


def test_every_sentence_that_stands_on_a_document_alone_or_in_part_carries_the_mark() -> None:
    letter = HEAD + (
        "Diabetes type 2, CKD stage 3. Metformin 1000 mg twice daily. Allergies: penicillin.\n"
        "Potassium 6.6 mmol/L. HbA1c 9.4 %. eGFR 28. BP 190/110."
    )
    chart = chart_with([letter], *VISITS, drug("Amoxicillin 500 MG"), drug("Lisinopril 10 MG Oral Tablet"))
    standing = [s for s in statements_of(chart) if any(r.startswith("Document/") for r in s.references)]
    assert len(standing) > 8
    assert all("per an uploaded document" in marked(chart, statement).text for statement in standing)


def test_marked_sentences_pass_the_gate_and_an_unsupported_one_does_not() -> None:
    chart = chart_with([HEAD + "Asthma. Potassium 6.6 mmol/L. Metformin 1 g daily."], *VISITS)
    statements = [marked(chart, statement) for statement in statements_of(chart)]
    assert verify(statements, chart).removed == 0
    reference = chart.results[0].references[0]
    forged = Statement(TRENDS, f"Potassium 4.4 mmol/L (2026-05-10, {MARK}).", (reference,), ("2026-05-10",))
    assert verify([forged], chart).kept == ()


def test_a_models_sentence_gets_the_mark_it_left_out() -> None:
    chart = chart_with([HEAD + "Potassium 6.6 mmol/L."], *VISITS)
    reference = chart.results[0].references[0]
    written = Statement(TRENDS, "Potassium is high at 6.6 mmol/L.", (reference,), ())
    assert marked(chart, written).text == f"Potassium is high at 6.6 mmol/L ({MARK})."
    assert marked(chart, written).dates == ("2026-05-10",)
    assert verify([marked(chart, written)], chart).removed == 0


def test_an_entry_of_a_list_without_a_day_of_its_own_has_none_of_the_others() -> None:
    chart = chart_with([HEAD + "Asthma."], *VISITS, problem("Essential hypertension"))
    facts = fact_sheet(statements_of(chart, ASSESSMENT), chart).facts
    (own,) = [fact.statement for fact in facts if fact.item.startswith("Asthma")]
    assert own.dates == ()
    assert verify([marked(chart, own)], chart).removed == 0


def test_relative_days_hide_the_documents_date_too() -> None:
    chart = chart_with([HEAD + "Asthma. No gout."], *VISITS, problem("Gout"), date_style=DateStyle.RELATIVE)
    everything = told(chart) + " ".join(chart.warnings)
    assert "per an uploaded document dated day -10" in everything
    assert not re.search(r"\d{4}-\d\d-\d\d", everything)


def test_drugs_of_an_old_letter_are_no_current_drugs() -> None:
    old = "Date: 2020-01-01\nRe: Anna Testpatient\nTakes warfarin 5 mg daily. Diagnosis: asthma."
    chart = chart_with([old], *VISITS)
    assert [problem.name for problem in chart.problems] == ["Asthma"]
    assert chart.orders == ()
    assert "Drugs of uploaded documents over 12 months old, not taken over: 1." in chart.warnings


def test_a_warning_says_what_a_document_is_dated_by_and_that_it_names_nobody_known() -> None:
    warnings = chart_with(["Re: Berta Example\nAsthma."], *VISITS).warnings
    assert (
        f"Uploaded document {LETTER_ID}: without a date, as of its upload 2026-05-25;"
        " it does not name this patient, check whose it is." in warnings
    )


def test_names_of_the_letter_and_of_the_record_are_nowhere() -> None:
    letter = "Dear Dr. Quillfeather,\nAnna Testpatient, DOB 1956-04-12, MRN 4711-222, has asthma and takes " \
        "metformin 500 mg daily. Her sister Rosalind Testpatient has gout. Phone 212-555-0143."  # fmt: skip
    chart = chart_with([letter], *VISITS)
    everything = told(chart) + " ".join(chart.warnings) + str(chart_to_json(chart))
    for word in ("Quillfeather", "Anna", "Testpatient", "1956", "4711", "Rosalind", "555", "Gout"):
        assert word not in everything


def test_json_gives_the_same_chart_back() -> None:
    chart = chart_with([HEAD + "Asthma. Stopped metformin."], *VISITS, drug("Metformin 500 MG Oral Tablet"))
    assert chart.documents
    assert chart.conflicts
    assert chart_from_json(chart_to_json(chart)) == chart


def test_without_documents_a_chart_is_the_very_same() -> None:
    assert chart_with([], *VISITS).documents == ()
