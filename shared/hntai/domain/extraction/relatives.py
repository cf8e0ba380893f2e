"""How far a relative, or another than the patient, reaches in a sentence: whose disease it is."""

from __future__ import annotations

from typing import Final

from hntai.domain.extraction.cues import Cue, Reach
from hntai.domain.extraction.entities import Assertion
from hntai.domain.extraction.words import Words, form_set
from hntai.domain.note import word_set

CLAUSE_ENDS: Final = frozenset(";.!?")
VERBS: Final = word_set(
    "is are was were has have had show showed reveal revealed remain remained appear appeared do did "
    "does report reported deny denied state stated complain started continued develop developed"
)
LONGEST: Final = 80
"""Words any cue reaches over at most."""
CUES_AHEAD: Final = 40
_REPORTS: Final = form_set(
    "reports reported report states stated says said notes noted noticed denies denied concerned "
    "thinks thought brought called brings feels worried endorses gives gave describes described "
    "believes tried helped"
)
_SUBJECTS: Final = form_set(
    "daughter daughters son sons wife husband spouse partner grandson granddaughter grandchild grandchildren"
)
_HAVING: Final = form_set(
    "has had have who with deceased dead passed also was is were are died suffers diagnosed w dx dxed dx'd "
    "carries takes developed tested recently got came caught contracted"
)
_PREPOSITIONS: Final = frozenset({"with", "by", "to", "from"})


def family_reaches(
    words: Words, cues: list[Cue], place: int, start: int, end: int
) -> list[tuple[int, int, Assertion]]:
    """A relative who is no informant: the rest of the clause, and `history of X in his mother`."""
    cue, forms = cues[place], words.forms
    if cue.last < end and forms[cue.last] in _REPORTS:
        return []
    if forms[cue.first] in _SUBJECTS:
        return _of_subject(words, cue, start, end, Assertion.FAMILY)
    stop = min(end, cue.last + LONGEST)
    for other in cues[place + 1 : place + CUES_AHEAD]:
        if other.meaning.other is Reach.PATIENT and forms[other.first] not in ("his", "her"):
            stop = other.first
            break
    for at in range(cue.last, stop):
        if forms[at] in CLAUSE_ENDS:
            stop = at
            break
    found = [(cue.last, stop, Assertion.FAMILY)]
    near = max(start, cue.first - 4)
    near = max((at for at in range(near, cue.first) if forms[at] in CLAUSE_ENDS), default=near)
    before = [at for at in range(near, cue.first) if forms[at] in ("in", "(")]
    if before:
        back = max(
            (at + 1 for at in range(start, before[0]) if forms[at] in (*CLAUSE_ENDS, ",")), default=start
        )
        found.append((back, before[0], Assertion.FAMILY))
    return found


def other_reaches(words: Words, cue: Cue, start: int, end: int) -> list[tuple[int, int, Assertion]]:
    """A friend's or roommate's: no relative's and not the patient's, at most what they were exposed to."""
    return _of_subject(words, cue, start, end, Assertion.HYPOTHETICAL)


def _of_subject(
    words: Words, cue: Cue, start: int, end: int, said: Assertion
) -> list[tuple[int, int, Assertion]]:
    """A child's or spouse's: only as the subject of its clause, since they live with patients and speak for
    them.
    """
    forms, at = words.forms, cue.last
    if forms[at : at + 2] == [",", "who"]:
        at += 1
    if at >= end or forms[at] not in _HAVING or any(word in _REPORTS for word in forms[at : at + 3]):
        return []
    if (
        forms[at] != "who"
        and cue.first > start
        and forms[cue.first - 1] in _PREPOSITIONS
        and said is Assertion.FAMILY
    ):
        return []
    stop = min(end, at + LONGEST)
    for place in range(at, stop):
        word, following = forms[place], forms[place + 1] if place + 1 < end else ""
        if word in CLAUSE_ENDS or word in ("he", "she", "patient", "pt"):
            return [(at, place, said)]
        if (word == "," or (word == "and" and forms[at] == "who")) and (
            forms[at] == "who" or following in VERBS
        ):
            return [(at, place, said)]
    return [(at, stop, said)]
