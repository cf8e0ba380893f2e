"""Places below the state: streets, boxes, crossings, counties, towns, ZIP codes. States and countries stay.

Source: 45 CFR 164.514(b)(2)(i)(B).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hntai.domain.kept_places import CODES, STATE_AT_END, STATE_CODES, STATES, kept_places, place_words
from hntai.domain.lexicons import lexicon
from hntai.domain.name_shapes import GAP, START, UPPER, folded
from hntai.domain.note import Note, Opening, opening
from hntai.domain.safe_harbor import TOWN, ZIP
from hntai.domain.spans import PhiType, Span, span_of

_ALSO_CREDENTIALS: Final = frozenset(("MD", "PA", "MA", "ND", "OR"))
"""State codes that also stand behind a person's name."""
_SUFFIX: Final = (
    r"(?:Street|St|Avenue|Ave?|Av|Road|Rd|Drive|Dr|Lane|Ln|Boulevard|Blvd|Court|Ct|Circle|Cir|Place|"
    r"Pl|Terrace|Ter|Trail|Trl|Way|Parkway|"
    r"Pkwy|Highway|Hwy|Square|Sq|Loop|Alley|Aly|Crescent|Cres|Close|Row|Run|Path|Pike|Turnpike|"
    r"Crossing|Xing|Point|Pt|Ridge|Plaza|Plz|"
    r"Expressway|Expy|Freeway|Fwy|Causeway|Mews|Walk|Bend|Cove|Commons|Heights|Hts|Hollow|Manor|"
    r"Meadows|Park|Route|Rte|Vista|View|Estates)"
)
_UNIT: Final = (
    r"(?:,?[ \t]{0,2}(?:\n[ ]?)?(?:(?:Apt|Apartment|Unit|Suite|Ste|Lot|Bldg|Building|Floor|Fl|Rm|"
    r"Room|Trlr)\.?[ ]?#?[ ]?[\w-]{1,6}|No\.?[ ]?#?[ ]?\d[\w-]{0,5}|#[ ]?[\w-]{1,6})){0,2}"
)
_STEP: Final = r"[A-Z0-9][\w'’.-]{0,24}"
_STREET = re.compile(
    rf"(?<![\w/.$-])(?<!\d,)\d{{1,6}}(?:-\d{{1,5}}|½|[A-Z])?[ ](?:{_STEP}[ ]|de[ls]?[ ]|la[ ]|of[ ]|"
    rf"the[ ]){{1,5}}(?:{_SUFFIX}|{_SUFFIX.upper()})\b\.?(?:[ ](?:N|S|E|W|NE|NW|SE|SW)\b\.?)?{_UNIT}"
)
_LOWER_STREET = re.compile(
    rf"(?i)(?<![^\W_])(?:lives? at|living at|resid(?:es|ing) at|residence|home|address(?: is|:)?|"
    rf"staying at|moved to|located at)[: ]{{1,3}}"
    rf"(?P<street>\d{{1,6}}[A-Z]?[ ](?:[\w'’.-]{{1,24}}[ ]){{1,5}}{_SUFFIX}\b\.?{_UNIT})"
)
_ROUTE = re.compile(
    r"(?<![\w/.-])\d{1,6}[ ](?:County Road|CR|State Route|SR|Highway|Hwy|US|Route|Rte|RR|FM)"
    r"[ ]\d{1,4}[A-Z]?\b" + _UNIT
)
_BOX = re.compile(
    r"(?i)(?<![^\W_])(?:P\.? ?O\.? ?Box|Post ?box|Post Office Box|RR ?\d{1,3} Box)[ #]{1,2}\d{1,7}\b" + _UNIT
)
_CROSSING = re.compile(
    rf"(?<![\w])(?:{_STEP}[ ]){{1,3}}(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Dr)\b\.?[ ](?:and|&|at|"
    rf"near)[ ](?:{_STEP}[ ]){{1,3}}(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Dr)\b"
)
_CORNER = re.compile(
    rf"(?i:corner of|intersection of|cross streets?:?)[ ](?P<corner>{_STEP}(?:[ ]{_STEP}){{0,2}}"
    rf"[ ](?:and|&|at|@|/)[ ]{_STEP}"
    rf"(?:[ ](?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Way)\b\.?)?)"
)
_CORNER_WORDS: Final = Opening(("corner", "intersection", "cross"))
_TOWN_NAME: Final = (
    rf"(?:(?:St|Ste|Mt|Ft|Pt)\.?{GAP})?[{UPPER}][^\W\d_]{{1,24}}(?:['’-][^\W\d_]{{1,24}}){{0,3}}"
    rf"(?:{GAP}(?:(?:of|on|de|del|la|the|upon|du|en){GAP}){{0,2}}"
    rf"(?:Ste?\.{GAP})?[{UPPER}][^\W\d_]{{1,24}}(?:['’-][^\W\d_]{{1,24}}){{0,2}}){{0,3}}"
)
_TOWN_STATE = re.compile(
    rf"{START}(?P<town>{_TOWN_NAME})[ ]?,{GAP}?\n?(?:(?P<code>{STATE_CODES})\b|(?:{STATES})\b)(?![-.]?[a-z])"
    rf"(?P<zip_gap>[, ]{{0,2}})"
)
_ZIP = re.compile(
    rf"(?:(?<![^\W_])(?:(?:{STATE_CODES})|(?:{STATES}))[.,]?[ \n]{{1,3}}|(?i:(?<![^\W_])(?:zip"
    rf"(?:[ -]?code)?|postal code)[ :#]{{1,3}}(?:is )?))(?P<zip>\d{{5}}(?:[- ]\d{{4}})?)(?![\w]|"
    rf"[.,-]\d)"
)
_ZIP_PLUS_FOUR = re.compile(r"(?<![\w./-])\d{5}-\d{4}(?![\w/-]|\.\d)")
_COUNTY = re.compile(
    rf"{START}(?P<name>[{UPPER}][^\W\d_]{{2,20}}(?:{GAP}[{UPPER}][^\W\d_]{{2,20}})?){GAP}(?:County|"
    rf"Parish|Township|Borough)\b(?!{GAP}(?:Road|Rd))"
)
_LIVING = re.compile(
    rf"(?i:(?<![^\W_])(?:lives? in|living in|resid(?:es?|ing|ent) (?:in|of)|moved (?:here )?(?:from|"
    rf"to)|relocated (?:from|to)|born in|raised in|grew up in|"
    rf"native of|from|visit(?:ed|ing) (?:family |relatives )?in|travell?(?:ed|ing|s)? (?:from|to|in)|"
    rf"returned from|trip to|flew (?:from|to|in from)|"
    rf"origin city|city|town|hometown(?: is| of)?|works in|based in|stationed in|vacation(?:ing)? in|"
    rf"drove (?:from|to|in from)|home is in|stays in|located in|near|place of birth)"
    rf"[: ]{{1,3}})(?P<town>{_TOWN_NAME})(?:{GAP}to{GAP}(?P<second>{_TOWN_NAME}))?"
)
_IN_PLACE = re.compile(rf"(?<![^\W_])(?:in|at|from|to|near|outside|around|of){GAP}(?P<town>{_TOWN_NAME})")

_BOX_WORDS: Final = Opening(("p", "po", "post", "postbox", "rr"))
_CROSSED_WORDS: Final = opening("st street ave avenue rd road blvd dr")
_CROSSED = re.compile(r"(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Dr)\b\.?[ ](?:and|&|at|near)[ ]")
"""The middle of a crossing; a quick look spares most notes the slow one."""
_DWELLING_WORDS: Final = opening(
    "live lives living resides residing residence home address staying moved located"
)
_ZIP_WORDS: Final = Opening(
    frozenset(("zip", "zipcode", "postal")).union(
        re.findall("[a-z]+", STATES.lower()),
        (code.lower() for code in CODES),
    )
)
_COUNTY_WORDS: Final = Opening(("county", "parish", "township", "borough"))
_LIVING_WORDS: Final = opening(
    "live lives living reside resides residing resident moved relocated born raised grew native from "
    "visited visiting travel traveled travelled traveling travelling travels returned trip flew "
    "origin city town hometown works based stationed vacation vacationing drove home stays located "
    "near place"
)
_IN_WORDS: Final = opening("in at from to near outside around of")
_STATE_BEHIND = re.compile(rf",{GAP}?\n?(?:(?:{STATE_CODES})\b|(?:{STATES})\b)(?![-.]?[a-z])")
_LONGEST_TOWN: Final = 200


def recognize_places(note: Note) -> Iterator[Span]:
    """LOCATION spans: street addresses; towns and ZIP codes under their own recognizer names."""
    for pattern, places, name in (
        (_STREET, note.numbers_before_words, "street"),
        (_ROUTE, note.numbers_before_words, "street"),
        (_BOX, note.led_by(_BOX_WORDS), "post_box"),
    ):
        for match in note.matches(pattern, places):
            yield _unpointed(span_of(match, PhiType.LOCATION, 0.9, name), note)
    if any(note.matches(_CROSSED, note.led_by(_CROSSED_WORDS))):
        for match in _CROSSING.finditer(note.text):
            yield _unpointed(span_of(match, PhiType.LOCATION, 0.9, "crossing"), note)
    for match in note.matches(_CORNER, note.led_by(_CORNER_WORDS)):
        yield _unpointed(span_of(match, PhiType.LOCATION, 0.85, "crossing", "corner"), note)
    for match in note.matches(_LOWER_STREET, note.led_by(_DWELLING_WORDS)):
        yield _unpointed(span_of(match, PhiType.LOCATION, 0.9, "street", "street"), note)
    for match in note.matches(_ZIP, note.led_by(_ZIP_WORDS)):
        yield span_of(match, PhiType.LOCATION, 0.95, ZIP, "zip")
    for match in note.matches(_ZIP_PLUS_FOUR, note.numbers_of(5)):
        yield span_of(match, PhiType.LOCATION, 0.6, ZIP)
    for match in _COUNTY.finditer(note.text) if note.has(_COUNTY_WORDS) else ():
        if folded(match["name"]) not in lexicon("common_words"):
            yield span_of(match, PhiType.LOCATION, 0.85, "county")
    yield from _towns(note)


def _unpointed(span: Span, note: Note) -> Span:
    """Without the full stop of a short kind of street: it may end the sentence."""
    return span._replace(end=span.end - 1) if note.text[span.end - 1] == "." else span


def _before_states(text: str) -> Iterator[re.Match[str]]:
    """Towns with their state behind a comma; sought only just before such commas."""
    free = 0
    for state in _STATE_BEHIND.finditer(text):
        if state.start() < free:
            continue
        for match in _TOWN_STATE.finditer(text, max(free, state.start() - _LONGEST_TOWN), state.end() + 3):
            free = match.end()
            yield match


def _towns(note: Note) -> Iterator[Span]:
    text = note.text
    for match in _before_states(text):
        zip_follows = text[match.end() : match.end() + 5].isdigit()
        credential = match["code"] in _ALSO_CREDENTIALS and _is_person(match["town"])
        if zip_follows or not (_is_ordinary(match["town"]) or credential):
            yield span_of(match, PhiType.LOCATION, 0.9, TOWN, "town")
    for match in note.matches(_LIVING, note.led_by(_LIVING_WORDS)):
        for group in ("town", "second"):
            person = match.group().lower().startswith("from") and _is_person(match[group] or "")
            if match[group] and not (_is_ordinary(match[group]) or person):
                yield _without_state(span_of(match, PhiType.LOCATION, 0.75, TOWN, group), text)
    for match in note.matches(_IN_PLACE, note.led_by(_IN_WORDS)):
        if _is_listed(match["town"]):
            yield span_of(match, PhiType.LOCATION, 0.7, TOWN, "town")


def _without_state(town: Span, text: str) -> Span:
    """Dayton of Dayton OH."""
    state = STATE_AT_END.search(text, town.start, town.end)
    return town._replace(end=state.start()) if state else town


def _is_ordinary(town: str) -> bool:
    """True for a state, a country, or words of the clinic."""
    words = place_words(town)
    if " ".join(words) in kept_places() or words[:2] == ["state", "of"]:
        return True
    if town.isupper() and len(town) < 4:
        return True
    return all(word in lexicon("common_words") or word in lexicon("drugs") for word in words)


def _is_person(town: str) -> bool:
    words = place_words(town)
    return bool(words) and words[0] in lexicon("first_names") and " ".join(words) not in lexicon("places")


def _is_listed(town: str) -> bool:
    words = place_words(town)
    place = " ".join(words)
    if place in kept_places() or place not in lexicon("places"):
        return False
    if len(words) > 1:
        return not all(word in lexicon("common_words") for word in words)
    return (
        place not in lexicon("common_words")
        and place not in lexicon("rare_words")
        and place not in lexicon("drugs")
    )
