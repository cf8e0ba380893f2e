"""Named statements out of sql/queries: SQL stays SQL, and every statement has a name and a sentence."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from hntai.domain.errors import ConfigurationError

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


def sql_folder() -> Path:
    """The sql/ folder: beside the package in an image, beside shared/ in the repository.

    Raises:
        ConfigurationError: it was not shipped.
    """
    package = Path(__file__).resolve().parents[1]
    for candidate in (package.parent / "sql", package.parents[1] / "sql"):
        if (candidate / "queries").is_dir():
            return candidate
    raise ConfigurationError(setting="sql folder", expected="sql/queries beside the package")


@cache
def statements(file: str) -> dict[str, str]:
    """Every statement of sql/queries/<file>.sql by its name."""
    text = (sql_folder() / "queries" / f"{file}.sql").read_text(encoding="utf-8")
    pieces = _NAME.split(text)[1:]
    return dict(zip(pieces[0::2], (body.strip() for body in pieces[1::2]), strict=True))
