"""API keys for the running stack; on AWS the admin commands of a later version issue them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from hntai.adapters.api_keys import PostgresApiKeys
from hntai.adapters.clock import utc_now
from hntai.adapters.postgres import PostgresSession
from hntai.bootstrap import Parts
from hntai.domain.errors import ConfigurationError
from hntai.domain.identity import DEFAULT_TENANT, Identity
from hntai_local.token import ALL_SCOPES


def issue(facts: Mapping[str, Any], *, subject: str, scopes: Iterable[str], days: int) -> str:
    """The key; only its keyed hash is kept.

    Raises:
        ConfigurationError: a scope that does not exist, or no day of validity.
    """
    chosen = frozenset(scopes)
    if not chosen <= set(ALL_SCOPES):
        raise ConfigurationError(setting="--scopes", expected="some of: " + " ".join(ALL_SCOPES))
    if days < 1:
        raise ConfigurationError(setting="--days", expected="at least 1")
    os.environ.update(facts["environment"])
    session = PostgresSession(lambda: str(facts["admin_database_url"]))
    keys = PostgresApiKeys(session, Parts().digests, utc_now)
    issued = keys.issue(Identity(DEFAULT_TENANT, subject, chosen), utc_now() + timedelta(days=days))
    session.close()
    return issued.key
