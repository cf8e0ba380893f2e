"""What a sentence about a text may say: nothing of moment that the text does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from hntai.domain.chart.drugs import ingredients_in
from hntai.domain.clinical_sentences import sentences
from hntai.domain.lexicons import lexicon
from hntai.domain.polarity import Polarity, denials, polarity, split_by_polarity
from hntai.domain.source_terms import SourceTerms
from hntai.domain.spelled_numbers import Number, numbers
from hntai.domain.units import normal_unit
from hntai.domain.written_dates import MONTHS

_UNIT: Final = re.compile(
    r"[\s-]?(?:(?P<unit>%|°\s?[CF]|mm\s?Hg|(?:mg|mcg|ug|µg|g|kg|mL|dL|L|mmol|umol|mEq|ng|pg|IU|mIU|U|fL|cm|mm|lbs?|"
    r"k|M|cells)(?:/[A-Za-z0-9]+(?:[.*][A-Za-z0-9]+)*)*(?![\w/]))|(?P<word>[a-z]{2,12})\b)",
    re.IGNORECASE,
)
_UNIT_WORDS: Final = {
    word: unit
    for unit, words in {
        "mg": "milligram",
        "ug": "microgram mcg",
        "g": "gram",
        "kg": "kilogram kilo",
        "lb": "pound",
        "%": "percent",
        "u": "unit",
        "ml": "milliliter millilitre cc",
        "l": "liter litre",
        "degree": "degree",
        "year": "year yr",
        "month": "month",
        "week": "week wk",
        "day": "day",
        "hour": "hour hr",
        "minute": "minute min",
        "tablet": "tablet",
        "pill": "pill",
        "capsule": "capsule",
        "puff": "puff",
        "drop": "drop",
        "time": "time",
        "pack": "pack",
        "inch": "inch",
        "foot": "foot feet",
        "cm": "centimeter",
        "mm": "millimeter",
        "/min": "beats bpm",
    }.items()
    for word in words.split()
}
"""One spelling for each unit that is written as a word, in the singular."""
_SAME: Final = {"lbs": "lb", "µg": "ug", "mcg": "ug", "c": "degree", "f": "degree"}
_MONTHS: Final = {name[:3].lower(): place + 1 for place, name in enumerate(MONTHS)}
_NAMED_DATE: Final = re.compile(
    r"\b(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?P<rest>[\w-]+(?:\s+[\w-]+){0,2})",
    re.IGNORECASE,
)
_FIGURES_DATE: Final = re.compile(
    r"(?<![\d/.-])(?:(?:\d{4}-)(\d{1,2})-(\d{1,2})|(\d{1,2})/(\d{1,2})(?:/\d{2,4})?)(?![\d/])"
)
_DOSE_UNITS: Final = frozenset(
    ("mg", "ug", "g", "u", "ml", "meq", "tablet", "pill", "capsule", "puff", "drop", "%")
)
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z-]{3,}")

Measure = tuple[str, str]
"""A number in plain form, and the unit behind it."""


@dataclass(frozen=True)
class Source:
    """A text, and what it bears out; read once, when first asked."""

    text: str

    def bears_out(self, sentence: str) -> bool:
        """Whether everything checked in the sentence stands in the text."""
        return (
            all(_is_claim_in(number, self._forms) for number in numbers(sentence))
            and all(not forms.isdisjoint(self._measures) for forms in _measures(sentence))
            and _drugs(sentence) <= self._drugs
            and _doses(sentence) <= self._doses
            and _dates(sentence) <= self._dates
            and self._says_polarity_of(sentence)
            and self._terms.bear_out(sentence)
        )

    @cached_property
    def _terms(self) -> SourceTerms:
        return SourceTerms(self.text)

    @cached_property
    def _forms(self) -> frozenset[str]:
        return frozenset().union(*(number.forms for number in numbers(self.text)))

    @cached_property
    def _measures(self) -> frozenset[Measure]:
        return frozenset().union(*_measures(self.text))

    @cached_property
    def _drugs(self) -> frozenset[str]:
        return _drugs(self.text)

    @cached_property
    def _doses(self) -> frozenset[tuple[str, str]]:
        return _doses(self.text)

    @cached_property
    def _dates(self) -> frozenset[tuple[int, int]]:
        return _dates(self.text)

    @cached_property
    def _polarity(self) -> Polarity:
        return polarity(self.text)

    def _says_polarity_of(self, sentence: str) -> bool:
        said = self._polarity
        affirmed, _ = split_by_polarity(sentence)
        if any(stem not in said.affirmed and stem in said.negated | said.asked for stem in affirmed):
            return False
        return all(
            not reached or (reached & said.negated and not reached & (said.affirmed - said.negated))
            for reached in denials(sentence)
        )


def supported(summary: str, source: Source) -> tuple[list[str], int]:
    """The sentences of a summary that its source bears out, and how many it does not."""
    written = [" ".join(summary[one.start : one.end].split()) for one in sentences(summary) if one.body]
    kept = [sentence for sentence in written if source.bears_out(sentence)]
    return kept, len(written) - len(kept)


def _is_claim_in(number: Number, forms: frozenset[str]) -> bool:
    return not _is_claim(number) or not number.readings.isdisjoint(forms)


def _is_claim(number: Number) -> bool:
    """One of these, at first, half asleep: such words are mostly no number."""
    return not (number.is_spelled and number.readings <= {"1", "2", "0.5"})


def _measures(text: str) -> Iterator[frozenset[Measure]]:
    """Of each number with a unit behind it, the pairs it may be read as."""
    for number in numbers(text):
        found = _UNIT.match(text, number.end)
        unit = _plain_unit(found) if found else ""
        if unit:
            yield frozenset((form, unit) for form in number.readings)


def _plain_unit(found: re.Match[str]) -> str:
    if found["word"]:
        word = found["word"].lower()
        named = _UNIT_WORDS.get(word) or _UNIT_WORDS.get(word.removesuffix("s"))
        return named or ""
    written = normal_unit(found["unit"].replace("°", "").strip()).lower()
    return _SAME.get(written, written)


def _drugs(text: str) -> frozenset[str]:
    """Drugs named, brands by what is in them."""
    names = {word.lower() for word in _WORD.findall(text)} & lexicon("drugs")
    return frozenset(ingredients_in(text)) | {name for name in names if not ingredients_in(name)}


def _doses(text: str) -> frozenset[tuple[str, str]]:
    """Which drug stands in one sentence with which amount: the one before the amount, or `20 mg of` it."""
    found: set[tuple[str, str]] = set()
    for one in sentences(text):
        mentions = [
            (word.start(), drug) for word in _WORD.finditer(one.body) for drug in _drugs(word.group())
        ]
        for number in numbers(one.body) if mentions else ():
            unit = _UNIT.match(one.body, number.end)
            if unit and _plain_unit(unit) in _DOSE_UNITS:
                drug = _drug_of(mentions, number.start, one.body[unit.end() :].lstrip().startswith("of "))
                found |= {(drug, form) for form in number.readings}
    return frozenset(found)


def _drug_of(mentions: Sequence[tuple[int, str]], amount: int, is_of_next: bool) -> str:
    before = [drug for place, drug in mentions if place < amount]
    after = [drug for place, drug in mentions if place > amount]
    return after[0] if after and (is_of_next or not before) else before[-1]


def _dates(text: str) -> frozenset[tuple[int, int]]:
    """(month, day) of each date; years are checked as numbers."""
    named = {
        (_MONTHS[found["month"].lower()], int(form))
        for found in _NAMED_DATE.finditer(text)
        for form in _days(found["rest"])
    }
    figures = {
        (int(found[1] or found[3]), int(found[2] or found[4]))
        for found in _FIGURES_DATE.finditer(text)
        if int(found[1] or found[3]) <= 12
    }
    return frozenset(named | figures)


def _days(rest: str) -> frozenset[str]:
    first = next(numbers(rest), None)
    if first is None or first.start:
        return frozenset()
    return frozenset(form for form in first.forms if form.isdigit() and 1 <= int(form) <= 31)
