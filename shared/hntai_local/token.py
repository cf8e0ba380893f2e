"""Local bearer tokens, signed with the local stack's own secret."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import jwt

from hntai.domain.errors import ConfigurationError
from hntai_local.secrets_file import local_secrets
from hntai_local.state_dir import StateDir

ALL_SCOPES = ("scrub", "summarize", "patient-summary", "transcribe", "extract", "upload", "metrics")


def signing_secret(environment: Mapping[str, str], state: StateDir) -> str:
    """JWT_SECRET_KEY where it is a secret itself, else the local stack's own."""
    given = environment.get("JWT_SECRET_KEY", "")
    if given and not given.startswith("arn:"):
        return given
    return local_secrets(state.secrets_file).jwt_secret_key


def make_token(
    secret: str, *, subject: str, scopes: Iterable[str], ttl_s: int, now: datetime | None = None
) -> str:
    """An HS256 token with the claims SPEC names.

    Raises:
        ConfigurationError: a scope that does not exist, or a lifetime that is none.
    """
    chosen = tuple(dict.fromkeys(scopes))
    if not set(chosen) <= set(ALL_SCOPES):
        raise ConfigurationError(setting="--scopes", expected="some of: " + " ".join(ALL_SCOPES))
    if ttl_s < 1:
        raise ConfigurationError(setting="--ttl", expected="at least 1 second")
    issued = now or datetime.now(UTC)
    claims = {
        "sub": subject,
        "aud": "hntai",
        "iss": "hntai",
        "iat": issued,
        "exp": issued + timedelta(seconds=ttl_s),
        "scope": " ".join(chosen),
    }
    return jwt.encode(claims, secret, algorithm="HS256")
