"""Whether scores mean something: of what was found with a higher score, is more right?

A finding counts as right where it overlaps a mark of the set's annotators. Bins are wide, so that each holds
enough to say anything; a bin of fewer than 20 is printed and not judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from hntai.domain.extraction.extract import extract
from tests.eval.extraction_counts import SETS, Set, marked, meets, rows

_BOUNDS: Final = (0.93, 0.8, 0.0)
"""Least score of each bin, highest first."""
_ENOUGH: Final = 20
Bins = list[tuple[int, int]]


def show(folder: Path) -> list[str]:
    """Prints the share that is right in each bin; what is out of order over all sets together."""
    print("score, and the share of findings that are right (of how many):")
    every = []
    for one in SETS:
        bins = _bins(folder, one)
        every.append(bins)
        _line(one.title, bins)
    whole = [(sum(hit for hit, _ in each), sum(of for _, of in each)) for each in zip(*every, strict=True)]
    _line("all", whole)
    return [] if is_ordered(whole) else ["scores are out of order"]


def _bins(folder: Path, one: Set) -> Bins:
    counts = [(0, 0) for _ in _BOUNDS]
    for row in rows(folder, one.file):
        marks = marked(row, one)
        for entity in extract(row["text"]).entities:
            if entity.kind in one.kinds:
                place = next(at for at, least in enumerate(_BOUNDS) if entity.score >= least)
                hit, of = counts[place]
                counts[place] = hit + meets((entity.start, entity.end), marks), of + 1
    return counts


def is_ordered(bins: Iterable[tuple[int, int]]) -> bool:
    """Whether shares fall from bin to bin, by those with enough in them."""
    shares = [hit / of for hit, of in bins if of >= _ENOUGH]
    return shares == sorted(shares, reverse=True)


def _line(title: str, bins: Bins) -> None:
    named = ("from .93", "from .80", "below")
    shares = "  ".join(
        f"{name} {hit / max(1, of):.3f} ({of})" for name, (hit, of) in zip(named, bins, strict=True)
    )
    print(f"  {title:30}{shares}  {'ordered' if is_ordered(bins) else 'OUT OF ORDER'}")
