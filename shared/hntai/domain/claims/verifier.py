"""The verifier: every sentence of a model is held to the facts it cites before it may leave."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hntai.domain.claims.content import Content, taken_apart
from hntai.domain.claims.evidence import Evidence, evidence_of
from hntai.domain.claims.reading import Drafted, sentences_in
from hntai.domain.claims.support import Reason, omitted, unsupported
from hntai.domain.claims.words import SPREADING, Sense
from hntai.domain.facts import CitedFact, FactKind, FactSheet
from hntai.domain.statements import Statement

_CLAUSE = re.compile(r"[,;] (?:and |but )?| and | but | while | whereas ")
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,;:()/%+-'<>°µ²≥≤")
_TAG = re.compile(r"[<>](?!=?\s?\d)|\.[A-Za-z]{2,}/|\w@\w")
"""What no comparator, and no end of a sentence, looks like."""
_LONGEST = 600
"""Characters of a sentence; one over that is none."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of one sentence."""

    drafted: Drafted
    statement: Statement | None
    """The sentence as it may leave, with the references and dates of its facts; None where it may not."""
    reason: Reason | None
    """Why it may not."""
    told: tuple[str, ...] = ()
    """Ids of the facts it tells so fully that the rule's own sentences are not needed."""
    supported_by: tuple[str, ...] = ()
    is_partial: bool = False
    """It tells none of its facts fully, and one must be told: the rule's sentence stands instead."""


def check_text(text: str, sheet: FactSheet, *, is_cut: bool = False) -> tuple[Checked, ...]:
    """Each sentence of a model's text, in order. is_cut: it ran out of tokens or time."""
    sentences = sentences_in(text)
    checked = [check(drafted, sheet) for drafted in sentences]
    if is_cut and sentences and not text.rstrip().endswith("]"):
        checked[-1] = Checked(sentences[-1], None, Reason.CUT_OFF)
    return tuple(checked)


def check(drafted: Drafted, sheet: FactSheet) -> Checked:
    """One sentence against the facts it cites; one that cites none, against the first that says it all."""
    known = evidence_of(sheet)
    if reason := _malformed(drafted, known):
        return Checked(drafted, None, reason)
    if drafted.cited:
        return _held_to(drafted, [known[i] for i in drafted.cited], sheet)
    attempts = (_held_to(drafted, [fact], sheet) for fact in known.values())
    found = next((attempt for attempt in attempts if attempt.statement), None)
    return found or Checked(drafted, None, Reason.UNCITED)


def _malformed(drafted: Drafted, known: Mapping[str, Evidence]) -> Reason | None:
    allowed = _PLAIN.union(*(known[i].fact.statement.text for i in drafted.cited if i in known))
    if not any(letter.isalpha() for letter in drafted.text):
        return Reason.EMPTY
    if len(drafted.text) > _LONGEST or not allowed.issuperset(drafted.text) or _TAG.search(drafted.text):
        return Reason.CHARACTERS
    return None if all(i in known for i in drafted.cited) else Reason.UNKNOWN_CITATION


def _held_to(drafted: Drafted, facts: Sequence[Evidence], sheet: FactSheet) -> Checked:
    whole = taken_apart(drafted.text, sheet.names)
    reasons = []
    for fact in facts:
        reason = unsupported(whole, fact)
        if reason is None and not fact.is_about(frozenset(whole.words)):
            reason = Reason.OMITTED
        if reason is None:
            return _finished(drafted, whole, {fact.fact.id: (fact, [whole])})
        reasons.append(reason)
    if len(facts) == 1:
        return Checked(drafted, None, reasons[0])
    said = _by_clauses(drafted.text, facts, sheet.names)
    return Checked(drafted, None, said) if isinstance(said, Reason) else _finished(drafted, whole, said)


_Said = dict[str, tuple[Evidence, list[Content]]]


def _by_clauses(text: str, facts: Sequence[Evidence], names: tuple[str, ...]) -> _Said | Reason:
    """Each clause by one fact that it names, or by the fact of the clause before it."""
    said: _Said = {}
    last: Evidence | None = None
    bare: Evidence | None = None
    for clause in _clauses(text, names):
        order = [fact for fact in facts if fact.is_about(frozenset(clause.words))]
        tried = [(fact, unsupported(clause, fact)) for fact in [*order, *([last] if last else [])]]
        if not clause.words and not clause.figures and not clause.days:
            continue
        found = next((fact for fact, reason in tried if reason is None), None)
        if found is None:
            closest = tried[0][1] if tried else unsupported(clause, facts[0])
            return closest or Reason.SWAPPED
        if bare and bare is not found and (clause.figures or clause.rhythms):
            return Reason.SWAPPED
        said.setdefault(found.fact.id, (found, []))[1].append(clause)
        is_bare = not (clause.figures or clause.rhythms or clause.days) and bool(found.subject_figures)
        last, bare = found, found if is_bare and not clause.senses else None
    return said or Reason.EMPTY


def _clauses(text: str, names: tuple[str, ...]) -> Iterator[Content]:
    """The clauses, each with what is said of its neighbours and, in a list, of it too."""
    parts = [taken_apart(part, names) for part in _CLAUSE.split(text) if part.strip()]
    own = [part.senses & SPREADING for part in parts]
    before: frozenset[Sense] = frozenset()
    for place, part in enumerate(parts):
        before = own[place] or before
        is_bare = not part.figures and not own[place]
        behind = (
            next((senses for senses in own[place + 1 :] if senses), frozenset()) if is_bare else frozenset()
        )
        yield replace(part, senses=part.senses | before | behind)


def _finished(drafted: Drafted, whole: Content, said: _Said) -> Checked:
    facts = [fact for fact, _ in said.values()]
    for fact, contents in said.values():
        if reason := omitted([whole] if len(said) == 1 else [*contents, whole], fact):
            return Checked(drafted, None, reason)
    day = _missing_day(whole, facts)
    if day is None:
        return Checked(drafted, None, Reason.UNDATED)
    told = tuple(fact.fact.id for fact in facts if fact.is_told(whole))
    ids = tuple(fact.fact.id for fact in facts)
    statement = _statement(drafted.text, day, [fact.fact for fact in facts])
    is_partial = not told and any(f.fact.is_required or f.fact.is_critical for f in facts)
    return Checked(drafted, statement, None, told, ids, is_partial)


def _missing_day(whole: Content, facts: Sequence[Evidence]) -> str | None:
    """What to add so that no value stands without its day, if anything; None where that is unclear."""
    undated = [f for f in whole.figures if not f.is_limit]
    days = list(
        dict.fromkeys(
            known.day
            for fact in facts
            for known in fact.content.figures
            if known.day and fact.fact.kind is not FactKind.DRUG
            if any(f.key[0] == known.number for f in undated)
        )
    )
    if whole.days or not days:
        return ""
    if len(days) == 1:
        return days[0]
    return f"{days[1]} to {days[0]}" if len(days) == 2 and len(facts) == 1 else None


def _statement(text: str, day: str, facts: Sequence[CitedFact]) -> Statement:
    bare = text.rstrip(" .;:,")
    begins = bare[:1].upper() if bare.split(" ")[0].islower() else bare[:1]
    told = f"{begins}{bare[1:]}" + (f" ({day})" if day else "") + "."
    references = tuple(dict.fromkeys(r for fact in facts for r in fact.statement.references))
    dates = tuple(dict.fromkeys(d for fact in facts for d in fact.statement.dates))
    return Statement(facts[0].section, told, references, dates)
