"""That a medicine is not to be taken, or not any more: `contraindicated`, `not taking`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from hntai.domain.extraction.entities import Assertion

_NAMED: Final = (
    r"(?:(?! (?:with|while|because|for|if|when|unless|due|during|given|since|as|until|before|after|"
    r"without)\b)"
    r"[\w ]){0,24}\Z"
)
"""From a refusal to the name it is of; what stands behind `with` is taken already."""
_NOT: Final = r"(?:must|should|can|may|shall|do|does|did|could|would|will) ?(?:not|n[’']t)|cannot|never"
_NOT_TAKEN: Final = re.compile(
    r"\b(?:not (?:been |yet )?(?:taking|on|using|given|started|prescribed)|avoid(?:s|ed|ing)?|"
    r"(?:previously |has |had )?failed|"
    r"no longer (?:taking|on|takes|uses)|(?:stopped|quit) "
    r"taking|never (?:took|taken|started)|"
    rf"(?:{_NOT}) (?:be |ever )?(?:take|receive|use|give|given|start|restart|resume|"
    r"prescribe|administer)|"
    r"refus(?:es|ed|ing)|declin(?:es|ed)|off(?: of)?(?: (?:all|her|his|the))?|non-?complian(?:t|ce) "
    rf"with|ran out of){_NAMED}",
    re.IGNORECASE,
)
_NOT_TO_END: Final = re.compile(
    rf"\b(?:{_NOT}) (?:be |ever |abruptly )?(?:stop|discontinue|d/c|hold|skip|miss|interrupt|"
    r"run out of|forget|withhold)"
    rf"(?:ped|ing|d)?\b{_NAMED}",
    re.IGNORECASE,
)
"""`do not stop clopidogrel`: it is taken."""
_EXCEPTED: Final = re.compile(
    r"\b(?:except(?: for)?|other than|apart from) (?:her |his |their |the )?\Z", re.IGNORECASE
)
"""`continue all home meds except metformin`: nobody says what becomes of it."""
_NEVER_WITHOUT: Final = re.compile(
    r"\b(?:(?:denies|denied|never|not|without) (?:to )?(?:miss(?:es|ed|ing)?|skip(?:s|ped|"
    r"ping)?|forgets?|forgetting|"
    r"stopp?(?:ed|ing)?|want(?:s|ed)? to (?:stop|discontinue|hold))|without|relieved (?:by|"
    r"with)|(?:did|does|do) not bring)"
    r" (?:any |taking |all |the )*(?:doses? (?:of )?)?(?:her |his |their |the )?(?:[a-z]+ )?\Z",
    re.IGNORECASE,
)
"""`never misses her apixaban`, `not relieved by nitroglycerin`: it is taken, or was at hand."""
_ALREADY_STOPPED: Final = re.compile(
    r"(?:stopp|quit|no longer|off|ran out|(?:previously |has |had )?failed)", re.IGNORECASE
)
_REASON_AGAINST: Final = re.compile(
    r"(?P<none>\b(?:no|without|not any)(?: [a-z]+){0,2} )?\bcontra-?indications?(?: (?:to|for|"
    r"include[sd]?|are))?"
    r"(?: (?:the )?(?:use|using|starting|taking|giving)(?: of)?)?\s*:?\s*(?:[a-z]+ )?\Z",
    re.IGNORECASE,
)
_UNTAKEN_BEHIND: Final = re.compile(
    r"[\s,(–-]*(?:(?:pt|patient|he|she) )?(?:is |was |has |reports )?"
    r"(?:not (?:currently |been |actually )?(?:taking|using|given|administered|started|indicated|restarted)|"
    r"never (?:took|taken|started|filled|given))\b",
    re.IGNORECASE,
)
"""Behind an item of a list: `gabapentin 300 mg TID (pt not taking)`."""
_WHOLLY: Final = (
    r"(?=\s*(?:\Z|[.;)\n])|,? (?:because|due|given|since|again|any ?more|at this time|at all|"
    r"currently|until|per|in (?:the setting|view|pregnancy|this|patients)|to (?:this|her|him|the patient))\b)"
)
"""Behind a refusal of the medicine, not of a way to take it: no `with food`."""
_AGAINST_BEHIND: Final = re.compile(
    r"[\s,:(–-]*(?:and (?:others|similar) )?(?:therapy |use |treatment |treatments |"
    r"administration |products? |"
    r"vaccines? )?(?:(?:which|that|they|"
    r"it) )?"
    r"(?:(?:is|are|was|were|remains?|would be|being|felt to be|considered) ){0,2}(?:also |both |"
    r"all |therefore |now )?"
    r"(?:(?:relatively|absolutely|strictly|strongly|generally|currently|a|an|absolute|relative) ){0,2}"
    r"(?:(?<!not )contra-?indicat(?:ed|ion)\b|"
    rf"(?:should|must|can|may|shall|could|is to|are to|to) ?(?:not|n[’']t) (?:be |ever be )?"
    rf"(?:given|used|taken|started|restarted|resumed|prescribed|administered|continued){_WHOLLY}|"
    r"(?:(?:should|must|is to|are to|to) (?:strictly )?be )avoided\b|"
    r"(?:please )?(?:do not|don[’']t|not to|never) (?:re-?start|resume|give|use|take|start|prescribe|"
    rf"administer|continue|order){_WHOLLY}|(?:best|better) avoided\b|avoid(?=\s*(?:\Z|[.;)\n])))",
    re.IGNORECASE,
)
_REACH: Final = 72
"""Characters behind a name in which it can be refused."""


class Refusal(NamedTuple):
    """What is so of a medicine that is refused, or must not be ended, and what was done with it."""

    assertion: Assertion
    status: str


def refused_before(clause: str) -> Refusal | None:
    """What the words before a name say: `must not take`, `ran out of`. clause: they end where it begins."""
    if found := _REASON_AGAINST.search(clause):
        return Refusal(Assertion.HYPOTHETICAL if found["none"] else Assertion.NEGATED, "")
    if _EXCEPTED.search(clause):
        return Refusal(Assertion.POSSIBLE, "")
    if _NOT_TO_END.search(clause) or _NEVER_WITHOUT.search(clause):
        return Refusal(Assertion.PRESENT, "continued")
    if untaken := _NOT_TAKEN.search(clause):
        was_taken = bool(_ALREADY_STOPPED.match(untaken.group()))
        return Refusal(Assertion.HISTORICAL, "stopped") if was_taken else Refusal(Assertion.NEGATED, "")
    return None


def untaken_behind(text: str, end: int) -> bool:
    """Whether what stands behind an item says that it is not taken."""
    return _UNTAKEN_BEHIND.match(text, end, min(len(text), end + _REACH)) is not None


def refused_behind(text: str, end: int) -> bool:
    """Whether what stands behind a name, or behind the last of a list, says that it must not be taken."""
    return _AGAINST_BEHIND.match(text, end, min(len(text), end + _REACH)) is not None
