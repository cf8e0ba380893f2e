"""Issuing, listing and revoking API keys, each with its audit row in the same transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from hntai.domain.audit import AuditId, AuditRow, Operation, Outcome
from hntai.domain.errors import InvalidRequestError, ResourceUnknownError
from hntai.domain.identity import Identity, Scope
from hntai.ports import AuditLog, Clock, Digests
from hntai.ports.admin import ApiKeyEntry, ApiKeys, IssuedApiKey

MAX_DAYS = 3650


@dataclass(frozen=True, slots=True)
class ManageKeys:
    """What an administrator does with keys; nothing is done without a row that says who did it."""

    keys: ApiKeys
    audit: AuditLog
    digests: Digests
    clock: Clock
    transaction: Callable[[], AbstractContextManager[object]]
    """Both the keys' and the audit's: the act and its row are kept together, or neither is."""
    actor: Callable[[], str]
    """Who administers."""

    def issue(self, identity: Identity, days: int) -> IssuedApiKey:
        """A new key; only its keyed hash is kept.

        Raises:
            InvalidRequestError: a scope that does not exist, none at all, or days outside 1 to MAX_DAYS.
        """
        if not identity.scopes or not identity.scopes <= set(Scope):
            raise InvalidRequestError(scopes=[scope.value for scope in Scope])
        if not 1 <= days <= MAX_DAYS:
            raise InvalidRequestError(limit_days=MAX_DAYS)
        started = self.clock()
        with self.transaction():
            issued = self.keys.issue(identity, started + timedelta(days=days))
            self._record(Operation.API_KEY_ISSUED, identity.tenant, issued.key_id, started)
        return issued

    def entries(self) -> Sequence[ApiKeyEntry]:
        """Every key there ever was, newest first."""
        started = self.clock()
        with self.transaction():
            found = self.keys.entries()
            self._record(Operation.API_KEYS_LISTED, "", "", started)
        return found

    def revoke(self, key_id: str) -> None:
        """From now on the key is refused.

        Raises:
            ResourceUnknownError: there is no such key, or it was revoked before.
        """
        started = self.clock()
        with self.transaction():
            if not self.keys.revoke(key_id, started):
                raise ResourceUnknownError
            self._record(Operation.API_KEY_REVOKED, "", key_id, started)

    def _record(self, operation: Operation, tenant: str, key_id: str, started: datetime) -> None:
        """input_hmac is of the key's id, so that the rows of one key can be found by who knows it."""
        now = self.clock()
        row = AuditRow(
            id=AuditId(uuid.uuid4()),
            occurred_at=now,
            tenant=tenant,
            actor=self.actor(),
            operation=operation,
            outcome=Outcome.SUCCEEDED,
            entity_counts={},
            input_hmac=self.digests("audit-input", key_id.encode()),
            duration_ms=round((now - started).total_seconds() * 1000),
            model="",
            request_id=str(uuid.uuid4()),
        )
        self.audit.append([row])
