"""Names nothing announces: a candidate is one where the lists or the learned weights are sure of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hntai.domain.name_candidates import name_candidates
from hntai.domain.recognizers.learned_names import BALANCED_ODDS, HIGH_ODDS, learned_name, learned_weights
from hntai.domain.recognizers.listed_names import BALANCED_POINTS, HIGH_POINTS, listed_name
from hntai.domain.spans import Span
from hntai.domain.word_kinds import word_kinds


def recognize_uncued_names(text: str) -> Iterator[Span]:
    """NAME spans with evidence for ordinary use."""
    return uncued_names(text, learned_weights(), BALANCED_POINTS, BALANCED_ODDS)


def recognize_lone_names(text: str) -> Iterator[Span]:
    """High recall: a lone listed name with a capital is enough, or what is as likely a name as not."""
    return uncued_names(text, learned_weights(), HIGH_POINTS, HIGH_ODDS)


def uncued_names(text: str, weights: Mapping[str, float], points: float, odds: float) -> Iterator[Span]:
    """Spans of candidates that have the points of the lists, or the log odds under the weights."""
    kind_of = word_kinds()
    position = 0
    for part in name_candidates(text, kind_of):
        if part[0][0] < position:
            continue
        span = listed_name(text, part, points, kind_of) or learned_name(text, part, weights, odds)
        if span:
            position = span.end
            yield span
