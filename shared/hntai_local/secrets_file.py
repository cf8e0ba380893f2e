"""The secrets of one local stack: made on first use, kept in a file only its owner can read."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hntai.domain.errors import ConfigurationError

_BYTES = 48
"""384 bits each: above the 256 that HS256 asks for. Source: RFC 7518, section 3.2."""


@dataclass(frozen=True, slots=True, repr=False)
class LocalSecrets:
    """What SECRET_KEY and JWT_SECRET_KEY hold here."""

    secret_key: str
    jwt_secret_key: str


def local_secrets(path: Path) -> LocalSecrets:
    """The secrets in this file; callers that meet on a missing file all get those of the first.

    Raises:
        ConfigurationError: the file is there but is not ours.
    """
    if not path.exists():
        _create(path)
    try:
        kept = json.loads(path.read_text("utf-8"))
        return LocalSecrets(str(kept["secret_key"]), str(kept["jwt_secret_key"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(setting="secrets.json", expected="the file this stack wrote") from error


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    made = {name: secrets.token_urlsafe(_BYTES) for name in ("secret_key", "jwt_secret_key")}
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(made, file)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
