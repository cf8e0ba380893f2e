"""Real services for the tests that need them, started by the tests themselves, ended with them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hntai.adapters.cache import Cache
from hntai.adapters.digests import KeyedDigests
from hntai.adapters.migrations import migrate
from hntai.adapters.named_sql import sql_folder
from hntai.adapters.postgres import PostgresSession
from hntai_local.leash import Leash
from hntai_local.postgres import PostgresServer
from hntai_local.valkey import ValkeyServer

SECRET = b"a secret for tests only, 32 bytes or more"


@pytest.fixture(scope="session", autouse=True)
def event_loops() -> Iterator[None]:
    """Mangum makes event loops for the life of its environment; here that life is the session's.

    Left to the collector they end in whatever runs then, and a warning there has broken Python's own parser.
    """
    make = asyncio.new_event_loop
    loops = [make()]

    def kept() -> asyncio.AbstractEventLoop:
        loops.append(make())
        return loops[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "new_event_loop", kept)
        asyncio.set_event_loop(loops[0])
        yield
    asyncio.set_event_loop(None)
    for loop in loops:
        loop.close()


@pytest.fixture(scope="session")
def leash() -> Iterator[Leash]:
    leash = Leash()
    yield leash
    leash.close()


@pytest.fixture(scope="session")
def postgres(leash: Leash) -> Iterator[PostgresServer]:
    """A migrated server, shared by the whole session.

    Not in pytest's own folder: another session beside this one would close that to PostgreSQL's account.
    """
    with TemporaryDirectory(prefix="hntai-tests-", ignore_cleanup_errors=True) as name:
        server = PostgresServer(Path(name) / "data", leash=leash, log=Path(name) / "log")
        server.start()
        migrate(server.url(), sql_folder() / "migrations")
        yield server
        server.stop()


@pytest.fixture(scope="session")
def valkey(leash: Leash, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    folder = tmp_path_factory.mktemp("valkey")
    server = ValkeyServer(folder, leash=leash, log=folder / "log")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def app_session(postgres: PostgresServer) -> Iterator[PostgresSession]:
    """As the functions connect."""
    session = PostgresSession(lambda: postgres.url("hntai_app"))
    yield session
    session.close()


@pytest.fixture
def auditor_session(postgres: PostgresServer) -> Iterator[PostgresSession]:
    session = PostgresSession(lambda: postgres.url("hntai_auditor"))
    yield session
    session.close()


@pytest.fixture
def cache(valkey: ValkeyServer) -> Cache:
    return Cache(lambda: valkey.url)


@pytest.fixture
def digests() -> KeyedDigests:
    return KeyedDigests(lambda: SECRET)
