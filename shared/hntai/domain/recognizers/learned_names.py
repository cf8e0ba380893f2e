"""Names that weights learned from marked notes speak for; the recipe is hntai_local.name_training."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from hntai.domain.eponyms import is_medical
from hntai.domain.lexicons import ordered
from hntai.domain.name_candidates import Token
from hntai.domain.name_evidence import name_evidence
from hntai.domain.spans import PhiType, Span

BIAS: Final = "bias"
BALANCED_ODDS: Final = 2.0
HIGH_ODDS: Final = 0.0
"""Log odds that make a name, chosen on genres left out of training."""

_SUREST: Final = 0.65
"""Below every rule that knows what it found: a labelled employer stays one."""


def learned_name(
    text: str, part: Sequence[Token], weights: Mapping[str, float], threshold: float
) -> Span | None:
    """The NAME span of a candidate whose log odds under the weights reach the threshold."""
    start, end = part[0][0], part[-1][1]
    if text[end : end + 1].isalnum():
        return None
    odds = log_odds(text, part, weights)
    if odds < threshold or is_medical(text, start, end):
        return None
    score = _SUREST / (1 + math.exp(-min(odds, 30)))
    return Span(start, end, PhiType.NAME, round(score, 4), "name_learned")


def log_odds(text: str, part: Sequence[Token], weights: Mapping[str, float]) -> float:
    """Natural logarithm of the odds that the candidate is a name; minus infinity for initials alone."""
    evidence = name_evidence(text, part)
    if not evidence:
        return -math.inf
    return weights.get(BIAS, 0.0) + sum([weights.get(fact, 0.0) for fact in evidence])


@cache
def learned_weights() -> dict[str, float]:
    """Weight of each fact, from `lexicons/name_weights.txt`."""
    return {fact: float(weight) for weight, fact in (line.split("\t", 1) for line in ordered("name_weights"))}
