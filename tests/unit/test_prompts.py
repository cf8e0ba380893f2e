"""Prompts: facts with their ids, within a context, and a grammar of what may be cited."""

from __future__ import annotations

import re

from hntai.domain.facts import FactKind
from hntai.domain.prompts import fit, grammar, section_prompt, summary_grammar, summary_prompt
from hntai.domain.statements import Section
from tests.unit.claims.sheets import SHEET


def _words(text: str) -> int:
    return len(text.split())


def test_a_section_prompt_holds_each_of_its_facts_with_its_id() -> None:
    facts = SHEET.of(Section.KEY_TRENDS).facts
    prompt = section_prompt(Section.KEY_TRENDS, facts)
    assert all(f"[{fact.id}] " in prompt.text for fact in facts)
    assert "Potassium 5.8 mmol/L (2026-05-20)" in prompt.text


def test_an_instruction_holds_nothing_of_the_record() -> None:
    for prompt in (section_prompt(Section.PLAN, SHEET.facts), summary_prompt(SHEET.facts)):
        assert "5.8" not in prompt.instruction
        assert "Metformin" not in prompt.instruction


def test_a_comparator_stays_in_a_prompt() -> None:
    assert "TSH <0.05 mIU/L" in summary_prompt(SHEET.facts).text


def test_everything_that_fits_is_kept() -> None:
    fitted = fit(SHEET.facts, _words, 10_000, summary_prompt)
    assert fitted.facts == SHEET.facts
    assert fitted.dropped == ()
    assert fitted.is_within


def test_what_does_not_fit_goes_by_weight_and_is_named() -> None:
    whole = fit(SHEET.facts, _words, 10_000, summary_prompt).tokens
    fitted = fit(SHEET.facts, _words, whole - 60, summary_prompt)
    assert fitted.is_within
    assert fitted.tokens <= whole - 60
    assert set(fitted.facts) | set(fitted.dropped) == set(SHEET.facts)
    assert not fitted.dropped[0].is_required
    first_required = next((n for n, f in enumerate(fitted.dropped) if f.is_required), len(fitted.dropped))
    assert all(fact.is_required for fact in fitted.dropped[first_required:])


def test_what_is_critical_is_never_dropped() -> None:
    fitted = fit(SHEET.facts, _words, 1, summary_prompt)
    assert not fitted.is_within
    assert not any(fact.is_critical for fact in fitted.dropped)
    assert {f.kind for f in fitted.facts} <= {FactKind.CONFLICT, FactKind.SUGGESTION}


def test_a_grammar_asks_for_a_line_for_each_fact_in_order_and_one_for_a_list() -> None:
    facts = SHEET.of(Section.CLINICAL_ASSESSMENT).facts
    root = grammar(facts).splitlines()[0]
    assert re.findall(r"F\d+", root) == [fact.id for fact in facts]
    lists = {fact.label for fact in facts} - {""}
    assert root.count(" text") == len(lists) + sum(not fact.label for fact in facts)


def test_a_grammar_of_all_sections_has_their_headings_and_each_ones_ids() -> None:
    rules = dict(line.split(" ::= ", 1) for line in summary_grammar(SHEET.facts).strip().splitlines())
    for number, section in enumerate(Section):
        assert section.value in rules[f"section{number}"]
        own = [fact.id for fact in SHEET.facts if fact.section is section]
        assert re.findall(r"F\d+", rules[f"section{number}"]) == own
