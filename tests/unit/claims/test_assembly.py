"""Sections out of a model's sentences and the rule's own: nothing required is lost, nothing wrong stays."""

from __future__ import annotations

from hntai.domain.claims import assembled, check_text, unrepeated
from hntai.domain.claims.assembly import Assembled
from hntai.domain.facts import FactSheet, fact_sheet
from hntai.domain.grounding import verify
from hntai.domain.statements import Section, Statement
from tests.unit.chart_records import statements_of
from tests.unit.claims.sheets import CHART, SHEET, cited

ASSESSMENT, TRENDS, PLAN, GUIDANCE = Section


def _section(section: Section, text: str, sheet: FactSheet = SHEET) -> Assembled:
    return assembled(section, sheet, check_text(cited(text), sheet))


def _by_rule(section: Section) -> FactSheet:
    return fact_sheet(statements_of(CHART, section), CHART)


def _quoted(sheet: FactSheet) -> str:
    return "\n".join(f"- {fact.statement.text.removesuffix('.')} [{fact.id}]." for fact in sheet.facts)


def test_a_silent_model_gives_the_rules_own_section() -> None:
    for section in Section:
        made = _section(section, "")
        required = tuple(fact for fact in SHEET.of(section).facts if fact.is_required or fact.is_critical)
        assert made.put_back == len(required)
        assert not made.is_enough
        assert {r for s in made.statements for r in s.references} == {
            r for fact in required for r in fact.statement.references
        }


def test_put_back_entries_of_a_list_are_one_statement_again() -> None:
    made = _section(ASSESSMENT, "")
    own = next(s for s in statements_of(CHART, ASSESSMENT) if s.text.startswith("Current drugs"))
    again = next(s for s in made.statements if s.text.startswith("Current drugs"))
    assert again.text == own.text
    assert set(again.references) == set(own.references)


def test_rule_sentences_quoted_by_a_model_tell_everything() -> None:
    for section in Section:
        sheet = _by_rule(section)
        made = assembled(section, sheet, check_text(_quoted(sheet), sheet))
        assert (made.unsupported_removed, made.put_back, made.coverage) == (0, 0, 1.0)


def test_a_wrong_sentence_is_replaced_by_the_rules_own_once() -> None:
    made = _section(TRENDS, "Potassium is 6.8 mmol/L [k]. Potassium fell [k].")
    told = [s.text for s in made.statements if s.text.startswith("Potassium")]
    assert told == [
        "Potassium 5.8 mmol/L (2026-05-20): high, reference 3.5-5; up from 5.1 mmol/L (2026-01-10)."
    ]
    assert made.unsupported_removed == 2


def test_a_fact_that_a_section_may_lack_comes_back_only_if_it_was_told_wrongly() -> None:
    assert not any("Family history" in s.text for s in _section(ASSESSMENT, "").statements)
    wrong = _section(ASSESSMENT, "Breast cancer [fam].")
    assert any(s.text.startswith("Other findings: Family history of breast cancer") for s in wrong.statements)


def test_what_is_critical_comes_first_whatever_the_model_put_first() -> None:
    made = _section(ASSESSMENT, "Hypertension is active [htn].")
    assert [s.text.partition(":")[0] for s in made.statements[:3]] == ["Safety conflict"] * 3


def test_a_kept_sentence_makes_the_rules_own_needless() -> None:
    made = _section(TRENDS, "Potassium rose from 5.1 mmol/L (2026-01-10) to 5.8 mmol/L (2026-05-20) [k].")
    assert sum("Potassium" in s.text for s in made.statements) == 1


def test_a_sentence_that_leaves_out_the_value_does_not_do_for_the_fact() -> None:
    made = _section(TRENDS, "Potassium is high [k].")
    assert any(s.text.startswith("Potassium 5.8 mmol/L (2026-05-20)") for s in made.statements)


def test_a_drug_without_its_dose_is_told_again_with_it() -> None:
    made = _section(ASSESSMENT, "Metformin is active [met].")
    assert any("Metformin 1000 MG Oral Tablet twice daily" in s.text for s in made.statements)


def test_what_was_told_once_is_not_told_again() -> None:
    made = _section(ASSESSMENT, "Hypertension is active [htn].\nHypertension since 2012-07-10 [htn].")
    assert sum("Hypertension" in s.text for s in made.statements) == 1


def test_with_less_than_half_of_the_facts_told_the_section_is_not_enough() -> None:
    sheet = _by_rule(TRENDS)
    half = sheet.facts[: len(sheet.facts) // 3]
    text = "\n".join(f"{fact.statement.text.removesuffix('.')} [{fact.id}]." for fact in half)
    assert not assembled(TRENDS, sheet, check_text(text, sheet)).is_enough
    assert assembled(TRENDS, sheet, check_text(_quoted(sheet), sheet)).is_enough


def test_a_sentence_cut_off_does_not_leave() -> None:
    checked = check_text(cited("Potassium is high [k].\nCreatinine is"), SHEET, is_cut=True)
    assert [one.statement is not None for one in checked] == [True, False]


def test_a_value_without_its_day_gets_it() -> None:
    (one,) = check_text(cited("Potassium is 5.8 mmol/L [k]."), SHEET)
    assert one.statement
    assert one.statement.text == "Potassium is 5.8 mmol/L (2026-05-20)."


def test_a_sentence_takes_the_references_and_days_of_its_facts_alone() -> None:
    (one,) = check_text(cited("Creatinine is high [cr]."), SHEET)
    assert one.statement
    assert set(one.statement.references) == {"Observation/cr", "Observation/cr0"}
    assert set(one.statement.dates) == {"2026-05-20", "2026-01-10"}


def test_all_that_leaves_stands_before_the_gate_of_rule_statements_too() -> None:
    text = cited(
        "Potassium is 5.8 mmol/L [k]. Hypertension is active [htn]. Metformin 1000 mg twice daily [met]."
    )
    left = [s for own in Section for s in assembled(own, SHEET, check_text(text, SHEET)).statements]
    assert verify(left, CHART).removed == 0


def test_the_same_text_in_two_sections_is_told_once_unless_urgent() -> None:
    plain = Statement(ASSESSMENT, "Hypertension is active.", ("Condition/c",), ())
    again = Statement(TRENDS, "Hypertension is active.", ("Condition/c",), ())
    urgent = Statement(ASSESSMENT, "Critical: INR 4.9.", ("Observation/i",), ())
    also = Statement(GUIDANCE, "Critical: INR 4.9.", ("Observation/i",), ())
    assert unrepeated([plain, again, urgent, also]) == (plain, urgent, also)
