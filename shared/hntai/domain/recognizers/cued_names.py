"""Names that something beside them announces: a title, a label, a relative, an act, a banner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from hntai.domain.eponyms import is_medical
from hntai.domain.lexicons import alternation, lexicon
from hntai.domain.name_shapes import CAPITALISED, GAP, LETTER, PARTICLE, START, UPPER, WORD, folded
from hntai.domain.note import Note, Opening, first_words, word_set
from hntai.domain.spans import PhiType, Span

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


class WordLed(NamedTuple):
    """A pattern, and the words it can start with."""

    pattern: re.Pattern[str]
    words: Opening

    def matches(self, note: Note) -> Iterator[re.Match[str]]:
        """As pattern.finditer gives them."""
        return note.matches(self.pattern, note.led_by(self.words))


def _led(pattern: re.Pattern[str], words: Iterable[str]) -> WordLed:
    return WordLed(pattern, Opening(words))


class _Cue(NamedTuple):
    """What announces a name, and how strongly."""

    led: WordLed
    score: float
    recognizer: str
    firm: bool
    """True where the first word is a name whatever it is."""


_CUES: Final = (
    _Cue(
        _led(
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
        _led(
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
        _led(
            re.compile(rf"{START}(?i:{alternation('name_acts')})[ \t]{{0,2}}[:,]?[ \t\n]{{1,3}}{_AHEAD}"),
            first_words("name_acts"),
        ),
        0.8,
        "name_act",
        firm=False,
    ),
    _Cue(
        _led(
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
_LOWER_TITLED = _led(
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
_LOWER_RELATED = _led(
    re.compile(
        rf"{START}(?i:{_ROLE}|{_SMALL_ACTS}|d/w|lives with|my name is|name is)"
        rf"{GAP}(?P<name>{LETTER}{{3,16}})(?:{GAP}(?P<second>{LETTER}{{3,16}}))?(?![^\W_]|['’])"
    ),
    _ROLE_WORDS | {"d", "lives", "my", "name"} | frozenset(re.findall("[a-z]+", _SMALL_ACTS)),
)
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
_INITIALS_AFTER: Final = "attending|resident|signed|by|patient|pt|initials|nurse|rn|provider|surgeon|staff"
_INITIALS = _led(
    re.compile(
        rf"{START}(?i:{_INITIALS_AFTER})[ :]{{1,3}}"
        rf"(?P<name>(?:[{UPPER}]\.){{2,4}}|[A-Z]{{2,3}}(?=[ ]?(?:$|\n)))"
    ),
    frozenset(_INITIALS_AFTER.split("|")),
)
_TYPISTS = re.compile(r"(?m)^[ \t]{0,4}(?P<name>[A-Za-z]{2,4}[/:][a-z]{2,4})[ \t]{0,4}$")
_SLASHED = re.compile(r"(?m)[/:][a-z]{2,4}[ \t]{0,4}$")
_TYPED_BY = _led(
    re.compile(
        r"(?i)(?<![^\W_])(?:transcribed|typed|dictated|entered)[^\n]{0,30}? by[: ]{1,2}"
        r"(?P<name>[a-z]{2,3})(?=[ ]?(?:[.;,\n]|\Z))"
    ),
    frozenset(("transcribed", "typed", "dictated", "entered")),
)
_TOKEN = re.compile(r"[^\s,]+")
_FACT = re.compile(r"(?<![^\W_])(?:(?i:dob|mrn)|\d{1,3} ?y/?o)(?![^\W_])")
_FACT_WORDS: Final = Opening(("dob", "mrn"))
_SMALL_TWO = re.compile(rf"{START}(?P<name>[a-z]{{3,16}} [a-z]{{3,20}}(?:-[a-z]{{3,20}})?)[,;(]? ?[,(]?\Z")
_PARTICLES: Final = frozenset(("ni", "nic", "mac", "el", "al", "de", "da", "van", "von", "bin", "ap", "san"))
"""Parts of surnames that are abbreviations or words elsewhere; capitalised in names: Aoife Ní Bhriain."""
_MONTHS: Final = (["april"], ["may"], ["june"], ["august"])

_SMALL_PAIR = _led(
    re.compile(
        rf"{START}(?P<name>{LETTER}{{3,16}}){GAP}(?P<second>{LETTER}{{3,20}}(?:-{LETTER}{{3,20}})?)"
        rf"(?!['’-]?[^\W_])(?![/@])"
    ),
    lexicon("first_names")
    - lexicon("common_words")
    - lexicon("drugs")
    - lexicon("rare_words")
    - lexicon("never_names")
    - lexicon("seldom_names")
    - lexicon("eponyms")
    - lexicon("places"),
)


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
    yield from _initials(note)
    yield from _small(note)
    yield from _small_pairs(note)
    yield from _small_before_facts(note)


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
