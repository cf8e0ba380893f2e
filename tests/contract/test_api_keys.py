"""API keys in PostgreSQL: shown once, kept as a keyed hash, refused when expired, revoked or changed."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from hntai.adapters.api_keys import PostgresApiKeys
from hntai.adapters.digests import KeyedDigests
from hntai.adapters.postgres import PostgresSession
from hntai.domain.errors import UnauthenticatedError
from hntai.domain.identity import Identity
from hntai_local.postgres import PostgresServer
from tests.memory.runs import SteppingClock

pytestmark = pytest.mark.postgres
OWNER = Identity("clinic", "integration", frozenset({"scrub", "metrics"}))


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture
def keys(app_session: PostgresSession, digests: KeyedDigests, clock: SteppingClock) -> PostgresApiKeys:
    return PostgresApiKeys(app_session, digests, clock)


@pytest.fixture
def issued(postgres: PostgresServer, digests: KeyedDigests, clock: SteppingClock) -> str:
    session = PostgresSession(postgres.url)
    issued = PostgresApiKeys(session, digests, clock).issue(OWNER, clock() + timedelta(days=1))
    session.close()
    return issued.key


def test_an_issued_key_is_its_owner(keys: PostgresApiKeys, issued: str) -> None:
    assert keys.verify(issued) == OWNER


def test_the_key_itself_is_nowhere_in_the_database(postgres: PostgresServer, issued: str) -> None:
    secret = issued.split("_", 2)[2]
    with psycopg.connect(postgres.url()) as connection:
        rows = repr(connection.execute("SELECT * FROM api_keys").fetchall())
    assert secret not in rows


def test_a_changed_unknown_or_malformed_key_is_refused(keys: PostgresApiKeys, issued: str) -> None:
    last = "A" if issued[-1] != "A" else "B"
    wrong = [
        "",
        "hntai",
        issued[:-1] + last,
        issued.replace(issued[6:22], "0" * 16),
        issued + "x",
        issued.upper(),
    ]
    for key in wrong:
        with pytest.raises(UnauthenticatedError):
            keys.verify(key)


def test_a_key_ends_with_its_time(keys: PostgresApiKeys, issued: str, clock: SteppingClock) -> None:
    clock.advance(24 * 3600)
    with pytest.raises(UnauthenticatedError):
        keys.verify(issued)


def test_a_revoked_key_is_refused(keys: PostgresApiKeys, issued: str, postgres: PostgresServer) -> None:
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(
            "UPDATE api_keys SET revoked_at = now() WHERE key_id = %s", (issued.split("_")[1],)
        )
    with pytest.raises(UnauthenticatedError):
        keys.verify(issued)


def test_the_functions_role_can_issue_no_key(keys: PostgresApiKeys, clock: SteppingClock) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        keys.issue(OWNER, clock() + timedelta(days=1))
