"""Sections written by a model: what stands is told, what does not is not, and what must be told is."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from hntai.domain.chart.values import Chart
from hntai.domain.errors import ModelFailedError, ModelUnknownError
from hntai.domain.generation import Finish, Prompt
from hntai.domain.statements import Section, Statement
from hntai.services.run_steps.model_sections import ModelSections, WantedModel, Written
from tests.memory.models import MemoryShelf, MemoryWriter, copied, facts_in
from tests.unit.chart_records import allergy, chart_of, drug, encounter, lab, problem, statements_of

ASSESSMENT, TRENDS, PLAN, GUIDANCE = Section
ANY = WantedModel(None, None)


def sick() -> Chart:
    return chart_of(
        encounter("2026-01-10", "e0"),
        encounter(),
        lab("2823-3", 6.4, "mmol/L"),
        drug("Lisinopril 10 MG Oral Tablet"),
        drug("Amoxicillin 500 MG Oral Capsule"),
        allergy("Penicillin", reaction=[{"manifestation": [{"text": "Anaphylaxis"}]}]),
        problem("Hypertension"),
    )


def written(model: MemoryWriter, *sections: Section, told: list[Statement] | None = None) -> Written:
    chart = sick()
    sink: list[Statement] = [] if told is None else told
    write = ModelSections(MemoryShelf([model]), 60)
    return write(ANY, sections or (ASSESSMENT,), statements_of(chart), chart, sink.append)


def texts(made: Written, section: Section = ASSESSMENT) -> str:
    return "\n".join(s.text for s in made.statements if s.section is section)


def test_what_the_model_says_rightly_stands_with_the_references_of_its_facts() -> None:
    made = written(MemoryWriter(copied))
    assert made.unsupported_removed == 0
    assert made.model == "writer@r1 (gguf)"
    assert "Potassium 6.4 mmol/L (2026-05-20)" in texts(made)
    assert all(statement.references for statement in made.statements)
    assert "[F" not in texts(made)


def test_each_sentence_is_told_when_its_line_is_whole_and_only_once() -> None:
    told: list[Statement] = []
    made = written(MemoryWriter(lambda p: copied(p) + "\n" + copied(p)), told=told)
    assert len(told) == len({statement.text for statement in told})
    assert {statement.text for statement in told} <= {statement.text for statement in made.statements}
    assert told


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Penicillin", "Aspirin"),
        ("Lisinopril", "Losartan"),
        ("2026-05-20", "2026-05-02"),
    ],
)
def test_what_no_fact_says_never_leaves_and_the_rule_says_it_instead(right: str, wrong: str) -> None:
    told: list[Statement] = []
    made = written(MemoryWriter(lambda p: copied(p).replace(right, wrong, 1)), told=told)
    everything = texts(made) + "".join(statement.text for statement in told)
    assert made.unsupported_removed > 0
    assert wrong not in everything
    assert right in texts(made)


def test_a_critical_fact_the_model_passes_over_is_put_back_on_top() -> None:
    def without_critical(prompt: Prompt) -> str:
        kept = [(own, text) for own, text in facts_in(prompt) if "6.4" not in text]
        return "\n".join(f"- {text} [{own}]" for own, text in kept)

    first = texts(written(MemoryWriter(without_critical))).split("\n")[0]
    assert first.startswith("Critical: Potassium 6.4 mmol/L (2026-05-20)")


def test_what_is_critical_is_told_before_the_model_is_asked_and_whatever_it_does() -> None:
    told: list[Statement] = []
    model = MemoryWriter(copied, failing=ModelFailedError(model="writer", cause="crashed"))
    with pytest.raises(ModelFailedError):
        written(model, told=told)
    assert told
    assert all(s.text.startswith(("Critical: ", "Safety conflict: ")) for s in told)
    assert "6.4" not in model.prompts[0].text


def test_a_sentence_beside_which_the_rule_must_say_it_all_is_left_to_the_rule() -> None:
    told: list[Statement] = []
    whole = texts(written(MemoryWriter(copied)))
    partly = written(
        MemoryWriter(lambda p: copied(p).replace("Lisinopril 10 MG Oral Tablet", "Lisinopril")), told=told
    )
    assert not any("Current drugs: Lisinopril." in statement.text for statement in told)
    assert texts(partly).count("Lisinopril") == whole.count("Lisinopril")


@pytest.mark.parametrize(
    ("finish", "cause"),
    [(Finish.DEADLINE, "too_slow"), (Finish.REPETITION, "repetition"), (Finish.LENGTH, "coverage")],
)
def test_a_model_that_was_stopped_early_fails_with_what_stopped_it(finish: Finish, cause: str) -> None:
    with pytest.raises(ModelFailedError) as caught:
        written(MemoryWriter(lambda _: "Nothing of note", finish=finish))
    assert caught.value.details["cause"] == cause


def test_one_call_writes_all_four_sections() -> None:
    model = MemoryWriter(lambda p: copied(p))
    made = written(model, *Section)
    assert len(model.prompts) == 1
    assert {statement.section for statement in made.statements} == set(Section)


@pytest.mark.parametrize(
    ("model", "cause"),
    [
        (MemoryWriter(lambda _: "I am sorry, I cannot help with that."), "coverage"),
        (MemoryWriter(lambda _: ""), "rubbish"),
        (MemoryWriter(lambda _: "", finish=Finish.DEADLINE), "too_slow"),
        (MemoryWriter(lambda _: "\x00\ufffd\x01" * 50), "rubbish"),
        (MemoryWriter(copied, context_tokens=60), "context"),
    ],
)
def test_a_model_that_tells_too_little_fails_with_its_cause(model: MemoryWriter, cause: str) -> None:
    with pytest.raises(ModelFailedError) as caught:
        written(model)
    assert caught.value.details["cause"] == cause


def test_a_section_of_nothing_required_is_not_the_models_when_it_wrote_nothing() -> None:
    with pytest.raises(ModelFailedError) as caught:
        written(MemoryWriter(lambda _: "", finish=Finish.DEADLINE), *Section)
    assert caught.value.details["cause"] == "too_slow"


def test_a_sentence_cut_off_by_time_or_length_does_not_leave() -> None:
    model = MemoryWriter(lambda p: copied(p) + "\n- Potassium 6", finish=Finish.LENGTH)
    assert "Potassium 6." not in texts(written(model)).replace("Potassium 6.4", "")


def test_a_model_that_is_not_there_is_unknown() -> None:
    chart = sick()
    write = partial(ModelSections(MemoryShelf([MemoryWriter(copied)]), 60), sections=(PLAN,), chart=chart)
    with pytest.raises(ModelUnknownError):
        write(replace(ANY, name="other"), by_rule=statements_of(chart), tell=lambda _: None)
