"""How often Python looks for cycles of values, in functions that read whole records."""

from __future__ import annotations

import gc

_ALLOCATIONS = 100_000


def collect_rarely() -> None:
    """For this process from now on: a record makes values by the hundred thousand and no cycles.

    The usual 700 allocations between two looks cost a tenth of the time of a summary.
    """
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 20, 20)
