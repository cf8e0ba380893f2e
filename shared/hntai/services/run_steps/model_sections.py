"""Sections written by a model: each sentence held to the facts it cites before a word of it leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from hntai.domain.chart.values import Chart
from hntai.domain.claims import Assembled, assembled, check_text, unrepeated
from hntai.domain.errors import ModelFailedError
from hntai.domain.facts import CitedFact, FactSheet, fact_sheet
from hntai.domain.generation import Finish, Generated, ModelType
from hntai.domain.prompts import Fitted, fit, grammar, section_prompt, summary_grammar, summary_prompt
from hntai.domain.rubbish import rubbish
from hntai.domain.statements import Section, Statement
from hntai.ports import ModelShelf, TextModel

_TEMPLATE_TOKENS = 64
"""What a chat template adds to a prompt, at most."""
_ANSWER_OVER_FACTS = 1.3
"""An answer says the facts once, and cites them."""
_SHORT = {
    Finish.END: "coverage", Finish.LENGTH: "coverage", Finish.DEADLINE: "too_slow",
    Finish.REPETITION: "repetition",
}  # fmt: skip
"""Why a model told too little."""
_LEAST_ANSWER = 96
"""Tokens."""
_MOST_ANSWER = 1024
"""Tokens; a section that wants more is told by the rules where the model stopped."""


@dataclass(frozen=True, slots=True)
class WantedModel:
    """As a request names it; None for whatever is baked first."""

    name: str | None
    type: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """What a model's sections came to."""

    statements: tuple[Statement, ...]
    unsupported_removed: int
    model: str
    """`name@revision (type)`."""
    by_model: frozenset[Statement] = frozenset()
    """Those of the statements that the model wrote; the others were told or put back by rule."""


@dataclass(frozen=True, slots=True)
class ModelSections:
    """Writes one section, or all four in one call."""

    shelf: ModelShelf
    budget_s: float
    """For one call of the model, loading not counted."""

    def __call__(
        self,
        wanted: WantedModel,
        sections: Sequence[Section],
        by_rule: Sequence[Statement],
        chart: Chart,
        tell: Callable[[Statement], None],
    ) -> Written:
        """The sections' statements. by_rule: what the rules say in all four. tell: each sentence that stands.

        What is critical is told by rule before the model is loaded: it waits for no model.

        Raises:
            ModelUnknownError: the model is not baked here.
            ModelFailedError: it failed, wrote rubbish, or told too little of what must be told.
        """
        model = self.shelf.text_model(wanted.name, ModelType(wanted.type) if wanted.type else None)
        whole = fact_sheet(by_rule, chart)
        facts = tuple(fact for fact in whole.facts if fact.section in sections)
        critical = [fact.statement for fact in facts if fact.is_critical]
        for statement in unrepeated(critical):
            tell(statement)
        asked = [fact for fact in facts if not fact.is_critical]
        if not asked:
            return Written(unrepeated(critical), 0, model.identity.shown)
        fitted = _fitted(model, asked, sections)
        if not fitted.is_within:
            raise ModelFailedError(model=model.identity.name, cause="context")
        shown = FactSheet(fitted.facts, whole.names)
        generated = self._generated(model, fitted, sections, _Teller(shown, tell))
        checked = check_text(generated.text, shown, is_cut=generated.finish is not Finish.END)
        told = [assembled(section, FactSheet(facts, whole.names), checked) for section in sections]
        if not any(part.by_model and part.is_enough for part in told):
            raise ModelFailedError(model=model.identity.name, cause=_SHORT[generated.finish])
        return _written(told, model)

    def _generated(
        self, model: TextModel, fitted: Fitted, sections: Sequence[Section], teller: _Teller
    ) -> Generated:
        held_to = (summary_grammar if len(sections) > 1 else grammar)(fitted.facts)
        generated = model.generate(
            fitted.prompt,
            max_tokens=_answer_tokens(model, fitted.facts),
            deadline_s=self.budget_s,
            on_text=teller.read,
            grammar=held_to,
        )
        is_unwritten = not generated.text and generated.finish is Finish.DEADLINE
        if rubbish(generated.text) and not is_unwritten:
            raise ModelFailedError(model=model.identity.name, cause="rubbish")
        return generated


class _Teller:
    """Tells each sentence as soon as its line is whole and it stands, and each only once."""

    def __init__(self, sheet: FactSheet, tell: Callable[[Statement], None]) -> None:
        self._sheet, self._tell = sheet, tell
        self._line = ""
        self._told: set[str] = set()

    def read(self, piece: str) -> None:
        *lines, self._line = (self._line + piece).split("\n")
        for checked in check_text("\n".join(lines), self._sheet):
            is_new = checked.statement is not None and checked.statement.text not in self._told
            if checked.statement and is_new and not checked.is_partial:
                self._told.add(checked.statement.text)
                self._tell(checked.statement)


def _fitted(model: TextModel, facts: Sequence[CitedFact], sections: Sequence[Section]) -> Fitted:
    prompt_of = summary_prompt if len(sections) > 1 else partial(section_prompt, sections[0])
    budget = model.context_tokens - _answer_tokens(model, facts) - _TEMPLATE_TOKENS
    return fit(facts, model.count_tokens, budget, prompt_of)


def _answer_tokens(model: TextModel, facts: Sequence[CitedFact]) -> int:
    said = model.count_tokens("\n".join(f"[{fact.id}] {fact.statement.text}" for fact in facts))
    wanted = max(_LEAST_ANSWER, round(said * _ANSWER_OVER_FACTS))
    return min(wanted, _MOST_ANSWER, model.context_tokens // 3)


def _written(told: Sequence[Assembled], model: TextModel) -> Written:
    statements = unrepeated(statement for part in told for statement in part.statements)
    removed = sum(part.unsupported_removed for part in told)
    by_model = frozenset(statement for part in told for statement in part.by_model)
    return Written(statements, removed, model.identity.shown, by_model)
