"""A section out of what a model wrote: what stood the check, and by rule what it left out or got wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from hntai.domain.claims.verifier import Checked
from hntai.domain.facts import CitedFact, FactSheet
from hntai.domain.statements import Section, Statement

_ENOUGH = 0.5
"""Share of the required facts a model's own sentences must tell; with less, the rules write the section."""
_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Assembled:
    """One section as it may leave."""

    statements: tuple[Statement, ...]
    by_model: tuple[Statement, ...]
    """Those of them that the model wrote."""
    unsupported_removed: int
    """Sentences of the model that did not stand."""
    put_back: int
    """Facts told by the rule's sentence, because no sentence that stayed tells them."""
    coverage: float
    """Share of the required facts that the model's own sentences tell; 1 where there are none. What is
    critical is told by rule whatever the model does, and does not count."""

    @property
    def is_enough(self) -> bool:
        """Whether the model did its part; if not, the caller falls back to the rules."""
        return self.coverage >= _ENOUGH


@dataclass(frozen=True, slots=True)
class _Placed:
    place: tuple[bool, int]
    """Critical ones first, then in the order of the facts."""
    label: str
    fact: CitedFact | None
    statement: Statement


def assembled(section: Section, sheet: FactSheet, checked: Sequence[Checked]) -> Assembled:
    """The section's statements. sheet: all that the model was shown; checked: all that it wrote."""
    facts = sheet.of(section).facts
    ids = frozenset(fact.id for fact in facts)
    kept = tuple(_unrepeated(one for one in checked if one.statement and one.statement.section is section))
    removed = [one for one in checked if one.statement is None and _belongs(one, section, sheet)]
    told = frozenset(i for one in kept for i in one.told)
    wrongly_told = frozenset(i for one in removed for i in one.drafted.cited)
    by_rule = [f for f in facts if f.id not in told and (_must_be_told(f) or f.id in wrongly_told)]
    required = [fact for fact in facts if fact.is_required and not fact.is_critical]
    placed = [*_placed(kept, facts), *(_of_rule(fact, facts) for fact in by_rule)]
    return Assembled(
        statements=tuple(_joined(sorted(placed, key=lambda one: one.place))),
        by_model=tuple(one.statement for one in kept if one.statement),
        unsupported_removed=len(removed),
        put_back=len(by_rule),
        coverage=sum(f.id in told & ids for f in required) / len(required) if required else 1.0,
    )


def unrepeated(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Over all sections: each text once; what is urgent may stand in more than one section, as by rule."""
    seen: set[str] = set()
    kept = []
    for statement in statements:
        key = _key(statement.text)
        if key not in seen or statement.text.startswith(("Critical: ", "Safety conflict: ")):
            kept.append(statement)
        seen.add(key)
    return tuple(kept)


def _must_be_told(fact: CitedFact) -> bool:
    return fact.is_required or fact.is_critical


def _belongs(one: Checked, section: Section, sheet: FactSheet) -> bool:
    """A sentence that cites nothing of any section counts once, with the first section shown."""
    cited = {fact.section for fact in sheet.facts if fact.id in one.drafted.cited}
    first = next((fact.section for fact in sheet.facts), section)
    return (section in cited and section is min(cited, key=list(Section).index)) or (
        not cited and section is first
    )


def _unrepeated(checked: Iterable[Checked]) -> Iterator[Checked]:
    """Sentences that tell something no earlier one has told, and that no rule's sentence will tell beside."""
    told: set[str] = set()
    texts: set[str] = set()
    for one in checked:
        key = _key(one.statement.text if one.statement else "")
        is_new = not told.issuperset(one.supported_by) and key not in texts and not one.is_partial
        if is_new:
            yield one
        told.update(one.told)
        texts.add(key)


def _key(text: str) -> str:
    return _NOT_A_WORD.sub(" ", text).strip().casefold()


def _placed(kept: Iterable[Checked], facts: Sequence[CitedFact]) -> Iterator[_Placed]:
    places = {fact.id: n for n, fact in enumerate(facts)}
    critical = {fact.id for fact in facts if fact.is_critical}
    for one in kept:
        if one.statement:
            place = min((places[i] for i in one.supported_by if i in places), default=len(facts))
            yield _Placed((critical.isdisjoint(one.supported_by), place), "", None, one.statement)


def _of_rule(fact: CitedFact, facts: Sequence[CitedFact]) -> _Placed:
    return _Placed((not fact.is_critical, facts.index(fact)), fact.label, fact, fact.statement)


def _joined(placed: Iterable[_Placed]) -> Iterator[Statement]:
    """Entries of one list that come one after another make one statement again."""
    for label, group in groupby(placed, key=lambda one: one.label):
        entries = list(group)
        if not label:
            yield from (entry.statement for entry in entries)
            continue
        items = "; ".join(entry.fact.item for entry in entries if entry.fact)
        references = tuple(dict.fromkeys(r for entry in entries for r in entry.statement.references))
        dates = tuple(dict.fromkeys(d for entry in entries for d in entry.statement.dates))
        yield Statement(entries[0].statement.section, f"{label}: {items}.", references, dates)
