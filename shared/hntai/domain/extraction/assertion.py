"""Whether what a text names is so: present, negated, possible, historical, hypothetical, or a relative's.

A cue reaches over its clause and the list it opens: to the next cue that ends it, a semicolon, a new subject
with its verb, the end of the sentence. Two cues on one finding: a relative's beats a condition, a condition a
denial, a denial a doubt, a doubt the past ("no history of" is a denial). Without a cue the section speaks.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final, NamedTuple

from hntai.domain.extraction.cues import Cue, Reach, cues_by_sentence
from hntai.domain.extraction.entities import Assertion
from hntai.domain.extraction.note import ClinicalNote
from hntai.domain.extraction.relatives import CLAUSE_ENDS, CUES_AHEAD, LONGEST, VERBS, family_reaches
from hntai.domain.extraction.signs import Marked, marked
from hntai.domain.extraction.words import Words
from hntai.domain.note import word_set

_RANK: Final = (
    Assertion.FAMILY,
    Assertion.HYPOTHETICAL,
    Assertion.NEGATED,
    Assertion.POSSIBLE,
    Assertion.HISTORICAL,
)
_OF_SECTION: Final = {
    "past_medical_history": Assertion.HISTORICAL,
    "past_surgical_history": Assertion.HISTORICAL,
    "family_history": Assertion.FAMILY,
    "instructions": Assertion.PRESENT,
}
_WITH_BULLETS: Final = frozenset({"past_medical_history", "past_surgical_history", "medications", "plan"})
_COPULAS: Final = word_set("is are was were be been being seems seem appears highly very")
_ALWAYS_BEHIND: Final = word_set(
    "resolved previously history prophylaxis ppx proph chemoprophylaxis precaution vaccine vaccination"
)
_BY_WHAT: Final = word_set("by on with via per given based at")
"""Behind a verdict these tell what it rests on: `ruled out by CTA`."""
_VERDICTS: Final = word_set("unlikely excluded ruled negative absent")
_JUDGED: Final = word_set("felt thought deemed considered judged")
_SHORT_REACH: Final = {
    "not": 6,
    "previous": 3,
    "prior": 3,
    "past": 3,
    "old": 3,
    "former": 3,
    "never": 8,
    "remote": 3,
}
"""Cues of one word that speak of what comes soon, and how soon."""
_NO_LIST: Final = frozenset({"p", "post", "sp", "previous", "prior", "old", "previously"})
"""Last words of cues (`s/p`) that a comma ends."""
_LONGEST_BACK: Final = 12
"""Words a cue behind its findings reaches back over."""
_LONGEST_ON: Final = {Assertion.HISTORICAL: 24, Assertion.POSSIBLE: 14, Assertion.HYPOTHETICAL: 30}
_PART_OF_LIST: Final = frozenset({"or", "nor", "and", ",", "/", "and/or"})


class _Reached(NamedTuple):
    """Words start to end, end not included, of which the cue that begins at a word says something."""

    start: int
    end: int
    said: Assertion
    cue: int


class Assertions:
    """Answers for one note; cues are looked up once."""

    def __init__(self, note: ClinicalNote) -> None:
        self._note = note
        self._words = note.words
        self._cues = cues_by_sentence(note.words)
        self._signs = [one for one in marked(note.text) if note.sections.at(one.start) not in _WITH_BULLETS]
        self._sign_starts = [one.start for one in self._signs]
        self._reaches: dict[int, list[_Reached]] = {}

    def of(self, first: int) -> Assertion:
        """What is said of what begins with a word."""
        return self._told(first, self._said(first))

    def _told(self, first: int, said: set[Assertion]) -> Assertion:
        sign = self._sign(first)
        if sign is not None:
            return Assertion.NEGATED if sign.is_denied else Assertion.PRESENT
        for assertion in _RANK:
            if assertion in said:
                return assertion
        section = self._note.sections.at(self._words.starts[first])
        return _OF_SECTION.get(section, Assertion.PRESENT)

    def of_drug(self, first: int, since: int, until: int) -> Assertion:
        """The same of a medicine, by cues from `since` to `until` or behind it.

        `heparin prophylaxis` is given, though what it prevents is not there.
        """
        said = {
            one.said
            for one in self._reaching(first)
            if since <= one.cue < until
            or one.said is Assertion.FAMILY
            or (one.cue >= first and one.said is not Assertion.HYPOTHETICAL)
        }
        return self._told(first, said)

    def is_denied(self, first: int) -> bool:
        """Whether a denial reaches a word, whatever else is said of it."""
        return Assertion.NEGATED in self._said(first)

    def _sign(self, first: int) -> Marked | None:
        place = self._words.starts[first]
        index = bisect_right(self._sign_starts, place) - 1
        return self._signs[index] if index >= 0 and place < self._signs[index].end else None

    def _said(self, first: int) -> set[Assertion]:
        return {one.said for one in self._reaching(first)}

    def _reaching(self, first: int) -> list[_Reached]:
        sentence = self._words.sentence[first]
        reaches = self._reaches.get(sentence)
        if reaches is None:
            reaches = self._reaches[sentence] = self._reaches_of(sentence)
        return [one for one in reaches if one.start <= first < one.end]

    def _reaches_of(self, sentence: int) -> list[_Reached]:
        cues = self._cues.get(sentence, [])
        if not cues:
            return []
        start, end = _bounds(self._words, cues[0].first)
        found: list[_Reached] = []
        for place, cue in enumerate(cues):
            meaning = cue.meaning
            if meaning.other is Reach.FAMILY:
                found += (
                    _Reached(*one, cue.first) for one in family_reaches(self._words, cues, place, start, end)
                )
            if meaning.other is Reach.PSEUDO:
                found.append(_Reached(cue.first, cue.last, Assertion.NEGATED, cue.first))
                continue
            speaks_of_before = meaning.behind is not None and self._closes(cue, end)
            if meaning.before is not None and not speaks_of_before:
                stop = self._on(cues, place, end)
                found.append(_Reached(cue.first, stop, meaning.before, cue.first))
            if meaning.behind is not None and speaks_of_before:
                back = self._back(cues, place, start)
                if back < cue.first:
                    found.append(_Reached(back, cue.first, meaning.behind, cue.first))
        return found

    def _closes(self, cue: Cue, end: int) -> bool:
        """Whether a cue speaks of what stands before it: several words do, and one that ends a clause."""
        forms = self._words.forms
        if cue.meaning.before is None and cue.last - cue.first > 1:
            return True
        if cue.first > 0 and forms[cue.first - 1] in _COPULAS:
            return True
        if cue.meaning.before is None and forms[cue.first] in _ALWAYS_BEHIND:
            return True
        is_judged = cue.first > 0 and forms[cue.first - 1] in _JUDGED
        if forms[cue.first] in _VERDICTS and cue.last < end and (is_judged or forms[cue.last] in _BY_WHAT):
            return True
        return cue.last >= end or forms[cue.last] in CLAUSE_ENDS or forms[cue.last] in (",", ")")

    def _on(self, cues: list[Cue], place: int, end: int) -> int:
        """Where the reach of a cue that stands before its findings ends."""
        cue, forms = cues[place], self._words.forms
        said = cue.meaning.before
        stop = min(end, cue.last + _LONGEST_ON.get(said or Assertion.PRESENT, LONGEST))
        if cue.last - cue.first == 1 and forms[cue.first] in _SHORT_REACH:
            stop = min(stop, cue.last + _SHORT_REACH[forms[cue.first]])
        for other in cues[place + 1 : place + CUES_AHEAD]:
            if other.first < cue.last or other.first >= stop:
                continue
            if self._ends(cue, other):
                stop = other.first
                break
        for at in range(cue.last, stop):
            if forms[at] in CLAUSE_ENDS or (forms[at] == ":" and at > cue.last) or self._is_next_point(at):
                return at
            if at > cue.last and said is Assertion.HISTORICAL and forms[at : at + 2] == [",", "with"]:
                return at
            if at > cue.last and forms[at] == "," and forms[cue.last - 1] in _NO_LIST:
                return at
            if forms[at] == ")" and "(" not in forms[cue.last : at]:
                return at
            if at > cue.last and forms[at] in (",", "and") and self._opens_clause(at, end):
                return at
        return stop

    def _is_next_point(self, at: int) -> bool:
        """Whether the next point of a numbered list begins here: `3)`."""
        forms = self._words.forms
        return forms[at].isdigit() and at + 1 < len(forms) and forms[at + 1] == ")"

    def _ends(self, cue: Cue, other: Cue) -> bool:
        if other.meaning.ends:
            return not (
                cue.meaning.before is Assertion.HYPOTHETICAL
                or (
                    (
                        cue.meaning.before is Assertion.NEGATED
                        and self._words.forms[other.first] in ("has", "does")
                    )
                    and other.first - cue.last < 1
                )
            )
        if other.meaning.before is not None and other.meaning.before is not cue.meaning.before:
            if other.meaning.before is Assertion.POSSIBLE and self._words.forms[other.first - 1] == ",":
                return cue.meaning.before in (Assertion.NEGATED, Assertion.HISTORICAL)
            if cue.meaning.before in (Assertion.NEGATED, Assertion.HYPOTHETICAL):
                return False
            return other.meaning.before is Assertion.NEGATED or (
                cue.meaning.before is Assertion.POSSIBLE
                and other.meaning.before is Assertion.HISTORICAL
                and other.first > cue.last
            )
        return False

    def _opens_clause(self, at: int, end: int) -> bool:
        """Whether a comma or an `and` is followed by a subject with its verb, not by one more of a list."""
        forms = self._words.forms
        if at + 1 < end and forms[at] == "," and forms[at + 1] in ("or", "nor"):
            return False
        for next_ in range(at + 1, min(end, at + 6)):
            word = forms[next_]
            if word in VERBS:
                return next_ > at + 1 or forms[at] == "and" or word in ("is", "has")
            if word in _PART_OF_LIST or not word.isalpha():
                return False
        return False

    def _back(self, cues: list[Cue], place: int, start: int) -> int:
        """Where the reach of a cue that stands behind its findings begins."""
        cue, forms = cues[place], self._words.forms
        edge = self._edge(cue.first, start)
        stop = max(start, edge - _LONGEST_BACK)
        for other in cues[max(0, place - CUES_AHEAD) : place]:
            if other.meaning.ends and other.last <= edge:
                stop = max(stop, other.last)
        for at in range(edge - 1, stop - 1, -1):
            if forms[at] in CLAUSE_ENDS or forms[at] == "but" or (forms[at] == ":" and at < cue.first - 1):
                return at + 1
            if forms[at] == "," and not _lists(forms, at, edge):
                return at + 1
        return stop

    def _edge(self, at: int, start: int) -> int:
        """Before the words that join a verdict to its findings: `but`, `, both of which`."""
        forms = self._words.forms
        if at - 1 > start and forms[at - 1] in ("but", "though", "although"):
            return at - 1
        if at - 1 > start and forms[at - 1] == "which":
            at -= 1
            if at - 2 > start and forms[at - 1] == "of":
                at -= 2
            return at - 1 if forms[at - 1] == "," else at
        return at


def _lists(forms: list[str], comma: int, end: int) -> bool:
    """Whether a comma separates members of a list that an `and` or `or` closes before the cue."""
    return any(word in ("and", "or") for word in forms[comma + 1 : end])


def _bounds(words: Words, at: int) -> tuple[int, int]:
    """The words of a sentence."""
    sentence, start, end = words.sentence[at], at, at + 1
    while start > 0 and words.sentence[start - 1] == sentence:
        start -= 1
    while end < len(words) and words.sentence[end] == sentence:
        end += 1
    return start, end
