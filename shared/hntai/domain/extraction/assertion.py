"""Whether what a text names is so: present, negated, possible, historical, hypothetical, or a relative's.

A cue reaches over its clause and the list it opens: to the next cue that ends it, a semicolon, a new subject
with its verb, the end of the sentence. Two cues on one finding: a relative's beats a condition, a condition a
denial, a denial a doubt, a doubt the past ("no history of" is a denial). Without a cue the section speaks.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final, NamedTuple

from hntai.domain.extraction.cue_reach import reach_back, reach_on
from hntai.domain.extraction.cues import Cue, Reach, cues_by_sentence
from hntai.domain.extraction.entities import Assertion
from hntai.domain.extraction.note import ClinicalNote
from hntai.domain.extraction.relatives import CLAUSE_ENDS, family_reaches, other_reaches
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
    "resolved cured eradicated previously history prophylaxis ppx proph chemoprophylaxis precaution "
    "vaccine vaccination exposure"
)
_NOW: Final = word_set("presents presented presenting complains today currently")
_NEAR: Final = 12
"""Words before a finding in which one of now may stand."""
_BY_WHAT: Final = word_set("by on with via per given based at")
"""Behind a verdict these tell what it rests on: `ruled out by CTA`."""
_VERDICTS: Final = word_set("unlikely excluded ruled negative absent")
_JUDGED: Final = word_set("felt thought deemed considered judged")


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
        of_section = _OF_SECTION.get(section, Assertion.PRESENT)
        return Assertion.PRESENT if of_section is Assertion.HISTORICAL and self._is_now(first) else of_section

    def _is_now(self, first: int) -> bool:
        """Whether words before it in its sentence speak of now: `PMH: none. Presents with appendicitis.`"""
        words, at = self._words, first - 1
        while at >= 0 and words.sentence[at] == words.sentence[first] and first - at < _NEAR:
            if words.forms[at] in _NOW:
                return True
            at -= 1
        return False

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
            if meaning.other is Reach.OTHER:
                found += (_Reached(*one, cue.first) for one in other_reaches(self._words, cue, start, end))
            if meaning.other is Reach.PSEUDO:
                found.append(_Reached(cue.first, cue.last, Assertion.NEGATED, cue.first))
                continue
            speaks_of_before = meaning.behind is not None and self._closes(cue, end)
            if meaning.before is not None and not speaks_of_before:
                stop = reach_on(self._words, cues, place, end)
                found.append(_Reached(cue.first, stop, meaning.before, cue.first))
            if meaning.behind is not None and speaks_of_before:
                back = reach_back(self._words, cues, place, start)
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


def _bounds(words: Words, at: int) -> tuple[int, int]:
    """The words of a sentence."""
    sentence, start, end = words.sentence[at], at, at + 1
    while start > 0 and words.sentence[start - 1] == sentence:
        start -= 1
    while end < len(words) and words.sentence[end] == sentence:
        end += 1
    return start, end
