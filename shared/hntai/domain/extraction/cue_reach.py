"""How far a cue reaches in its sentence: on over what follows it, or back over what it closes."""

from __future__ import annotations

from typing import Final

from hntai.domain.extraction.cues import Cue
from hntai.domain.extraction.drug_table import drug_words
from hntai.domain.extraction.entities import Assertion
from hntai.domain.extraction.relatives import CLAUSE_ENDS, CUES_AHEAD, LONGEST, VERBS
from hntai.domain.extraction.words import Words, form_set

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
_VERDICTS_APART: Final = frozenset({"resolved", "now", "since", "ruled", "cured", "eradicated"})
"""First words of cues that a comma parts from what they close: `AKI, resolved`."""
_PRONOUNS: Final = frozenset({"it", "this", "that"})
_CLAUSE_WORDS: Final = 8
_SIZES: Final = form_set(
    "large massive extensive severe moderate profound known worsening new-onset 1+ 2+ 3+ 4+"
)
_ITEM: Final = 6
"""Words in which a finding of a list and what is taken for it stand."""
_PART_OF_LIST: Final = frozenset({"or", "nor", "and", ",", "/", "and/or"})


def reach_on(words: Words, cues: list[Cue], place: int, end: int) -> int:
    """Where the reach of a cue that stands before its findings ends."""
    cue, forms = cues[place], words.forms
    said = cue.meaning.before
    stop = min(end, cue.last + _LONGEST_ON.get(said or Assertion.PRESENT, LONGEST))
    if cue.last - cue.first == 1 and forms[cue.first] in _SHORT_REACH:
        stop = min(stop, cue.last + _SHORT_REACH[forms[cue.first]])
    for other in cues[place + 1 : place + CUES_AHEAD]:
        if other.first < cue.last or other.first >= stop:
            continue
        if _ends(words, cue, other):
            stop = other.first
            break
    for at in range(cue.last, stop):
        if forms[at] in CLAUSE_ENDS or (forms[at] == ":" and at > cue.last) or _is_next_point(words, at):
            return at
        if forms[at] == ")" and "(" not in forms[cue.last : at]:
            return at
        if at > cue.last and forms[at] == "," and _ends_list(words, cue, at, stop):
            return at
        if at > cue.last and forms[at] in (",", "and") and _opens_clause(words, at, end):
            return at
    return stop


def _ends_list(words: Words, cue: Cue, comma: int, stop: int) -> bool:
    """Whether what stands behind a comma is no more of what the cue speaks of."""
    forms, said = words.forms, cue.meaning.before
    if said is Assertion.HISTORICAL and forms[comma + 1 : comma + 2] == ["with"]:
        return True
    return forms[cue.last - 1] in _NO_LIST or (said is Assertion.NEGATED and _is_new(words, comma, stop))


def reach_back(words: Words, cues: list[Cue], place: int, start: int) -> int:
    """Where the reach of a cue that stands behind its findings begins."""
    cue, forms = cues[place], words.forms
    edge = _of_pronoun(words, cue, start) if _PRONOUNS.intersection(forms[cue.first : cue.last]) else 0
    edge = edge or _edge(words, cue.first, start)
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


def _of_pronoun(words: Words, cue: Cue, start: int) -> int:
    """Before the clause whose pronoun stands for what was named before it: `PE, but the CTA ruled it out`."""
    near = range(cue.first - 1, max(start, cue.first - _CLAUSE_WORDS) - 1, -1)
    joint = next((at for at in near if words.forms[at] in ("but", "and", ",", "which", "however")), 0)
    return joint - 1 if joint > start + 1 and words.forms[joint - 1] == "," else joint


def _is_next_point(words: Words, at: int) -> bool:
    """Whether the next point of a numbered list begins here: `3)`."""
    forms = words.forms
    return forms[at].isdigit() and at + 1 < len(forms) and forms[at + 1] == ")"


def _ends(words: Words, cue: Cue, other: Cue) -> bool:
    if other.meaning.ends:
        return not (
            cue.meaning.before is Assertion.HYPOTHETICAL
            or (
                (cue.meaning.before is Assertion.NEGATED and words.forms[other.first] in ("has", "does"))
                and other.first - cue.last < 1
            )
        )
    if other.meaning.before is not None and other.meaning.before is not cue.meaning.before:
        if other.meaning.before is Assertion.POSSIBLE and words.forms[other.first - 1] == ",":
            return cue.meaning.before in (Assertion.NEGATED, Assertion.HISTORICAL)
        if cue.meaning.before is Assertion.NEGATED and other.meaning.before is Assertion.HISTORICAL:
            return words.forms[other.first - 1] == "," and words.forms[cue.first] in (
                "no",
                "denies",
                "without",
            )
        if cue.meaning.before in (Assertion.NEGATED, Assertion.HYPOTHETICAL):
            return False
        return other.meaning.before is Assertion.NEGATED or (
            cue.meaning.before is Assertion.POSSIBLE
            and other.meaning.before is Assertion.HISTORICAL
            and other.first > cue.last
        )
    return False


def _is_new(words: Words, comma: int, stop: int) -> bool:
    """Whether a finding behind a comma is no more of what is denied: it has a size, or what is taken for it.

    `no hemorrhage, large infarct`; what an `or` closes is one list.
    """
    forms = words.forms
    if comma + 1 >= stop or any(word in ("or", "nor", "and/or") for word in forms[comma:stop]):
        return False
    if forms[comma + 1] in _SIZES:
        return True
    ahead = range(comma + 1, min(comma + _ITEM, stop - 1))
    item = next((range(comma + 1, at) for at in ahead if forms[at] == ","), ahead)
    return any(forms[at] == "on" and words.written(at + 1, at + 2).lower() in drug_words() for at in item)


def _opens_clause(words: Words, at: int, end: int) -> bool:
    """Whether a comma or an `and` is followed by a subject with its verb, not by one more of a list."""
    forms = words.forms
    if at + 1 < end and forms[at] == "," and forms[at + 1] in ("or", "nor"):
        return False
    for next_ in range(at + 1, min(end, at + 6)):
        word = forms[next_]
        if word in VERBS:
            return next_ > at + 1 or forms[at] == "and" or word in ("is", "has")
        if word in _PART_OF_LIST or not word.isalpha():
            return False
    return False


def _edge(words: Words, at: int, start: int) -> int:
    """Before the words that join a verdict to its findings: `but`, `, both of which`."""
    forms = words.forms
    if at - 1 > start and forms[at - 1] in ("but", "though", "although"):
        return at - 1
    if at - 1 > start and forms[at - 1] == "which":
        at -= 1
        if at - 2 > start and forms[at - 1] == "of":
            at -= 2
        return at - 1 if forms[at - 1] == "," else at
    if at - 1 > start and forms[at - 1] == "," and forms[at] in _VERDICTS_APART:
        return at - 1
    return at


def _lists(forms: list[str], comma: int, end: int) -> bool:
    """Whether a comma separates members of a list that an `and` or `or` closes before the cue."""
    return any(word in ("and", "or") for word in forms[comma + 1 : end])
