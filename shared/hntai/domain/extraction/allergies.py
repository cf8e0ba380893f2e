"""Allergies: what stands in their section, what "allergic to" names, and that there are none."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from hntai.domain.extraction.assertion import Assertions
from hntai.domain.extraction.entities import Assertion, Detail, Entity, Kind
from hntai.domain.extraction.note import ClinicalNote
from hntai.domain.lexicons import lexicon

_NONE: Final = re.compile(
    r"\bNK(?:D?A|FA|MA)\b(?:/NK(?:D?A|FA)\b)?|\b(?:no|denies(?: any)?|without|not have any|negative "
    r"for|no history of|does not have any) "
    r"(?:(?:known|new|other|any|significant|documented|reported|drug|food|medication|medicine|seasonal|"
    r"environmental) ?(?:,|or|and|/)? ?){0,4}"
    r"allerg(?:y|ies)(?: to (?:medications?|medicines|drugs?|foods?))?",
    re.IGNORECASE,
)
_NONE_LISTED: Final = re.compile(
    r"\s*[:\-–]?\s*(none(?: known)?|no|denies|unknown none|nil)\b", re.IGNORECASE
)
_CUE: Final = re.compile(
    r"\b(?:is |are )?allergic to |\ballerg(?:y|ies) (?:to|include[sd]?(?: to)?|are)[: ]|"
    r"\bintoleran(?:t of|ce to|t to) |\badverse reactions? to |"
    r"\banaphyla(?:xis|ctic reaction) to |\bsensitivity to ",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    r"[ -](?:drug )?(?:allerg(?:y|ies|ic)|intoleran(?:ce|t)|anaphylaxis|sensitivity)\b", re.IGNORECASE
)
_CLAUSE: Final = re.compile(r"[.;\n]|\bbut\b|\bwho\b|\band (?:is|has|was|takes|had)\b", re.IGNORECASE)
_REACTIONS: Final = (
    r"anaphyla(?:xis|ctic shock|ctic reaction|ctoid reaction|ctic)|hives|urticaria|rash(?:es)?|skin "
    r"rash|itch(?:ing|y|es)?|pruritus|angioedema|"
    r"swelling(?: of (?:the )?(?:lips?|face|tongue|throat))?|(?:facial|lip|tongue|throat|face) swelling|"
    r"nausea(?:(?: and |/)vomiting)?|vomiting|diarrhea|gi upset|stomach upset|upset stomach|gi "
    r"intolerance|headaches?|dizziness|"
    r"shortness of breath|sob|dyspnea|wheez(?:ing|es)|bronchospasm|breathing (?:problems|difficulty)|"
    r"respiratory distress|cough|hypotension|"
    r"confusion|hallucinations|palpitations|stevens[ -]johnson(?: syndrome)?|sjs|red man syndrome|"
    r"flushing|fever|"
    r"muscle (?:aches|pain)|myalgias?|lactic acidosis|kidney (?:failure|injury)|bleeding|unknown(?: "
    r"reaction)?"
)
_REACTION: Final = re.compile(
    r"\s*(?:[(\[:,–=-]+|->|→|which causes?|that causes?|causes?|caused|causing|with|gives (?:her|him)|gets|"
    r"reaction(?: is| of|:)?|"
    r"leads to|resulting in|results in|developed|has)?\s*(?:which causes? |reaction(?:s)?:? ?|severe |"
    r"mild |an? )*"
    rf"(?P<what>(?:{_REACTIONS})(?:(?:\s*(?:,|and|/|&)\s*)(?:{_REACTIONS}))*)(?![a-z])",
    re.IGNORECASE,
)
_REACH: Final = 60
_LONGEST_LIST: Final = 240
"""Characters a list of allergens may take behind "allergic to"."""


def find_allergies(
    note: ClinicalNote, assertions: Assertions, medications: Iterable[Entity]
) -> tuple[list[Entity], list[Entity]]:
    """(allergies, medications that are none)."""
    spans = _merged(_allergy_spans(note))
    found: list[Entity] = list(_none_known(note))
    others: list[Entity] = []
    for drug in medications:
        if _is_within(spans, drug) or _BEHIND.match(note.text, drug.end, drug.end + _REACH):
            found.append(_allergy(note, assertions, drug))
        else:
            others.append(drug)
    taken = {place for one in found for place in range(one.start, one.end)}
    for start, end in _substances(note, spans):
        if taken.isdisjoint(range(start, end)):
            section = note.sections.at(start)
            named = Entity(Kind.ALLERGIES, note.text[start:end], start, end, section, Assertion.PRESENT, 0.85)
            found.append(_allergy(note, assertions, named))
    return sorted(found, key=lambda one: one.start), others


def _allergy(note: ClinicalNote, assertions: Assertions, named: Entity) -> Entity:
    words = note.words
    details: dict[str, Detail] = {"substance": str(named.details.get("drug", named.text.lower()))}
    reaction = _REACTION.match(note.text, named.end, min(len(note.text), named.end + _REACH))
    if reaction:
        details["reaction"] = " ".join(reaction["what"].lower().split())
    first = words.at(named.start)
    said = assertions.of(first)
    if (
        said in (Assertion.HYPOTHETICAL, Assertion.HISTORICAL, Assertion.FAMILY)
        and named.section == "allergies"
    ):
        said = Assertion.PRESENT
    if said is Assertion.HISTORICAL:
        said = Assertion.PRESENT  # an allergy one has a history of is an allergy
    return replace(named, kind=Kind.ALLERGIES, assertion=said, details=details)


def _none_known(note: ClinicalNote) -> Iterator[Entity]:
    text = note.text
    for found in _NONE.finditer(text):
        yield _none(note, found.start(), found.end())
    for heading in note.sections.headings:
        if heading.section == "allergies":
            listed = _NONE_LISTED.match(text, heading.end, min(len(text), heading.end + 40))
            if listed and not _NONE.match(text, listed.start(1)):
                yield _none(note, listed.start(1), listed.end(1))


def _none(note: ClinicalNote, start: int, end: int) -> Entity:
    written = note.text[start:end]
    about = (
        "drug"
        if re.search(r"NKD|drug|medic", written, re.IGNORECASE)
        else "food"
        if re.search(r"NKF|food", written, re.IGNORECASE)
        else "any"
    )
    return Entity(
        Kind.ALLERGIES, written, start, end, note.sections.at(start), Assertion.NEGATED, 0.98,
        details={"substance": "none known", "about": about},
    )  # fmt: skip


def _allergy_spans(note: ClinicalNote) -> Iterator[tuple[int, int]]:
    """Where what is named is named as an allergen."""
    text, headings = note.text, note.sections.headings
    for place, heading in enumerate(headings):
        if heading.section == "allergies":
            following = headings[place + 1].start if place + 1 < len(headings) else len(text)
            blank = text.find("\n\n", heading.end + 2, following)
            yield heading.end, blank if blank > heading.end + 3 else following
    for cue in _CUE.finditer(text):
        stop = _CLAUSE.search(text, cue.end(), cue.end() + _LONGEST_LIST)
        yield cue.end(), stop.start() if stop else min(len(text), cue.end() + _LONGEST_LIST)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places, in order, none twice."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _is_within(spans: list[tuple[int, int]], one: Entity) -> bool:
    index = bisect_right(spans, (one.start, one.end + _LONGEST_LIST)) - 1
    return any(start <= one.start < end for start, end in spans[max(0, index - 1) : index + 1])


def _substances(note: ClinicalNote, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Foods, latex, bees and the like where allergens are named, and before "allergy"."""
    pattern = _substance()
    seen: set[int] = set()
    for start, end in spans:
        for found in pattern.finditer(note.text, start, end):
            if found.start() not in seen:
                seen.add(found.start())
                yield found.start(), found.end()
    for found in _before_allergy().finditer(note.text):
        if found.start() not in seen:
            yield found.start(), found.end("what")


@cache
def _names() -> str:
    return "|".join(
        sorted((re.escape(name) for name in lexicon("allergens")), key=lambda name: (-len(name), name))
    )


@cache
def _substance() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_names()})s?\b", re.IGNORECASE)


@cache
def _before_allergy() -> re.Pattern[str]:
    return re.compile(rf"\b(?P<what>(?:{_names()})s?) (?:allerg(?:y|ies)|anaphylaxis)\b", re.IGNORECASE)
