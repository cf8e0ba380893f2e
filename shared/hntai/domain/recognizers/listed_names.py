"""Names the lists and the neighbourhood speak for: evidence is added up, and enough of it makes a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from hntai.domain.eponyms import is_medical
from hntai.domain.lexicons import lexicon
from hntai.domain.name_shapes import GAP, INITIAL, RUN, START, folded
from hntai.domain.spans import PhiType, Span

_RUN = re.compile(rf"{START}{RUN}")
_TOKEN = re.compile(r"\S+")
_INITIAL = re.compile(rf"{INITIAL}\Z")
_COMMA_GIVEN = re.compile(rf",{GAP}(?P<given>{RUN})")

_BIOGRAPHY = re.compile(
    r"(?: ?\((?:DOB|MRN|MR|#|\(?\d{3}|\+?\d[\d -]{5}|age|aged|she/|he/|they/)| ?<[\w.+-]{1,40}@|,? (?:is |was |who is )?(?:an? )?(?:\w+ ){0,2}\d{1,3}[- ]?(?:years?|yrs?|y/?o|yo|month|week|day|y\.o|F\b|M\b)"
    r"|,? (?:age[d]?|DOB|MRN|born|date of birth|birth date|record|medical record|y/o)\b|[,;/ ]{1,3}(?:DOB|MRN|D\.O\.B)|['’]s (?:\w+ ){0,2}(?:mother|father|wife|husband|daughter|son|chart|family|room|care|DOB|lab|results)"
    r"|,?\s+(?:MD|M\.D|DO|RN|NP|PA|PA-C|PhD|LPN|LCSW|PharmD|CRNA)\b|\",)"
)
_ACTS = re.compile(
    r",? (?:is|was|were|has|had|presents?|presented|reports?|reported|states?|stated|denies|denied|endorses?|complains?|notes|noted|developed|underwent|"
    r"tolerated|arrived|lives|works|returns?|came|comes|called|calls|says|said|asked|agrees?|understands?|requests?|requested|mentioned|mentions|describes?|"
    r"takes|took|went|received|wants|wanted|will|would|does|did|feels|felt|continues|admits|verbalized|signed|notified|helps|helped|performed|saw|seen|"
    r"informed|consulted|accompanied|present|updated|aware|attended|recommended|recommends|may be reached|at bedside|here|who|whose|and his|and her)\b|['’]s\b| \((?:wife|husband|son|daughter|mother|father|sister|brother|friend|neighbor)\)"
)
_CUE_BEFORE = re.compile(
    r"(?i)(?<![^\W_])(?:patient|pt|dear|by|with|for|from|to|of|called|named|and|saw|see|seen|d/w|per|mr|mrs|ms|dr|reviewed|reach|contact|regarding|re|about|told|asked|informed|"
    r"thank|thanks|that|when|if|because|while)['’]?[ ,:.]{1,3}\Z"
)
_STRONG_BEFORE = re.compile(
    r"(?i)(?<![^\W_])(?:patient|pt|client|visit date|dear|name|ref|attending|physician|surgeon|doctor|case of|seen|report for)[ ,:.|/\"-]{1,5}\Z|[|:][ ]?\"?\Z"
)
_ALSO_GIVEN: Final = frozenset("jordan chad israel kenya".split())


class _Kind(NamedTuple):
    """What the lists say of one word."""

    given: bool
    family: bool
    common: bool
    rare: bool
    initial: bool
    place: bool

    @property
    def open(self) -> bool:
        """True for a word no list of words knows."""
        return not (self.common or self.rare or self.initial)


def recognize_listed_names(text: str) -> Iterator[Span]:
    """NAME spans with evidence for ordinary use."""
    yield from _scan(text, 2.5)


def recognize_lone_names(text: str) -> Iterator[Span]:
    """High recall: a lone listed name with a capital is enough."""
    yield from _scan(text, 1.3)


def _scan(text: str, threshold: float) -> Iterator[Span]:
    kind_of = _classifier()
    position = 0
    for match in _RUN.finditer(text):
        if match.start() < position:
            continue
        tokens = [
            (match.start() + t.start(), match.start() + t.end(), kind_of(t.group()))
            for t in _TOKEN.finditer(match.group())
        ]
        for part in _parts(tokens):
            span = _judge(text, part, threshold, kind_of)
            if span:
                position = span.end
                yield span


def _classifier() -> Callable[[str], _Kind]:
    """A function from a word to its kind, remembering words for one text."""
    given, family = lexicon("first_names"), lexicon("surnames")
    common, rare, drugs = lexicon("common_words"), lexicon("rare_words"), lexicon("drugs")
    seldom = lexicon("seldom_names") | (lexicon("countries") - _ALSO_GIVEN)
    places, eponyms = lexicon("places"), lexicon("eponyms")
    known: dict[str, _Kind] = {}

    def kind_of(word: str) -> _Kind:
        kind = known.get(word)
        if kind is None:
            parts = [folded(part) for part in word.split("-")]
            plain = folded(word)
            blocked = plain in seldom
            kind = known[word] = _Kind(
                given=not blocked and (plain in given or len(parts) > 1 and parts[0] in given),
                family=not blocked and (plain in family or len(parts) > 1 and parts[-1] in family),
                common=blocked
                or plain in common
                or plain in drugs
                or (len(parts) > 1 and all(part in common for part in parts)),
                rare=plain in rare,
                initial=len(plain) == 1 or bool(_INITIAL.match(word)),
                place=plain in places or plain in eponyms,
            )
        return kind

    return kind_of


Token = tuple[int, int, _Kind]


def _parts(tokens: list[Token]) -> Iterator[list[Token]]:
    """Stretches of a run that could be names: ordinary words that are no names cut it."""
    part: list[Token] = []
    for token in tokens:
        kind = token[2]
        if (
            kind.common
            and not kind.given
            and not (kind.family and any(not known.initial for _, _, known in part))
        ):
            if part:
                yield part
            part = []
        else:
            part.append(token)
    if part:
        yield part


def _judge(text: str, part: list[Token], threshold: float, kind_of: Callable[[str], _Kind]) -> Span | None:
    start, end = part[0][0], part[-1][1]
    if len(part) > 5:
        return None
    comma = _COMMA_GIVEN.match(text, end) if len(part) == 1 and not part[0][2].common else None
    score = _lexical([kind for _, _, kind in part])
    if comma:
        inner = kind_of(comma["given"].split()[0])
        if inner.given and not inner.common and not part[0][2].given:
            end = (
                comma.end("given")
                if not any(kind_of(w).common for w in comma["given"].split())
                else comma.start("given") + len(comma["given"].split()[0])
            )
            score += 2.2
        elif (inner.open or inner.rare) and (
            _BIOGRAPHY.match(text, comma.end()) or _ACTS.match(text, comma.end())
        ):
            end = comma.end()
            score += 1.4
    if score <= 0:
        return None
    score += _context(text, start, end)
    if text[start:end].isupper() and len(part) == 1:
        score -= 1.0
    if score < threshold or is_medical(text, start, end):
        return None
    return Span(start, end, PhiType.NAME, min(0.9, 0.3 + score / 8), "name_list")


def _lexical(kinds: list[_Kind]) -> float:
    """Points the words themselves give: about 3 for a listed first and last name, 1 to 1.5 for one alone."""
    full = [kind for kind in kinds if not kind.initial]
    if not full:
        return 0.0
    first, last = full[0], full[-1]
    if len(full) == 1:
        alone = (
            2.0
            if first.given and not (first.rare or first.place)
            else 1.5
            if first.given and not first.rare
            else 0.9
            if first.family
            else 0.7
            if first.open
            else 0.4
        )
        if first.common:
            alone = 0.2
        return alone + (1.2 if kinds[0].initial and len(kinds) == 2 and not first.common else 0.0)
    if first.given:
        sure = not (first.common or first.rare)
        if last.family or last.given or last.open:
            plain_pair = last.common or last.rare
            return (3.0 if sure else 2.6 if not plain_pair or last.family else 1.6) if len(full) <= 4 else 1.5
        return 2.5 if sure else 1.0
    if last.common:
        return 0.3
    points = sum(1.1 if kind.open else 0.6 if kind.family else 0.3 for kind in full[:3])
    return points + (0.8 if len(kinds) > len(full) else 0.0)


def _context(text: str, start: int, end: int) -> float:
    points = 0.0
    if _BIOGRAPHY.match(text, end):
        points += 2.0
    elif _ACTS.match(text, end):
        points += 1.0
    if _STRONG_BEFORE.search(text, max(0, start - 24), start):
        points += 1.2
    elif _CUE_BEFORE.search(text, max(0, start - 18), start):
        points += 0.7
    line_start = start == 0 or text[start - 1] == "\n"
    line_end = end == len(text) or text[end] in "\n"
    if line_start and line_end:
        points += 0.3
    return points
