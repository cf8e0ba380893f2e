"""Ways an EHR goes wrong, to be asked for per patient by tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to reads of one patient; the parts combine."""

    delay_s: float = 0.0
    """Waits this long before it answers."""
    status: int | None = None
    """Answers this status with an OperationOutcome."""
    wrong_content_type: bool = False
    """Answers HTML under status 200."""
    break_off: bool = False
    """Sends half the body, then closes the line."""
    from_page: int = 1
    """The first page it happens to."""
    times: int | None = None
    """How many reads it happens to; None for all."""
