"""Whether one fact says all that a sentence, or a clause of one, claims; and if not, what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from hntai.domain.chart.drugs import ingredients_in
from hntai.domain.claims import words as w
from hntai.domain.claims.content import ALLERGY_WORDS, Content, Figure, stem
from hntai.domain.claims.evidence import Evidence
from hntai.domain.claims.words import Sense
from hntai.domain.facts import FactKind


class Reason(StrEnum):
    """Why a sentence did not stay."""

    UNCITED = "no fact cited or found"
    UNKNOWN_CITATION = "cites what is not there"
    CHARACTERS = "signs that no sentence needs"
    CUT_OFF = "cut off"
    EMPTY = "says nothing"
    NUMBER = "number"
    UNIT = "unit"
    DAY = "day"
    DRUG = "drug"
    WORD = "word that no fact says"
    NEGATION = "negation"
    SIDE = "side of the body"
    DIRECTION = "direction of change"
    SUBJECT = "whose it is"
    CERTAINTY = "certainty"
    STATUS = "status"
    FLAG = "high, low or normal"
    ORDER = "order instead of a suggestion"
    SWAPPED = "belongs to something else"
    TOTAL = "count or total"
    COMPARISON = "comparison or degree"
    URGENCY = "urgency"
    TIME = "time"
    CAUSE = "cause"
    ADDRESSED = "speaks to the reader or of the system"
    OMITTED = "leaves out what limits the fact"
    STALE = "old value without the new one"
    UNDATED = "value without a day"


_BY_SENSE = {
    Sense.NEGATED: Reason.NEGATION,
    Sense.UNSURE: Reason.CERTAINTY,
    Sense.UP: Reason.DIRECTION, Sense.DOWN: Reason.DIRECTION, Sense.SAME: Reason.DIRECTION,
    Sense.WORSE: Reason.DIRECTION, Sense.BETTER: Reason.DIRECTION,
    Sense.HIGH: Reason.FLAG, Sense.LOW: Reason.FLAG, Sense.NORMAL: Reason.FLAG,
    Sense.CRITICAL: Reason.URGENCY, Sense.URGENT: Reason.URGENCY,
    Sense.SUGGESTED: Reason.ORDER, Sense.CAUSED: Reason.CAUSE,
}  # fmt: skip
_BY_WORD = (
    (w.RELATIVES, Reason.SUBJECT),
    (w.SIDES, Reason.SIDE),
    (w.ADDRESSED, Reason.ADDRESSED),
    (w.ORDERS, Reason.ORDER),
    (w.TIMES, Reason.TIME),
    (w.TOTALS, Reason.TOTAL),
    (w.COMPARED, Reason.COMPARISON),
    (frozenset({"confirmed", "definite", "certain", "proven", "diagnosed", "diagnosis"}), Reason.CERTAINTY),
)
_OF_SEVERAL = (FactKind.CONFLICT, FactKind.SUGGESTION, FactKind.DATA)
_OF_ALLERGY = (FactKind.ALLERGY, FactKind.CONFLICT, FactKind.SUGGESTION, FactKind.DATA)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A clause against a fact."""

    clause: Content
    fact: Evidence


def unsupported(clause: Content, fact: Evidence) -> Reason | None:
    """The first thing in the clause that the fact does not say, or nothing."""
    asked = _Asked(clause, fact)
    return next((reason for check in _CHECKS if (reason := check(asked))), None)


def omitted(said: Iterable[Content], fact: Evidence) -> Reason | None:
    """Whether what is said of the fact, all together, leaves out what limits it."""
    contents = tuple(said)
    senses = {sense for content in contents for sense in content.senses}
    words = {word for content in contents for word in content.words}
    stays = w.WORDS_THAT_STAY - ({"risk"} if fact.fact.kind is FactKind.ALLERGY else set())
    if (w.MUST_STAY & fact.head.senses) - senses or (stays & set(fact.head.words)) - words:
        return Reason.OMITTED
    if fact.kind_words and fact.kind_words.isdisjoint(words):
        return Reason.OMITTED
    figures = {figure.key for content in contents for figure in content.figures}
    is_stale = fact.old is not None and fact.new is not None
    if is_stale and fact.old.key in figures and fact.new.key not in figures:  # type: ignore[union-attr]
        return Reason.STALE
    return None


def _words(asked: _Asked) -> Reason | None:
    known = set(asked.fact.content.words)
    return next((_strange(word) for word in asked.clause.words if not _is_known(word, known)), None)


def _is_known(word: str, known: set[str]) -> bool:
    """A fact's own word, or its gerund: `repeating` for `repeat` hardens nothing."""
    parts = word.split("-")
    soft = {word.removesuffix("ing"), word.removesuffix("ing") + "e"} if word.endswith("ing") else set()
    return word in known or bool(soft & known) or (len(parts) > 1 and all(_is_part(p, known) for p in parts))


def _is_part(part: str, known: set[str]) -> bool:
    return part in known or part in w.GLUE or stem(part) in known


def _strange(word: str) -> Reason:
    listed = next((reason for words, reason in _BY_WORD if word in words or word + "s" in words), None)
    return listed or (Reason.DRUG if ingredients_in(word) else Reason.WORD)


def _sequence(asked: _Asked) -> Reason | None:
    """In what says something of several things, who does what to whom: the words keep the fact's order."""
    if asked.fact.fact.kind not in _OF_SEVERAL:
        return None
    known = [word for word in asked.fact.content.words if word not in ALLERGY_WORDS]
    place = 0
    for word in asked.clause.words:
        if word in ALLERGY_WORDS:
            continue
        found = next((i for i in range(place, len(known)) if _is_known(word, {known[i]})), None)
        if found is None:
            return Reason.SWAPPED
        place = found + 1
    return None


def _senses(asked: _Asked) -> Reason | None:
    more = {Sense.SUGGESTED} if asked.fact.fact.is_suggestion else set()
    strange = sorted(asked.clause.senses - asked.fact.senses - more)
    return next((_BY_SENSE.get(sense, Reason.STATUS) for sense in strange), None)


def _negations(asked: _Asked) -> Reason | None:
    more = Counter(asked.clause.negated) - Counter(asked.fact.content.negated)
    return Reason.NEGATION if more else None


def _figures(asked: _Asked) -> Reason | None:
    known = asked.fact.content.figures
    return next((r for f in asked.clause.figures if (r := _strange_figure(f, known, asked.clause))), None)


def _strange_figure(figure: Figure, known: tuple[Figure, ...], clause: Content) -> Reason | None:
    same = [k for k in known if k.number == figure.number]
    steps: tuple[tuple[Reason, Callable[[Figure], bool]], ...] = (
        (Reason.UNIT, lambda k: k.unit == figure.unit or (not figure.unit and _shares_unit(k, clause))),
        (Reason.NUMBER, lambda k: k.sign == figure.sign),
        (Reason.SWAPPED, lambda k: k.is_limit == figure.is_limit),
        (Reason.SWAPPED, lambda k: figure.name in ("", k.name)),
        (Reason.DAY, lambda k: not (figure.day and k.day) or figure.day == k.day),
        (Reason.DIRECTION, lambda k: _turns_alike(figure, k)),
    )
    if not same:
        return Reason.NUMBER
    for reason, fits in steps:
        same = [k for k in same if fits(k)]
        if not same:
            return reason
    return None


def _shares_unit(known: Figure, clause: Content) -> bool:
    """`from 5.1 to 5.8 mmol/L`: the first number has its unit from the second."""
    return known.turn != "" and any(figure.unit == known.unit for figure in clause.figures)


def _turns_alike(figure: Figure, known: Figure) -> bool:
    if figure.turn == "from":
        return known.turn in ("from", "was") or known.is_limit
    return figure.turn != "to" or known.turn not in ("from", "was")


def _order_of_values(asked: _Asked) -> Reason | None:
    """Where both the old and the new value are told, it must be clear which is which, and right."""
    new, old = asked.fact.new, asked.fact.old
    told = [f for f in asked.clause.figures if not f.is_limit]
    if new is None or old is None or not {new.key[0], old.key[0]} <= {f.number for f in told}:
        return None
    if new.number == old.number:
        return None
    of_new = next(f for f in told if f.number == new.number)
    of_old = next(f for f in told if f.number == old.number)
    is_dated = bool(of_new.day and of_old.day)
    was_second = of_old.turn == "was" and told.index(of_old) > told.index(of_new)
    if of_new.turn == "was" and told.index(of_new) > told.index(of_old) and not is_dated:
        return Reason.DIRECTION
    is_marked = is_dated or was_second or of_old.turn == "from" or of_new.turn == "to"
    return None if is_marked else Reason.DIRECTION


def _days(asked: _Asked) -> Reason | None:
    known = asked.fact.content.days
    plain = {day for day, _ in known}
    fits = all((d, role) in known if role else d in plain for d, role in asked.clause.days)
    return None if fits else Reason.DAY


def _rhythms(asked: _Asked) -> Reason | None:
    known = asked.fact.content.rhythms
    words = {word for word, _ in known}
    fits = all((word, n) in known if n else word in words for word, n in asked.clause.rhythms)
    return None if fits else Reason.SWAPPED


def _allergies(asked: _Asked) -> Reason | None:
    if not asked.clause.allergic <= asked.fact.content.allergic:
        return Reason.SWAPPED
    denies_one = Sense.NEGATED in asked.clause.senses and not ALLERGY_WORDS.isdisjoint(asked.clause.words)
    return Reason.NEGATION if denies_one and asked.fact.fact.kind not in _OF_ALLERGY else None


_CHECKS: tuple[Callable[[_Asked], Reason | None], ...] = (
    _words, _sequence, _negations, _senses, _figures, _order_of_values, _days, _rhythms, _allergies,
)  # fmt: skip
