"""Names that something beside them announces: a title, a label, a relative, an act, a banner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from hntai.domain.eponyms import is_medical
from hntai.domain.lexicons import alternation, lexicon
from hntai.domain.name_shapes import CAPITALISED, GAP, PARTICLE, START, UPPER, WORD, folded
from hntai.domain.note import Note, first_words, word_set
from hntai.domain.spans import PhiType, Span
from hntai.domain.word_led import WordLed, led_by

_COMMA = re.compile(rf",{GAP}?")
_AHEAD: Final = rf"(?=[{UPPER}dol])"
_TITLE: Final = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Drs|Prof|Professor|Doctor|Nurse|Rev|Reverend|Pastor|Father|Rabbi|Imam|"
    r"Sgt|Sergeant|Lt|"
    r"Capt|Captain|Officer|Judge|Deputy|Detective|Sister|Sir|Madam|Señora?|Sra|Frau|Herr|Mme|MR|MRS|"
    r"MS|DR|MISS|NURSE)"
)
_TITLE_WORDS: Final = frozenset(re.sub(r"[(?:)]", "", _TITLE).casefold().split("|")) | {"señor", "sra"}
_ROLE: Final = alternation("person_roles")
_ROLE_WORDS: Final = frozenset(first_words("person_roles"))


class _Cue(NamedTuple):
    """What announces a name, and how strongly."""

    led: WordLed
    score: float
    recognizer: str
    firm: bool
    """True where the first word is a name whatever it is."""


_CUES: Final = (
    _Cue(
        led_by(
            re.compile(
                rf"{START}(?P<title>{_TITLE})(?:\.{GAP}?|{GAP})(?P<particles>(?:{PARTICLE}{GAP}){{0,2}})"
                rf"{_AHEAD}"
            ),
            _TITLE_WORDS,
        ),
        0.95,
        "name_title",
        firm=True,
    ),
    _Cue(
        led_by(
            re.compile(
                rf"{START}(?i:{alternation('name_labels')}|{_ROLE})(?:\(s\)|"
                rf"s)?[ \t]{{0,3}}[\"']?[:=|][ \t]{{0,6}}[\"']?"
                rf"(?:(?i:dr|mrs?|ms)\.?{GAP})?{_AHEAD}"
            ),
            _ROLE_WORDS.union(first_words("name_labels")),
        ),
        0.9,
        "name_label",
        firm=False,
    ),
    _Cue(
        led_by(
            re.compile(rf"{START}(?i:{alternation('name_acts')})[ \t]{{0,2}}[:,]?[ \t\n]{{1,3}}{_AHEAD}"),
            first_words("name_acts"),
        ),
        0.8,
        "name_act",
        firm=False,
    ),
    _Cue(
        led_by(
            re.compile(
                rf"{START}(?i:{_ROLE})(?: of (?:the )?(?:pt|patient))?"
                rf"(?:,|:| is| was| named|,? whose name is)?(?:[ \t]{{1,2}}|\n)(?:\(\"?)?{_AHEAD}"
            ),
            _ROLE_WORDS,
        ),
        0.8,
        "name_related",
        firm=False,
    ),
)
_ALSO_WORDS: Final = frozenset(
    ("father", "sister", "nurse", "doctor", "judge", "officer", "miss", "pastor", "captain", "deputy", "sir")
)
"""Titles that are also ordinary words or roles: what follows must look like a name by itself."""
_SECOND = re.compile(rf"{GAP}?(?:and|&|/){GAP}(?:Mrs?\.?|Drs?\.?)?{GAP}?(?P<name>{WORD})")
_CAPITALS: Final = rf"[{UPPER}][{UPPER}'’-]{{1,25}}"
_BANNER = re.compile(
    rf"{START}(?P<name>{_CAPITALS}(?:{GAP}{_CAPITALS})?,[ ]?{_CAPITALS}"
    rf"(?:{GAP}[{UPPER}](?:\.|\b)|{GAP}[{UPPER}][{UPPER}-]{{2,20}}(?=[ ]{{2}}|[ ]?\n|\Z))?)(?![^\W_])"
)
_KINDS_OF_STREET: Final = word_set(
    "st street ave avenue rd road dr drive ln lane ct court blvd way pl hwy pkwy"
)
"""What a line in capitals holds before a comma and a town: 22 ELM ST, DAYTON."""
_CAPITALS_COMMA = re.compile(rf"[{UPPER}'’-],[ ]?[{UPPER}]")
"""What a banner holds, and the line of typists; a quick look spares most notes the slow one."""
_TOKEN = re.compile(r"[^\s,]+")
_PARTICLES: Final = frozenset(("ni", "nic", "mac", "el", "al", "de", "da", "van", "von", "bin", "ap", "san"))
"""Parts of surnames that are abbreviations or words elsewhere; capitalised in names: Aoife Ní Bhriain."""
_MONTHS: Final = (["april"], ["may"], ["june"], ["august"])


def recognize_cued_names(note: Note) -> Iterator[Span]:
    """NAME spans beside a cue; the cue itself stays."""
    text = note.text
    for cue in _CUES:
        for match in cue.led.matches(note):
            end = _end_of_name(text, match.end())
            sure = cue.firm and match["title"].casefold() not in _ALSO_WORDS
            particles = match["particles"] if cue.firm else ""
            for span in _trimmed(text, match.end(), end, cue, firm=sure):
                yield span._replace(start=span.start - len(particles)) if span.start == match.end() else span
            second = _SECOND.match(text, end) if sure else None
            if second:
                yield from _trimmed(text, *second.span("name"), cue, firm=False)
    if _CAPITALS_COMMA.search(text):
        yield from _banners(text)


def _end_of_name(text: str, start: int) -> int:
    """Where the capitalised words that start here end, last name first or not."""
    run = CAPITALISED.match(text, start)
    if not run:
        return start
    comma = _COMMA.match(text, run.end())
    given = CAPITALISED.match(text, comma.end()) if comma else None
    return given.end() if given else run.end()


def _trimmed(text: str, start: int, end: int, cue: _Cue, *, firm: bool) -> Iterator[Span]:
    """The name at the front of a run of capitals."""
    tokens = list(_TOKEN.finditer(text, start, end))
    words = [folded(token.group()) for token in tokens]
    taken = 0
    for place, word in enumerate(words):
        initial = len(word) == 1 and tokens[place].group()[0].isupper() and len(words) > 1
        if not initial and (word in lexicon("never_names") or not _continues(words, place, firm=firm)):
            break
        taken = place + 1
    if not taken or words[:taken] in _MONTHS or not (firm or any(map(_can_be_name, words[:taken]))):
        return
    end = tokens[taken - 1].end()
    if firm or not is_medical(text, start, end):
        yield Span(start, end, PhiType.NAME, cue.score, cue.recognizer)


def _can_be_name(word: str) -> bool:
    return len(word) > 1 and (not _is_ordinary(word) or word in lexicon("first_names"))


def _continues(words: list[str], place: int, *, firm: bool) -> bool:
    """True where a word can be part of the name so far."""
    word = words[place]
    if not _is_ordinary(word) or (firm and place == 0):
        return True
    if word in _PARTICLES and any(not _is_ordinary(later) for later in words[place + 1 : place + 2]):
        return True
    given, family = word in lexicon("first_names"), word in lexicon("surnames")
    if place == 0:
        return given or (family and len(words) > 1 and not _is_ordinary(words[1]))
    return given or family


def _banners(text: str) -> Iterator[Span]:
    """SMITH,JOHN Q; with a blank after the comma only where the first name is a listed one."""
    for match in _BANNER.finditer(text):
        if match["name"].partition(",")[0].rpartition(" ")[2].casefold() in _KINDS_OF_STREET:
            continue
        words = [folded(word) for word in re.split(r"[, ]+", match["name"])]
        if any(word in lexicon("never_names") for word in words) or all(map(_is_ordinary, words)):
            continue
        if ", " not in match["name"] or any(word in lexicon("first_names") for word in words[1:]):
            yield Span(*match.span("name"), PhiType.NAME, 0.85, "name_banner")


def _is_ordinary(word: str) -> bool:
    return word in lexicon("common_words") or word in lexicon("drugs")
