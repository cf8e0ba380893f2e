"""A fact taken apart, with what follows from its values: which way they moved, and whether for the better."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from hntai.domain.claims.content import Content, Figure, taken_apart
from hntai.domain.claims.words import Sense
from hntai.domain.facts import CitedFact, FactKind, FactSheet

_SEVERAL_WORDS = 0.6
"""Share of a suggestion's words that have to be told for it to be told."""
_SOME = 1 / 3
"""Share of them that has to be named for a sentence to be about it."""
_NAMED_ALLERGY = frozenset(("allergy", "allergic", "intolerance", "hypersensitivity"))
_GIVEN = frozenset(("immunization", "vaccine", "vaccination"))
_RANKS = {"once": 1, "twice": 2, "three": 3, "four": 4}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a fact says."""

    fact: CitedFact
    content: Content
    head: Content
    """Without the reason of a suggestion."""
    subject: Content
    """What it is about: the name of an entry or of a result; the head where there is none."""
    senses: frozenset[Sense]
    new: Figure | None
    old: Figure | None
    """The value now and the one before, where the fact tells of a change."""

    def is_about(self, words: frozenset[str]) -> bool:
        """Whether these words name the subject."""
        wanted = set(self.subject.words)
        if self.fact.kind in (FactKind.DRUG, FactKind.PATIENT):
            return not wanted or bool(wanted & words)
        return wanted <= words or (self.fact.kind in _LOOSE and len(wanted & words) >= _SOME * len(wanted))

    def is_told(self, said: Content) -> bool:
        """Whether a sentence tells the fact so that the rule's own need not stand beside it."""
        values = {figure.key[:2] for figure in said.figures}
        wanted = {f.key[:2] for f in self.subject_figures}
        words = set(said.words)
        if not wanted <= values or not self.rhythm_words <= {word for word, _ in said.rhythms}:
            return False
        own = set(self.subject.words)
        if self.fact.kind is FactKind.ALLERGY:
            own = set(self.content.words) - {"added"}
        if self.fact.kind in _LOOSE:
            return len(own & words) >= _SEVERAL_WORDS * len(own)
        return own <= words

    @property
    def subject_figures(self) -> tuple[Figure, ...]:
        """The values without which the fact is not told: those now, no bounds, none of before."""
        if self.fact.kind is FactKind.RESULT and self.new:
            return (self.new,)
        return tuple(f for f in self.head.figures if not f.is_limit and f is not self.old)

    @property
    def kind_words(self) -> frozenset[str]:
        """Of which one must be said, for what would pass for a disease or a drug in use without them."""
        if self.fact.kind is FactKind.ALLERGY:
            return _NAMED_ALLERGY
        return _GIVEN if self.fact.label == "Immunizations" else frozenset()

    @property
    def rhythm_words(self) -> frozenset[str]:
        is_drug = self.fact.kind is FactKind.DRUG
        return frozenset(word for word, _ in self.content.rhythms) if is_drug else frozenset()


_LOOSE = (FactKind.CONFLICT, FactKind.SUGGESTION, FactKind.DATA, FactKind.PATIENT, FactKind.CONTACT)


@lru_cache(maxsize=512)
def evidence(fact: CitedFact, names: tuple[str, ...]) -> Evidence:
    """The fact, ready to hold sentences against."""
    text = fact.statement.text
    content = taken_apart(text, names)
    head = taken_apart(text.partition(", because ")[0], names) if fact.is_suggestion else content
    new, old = _values(content) if fact.kind in (FactKind.RESULT, FactKind.DRUG) else (None, None)
    senses = content.senses | _following(fact, content) | _movement(content, new, old)
    return Evidence(fact, content, head, _subject(fact, head, names), frozenset(senses), new, old)


def evidence_of(sheet: FactSheet) -> dict[str, Evidence]:
    """All the facts of a sheet by their ids."""
    return {fact.id: evidence(fact, sheet.names) for fact in sheet.facts}


def _subject(fact: CitedFact, head: Content, names: tuple[str, ...]) -> Content:
    if fact.kind in (FactKind.PROBLEM, FactKind.ALLERGY, FactKind.FINDING, FactKind.EVENT):
        return taken_apart(fact.item.partition(" (")[0].removesuffix(", as recorded"), names)
    if fact.kind in (FactKind.RESULT, FactKind.DRUG):
        named = next((f.name for f in head.figures if f.name), "") or fact.item.partition(" (")[0]
        return taken_apart(named.replace("+", " ").replace("-", " "), names)
    return head


def _values(content: Content) -> tuple[Figure | None, Figure | None]:
    """The value now and the one before."""
    values = [figure for figure in content.figures if not figure.is_limit]
    old = next((figure for figure in values if figure.turn in ("from", "was")), None)
    new = next((figure for figure in values if figure is not old), None)
    return new, old


def _following(fact: CitedFact, content: Content) -> set[Sense]:
    """What the list says that a fact is an entry of."""
    found: set[Sense] = set()
    if fact.label in ("Drugs started", "New problems") and Sense.STOPPED not in content.senses:
        found |= {Sense.ACTIVE}
    if fact.kind is FactKind.SUGGESTION and fact.statement.text.startswith("Now"):
        found |= {Sense.URGENT}
    return found


def _movement(content: Content, new: Figure | None, old: Figure | None) -> set[Sense]:
    """Up or down by the values themselves, worse or better by the side of the range they are on."""
    if new is None or old is None or new.unit != old.unit or Sense.SAME in content.senses:
        return set()
    pairs = [(float(a), float(b)) for a, b in zip(new.number.split("/"), old.number.split("/"), strict=False)]
    found = set()
    if all(a >= b for a, b in pairs) and any(a > b for a, b in pairs) and _is_as_often(content, 1):
        found |= {Sense.UP}
    elif all(a <= b for a, b in pairs) and any(a < b for a, b in pairs) and _is_as_often(content, -1):
        found |= {Sense.DOWN}
    moved = content.senses | found
    if {Sense.UP, Sense.HIGH} <= moved or {Sense.DOWN, Sense.LOW} <= moved:
        found |= {Sense.WORSE}
    if {Sense.UP, Sense.LOW} <= moved or {Sense.DOWN, Sense.HIGH} <= moved or Sense.NORMAL in moved:
        found |= {Sense.BETTER}
    return found


def _is_as_often(content: Content, direction: int) -> bool:
    """Whether the number of doses a day did not move against the dose."""
    told = [_RANKS.get(word, 0) for word, _ in sorted(content.rhythms, key=lambda r: _place(content, r[1]))]
    return len(told) < 2 or (told[-1] - told[0]) * direction >= 0


def _place(content: Content, number: str) -> int:
    return next((i for i, figure in enumerate(content.figures) if figure.number == number), 0)
