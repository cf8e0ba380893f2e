"""Dates: every element of one finer than the year. Source: 45 CFR 164.514(b)(2)(i)(C).

A day and month without a year need context: notes are full of fractions, grades, ratios and spine levels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from hntai.domain.note import Note, Opening, opening
from hntai.domain.spans import PhiType, Span, span_of

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?"
    r"(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)"
)
_YEAR = r"(?:(?:19|20)\d\d|['’]\d\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_NUM_MONTH = r"(?:0?[1-9]|1[0-2])"
_TIME = r"(?:(?:T|[ ])\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?(?![\d:]))?"
_START = r"(?<![^\W_])(?<!\d[./:-])"
_END = r"(?![\w%]|[./,-]\d|/)"

_WRITTEN = re.compile(
    rf"(?i:(?=[\dJFMASOND])(?<![^\W_])(?:"
    rf"{_DAY}(?:st|nd|rd|th)?(?: of |[ ./-]{{1,2}}){_MONTH}\b\.?(?:(?:,? of |,? |[-/.])(?:{_YEAR}|"
    rf"\d\d(?![\d:%/]|[ ]?(?:mg|mcg|ml|am|pm|units?|tabs?|days?|hours?|weeks?|times|[a-z](?![a-z]))))"
    rf")?"
    rf"|{_MONTH}\b\.?(?: the | |[-/. ]|, ){{1,2}}{_DAY}(?!\d|[.,/]\d|:\d)(?:st|nd|rd|th)?(?: ?(?:-|–|"
    rf"to|through) ?{_DAY}(?!\d)(?:st|nd|rd|th)?)?"
    rf"(?:(?:,? ?|[-/]| of ){_YEAR}(?!\d)|[-/,]{{1,2}} ?\d\d(?![\d/%:]))?"
    rf"|{_MONTH}\b\.?(?:,? of |,? |[-/.]){_YEAR}(?!\d)"
    rf"))(?![^\W_])"
)
_MONTH_WORDS = opening(
    "jan january feb february mar march apr april may jun june jul july aug august sep sept september "
    "oct october nov november dec december"
)
_ISO = re.compile(rf"{_START}(?:(?:19|20)\d\d([-/.])\d{{1,2}}\1\d{{1,2}}{_TIME})(?![\w%]|[./-]\d)")
_THREE = re.compile(
    rf"{_START}(\d{{1,2}})( ?[/.–-] ?)(\d{{1,2}})\2((?:19|20)\d\d|['’]?\d\d|(?<=/)\d){_TIME}(?![\w%]|"
    rf"[./-]\d|-[A-Z])"
)
_MONTH_YEAR = re.compile(
    rf"{_START}(?:{_NUM_MONTH}/(?:19|20)\d\d|(?:0[1-9]|1[0-2])-(?:19|20)\d\d|(?:19|20)\d\d-(?:0[1-9]|"
    rf"1[0-2])){_END}"
)
_COMPACT = re.compile(
    r"(?<![\w.,/-])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:T?[0-2]\d[0-5]\d"
    r"(?:[0-5]\d)?)?(?![\w%/-]|[.,]\d)"
)
_TWO = re.compile(rf"{_START}(\d{{1,2}})([/-])(\d{{1,2}})(?:[-–]\d{{1,2}}/\d{{1,2}})?{_END}(?![ -]?\d)")
_BORN = re.compile(
    r"(?i)(?<![^\W_])(?:D\.?[O0]\.?B\.?|date of birth|birth ?date|born(?: on)?)[ :#=\"']{0,4}"
    r"(?P<date>\d{1,2}[ ./-]{1,2}\d{1,2}[ ./-]{1,2}\d{2,4}|\d{6}|\d{8})(?![\w])"
)
_BORN_WORDS = Opening(("dob", "d", "date", "birth", "birthdate", "born"))
_HOLIDAY = re.compile(
    r"(?i)(?<![^\W_])(?:Christmas(?: (?:Eve|Day))?|New Year(?:['’]?s)?(?: (?:Eve|Day))|New Year['’]s|"
    r"Thanksgiving(?: Day)?|Halloween|"
    r"Easter(?: (?:Sunday|Monday))?|Memorial Day|Labor Day|Independence Day|Fourth of July|"
    r"Valentine['’]?s Day|"
    r"Mother['’]s Day|Father['’]s Day|Veterans['’]? Day|Columbus Day|Presidents['’]? Day|Good Friday|"
    r"Boxing Day|"
    r"(?:the )?Ides of March|Hanukkah|Diwali|Eid al-(?:Fitr|Adha))(?: \d{4})?(?![^\W_])"
)
_HOLIDAY_WORDS = opening(
    "christmas new thanksgiving halloween easter memorial labor independence fourth valentine "
    "valentines mother father veterans columbus presidents good boxing the ides hanukkah diwali eid"
)
_FOURTH_OF_JULY = re.compile(r"(?i)4th of July(?: \d{4})?(?![^\W_])")
_SEASON = re.compile(
    r"(?i)(?<![^\W_])(?:early |late |mid-?)?(?:spring|summer|fall|autumn|winter)(?: of|,)? (?:19|20)"
    r"\d\d(?!\d)"
)
_SEASON_WORDS = Opening(
    frozenset(("early", "late", "spring", "summer", "fall", "autumn", "winter")).union(
        f"mid{season}" for season in ("", "spring", "summer", "fall", "autumn", "winter")
    )
)
_ORDINAL = re.compile(
    r"(?i)(?<![^\W_])(?:on|until|by|since|before|after|from|dated|through|till|around) the "
    r"(?P<day>\d{1,2}(?:st|nd|rd|th))"
    r"(?=[.,;:)!?\n]|$| (?:of (?:this|last|next|the) month|at|in|with|for|and|when|after|to|she|he|"
    r"they|pt|patient|w/)\b)"
)
_ORDINAL_WORDS = opening("on until by since before after from dated through till around")
_DATE_CUE = re.compile(
    r"(?i)(?<![^\W_])(?:on|since|until|till|by|from|onset|seen|dated?|dos|dob|f/u|follow[ -]?up|due|"
    r"appt|appointment|visit|admit(?:ted)?|"
    r"adm|discharged?|d/c|dc|dc['’]?d|scan|mri|ct|echo|surgery|op|procedure|labs?|drawn|repeat|"
    r"recheck|return|rtc|started|stopped|"
    r"last|next|through|before|after|around|as of|lmp|edd|edc|born|scheduled|today|yesterday|"
    r"tomorrow|collected|received|"
    r"signed|faxed|called|refilled|between|consent(?:ed)?|begun|began|ended|ending|week of|mon|tue|"
    r"tues|wed|thu|thurs|fri|sat|sun|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)[ \t]{0,2}(?:dates?|on|of|the|is|was|for|with|visit|"
    r":|=|,|\(|~){0,2}[ \t]{0,2}\Z"
)
_NOT_DATE_AFTER = re.compile(
    r"(?i)[ -]{0,2}(?:strength|power|motor|pain|murmur|systolic|diastolic|on (?:the|a) |scale|tabs?|"
    r"tablets?|pills?|caps?|inch|in\b|cm|mm|mg|mcg|"
    r"ml|mmhg|vision|reflex|dtr|pulses?|sem\b|days?|weeks?|wks?|months?|hours?|hrs?|years?|times|x\b|"
    r"per|episodes|units?|puffs|visits|out of|"
    r"level|disc|positive|criteria|score|of (?:the|a)|intensity|bilateral|throughout|proximal|distal|"
    r"in (?:the|all|both|bilateral)|cups?|packs?|lbs?|liters?|degrees?|nodes|cores|lymph)"
)
_NOT_DATE_BEFORE = re.compile(
    r"(?i)(?<![^\W_])(?:grade|strength|pain|motor|mmt|murmur|rated?|scored?|score|scale|vision|power|"
    r"pulses|reflexes|dtrs?|gcs|ratio|level|stage|bp|"
    r"apgars?|[CTLSG]|about|approximately|every|q|phq|a|an|of|is|are|was|were|at|visual acuity|"
    r"acuity|od|os|ou)[ :]{0,2}\Z"
)


def recognize_dates(note: Note) -> Iterator[Span]:
    """DATE spans; bare years, weekdays and bare months stay."""
    small = note.numbers_of(1, 2)
    for match in note.matches(_WRITTEN, sorted((*small, *note.led_by(_MONTH_WORDS)))):
        if _is_written_date(match.group()) and not _ends_a_sentence(match):
            written = span_of(match, PhiType.DATE, 0.95, "date_written")
            yield written._replace(end=written.end - 1) if _FULL_STOP.search(match.group()) else written
    for pattern, places, score, name in (
        (_ISO, note.numbers_of(4), 0.95, "date_iso"),
        (_MONTH_YEAR, note.numbers_of(1, 2, 4), 0.85, "date_month_year"),
        (_COMPACT, note.numbers_of(8, 12, 14), 0.8, "date_compact"),
        (_HOLIDAY, note.led_by(_HOLIDAY_WORDS), 0.8, "date_holiday"),
        (_FOURTH_OF_JULY, note.numbers_of(1), 0.8, "date_holiday"),
        (_SEASON, note.led_by(_SEASON_WORDS), 0.8, "date_season"),
    ):
        for match in note.matches(pattern, places):
            yield span_of(match, PhiType.DATE, score, name)
    for match in note.matches(_THREE, small):
        if _is_day_and_month(int(match[1]), int(match[3])) and not _is_doubtful(match):
            yield span_of(match, PhiType.DATE, 0.95, "date_numeric")
    for match in note.matches(_BORN, note.led_by(_BORN_WORDS)):
        yield span_of(match, PhiType.DATE, 0.97, "date_birth", "date")
    for match in note.matches(_ORDINAL, note.led_by(_ORDINAL_WORDS)):
        yield span_of(match, PhiType.DATE, 0.6, "date_ordinal", "day")
    yield from _days_without_year(note.text, note.matches(_TWO, small))


_FULL_STOP: Final = re.compile(
    r"(?i)(?:january|february|march|april|may|june|july|august|september|october|november|december)\.\Z"
)
"""Behind a month in full: the end of a sentence."""
_NUMBER_THEN_MONTH: Final = re.compile(r"\d{1,2}\.[ ]{1,2}[^\W\d_]+\Z")


def _ends_a_sentence(match: re.Match[str]) -> bool:
    """True for a number that ends a sentence, and a month's name that opens the next: 15. May take."""
    return (
        bool(_NUMBER_THEN_MONTH.match(match.group()))
        and _WORD_AFTER.match(match.string, match.end()) is not None
    )


_WORD_AFTER: Final = re.compile(r"[ ]{1,2}[^\W\d_]")


def _days_without_year(text: str, pairs: Iterable[re.Match[str]]) -> Iterator[Span]:
    for match in pairs:
        first, second = int(match[1]), int(match[3])
        start, end = match.span()
        if not _is_day_and_month(first, second) or _NOT_DATE_AFTER.match(text, end):
            continue
        cued = _DATE_CUE.search(text, max(0, start - 28), start)
        ranged = match.end(3) != end
        clear = (
            match[2] == "/"
            and first <= 12 < second
            and not _NOT_DATE_BEFORE.search(text, max(0, start - 20), start)
        )
        if cued or ranged or clear:
            yield Span(start, end, PhiType.DATE, 0.7 if cued else 0.5, "date_day_month")


def _is_day_and_month(first: int, second: int) -> bool:
    return 1 <= first <= 31 and 1 <= second <= 31 and min(first, second) <= 12


def _is_doubtful(match: re.Match[str]) -> bool:
    """Dotted numbers are dates only where day and month have two digits or the year four; a year of one digit
    needs a day or month of two."""
    if len(match[4]) == 1:
        return max(len(match[1]), len(match[3])) < 2 and not _DATE_CUE.search(
            match.string, max(0, match.start() - 28), match.start()
        )
    return match[2].strip() == "." and len(match[4]) < 4 and (len(match[1]) < 2 or len(match[3]) < 2)


def _is_written_date(found: str) -> bool:
    """The months that are words in small letters (may, mar, march) count only with a year or an ordinal."""
    month = re.search(r"[^\W\d]{3,}", found)
    if month is None or month.group() not in ("may", "mar", "march", "sept", "dec"):
        return True
    return bool(re.search(r"\d{4}|\d(?:st|nd|rd|th)|['’]\d\d", found))
