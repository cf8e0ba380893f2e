"""What words say of the others in their sentence: denials, doubts, the past, conditions, relatives.

Source: the idea of cues with a reach is that of NegEx (Chapman 2001) and ConText (Harkema 2009); the cues and
the rules for their reach are ours (assertion_cues.txt).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from itertools import product
from typing import Final, NamedTuple

from hntai.domain.extraction.entities import Assertion
from hntai.domain.extraction.phrases import PhraseTable
from hntai.domain.extraction.words import Words
from hntai.domain.lexicons import ordered


class Reach(StrEnum):
    """Which way a cue reaches."""

    BEFORE = "before"
    BEHIND = "behind"
    PSEUDO = "pseudo"
    END = "end"
    FAMILY = "family"
    OTHER = "other"
    """Of those the patient lives or works with, and of friends."""
    PATIENT = "patient"


class Meaning(NamedTuple):
    """All a cue can say: `unlikely` speaks of what stands before it as of what follows."""

    before: Assertion | None
    behind: Assertion | None
    ends: bool
    other: Reach | None


class Cue(NamedTuple):
    """Words first to last, last not included."""

    first: int
    last: int
    meaning: Meaning


_WHOSE: Final = (
    "history", "past history", "medical history", "past medical history", "prior medical history",
    "past medical and surgical history", "surgical history", "past surgical history", "cardiac history",
    "past cardiac history", "psychiatric history", "past psychiatric history", "oncologic "
    "history", "pmh", "pmhx",
)  # fmt: skip
_WEIGHTY: Final = ("significant", "notable", "remarkable", "positive", "pertinent", "relevant")
_NOTHING: Final = Meaning(None, None, False, None)


def cues_by_sentence(words: Words) -> dict[int, list[Cue]]:
    """The cues of each sentence that has any, left to right."""
    found: dict[int, list[Cue]] = {}
    for match in _table().find(words):
        if (
            words.forms[match.first] == "return"
            and words.text[words.starts[match.first] :][:7].lower() == "returns"
        ):
            continue  # who returns for something has it
        if match.value.other is not Reach.PSEUDO or words.forms[match.first] == "no":
            found.setdefault(words.sentence[match.first], []).append(Cue(*match))
    return found


@cache
def _table() -> PhraseTable[Meaning]:
    meanings: dict[str, Meaning] = {}
    for reach, assertion, cue in _listed():
        known = meanings.get(cue, _NOTHING)
        match reach:
            case Reach.BEFORE:
                known = known._replace(before=Assertion(assertion))
            case Reach.BEHIND:
                known = known._replace(behind=Assertion(assertion))
            case Reach.END:
                known = known._replace(ends=True)
            case _:
                known = known._replace(other=reach)
        meanings[cue] = known
    return PhraseTable(meanings.items())


def _listed() -> Iterator[tuple[Reach, str, str]]:
    for line in ordered("assertion_cues"):
        head, cues = line.split("\t")
        reach, _, assertion = head.partition(" ")
        for cue in cues.split("|"):
            yield Reach(reach), assertion, cue
    for cue in _histories():
        yield Reach.BEFORE, Assertion.HISTORICAL, cue


def _histories() -> Iterator[str]:
    """`past medical history is significant for` in all its forms."""
    for whose, copula, weight in product(_WHOSE, ("", "is ", "was ", "is also "), _WEIGHTY):
        yield f"{whose} {copula}{weight} for"
    for whose, verb in product(_WHOSE, ("includes", "included", "include", "consists of", "consisting of")):
        yield f"{whose} {verb}"
