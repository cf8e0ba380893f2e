"""The scrubber's figures, set by set, then genre by genre beside what they must and should be.

    python -m tests.eval.goals [FOLDER]

Sets of data/phi are judged with taggers that have not seen the set (phi_eval.py); written notes are those the
tagger has not learned from (written_eval.py). A genre that misses a floor of those files fails the run; the
goals beside them are printed, met or not: written notes are harder than what the goals were set on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from tests.eval import phi_eval, written_eval
from tests.eval.phi_counts import Tally, summed


class Goal(NamedTuple):
    """One row of the table."""

    title: str
    sets: tuple[str, ...]
    measure: Callable[[Tally], float]
    must: float
    aim: float
    is_least: bool
    """True where more is better."""
    form: str = "{:.2f} %"


_QUERIES: Final = ("queries_c", "queries_d")
_VISITS: Final = ("aci_phi_dev", "visits_c", "visits_d")
_TRAPS: Final = ("adversarial_dev", "traps_d")
_CLEAN: Final = ("mts_negatives_dev", "clean_d")
_DENSE: Final = ("outis_base_dev", "dense_d")
_ENOUGH: Final = 40
"""Fewest spans of a type that say anything of it."""


def _recall(tally: Tally) -> float:
    return 100 * tally.recall


def _worst_type(tally: Tally) -> float:
    return 100 * min((share for _, share, spans in tally.by_type() if spans >= _ENOUGH), default=1.0)


GOALS: Final = (
    Goal("short queries, recall", _QUERIES, _recall, 98.9, 99.5, True),
    Goal("visit notes, recall", _VISITS, _recall, 98.5, 99.5, True),
    Goal("visit notes, leaks per 1,000", _VISITS, lambda tally: tally.leaks, 30, 10, False, "{:.1f}"),
    Goal("dense notes, recall", _DENSE, _recall, 98.5, 99.5, True),
    Goal("short queries, clean text hidden", _QUERIES, lambda tally: tally.hidden_percent, 1.0, 0.3, False),
    Goal("visit notes, clean text hidden", _VISITS, lambda tally: tally.hidden_percent, 0.5, 0.15, False),
    Goal("clean documents touched", _CLEAN, lambda tally: tally.touched_percent, 10, 3, False),
    Goal("one-line traps, recall", _TRAPS, _recall, 92, 97, True),
    Goal("one-line traps, clean lines hit", _TRAPS, lambda tally: tally.touched_percent, 25, 7, False),
    Goal(
        f"worst type of at least {_ENOUGH} spans",
        (*_QUERIES, *_VISITS, *_DENSE),
        _worst_type,
        95,
        99,
        True,
    ),
)


def main() -> None:
    unseen, below = phi_eval.evaluate()
    print()
    written, below_written = written_eval.evaluate()
    tallies = {**unseen, **written}
    print(f"\n{'goal':38}{'must':>9}{'aim':>9}  measured on each set, then on all of them")
    for goal in GOALS:
        print(_line(goal, tallies))
    if below or below_written:
        sys.exit("below the floor: " + "; ".join((*below, *below_written)))


def _line(goal: Goal, tallies: Mapping[str, Tally]) -> str:
    held = {name: tallies[name] for name in goal.sets if name in tallies}
    whole = goal.measure(summed(held.values()))
    is_met = whole >= goal.must if goal.is_least else whole <= goal.must
    sets = "  ".join(f"{name} {goal.form.format(goal.measure(tally))}" for name, tally in held.items())
    shown = f"{sets}  all {goal.form.format(whole)} {'met' if is_met else 'NOT MET'}"
    return f"{goal.title:38}{goal.must:9g}{goal.aim:9g}  {shown}"


if __name__ == "__main__":
    main()
