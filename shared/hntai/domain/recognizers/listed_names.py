"""Names the lists and the neighbourhood speak for: evidence is added up, and enough of it makes a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from hntai.domain.eponyms import is_medical
from hntai.domain.name_shapes import CAPITALISED, GAP
from hntai.domain.spans import PhiType, Span
from hntai.domain.word_kinds import WordKind, word_kinds

_TOKEN = re.compile(r"\S+")
_COMMA = re.compile(rf",{GAP}")

_BIOGRAPHY = re.compile(
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
_ACTS = re.compile(
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
_BALANCED: Final = 2.5
_HIGH: Final = 1.3
"""Points that make a name. These and all points below were set by hand on the development notes, so that
clean text stays nearly untouched; a learned tagger is to replace them."""


def recognize_listed_names(text: str) -> Iterator[Span]:
    """NAME spans with evidence for ordinary use."""
    yield from _scan(text, _BALANCED)


def recognize_lone_names(text: str) -> Iterator[Span]:
    """High recall: a lone listed name with a capital is enough."""
    yield from _scan(text, _HIGH)


def _scan(text: str, threshold: float) -> Iterator[Span]:
    kind_of = word_kinds()
    position = 0
    for run in CAPITALISED.finditer(text):
        if run.start() < position:
            continue
        start = run.start()
        tokens = [
            (start + t.start(), start + t.end(), kind_of(t.group())) for t in _TOKEN.finditer(run.group())
        ]
        for part in _parts(tokens):
            span = _judge(text, part, threshold, kind_of)
            if span:
                position = span.end
                yield span


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


def _judge(
    text: str, part: Sequence[Token], threshold: float, kind_of: Callable[[str], WordKind]
) -> Span | None:
    start, end = part[0][0], part[-1][1]
    points = _points_of_words([kind for _, _, kind in part])
    if len(part) == 1 and not part[0][2].common and (comma := _COMMA.match(text, end)):
        inverted, more = _points_of_inversion(text, comma.end(), part[0][2], kind_of)
        end, points = inverted or end, points + more
    if points <= 0:
        return None
    points += _points_of_context(text, start, end)
    if len(part) == 1 and text[start:end].isupper():
        points -= 1.0
    if points < threshold or is_medical(text, start, end):
        return None
    return Span(start, end, PhiType.NAME, min(0.9, 0.3 + points / 8), "name_list")


def _points_of_inversion(
    text: str, start: int, family: WordKind, kind_of: Callable[[str], WordKind]
) -> tuple[int, float]:
    """Where a first name after the comma ends, and the points for it; 0 and none where there is none."""
    run = CAPITALISED.match(text, start)
    if run is None:
        return 0, 0.0
    words = run.group().split()
    first = kind_of(words[0])
    if first.given and not first.common and not family.given:
        whole = not any(kind_of(word).common for word in words)
        return (run.end() if whole else start + len(words[0])), 2.2
    if (first.open or first.rare) and (_BIOGRAPHY.match(text, run.end()) or _ACTS.match(text, run.end())):
        return run.end(), 1.4
    return 0, 0.0


def _points_of_words(kinds: Sequence[WordKind]) -> float:
    """Points the words themselves give: about 3 for a listed first and last name, up to 2 for one alone."""
    full = [kind for kind in kinds if not kind.initial]
    if not full:
        return 0.0
    first, last = full[0], full[-1]
    if len(full) == 1:
        return _points_alone(first) + (
            1.2 if kinds[0].initial and len(kinds) == 2 and not first.common else 0.0
        )
    if first.given:
        return _points_of_pair(first, last)
    if last.common:
        return 0.3
    points = sum(1.1 if kind.open else 0.6 if kind.family else 0.3 for kind in full[:3])
    return points + (0.8 if len(kinds) > len(full) else 0.0)


def _points_alone(kind: WordKind) -> float:
    if kind.common:
        return 0.2
    if kind.given and not kind.rare:
        return 1.5 if kind.elsewhere else 2.0
    return 0.9 if kind.family else 0.7 if kind.open else 0.4


def _points_of_pair(first: WordKind, last: WordKind) -> float:
    sure = not (first.common or first.rare)
    if not (last.family or last.given or last.open):
        return 2.5 if sure else 1.0
    if sure:
        return 3.0
    return 2.6 if last.family or not (last.common or last.rare) else 1.6


def _points_of_context(text: str, start: int, end: int) -> float:
    points = 0.0
    if _CREDENTIAL.match(text, end):
        points += 2.5
    elif _BIOGRAPHY.match(text, end):
        points += 2.0
    elif _ACTS.match(text, end):
        points += 1.0
    if _STRONG_BEFORE.search(text, max(0, start - 24), start):
        points += 1.2
    elif _CUE_BEFORE.search(text, max(0, start - 18), start):
        points += 0.7
    return points + (0.3 if _fills_line(text, start, end) else 0.0)


def _fills_line(text: str, start: int, end: int) -> bool:
    return (start == 0 or text[start - 1] == "\n") and text[end : end + 1] in ("", "\n")
