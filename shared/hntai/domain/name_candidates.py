"""Runs of capitalised words that could be names, and what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from hntai.domain.name_shapes import CAPITALISED
from hntai.domain.word_kinds import WordKind

_TOKEN = re.compile(r"\S+")
BIOGRAPHY = re.compile(
    r"(?: ?\((?:DOB|MRN|MR|#|\(?\d{3}|\+?\d[\d -]{5}|age|aged|she/|he/|they/|(?:his |her |the )?"
    r"(?:wife|husband|spouse|partner|son|daughter|mother|father|sister|brother|aunt|uncle|friend|"
    r"neighbor|caregiver)\b)"
    r"|, (?:his|her|the patient['’]s) (?:\w+ )?(?:wife|husband|spouse|partner|son|daughter|mother|"
    r"father|sister|brother|aunt|"
    r"uncle|cousin|friend|neighbor|caregiver)\b| ?<[\w.+-]{1,40}@|,? "
    r"(?:is |was |who is )?(?:an? )?(?:\w+ ){0,2}\d{1,3}[- ]?(?:years?|yrs?|y/?o|yo|month|week|day|"
    r"y\.o|F\b|M\b)"
    r"|[,;]? (?:age[d]?|DOB|MRN|born|date of birth|birth date|record|medical record|y/o)\b|[,;/ ]{1,3}"
    r"(?:DOB|MRN|D\.O\.B)|['’]s (?:\w+ ){0,2}(?:mother|father|wife|husband|daughter|son|chart|family|"
    r"room|care|DOB|lab|results)"
    r"|\",)"
)
_CREDENTIAL = re.compile(
    r",?[ \u00a0]{1,2}(?:M\.?D|D\.?O|R\.?N|N\.?P|PA(?:-C)?|P\.A|Ph\.?D|PharmD|Pharm\.D|DPM|DDS|DMD|"
    r"LCSW|MSW|LPN|CNA|CRNA|CNM|"
    r"FNP(?:-BC|-C)?|APRN|ARNP|DNP|BSN|MSN|PT|DPT|OTR(?:/L)?|RD|RPh|MBBS|MBChB|FACS|FACC|FACP|"
    r"PGY-?\d|MA|CMA|EMT-?[BP]?|RRT|"
    r"SLP|PsyD|LMFT|LPC|Esq)(?![^\W_])"
)
ACTS = re.compile(
    r",? (?:is|was|were|has|had|presents?|presented|reports?|reported|states?|stated|denies|denied|"
    r"endorses?|complains?|notes|noted|developed|underwent|"
    r"tolerated|arrived|lives|works|returns?|came|comes|called|calls|says|said|asked|agrees?|"
    r"understands?|requests?|requested|mentioned|mentions|describes?|"
    r"takes|took|went|received|wants|wanted|will|would|does|did|feels|felt|continues|admits|"
    r"verbalized|signed|notified|helps|helped|performed|saw|seen|"
    r"informed|consulted|accompanied|present|updated|aware|attended|recommended|recommends|may be "
    r"reached|at bedside|here|who|whose|and his|and her)\b|['’]s\b| \((?:wife|husband|son|daughter|"
    r"mother|father|sister|brother|friend|neighbor)\)"
)
_CUE_BEFORE = re.compile(
    r"(?i)(?<![^\W_])(?:patient|pt|dear|by|with|for|from|to|of|called|named|and|saw|see|seen|d/w|per|"
    r"mr|mrs|ms|dr|reviewed|reach|contact|regarding|re|about|told|asked|informed|"
    r"thank|thanks|that|when|if|because|while)['’]?[ ,:.]{1,3}\Z"
)
_STRONG_BEFORE = re.compile(
    r"(?i)(?<![^\W_])(?:patient|pt|client|visit date|dear|name|ref|attending|physician|surgeon|"
    r"doctor|case of|seen|report for)[ ,:.|/\"-]{1,5}\Z|[|:][ ]?\"?\Z"
)

Token = tuple[int, int, WordKind]
"""Start and end in the text, and the kind."""


def name_candidates(text: str, kind_of: Callable[[str], WordKind]) -> Iterator[list[Token]]:
    """The tokens of every stretch that could be a name, left to right."""
    for run in CAPITALISED.finditer(text):
        start = run.start()
        yield from _parts(
            [(start + t.start(), start + t.end(), kind_of(t.group())) for t in _TOKEN.finditer(run.group())]
        )


def _parts(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Stretches of a run that could be names: ordinary words that are no names cut it."""
    part: list[Token] = []
    for token in tokens:
        kind = token[2]
        goes_on = kind.family and any(not earlier.initial for _, _, earlier in part)
        if not kind.common or kind.given or goes_on:
            part.append(token)
        elif part:
            yield part
            part = []
    if part:
        yield part


class Cues(NamedTuple):
    """What stands beside a candidate and speaks of a person."""

    strong: bool
    """A label or a role right before it."""
    cue: bool
    """A word names often follow."""
    credential: bool
    biography: bool
    act: bool
    alone: bool
    """The candidate has its line to itself."""


def cues_beside(text: str, start: int, end: int) -> Cues:
    """The cues of the stretch from start to end."""
    return Cues(
        strong=bool(_STRONG_BEFORE.search(text, max(0, start - 24), start)),
        cue=bool(_CUE_BEFORE.search(text, max(0, start - 18), start)),
        credential=bool(_CREDENTIAL.match(text, end)),
        biography=bool(BIOGRAPHY.match(text, end)),
        act=bool(ACTS.match(text, end)),
        alone=(start == 0 or text[start - 1] == "\n") and text[end : end + 1] in ("", "\n"),
    )
