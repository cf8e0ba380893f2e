"""Allergies: what stands in their section, and what "allergic to" names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from hntai.domain.extraction.allergens_named import BEHIND, begins_anew, harmed_by, is_named
from hntai.domain.extraction.assertion import Assertions
from hntai.domain.extraction.entities import Assertion, Detail, Entity, Kind
from hntai.domain.extraction.no_allergies import exceptions, none_known
from hntai.domain.extraction.note import ClinicalNote
from hntai.domain.lexicons import lexicon

_CUE: Final = re.compile(
    r"\b(?:is |are )?allergic(?: to |\s?:\s?)|\ballerg(?:y|ies) (?:to|include[sd]?(?: to)?|are)[: ]|"
    r"\bintoleran(?:t of|ce to|t to) |\badverse reactions? to |"
    r"\banaphyla(?:xis|ctic reaction) to |\ballergic reactions? to |\bsensitivity to ",
    re.IGNORECASE,
)
_CUE_BEGINS: Final = ("allerg", "intoleran", "advers", "anaphyla", "sensitiv")
_CLAUSE: Final = re.compile(r"[.;\n]|\bbut\b|\bwho\b|\band (?:is|has|was|takes|had)\b", re.IGNORECASE)
_TAKEN: Final = re.compile(
    r"(?<!not )(?<!n't )(?<!unable to )\b(?:tolerat(?:es|ed|ing)|can (?:take|have)|able to (?:take|tolerate)|"
    r"(?:has|have|had) (?:taken|received|used|had)|was given|takes|taking|currently on|"
    r"(?<=\A )on|carr(?:y|ies|ied)|"
    r"remains on|is on|now on|"
    r"start(?:s|ed|ing)?|began|prescribed?|switch(?:ed)? to|continues?|continued|gave|used instead|"
    r"(?:we|i|he|she|they|you)(?:['’](?:ll|re|m|ve|s)| will| am| are)? (?!gets?\b|got\b|develop|had\b|has\b|"
    r"have\b|gives?\b|breaks?\b|broke\b|itch|swells?\b|swelled\b|react))",
    re.IGNORECASE,
)
"""Behind it stands what is taken and borne, or a clause about something else."""
_TOLERATED: Final = re.compile(r"tolerat|can |able |has |have |had ", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"\([^()]{0,80}\)")
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
    r"\s*(?:drugs?|antibiotics?|medications?|medicines?)?(?:[,\s]*(?:and )?(?:i|he|she|it|they|"
    r"which|that|this))?"
    r"\s*(?:[(\[:,–=-]+|->|→|causes?|caused|causing|with|"
    r"(?:gives|gave)(?: (?:her|him|them|me))?|gets|got|(?:breaks?|broke) out (?:in|with)|"
    r"reaction(?: is| of|:)?|"
    r"leads to|resulting in|results in|due to|because of|develop(?:s|ed)|has|"
    r"had)?\s*(?:(?:which|that) caused? |"
    r"(?:which|that) causes |"
    r"reaction(?:s)?:? ?|severe |mild |an? |the )*"
    rf"(?P<what>(?:{_REACTIONS})(?:(?:\s*(?:,|and|/|&)\s*)(?:{_REACTIONS}))*)(?![a-z])",
    re.IGNORECASE,
)
_GIVEN: Final = re.compile(
    r"\s+(?:was |is |were )?(?:given|started|prescribed|continued|administered|ordered|tolerated)\b",
    re.IGNORECASE,
)
_ALLERGY: Final = re.compile(r"allerg|anaphylaxis", re.IGNORECASE)
_LONGEST_NAME: Final = 40
_REACH: Final = 60
_LONGEST_LIST: Final = 240
"""Characters a list of allergens may take behind "allergic to"."""


def find_allergies(
    note: ClinicalNote, assertions: Assertions, medications: Iterable[Entity]
) -> tuple[list[Entity], list[Entity]]:
    """(allergies, medications that are none)."""
    after_all = (_listed_from(note.text, start) for start in exceptions(note))
    spans = _merged([*_allergy_spans(note), *after_all])
    found: list[Entity] = list(none_known(note))
    others: list[Entity] = []
    for drug in medications:
        span = _span_of(spans, drug)
        cue = _taken(note, drug, span) if span else ""
        if is_named(note, drug) or (span and not cue):
            found.append(_allergy(note, assertions, drug))
        elif cue and drug.assertion is Assertion.PRESENT and _TOLERATED.match(cue):
            others.append(replace(drug, assertion=Assertion.POSSIBLE))  # borne once; whether it is taken now?
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
    harm = reaction or harmed_by(note, named)
    if harm:
        details["reaction"] = " ".join(harm["what"].lower().split())
    first = words.at(named.start)
    said = assertions.of(first)
    if (
        said in (Assertion.HYPOTHETICAL, Assertion.HISTORICAL, Assertion.FAMILY)
        and named.section == "allergies"
    ):
        said = Assertion.PRESENT
    if said is Assertion.HISTORICAL or (said is Assertion.NEGATED and begins_anew(note, named)):
        said = Assertion.PRESENT  # an allergy one has a history of is an allergy
    named_by = BEHIND.match(note.text, named.end, named.end + _REACH)
    reached = max((told.end() for told in (reaction, named_by) if told), default=0)
    return replace(named, kind=Kind.ALLERGIES, assertion=said, details=details, told_to=reached)


def _taken(note: ClinicalNote, drug: Entity, span: tuple[int, int]) -> str:
    """The words that say of a drug, named where allergens are, that it is taken; nothing where it is one.

    In a list a cue inside an item reaches to the next comma, one that opens a sentence all of it.
    """
    if _REACTION.match(note.text, drug.end, min(len(note.text), drug.end + _REACH)):
        return ""
    if given := _GIVEN.match(note.text, drug.end, drug.end + _REACH):
        return given.group()
    before = _BRACKETS.sub(lambda found: " " * len(found.group()), note.text[span[0] : drug.start])
    clause = re.split(r"[.;\n]", before)[-1]
    cues = list(_TAKEN.finditer(clause))
    is_headed = note.sections.at(drug.start) == "allergies"
    if cues:
        last = cues[-1]
        opens = not clause[: last.start()].strip(" :,-")
        if not is_headed or opens or "," not in clause[last.end() :]:
            return last.group()
    if is_headed:
        return ""
    return "sig" if drug.details.get("dose") and drug.details.get("frequency") else ""


def _allergy_spans(note: ClinicalNote) -> Iterator[tuple[int, int]]:
    """Where what is named is named as an allergen."""
    text, headings = note.text, note.sections.headings
    for place, heading in enumerate(headings):
        if heading.section == "allergies":
            following = headings[place + 1].start if place + 1 < len(headings) else len(text)
            blank = text.find("\n\n", heading.end + 2, following)
            yield heading.end, blank if blank > heading.end + 3 else following
    if not any(word.startswith(_CUE_BEGINS) for word in note.words.index()):
        return
    for cue in _CUE.finditer(text):
        yield _listed_from(text, cue.end())


def _listed_from(text: str, start: int) -> tuple[int, int]:
    """A list of allergens that begins there, up to the end of its clause."""
    stop = _CLAUSE.search(text, start, start + _LONGEST_LIST)
    return start, stop.start() if stop else min(len(text), start + _LONGEST_LIST)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places, in order, none twice."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _span_of(spans: list[tuple[int, int]], one: Entity) -> tuple[int, int] | None:
    index = bisect_right(spans, (one.start, one.end + _LONGEST_LIST)) - 1
    around = spans[max(0, index - 1) : index + 1]
    return next((span for span in around if span[0] <= one.start < span[1]), None)


def _substances(note: ClinicalNote, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Foods, latex, bees and the like where allergens are named, and before "allergy"."""
    pattern = _substance()
    seen: set[int] = set()
    for start, end in spans:
        for found in pattern.finditer(note.text, start, end):
            if found.start() not in seen:
                seen.add(found.start())
                yield found.start(), found.end()
    for cue in _ALLERGY.finditer(note.text):
        for found in _before_allergy().finditer(
            note.text, max(0, cue.start() - _LONGEST_NAME), cue.end() + 3
        ):
            if found.start() not in seen:
                seen.add(found.start())
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
    return re.compile(
        rf"\b(?P<what>(?:{_names()})s?|pen|pcn) (?:allerg(?:y|ies|ic)|anaphylaxis)\b", re.IGNORECASE
    )
