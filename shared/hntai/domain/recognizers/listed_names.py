"""Names the lists and the neighbourhood speak for: evidence is added up, and enough of it makes a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from hntai.domain.eponyms import is_medical
from hntai.domain.name_candidates import ACTS, BIOGRAPHY, Token, cues_beside, name_candidates
from hntai.domain.name_shapes import CAPITALISED, GAP
from hntai.domain.note import Note
from hntai.domain.spans import PhiType, Span
from hntai.domain.word_kinds import WordKind, word_kinds

_COMMA = re.compile(rf",{GAP}")

_POINTS: Final = 1.3
"""Points that make a name. These and all points below were set by hand on the development notes."""


def recognize_lone_names(note: Note) -> Iterator[Span]:
    """NAME spans for high recall: a lone listed name with a capital is enough."""
    text = note.text
    kind_of = word_kinds()
    position = 0
    for part in name_candidates(text, kind_of):
        if part[0][0] < position:
            continue
        span = listed_name(text, part, _POINTS, kind_of)
        if span:
            position = span.end
            yield span


def listed_name(
    text: str, part: Sequence[Token], threshold: float, kind_of: Callable[[str], WordKind]
) -> Span | None:
    """The NAME span of a candidate whose points reach the threshold."""
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
    if (first.open or first.rare) and (BIOGRAPHY.match(text, run.end()) or ACTS.match(text, run.end())):
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
    cues = cues_beside(text, start, end)
    points = 0.0
    if cues.credential:
        points += 2.5
    elif cues.biography:
        points += 2.0
    elif cues.act:
        points += 1.0
    if cues.strong:
        points += 1.2
    elif cues.cue:
        points += 0.7
    return points + (0.3 if cues.alone else 0.0)
