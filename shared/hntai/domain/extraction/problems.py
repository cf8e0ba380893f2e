"""Problems: terms of ICD-10-CM and of problem_terms.txt, and what a head noun or an ending makes one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

from hntai.domain.extraction.disease_or_person import is_a_persons
from hntai.domain.extraction.phrases import Found, PhraseTable
from hntai.domain.extraction.problem_words import (
    CHANGED_BY,
    NEUTRAL,
    NO_MASS,
    NO_MODIFIER,
    NO_PROBLEM,
    NOT_BEFORE,
    OF_PRESSURES,
    OF_SKIPPED,
    RHYTHMS,
)
from hntai.domain.extraction.scores import Evidence
from hntai.domain.extraction.words import Words, form
from hntai.domain.lexicons import lexicon, ordered

_ENDINGS: Final = re.compile(
    r"[a-z]{2,}(?:itis|osis|emia|oma|opathy|algia|uria|pnea|plegia|paresis|rrhea|rrhage|rrhagia|megaly|"
    r"penia|cardia"
    r"|phagia|phasia|plasia|malacia|trophy|ectasis|ectasia|iasis|thyroidism|gonadism|parkinsonism|"
    r"embolism|opia"
    r"|toxicity|sclerosis|spasm|cele|tension|volemia|xia|rrhexis|kinesia|esthesia|somnia|dynia|cytosis)\Z"
)
_ADJECTIVE: Final = re.compile(
    r"[a-z]{2,}(?:al|ic|ar|ary|ous|ive|oid|eal|ory|ile|ent|ant|able|ible|genic|itic|ated|ized|induced|"
    r"sided|ing)\Z"
)
_LONGEST_LEFT: Final = 4
_INFLUENZA: Final = "J11.1"
_INFLUENZA_TYPED: Final = "J10.1"
_ACUTE: Final = re.compile(
    r"A|B02|E10\.1|E11\.1|E16\.2|E8[67]|G45|G51\.0|H10|H66\.9|I2[146]|I20\.0|I46|I49\.0|I6[0134]|I74|I82\.4|J0|J1|J2[0-2]|"
    r"J44\.1|J45\.901|J69|J80|J9[346]|K35|K37|K56\.6|K57\.92|K62\.5|K81\.0|K85|K92\.[0-2]|L03|L50|N1[027]|N30\.0|N39\.0|"
    r"B1[5-9]|R|S|T|U07\.1"
)
"""Codes of what happens and ends; of the past it would tell them as happening."""

_PLACED: Final = ("M25", "M79", "R10", "R20", "R22", "R53.1", "R60", "K57", "M77")
"""Codes that have others by place: `joint pain in the knees`."""


class _Term(NamedTuple):
    code: str
    in_capitals: bool
    """Only so: in small letters it is another word."""


class Problem(NamedTuple):
    """Words first to last, last not included."""

    first: int
    last: int
    code: str
    evidence: Evidence


def find_problems(words: Words) -> Iterator[Problem]:
    """Left to right, never overlapping."""
    named = {found.first: found for found in _terms().find(words)}
    heads = {at for word, places in words.index().items() if is_head(word) for at in places}
    reached = 0
    for at in sorted(named.keys() | heads):
        if at < reached:
            continue
        found = named.get(at)
        if found is not None and _is_typed_influenza(words, found):
            problem = Problem(found.first, found.last + 1, _INFLUENZA_TYPED, Evidence.NAMED)
        elif found is not None and not (
            _is_vetoed(words, found.last)
            or _is_small(words, found)
            or is_a_persons(words.text, *_place(words, found))
        ):
            problem = _widened(words, found.first, found.last, found.value.code)
        elif found is None and not _is_vetoed(words, at + 1):
            problem = _widened(words, at, at + 1, "")
        else:
            reached = found.last if found else at + 1
            continue
        yield problem if problem.first >= reached else problem._replace(first=max(at, reached))
        reached = problem.last


def is_acute(code: str) -> bool:
    """Whether a code says that something happens now: no code for what is past."""
    return _ACUTE.match(code) is not None


@lru_cache(maxsize=16384)
def is_head(word: str) -> bool:
    """Whether a word in its form says a problem by itself."""
    return word in _heads() or (
        len(word) > 5
        and _ENDINGS.match(word) is not None
        and word not in NO_PROBLEM
        and not word.endswith("diagnosis")
    )


def _is_typed_influenza(words: Words, found: Found[_Term]) -> bool:
    """`influenza A`: with the letter the virus is an identified one."""
    if found.value.code != _INFLUENZA or not _joined(words, found.last - 1):
        return False
    following = words.text[words.starts[found.last] : words.ends[found.last]]
    return following in ("A", "B") and not _is_vetoed(words, found.last + 1)


def _is_small(words: Words, found: Found[_Term]) -> bool:
    before = words.forms[found.first - 1] if found.first else ""
    if words.forms[found.first] == "ra" and (before in ("on", "%", "in", "sat") or before[:1].isdigit()):
        return True  # room air
    if words.forms[found.first] == "sbp" and found.last < len(words):
        following = words.forms[found.last]
        if following in OF_PRESSURES or following[0].isdigit() or before in ("goal", "target"):
            return True  # systolic blood pressure
    return (
        found.value.in_capitals
        and not words.text[words.starts[found.first] : words.ends[found.last - 1]][:2].isupper()
    )


def _place(words: Words, found: Found[_Term]) -> tuple[int, int]:
    return words.starts[found.first], words.ends[found.last - 1]


def _is_vetoed(words: Words, behind: int) -> bool:
    if words.forms[behind - 1] == "mass" and behind > 1 and words.forms[behind - 2] in NO_MASS:
        return True
    if words.forms[behind - 1] in RHYTHMS and words.forms[behind : behind + 1] == ["rate"]:
        return False
    return behind < len(words) and words.forms[behind] in NOT_BEFORE and _joined(words, behind - 1)


def _widened(words: Words, first: int, last: int, code: str) -> Problem:
    """With the words that belong to it; those that change what it is take its code away."""
    left = first
    while left > 0 and first - left < _LONGEST_LEFT and _joined(words, left - 1):
        if not is_modifier(words.forms[left - 1]):
            break
        left -= 1
    while left < first and words.forms[left] in NEUTRAL:
        left += 1
    if words.forms[left] == "chronic" and words.forms[max(0, left - 2) : left] == ["acute", "on"]:
        left -= 2
    last, right_changed = _right(words, last, code)
    is_named = bool(code)
    if code and (left < first or right_changed or not _stands_alone(words, left)):
        code = ""
    return Problem(left, last, code, Evidence.NAMED if is_named else Evidence.SHAPED)


def _right(words: Words, last: int, code: str) -> tuple[int, bool]:
    """With `of the left hip`; whether anything follows that makes another problem of it."""
    size = len(words)
    if last >= size or not _joined(words, last - 1):
        return last, False
    if is_head(words.forms[last]) and words.text[words.ends[last - 1] : words.starts[last]].strip() == "":
        return last + 1, True
    if code.startswith(_PLACED) and words.forms[last] in ("in", "at", "on", "over", "around"):
        return last, True
    if words.forms[last] in CHANGED_BY or words.forms[last] == "with":
        return last, True
    if words.forms[last] != "of":
        return last, False
    end = last + 1
    while end < size and end - last < 6 and _joined(words, end - 1):
        word = words.forms[end]
        if word not in OF_SKIPPED and not is_modifier(word):
            break
        end += 1
    while end > last + 1 and words.forms[end - 1] in OF_SKIPPED:
        end -= 1
    return (end if end > last + 1 else last), True


def _stands_alone(words: Words, first: int) -> bool:
    """Whether what stands before a term leaves its meaning as it is."""
    if first == 0 or not _joined(words, first - 1):
        return True
    before = words.forms[first - 1]
    if words.text[words.starts[first - 1] : words.ends[first - 1]] in ("R", "L", "B"):
        return False  # a side, which has a code of its own
    return not before.isalpha() or before in NEUTRAL or form(before) in _neutral_forms()


@lru_cache(maxsize=16384)
def is_modifier(word: str) -> bool:
    """Whether a word may stand before a problem and belong to it."""
    return word in _modifiers() or (word not in NO_MODIFIER and _ADJECTIVE.match(word) is not None)


def _joined(words: Words, first: int) -> bool:
    """Whether a word and the next are of one sentence."""
    return first + 1 < len(words) and words.sentence[first] == words.sentence[first + 1]


@cache
def _neutral_forms() -> frozenset[str]:
    return frozenset(map(form, NEUTRAL))


@cache
def _heads() -> frozenset[str]:
    return frozenset(map(form, lexicon("problem_heads")))


@cache
def _modifiers() -> frozenset[str]:
    return frozenset(map(form, lexicon("problem_modifiers")))


@cache
def _terms() -> PhraseTable[_Term]:
    """Phrases and their codes; curated ones first."""
    curated = PhraseTable[_Term](
        (term, _Term("" if code == "-" else code, term.isupper()))
        for code, terms in (line.split("\t") for line in ordered("problem_terms"))
        for term in terms.split("|")
    )
    for line in ordered("icd10cm_terms"):
        term, _, code = line.partition("\t")
        curated.add(term.split(" "), _Term(code, False))
    return curated
