"""API keys: `hntai_<id>_<secret>`, of which only a keyed hash of the secret is kept."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from hntai.adapters.named_sql import statements
from hntai.adapters.postgres import PostgresSession
from hntai.domain.errors import UnauthenticatedError
from hntai.domain.identity import Identity
from hntai.ports import Clock, Digests
from hntai.ports.admin import ApiKeyEntry, IssuedApiKey

_KEY = re.compile(r"hntai_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")


class PostgresApiKeys:
    """Verifies keys; issues, lists and revokes them where the connection may (hntai.ports.admin)."""

    def __init__(self, session: PostgresSession, digests: Digests, clock: Clock) -> None:
        self._session = session
        self._digests = digests
        self._clock = clock

    def verify(self, api_key: str) -> Identity:
        """Raises UnauthenticatedError; DatabaseUnavailableError where it could not be decided."""
        match = _KEY.fullmatch(api_key)
        if match is None:
            raise UnauthenticatedError
        with self._session.transaction() as cursor:
            cursor.execute(statements("access")["get_api_key"], {"key_id": match[1]})
            row = cursor.fetchone()
        digest = self._hash(match[1], match[2])
        known = row is not None and hmac.compare_digest(bytes(row["key_hash"]), digest)
        if row is None or not known or row["revoked_at"] is not None or row["expires_at"] <= self._clock():
            raise UnauthenticatedError
        return Identity(row["tenant"], row["subject"], frozenset(row["scopes"]))

    def issue(self, identity: Identity, expires_at: datetime) -> IssuedApiKey:
        """A new key for the identity; needs a connection that may write api_keys."""
        key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        with self._session.transaction() as cursor:
            cursor.execute(
                statements("access")["create_api_key"],
                {
                    "key_id": key_id,
                    "key_hash": self._hash(key_id, secret),
                    "tenant": identity.tenant,
                    "subject": identity.subject,
                    "scopes": sorted(identity.scopes),
                    "expires_at": expires_at,
                },
            )
        return IssuedApiKey(f"hntai_{key_id}_{secret}", key_id)

    def entries(self) -> Sequence[ApiKeyEntry]:
        with self._session.transaction() as cursor:
            cursor.execute(statements("access")["list_api_keys"])
            return [
                ApiKeyEntry(
                    row["key_id"],
                    Identity(row["tenant"], row["subject"], frozenset(row["scopes"])),
                    row["created_at"],
                    row["expires_at"],
                    row["revoked_at"],
                )
                for row in cursor
            ]

    def revoke(self, key_id: str, at: datetime) -> bool:
        with self._session.transaction() as cursor:
            cursor.execute(statements("access")["revoke_api_key"], {"key_id": key_id, "at": at})
            return cursor.fetchone() is not None

    def _hash(self, key_id: str, secret: str) -> bytes:
        return self._digests("api-key", key_id.encode(), secret.encode())
