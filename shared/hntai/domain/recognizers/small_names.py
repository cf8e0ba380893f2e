"""Names without capitals, and initials: what a role, an act, a fact or a listed pair gives away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hntai.domain.lexicons import alternation, lexicon
from hntai.domain.name_shapes import GAP, LETTER, START, UPPER, folded
from hntai.domain.note import Note, Opening, first_words
from hntai.domain.spans import PhiType, Span
from hntai.domain.word_led import led_by

_ROLE: Final = alternation("person_roles")
_ROLE_WORDS: Final = frozenset(first_words("person_roles"))
_LOWER_TITLED = led_by(
    re.compile(
        rf"{START}(?i:dr|drs|mr|mrs|ms|nurse|doctor|np|rn)\.?{GAP}(?P<name>{LETTER}{{2,20}}"
        rf"(?:-{LETTER}{{2,20}})?)"
        rf"(?:{GAP}(?P<second>{LETTER}{{3,20}}))?(?!['’]?[^\W_])"
    ),
    frozenset(("dr", "drs", "mr", "mrs", "ms", "nurse", "doctor", "np", "rn")),
)
_SMALL_ACTS: Final = (
    r"(?:spoke|talked|met|meeting|visit)(?: with| to)?|called|calling|call|tell|told|asked|ask|notified|"
    r"notify|paged|page|texted|text|saw|see|per|for|with|by|from|to|and|does|did|can|is|has"
)
_LOWER_RELATED = led_by(
    re.compile(
        rf"{START}(?i:{_ROLE}|{_SMALL_ACTS}|d/w|lives with|my name is|name is)"
        rf"{GAP}(?P<name>{LETTER}{{3,16}})(?:{GAP}(?P<second>{LETTER}{{3,16}}))?(?![^\W_]|['’])"
    ),
    _ROLE_WORDS | {"d", "lives", "my", "name"} | frozenset(re.findall("[a-z]+", _SMALL_ACTS)),
)
_INITIALS_AFTER: Final = "attending|resident|signed|by|patient|pt|initials|nurse|rn|provider|surgeon|staff"
_INITIALS = led_by(
    re.compile(
        rf"{START}(?i:{_INITIALS_AFTER})[ :]{{1,3}}"
        rf"(?P<name>(?:[{UPPER}]\.){{2,4}}|[A-Z]{{2,3}}(?=[ ]?(?:$|\n)))"
    ),
    frozenset(_INITIALS_AFTER.split("|")),
)
_TYPISTS = re.compile(r"(?m)^[ \t]{0,4}(?P<name>[A-Za-z]{2,4}[/:][a-z]{2,4})[ \t]{0,4}$")
_SLASHED = re.compile(r"(?m)[/:][a-z]{2,4}[ \t]{0,4}$")
_TYPED_BY = led_by(
    re.compile(
        r"(?i)(?<![^\W_])(?:transcribed|typed|dictated|entered)[^\n]{0,30}? by[: ]{1,2}"
        r"(?P<name>[a-z]{2,3})(?=[ ]?(?:[.;,\n]|\Z))"
    ),
    frozenset(("transcribed", "typed", "dictated", "entered")),
)
_FACT = re.compile(r"(?<![^\W_])(?:(?i:dob|mrn)|\d{1,3} ?y/?o)(?![^\W_])")
_FACT_WORDS: Final = Opening(("dob", "mrn"))
_SMALL_TWO = re.compile(rf"{START}(?P<name>[a-z]{{3,16}} [a-z]{{3,20}}(?:-[a-z]{{3,20}})?)[,;(]? ?[,(]?\Z")
_SMALL_PAIR = led_by(
    re.compile(
        rf"{START}(?P<name>{LETTER}{{3,16}}){GAP}(?P<second>{LETTER}{{3,20}}(?:-{LETTER}{{3,20}})?)"
        rf"(?!['’-]?[^\W_])(?![/@])"
    ),
    lexicon("first_names").difference(
        lexicon("common_words"),
        lexicon("drugs"),
        lexicon("rare_words"),
        lexicon("never_names"),
        lexicon("seldom_names"),
        lexicon("eponyms"),
        lexicon("places"),
    ),
)


def recognize_small_names(note: Note) -> Iterator[Span]:
    """NAME spans in small letters beside a cue or as a listed pair, and initials."""
    yield from _initials(note)
    yield from _small(note)
    yield from _small_pairs(note)
    yield from _small_before_facts(note)


def _initials(note: Note) -> Iterator[Span]:
    """S.W. after a role; rtm/kld alone on a line; transcribed by wy."""
    for match in _INITIALS.matches(note):
        if not _is_ordinary(folded(match["name"])):
            yield from _initials_span(match)
    for match in _TYPED_BY.matches(note):
        yield from _initials_span(match)
    if _SLASHED.search(note.text):
        for match in _TYPISTS.finditer(note.text):
            yield from _initials_span(match)


def _initials_span(match: re.Match[str]) -> Iterator[Span]:
    if folded(match["name"]) not in lexicon("never_names"):
        yield Span(*match.span("name"), PhiType.NAME, 0.65, "name_initials")


def _small(note: Note) -> Iterator[Span]:
    """Names in small letters: dr smith, nurse vincenzo, daughter keisha."""
    for led in (_LOWER_TITLED, _LOWER_RELATED):
        for match in led.matches(note):
            word = folded(match["name"])
            listed = led is _LOWER_TITLED or word in lexicon("first_names")
            if match["name"].islower() and listed and not _is_in_dictionary(word):
                second = match["second"] and _is_listed(folded(match["second"]))
                end = match.end("second") if second else match.end("name")
                yield Span(match.start("name"), end, PhiType.NAME, 0.7, "name_small")


def _small_pairs(note: Note) -> Iterator[Span]:
    """A listed first and last name in small letters with nothing before them: maria garcia-lopez."""
    for match in _SMALL_PAIR.matches(note):
        if match["name"].islower() and match["second"].islower():
            second = folded(match["second"])
            parts = [folded(part) for part in match["second"].split("-")]
            if not any(map(_is_in_dictionary, (second, *parts))) and any(map(_is_family, (second, *parts))):
                yield Span(match.start(), match.end(), PhiType.NAME, 0.7, "name_small_pair")


def _small_before_facts(note: Note) -> Iterator[Span]:
    """Two words in small letters no dictionary holds, before a birth date, a record number or an age."""
    for fact in note.matches(_FACT, sorted((*note.led_by(_FACT_WORDS), *note.numbers_of(1, 2, 3)))):
        match = _SMALL_TWO.search(note.text, max(0, fact.start() - 44), fact.start())
        if match and not any(_is_in_dictionary(folded(word)) for word in re.split(r"[ -]", match["name"])):
            yield Span(*match.span("name"), PhiType.NAME, 0.7, "name_small_pair")


def _is_family(word: str) -> bool:
    return word in lexicon("surnames") and word not in lexicon("places")


def _is_listed(word: str) -> bool:
    return (word in lexicon("surnames") or word in lexicon("first_names")) and not _is_ordinary(word)


def _is_ordinary(word: str) -> bool:
    return word in lexicon("common_words") or word in lexicon("drugs")


def _is_in_dictionary(word: str) -> bool:
    return _is_ordinary(word) or word in lexicon("rare_words") or word in lexicon("never_names")
