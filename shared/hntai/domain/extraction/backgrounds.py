"""Family and social history: who of the family had what; tobacco, alcohol, drugs, work, home."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from hntai.domain.extraction.assertion import Assertions
from hntai.domain.extraction.entities import Assertion, Detail, Entity, Kind
from hntai.domain.extraction.note import ClinicalNote
from hntai.domain.lexicons import ordered

_RELATION: Final = re.compile(
    r"\b(?:(?P<side>maternal|paternal) )?(?P<who>(?:great[- ])?grand(?:mother|father|parents?|ma|pa|mum|dad)|"
    r"mother|father|mom|mum|mam|dad|nan|gran|parents?|sisters?|brothers?|siblings?|"
    r"aunts?|uncles?|cousins?|daughters?|sons?|children|child|niece|nephew|wife|husband|"
    r"spouse|partner|grandson|granddaughter|half[- ](?:brother|"
    r"sister))(?:'s)?\b",
    re.IGNORECASE,
)
_PLAIN: Final = {
    "mom": "mother",
    "mum": "mother",
    "mam": "mother",
    "nan": "grandmother",
    "gran": "grandmother",
    "grandmum": "grandmother",
    "granddad": "grandfather",
    "dad": "father",
    "grandma": "grandmother",
    "grandpa": "grandfather",
    "children": "child",
}
_SOCIAL: Final = tuple(
    (topic, tuple(begins.split("|")), re.compile(pattern, re.IGNORECASE))
    for topic, begins, pattern in (line.split("\t") for line in ordered("social_cues"))
)
_PATIENT: Final = re.compile(
    r"(?:\A|[.;\n])\s*(?:the )?(?:patient|pt)\.? (?:also |herself |himself )?(?:has|had|is|was|with)\b"
    r"(?![^.;\n]*\b(?:mother|father|brother|sister|family|relatives?|history of)\b)[^.;\n]*\Z",
    re.IGNORECASE,
)
_FAR: Final = 240
_NEAR: Final = 30
"""Characters between a relative and what is said of them, before and behind."""
_ANYWHERE: Final = frozenset({"tobacco", "alcohol", "drugs"})
_MANY: Final = (
    r"(?<![\d/.])(?:\d+(?:\.\d+)?(?:\s?[-/]\s?\d+)?|one|two|three|four|five|six|half(?: a)?|an?|several)"
)
_AMOUNTS: Final = {
    "tobacco": re.compile(
        rf"{_MANY}[- ](?:ppd|pack[- ]?years?|packs?(?:/day| per day| a day| daily)?|"
        r"cigarettes?(?: per day| a day| daily)?)\b",
        re.IGNORECASE,
    ),
    "alcohol": re.compile(
        rf"{_MANY} (?:drinks?|beers?|glass(?:es)?(?: of wine)?)"
        r"(?: (?:per|a|each) (?:day|week|month)|/(?:day|week)| daily| weekly)?\b",
        re.IGNORECASE,
    ),
}
_FORMER: Final = re.compile(
    r"\b(?:former|ex-?|quit|stopped|previously|prior|used to|in the past|history of|past)\b", re.IGNORECASE
)
_DISORDER: Final = re.compile(
    r"[a-z]+(?: use)? (?:disorder|dependence|withdrawal|intoxication|poisoning|overdose|hepatitis|"
    r"cirrhosis|related)\b",
    re.IGNORECASE,
)
"""A disease that is named by what was taken is a problem."""
_DOES: Final = re.compile(r"smok(?:er|es|ing)|drinks|drinker|vap(?:es|ing)|chew", re.IGNORECASE)
"""Words that say what someone does, unless a word beside them says they did."""
_OFTEN: Final = re.compile(
    r"\b(?:socially|occasional(?:ly)?|daily|rarely|weekends?|weekly|current(?:ly)?|active|heavy|moderate)\b",
    re.IGNORECASE,
)


def find_family(
    note: ClinicalNote, assertions: Assertions, problems: Iterable[Entity]
) -> tuple[list[Entity], list[Entity]]:
    """(family history, problems that are the patient's)."""
    own: list[Entity] = []
    theirs: list[Entity] = []
    for problem in problems:
        if problem.assertion is Assertion.FAMILY and _is_patients(note.text, problem):
            own.append(replace(problem, assertion=Assertion.PRESENT))
        elif problem.section != "family_history" and problem.assertion is not Assertion.FAMILY:
            own.append(problem)
        else:
            theirs.append(problem)
    return (_family(note, assertions, theirs) if theirs else []), own


def _is_patients(text: str, problem: Entity) -> bool:
    """Whether a sentence under the family's history begins with the patient: `Patient also has diabetes.`"""
    before = text[max(0, problem.start - _FAR) : problem.start]
    return _PATIENT.search(before) is not None


def _family(note: ClinicalNote, assertions: Assertions, problems: Iterable[Entity]) -> list[Entity]:
    relations = [(found.start(), found.end(), _named(found)) for found in _RELATION.finditer(note.text)]
    starts = [start for start, _, _ in relations]
    family: list[Entity] = []
    for problem in problems:
        relation = _relation_of(note, problem, relations, starts)
        details = {"relation": relation} if relation else {}
        first = note.words.at(problem.start)
        said = Assertion.NEGATED if assertions.is_denied(first) else Assertion.FAMILY
        family.append(replace(problem, kind=Kind.FAMILY_HISTORY, assertion=said, details=details))
    return family


def _named(found: re.Match[str]) -> str:
    who = found["who"].lower()
    who = _PLAIN.get(who, who.removesuffix("s"))
    return f"{found['side'].lower()} {who}" if found["side"] else who


def _relation_of(
    note: ClinicalNote, problem: Entity, relations: list[tuple[int, int, str]], starts: list[int]
) -> str:
    """The relative named before it in its sentence or line, else the one behind it: `asthma (mother)`."""
    text, place = note.text, bisect_left(starts, problem.start)
    before = relations[place - 1] if place and problem.start - relations[place - 1][1] < _FAR else None
    following = relations[place : place + 1]
    after = following[0] if following and following[0][0] - problem.end < _NEAR else None
    if after is not None and re.fullmatch(
        r"\s*(?:\(|in|-|:|–)?\s*(?:in |his |her |the |both )*", text[problem.end : after[0]]
    ):
        is_bracketed = "(" in text[problem.end : after[0]] or " in " in text[problem.end : after[0]]
        if is_bracketed or before is None or re.search(r"[.;\n]", text[before[1] : problem.start]):
            return after[2]
    if before is not None and not re.search(r"[.;\n](?=\s)", text[before[1] : problem.start].rstrip()):
        return before[2]
    return ""


def find_social(note: ClinicalNote, assertions: Assertions) -> Iterator[Entity]:
    """One entity for each habit or circumstance of a sentence; substances anywhere, the rest where headed."""
    headed, starts = _headed(note), [start for start, _ in note.sentences]
    told: set[tuple[int, int]] = set()
    for word, places in note.words.index().items():
        for number in _topics(word):
            told |= {(bisect_right(starts, note.words.starts[at]) - 1, number) for at in places}
    for place, number in sorted(told):
        start, end = note.sentences[place]
        topic, _, pattern = _SOCIAL[number]
        if topic in _ANYWHERE or any(first < end and start < last for first, last in headed):
            yield from _told(note, assertions, topic, pattern, (start, end))


@lru_cache(maxsize=16384)
def _topics(word: str) -> tuple[int, ...]:
    """Places in _SOCIAL of what a word in its form may tell of."""
    return tuple(number for number, (_, begins, _) in enumerate(_SOCIAL) if word.startswith(begins))


def _told(
    note: ClinicalNote,
    assertions: Assertions,
    topic: str,
    pattern: re.Pattern[str],
    sentence: tuple[int, int],
) -> Iterator[Entity]:
    """What a sentence tells of a topic, once."""
    text = note.text[slice(*sentence)]
    found = pattern.search(text)
    if not found or _DISORDER.match(text, found.start()):
        return
    start = sentence[0] + found.start()
    end = start + len(found.group().rstrip())
    section = note.sections.at(start)
    is_heading = note.sections.in_heading(start) and end <= start + 12
    if is_heading and not text[found.end() :].strip(" :\n"):
        return
    is_there = topic in _ANYWHERE and section not in ("medications", "family_history")
    if section == "social_history" or is_there:
        yield _social(note, assertions, topic, found, (start, end))


def _headed(note: ClinicalNote) -> list[tuple[int, int]]:
    """Where a social history stands."""
    headings = note.sections.headings
    ends = [*(one.start for one in headings[1:]), len(note.text)]
    return [
        (one.start, end) for one, end in zip(headings, ends, strict=False) if one.section == "social_history"
    ]


def _social(
    note: ClinicalNote,
    assertions: Assertions,
    topic: str,
    found: re.Match[str],
    place: tuple[int, int],
) -> Entity:
    sentence = found.string
    start, end = place
    said = assertions.of(note.words.at(start))
    around = sentence[max(0, found.start() - 40) : found.end() + 30]
    details: dict[str, Detail] = {"topic": topic}
    if topic in _ANYWHERE:
        nearby = sentence[max(0, found.start() - 16) : found.end() + 12]
        behind = sentence[found.end() : found.end() + 12]
        if said is Assertion.PRESENT and (
            re.search(r"\b(?:never|non)[ -]?\Z", sentence[: found.start()], re.IGNORECASE)
            or re.match(r"\s*[:(-]+\s*(?:none|never|no|denies)\b", behind, re.IGNORECASE)
        ):
            said = Assertion.NEGATED
        if said is Assertion.HISTORICAL and _DOES.match(found.group()):
            said = Assertion.PRESENT  # `Hx HTN, smoker`
        if said is not Assertion.NEGATED and _FORMER.search(nearby):
            said = Assertion.HISTORICAL
        details["status"] = {Assertion.NEGATED: "never or denied", Assertion.HISTORICAL: "former"}.get(
            said, "current"
        )
        if topic in _AMOUNTS and (amount := _AMOUNTS[topic].search(around)):
            details["amount"] = amount.group().lower()
        if often := _OFTEN.search(around):
            details["frequency"] = often.group().lower()
    return Entity(
        Kind.SOCIAL_HISTORY,
        note.text[start:end],
        start,
        end,
        note.sections.at(start),
        said,
        0.85,
        details=details,
    )
