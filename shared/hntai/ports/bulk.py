"""What a bulk needs from the outside."""

from __future__ import annotations

from typing import Protocol


class EhrTurns(Protocol):
    """Whose turn it is at the EHR, for all children of a bulk together: a token bucket that may owe."""

    def take(self, requests_per_s: float) -> float:
        """Reserves the next free turn; seconds until it comes. What was spent before counts first.

        Raises:
            CacheUnavailableError: the limit could not be kept, so nobody may ask.
        """

    def spend(self, requests: int) -> None:
        """Requests made beyond the one of a turn: later turns come later. Nothing where no bulk runs."""


class BulkStarter(Protocol):
    def start(self, bulk_id: str, attempt: int) -> None:
        """Sets the machine going, once for each attempt. Raises WorkflowUnavailableError."""

    def is_running(self, bulk_id: str, attempt: int) -> bool | None:
        """None where there was no such attempt. Raises WorkflowUnavailableError."""
