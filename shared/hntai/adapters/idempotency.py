"""Remembered answers of idempotent calls, in PostgreSQL: a lost cache must not run a call twice."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from datetime import timedelta

from hntai.adapters.named_sql import statements
from hntai.adapters.postgres import PostgresSession
from hntai.domain.errors import IdempotencyInProgressError, IdempotencyKeyReusedError
from hntai.domain.identity import Identity
from hntai.ports import Answer, Clock, Digests, Sealer

REMEMBERED = timedelta(hours=24)
LOCKED = timedelta(seconds=60)
"""Longer than any function behind the API may run; then the call that held the key is dead."""


class PostgresIdempotencyRecords:
    """See hntai.ports.IdempotencyRecords. Keys and bodies are kept as digests, answers sealed.

    sealer: built when the first answer is sealed, so that calls without a key never need it.
    """

    def __init__(
        self, session: PostgresSession, digests: Digests, sealer: Callable[[], Sealer], clock: Clock
    ) -> None:
        self._session = session
        self._digests = digests
        self._sealer = sealer
        self._clock = clock

    def begin(self, identity: Identity, path: str, key: str, body: bytes) -> Answer | None:
        record_key = self._record_key(identity, path, key)
        body_digest = self._digests("idempotency-body", body)
        now = self._clock()
        sql = statements("access")
        with self._session.transaction() as cursor:
            cursor.execute(sql["delete_expired_idempotency_records"], {"now": now})
            cursor.execute(
                sql["begin_idempotent_call"],
                {
                    "record_key": record_key,
                    "body_digest": body_digest,
                    "now": now,
                    "locked_until": now + LOCKED,
                    "expires_at": now + REMEMBERED,
                },
            )
            if cursor.fetchone() is not None:
                return None
            cursor.execute(sql["get_idempotency_record"], {"record_key": record_key})
            record = cursor.fetchone()
        if record is None:
            raise IdempotencyInProgressError(retry_after_s=1)
        if not hmac.compare_digest(bytes(record["body_digest"]), body_digest):
            raise IdempotencyKeyReusedError
        if record["sealed_answer"] is None:
            raise IdempotencyInProgressError(retry_after_s=1)
        return self._opened(record_key, bytes(record["sealed_answer"]))

    def finish(self, identity: Identity, path: str, key: str, answer: Answer) -> None:
        record_key = self._record_key(identity, path, key)
        head = json.dumps([answer.status, dict(answer.headers)]).encode()
        sealed = self._sealer().seal(head + b"\n" + answer.body, _context(record_key))
        with self._session.transaction() as cursor:
            cursor.execute(
                statements("access")["finish_idempotent_call"],
                {"record_key": record_key, "sealed_answer": sealed},
            )

    def release(self, identity: Identity, path: str, key: str) -> None:
        with self._session.transaction() as cursor:
            cursor.execute(
                statements("access")["release_idempotent_call"],
                {"record_key": self._record_key(identity, path, key)},
            )

    def _record_key(self, identity: Identity, path: str, key: str) -> bytes:
        return self._digests("idempotency-key", identity.owner.encode(), path.encode(), key.encode())

    def _opened(self, record_key: bytes, sealed: bytes) -> Answer:
        head, _, body = self._sealer().open(sealed, _context(record_key)).partition(b"\n")
        status, headers = json.loads(head)
        return Answer(status, headers, body)


def _context(record_key: bytes) -> str:
    return f"idempotency/{record_key.hex()}"
