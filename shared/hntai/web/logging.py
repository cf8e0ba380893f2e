"""PHI-safe JSON logs: only events of the closed list, only their fields, only plain values."""

from __future__ import annotations

import logging as stdlib_logging
import traceback
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hntai.web.log_events import LogEvent

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

Value = int | float | str | tuple[str, ...]


def log(event: LogEvent, **fields: Value) -> None:
    """Writes one line.

    Raises:
        ValueError: a field the event does not have.
    """
    unknown = fields.keys() - set(event.fields)
    if unknown:
        raise ValueError(f"{event.name} has no field {sorted(unknown)}")
    logger = _logger()
    write = {"INFO": logger.info, "WARNING": logger.warning, "ERROR": logger.error}[event.level]
    write(event.name, extra=dict(fields))


def frames(error: BaseException) -> tuple[str, ...]:
    """Where an error came from, innermost last: file, line and function, no values."""
    return tuple(
        f"{Path(frame.filename).name}:{frame.lineno}:{frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-8:]
    )


@cache
def _logger() -> Logger:
    """The one logger. Libraries put values into their messages, so theirs are not written at all."""
    from aws_lambda_powertools import Logger

    stdlib_logging.getLogger().setLevel(stdlib_logging.CRITICAL + 1)
    return Logger(service="hntai", level="INFO", use_rfc3339=True)


def silence_libraries() -> None:
    """To be called at import of every function, before a library can write a line."""
    _logger()
