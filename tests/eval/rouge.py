"""ROUGE as F1 over lower-case words and figures, without stemming. Source: Lin, ACL workshop 2004."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"[a-z0-9]+")


def rouge_n(summary: str, reference: str, size: int) -> float:
    """By runs of so many words."""
    ours, theirs = _runs(words(summary), size), _runs(words(reference), size)
    return _f1(sum((ours & theirs).values()), sum(ours.values()), sum(theirs.values()))


def rouge_l(summary: str, reference: str) -> float:
    """By the longest common subsequence."""
    ours, theirs = words(summary), words(reference)
    row = [0] * (len(theirs) + 1)
    for word in ours:
        above, left = row, [0]
        for place, other in enumerate(theirs):
            left.append(above[place] + 1 if word == other else max(above[place + 1], left[place]))
        row = left
    return _f1(row[-1], len(ours), len(theirs))


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _runs(found: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(found[at : at + size]) for at in range(len(found) - size + 1))


def _f1(shared: int, ours: int, theirs: int) -> float:
    return 2 * shared / (ours + theirs) if shared else 0.0
