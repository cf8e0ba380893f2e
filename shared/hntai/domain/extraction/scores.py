"""How likely what was found is what its list says, by how it was found.

Source: of what the rules found in the open sets of `make eval` (case reports, abstracts), the share that
overlaps a mark of the annotators, rounded to what 20 findings or more bear out; `make eval` prints the shares
anew, set by set. Where no set has marks (results, procedures, vaccines, habits) the figures beside those
findings are our estimate. A repaired misspelling occurs in no set: what it costs is an estimate too.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from hntai.domain.extraction.entities import Assertion
from hntai.domain.extraction.words import Words, form


class Evidence(StrEnum):
    """How a name was found."""

    NAMED = "named"
    """On a list."""
    SHAPED = "shaped"
    """By a head, an ending, a stem."""
    EXPLAINED = "explained"
    """A short form the text explains."""


_PROBLEMS: Final = {Evidence.NAMED: 0.94, Evidence.SHAPED: 0.74, Evidence.EXPLAINED: 0.85}
_DRUGS: Final = {Evidence.NAMED: 0.87, Evidence.SHAPED: 0.8, Evidence.EXPLAINED: 0.7}
_OF_MORE_WORDS: Final = 0.82
"""A problem by its shape with the words that belong to it: seldom another thing."""
_CODED_DRUG: Final = 0.97
_DOSED_DRUG: Final = 0.95
_AMBIGUOUS: Final = 0.1
"""Off, for a name of at most four letters: it may stand for something else."""
_UNSURE: Final = 0.1
"""Off, where the text speaks of what may come."""
_REPAIRED: Final = 0.1
"""Off, for a word read as another than is written."""
_SHORT: Final = 4


def problem_score(evidence: Evidence, written: str, said: Assertion, *, is_repaired: bool) -> float:
    """Of a problem. written: as in the text."""
    score = _PROBLEMS[evidence]
    if evidence is Evidence.SHAPED and " " in written:
        score = _OF_MORE_WORDS
    return _less(score, written, said, is_repaired=is_repaired, is_named=evidence is not Evidence.SHAPED)


def drug_score(evidence: Evidence, written: str, said: Assertion, *, is_coded: bool, is_dosed: bool) -> float:
    """Of a medicine; is_coded: its name is one of the curated ingredients."""
    score = _CODED_DRUG if is_coded else _DOSED_DRUG if is_dosed else _DRUGS[evidence]
    return _less(score, written, said, is_repaired=False, is_named=is_coded or evidence is Evidence.EXPLAINED)


def is_repaired(words: Words, first: int, last: int) -> bool:
    """Whether any of the words is read as another than is written."""
    return any(
        words.forms[at] != form(words.text[words.starts[at] : words.ends[at]]) for at in range(first, last)
    )


def _less(score: float, written: str, said: Assertion, *, is_repaired: bool, is_named: bool) -> float:
    if len(written) <= _SHORT and not is_named:
        score -= _AMBIGUOUS
    if said is Assertion.HYPOTHETICAL:
        score -= _UNSURE
    if is_repaired:
        score -= _REPAIRED
    return round(score, 2)
