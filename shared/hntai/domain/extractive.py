"""Summaries made of the source's own sentences, by what they share with the rest, their place and weight."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from hntai.domain.chart.drugs import ingredients_in
from hntai.domain.summary_units import Unit

Similarities = Callable[[Sequence[str]], Sequence[Sequence[float]]]
CountTokens = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much, rounded by hand on the development sets of tests/eval/summarize_eval.py."""

    centrality: float
    lead: float
    clinical: float
    heading: float
    clinician: float
    redundancy: float
    chatter: float
    least: float
    """Of the first unit's worth, what a unit must add once min_tokens are reached."""


NOTE: Final = Weights(1.5, 1.2, 0.3, 1.5, 0.0, 0.6, 0.0, 0.6)
"""Its author has ordered it: what comes first, and under which heading, says most."""
DIALOGUE: Final = Weights(0.3, 0.0, 1.0, 0.0, 0.2, 0.6, 0.3, 0.0)
"""Nothing is ordered; what is said of medicine counts."""

_CHATTER: Final = re.compile(
    r"\b(?:hello|hi|hey|dragon|good (?:morning|afternoon|to (?:see|hear))|how are you|nice to|thank|thanks|"
    r"bye|take care|sounds? good|any questions|no problem|let me|let's|go ahead|see you|"
    r"have a (?:good|great)|i see|i understand|i'm sorry|hear me|how can i help|of course|that's great)\b",
    re.IGNORECASE,
)
_CLINICAL: Final = re.compile(
    r"\b\w*(?:itis|osis|emia|algia|pathy|ectomy|otomy|plasty|oscopy|oma|uria|pnea|rrhea|megaly|plegia|penia|graphy|"
    r"gram|cardia|ache|pain|fever|cough|cancer|diabet\w*|hypert\w*|asthma\w*|infect\w*|fractur\w*|surg\w*|medic\w*|"
    r"allerg\w*|symptom\w*|swell\w*|bleed\w*|nausea\w*|vomit\w*|dizz\w*|breath\w*|blood|pressure|heart|chest|lung\w*|"
    r"kidney|pulse|dose|tablet\w*|mg|x-?ray|scan|mri|ct|ultrasound|biops\w*|murmur|exam\w*|denies|diagnos\w*|"
    r"prescri\w*|treat\w*|follow|history|depress\w*|anxi\w*)\b",
    re.IGNORECASE,
)
_HEADINGS: Final = (
    (re.compile(r"assessment|impression|diagnos|chief complaint|reason|conclusion|\bcc\b"), 1.0),
    (re.compile(r"title|operation|procedures? performed|^procedures?$|plan|recommend|indication"), 0.6),
    (re.compile(r"finding|history of present|\bhpi\b|result|medication|allerg|course|subjective"), 0.3),
    (
        re.compile(
            r"detail|description|technique|anesthe|position|count|prep|specimen|drain|disposition|fluid"
        ),
        -0.6,
    ),
)


def ranked(
    units: Sequence[Unit],
    similarities: Similarities,
    count_tokens: CountTokens,
    *,
    max_tokens: int,
    min_tokens: int,
    weights: Weights | None = None,
) -> tuple[int, ...]:
    """Which units to take, the weightiest first: within max_tokens, and min_tokens where the source has them.

    Above min_tokens a unit that adds little is left out.
    """
    if not units:
        return ()
    matrix = similarities([unit.text for unit in units])
    weights = weights or (DIALOGUE if any(unit.speaker for unit in units) else NOTE)
    scores = _scores(units, matrix, weights)
    costs = [count_tokens(unit.text) for unit in units]
    taken: list[int] = []
    closest = [0.0] * len(units)
    spent, top = 0, 0.0
    left = set(range(len(units)))
    while left:
        worth = {place: scores[place] - weights.redundancy * closest[place] for place in left}
        best = max(left, key=lambda place: (worth[place], -place))
        left.discard(best)
        top = top or worth[best]
        if spent >= max(min_tokens, 1) and worth[best] < weights.least * top:
            break
        if spent + costs[best] <= max_tokens and closest[best] <= _SAME:
            taken.append(best)
            spent += costs[best]
            closest = [max(near, matrix[place][best]) for place, near in enumerate(closest)]
    return tuple(taken)


_SAME: Final = 0.95
_HALF_WAY: Final = 3.0


def _scores(units: Sequence[Unit], matrix: Sequence[Sequence[float]], weights: Weights) -> list[float]:
    count = len(units)
    central = _scaled([(sum(max(value, 0.0) for value in row) - 1) / max(count - 1, 1) for row in matrix])
    clinical = _scaled([_clinical(unit.text) for unit in units])
    return [
        weights.centrality * central[place]
        + weights.lead * (1 - unit.place)
        + weights.clinical * clinical[place]
        + weights.heading * _heading(unit.heading)
        + weights.clinician * unit.is_of_clinician
        - weights.chatter * bool(_CHATTER.search(unit.text))
        for place, unit in enumerate(units)
    ]


def _scaled(values: Sequence[float]) -> list[float]:
    """From 0 to 1."""
    low, high = min(values), max(values)
    return [(value - low) / (high - low) if high > low else 0.0 for value in values]


def _heading(heading: str) -> float:
    return next((weight for pattern, weight in _HEADINGS if pattern.search(heading)), 0.0)


def _clinical(text: str) -> float:
    """How much of medicine a unit says, leveling off."""
    found = len(_CLINICAL.findall(text)) + 2 * len(ingredients_in(text)) + bool(re.search(r"\d", text))
    return found / (found + _HALF_WAY)
