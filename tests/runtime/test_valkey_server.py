from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from hntai_local.leash import Leash
from hntai_local.valkey import ValkeyServer

pytestmark = pytest.mark.valkey


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ValkeyServer]:
    with Leash() as leash:
        yield ValkeyServer(tmp_path / "valkey", leash=leash, log=tmp_path / "valkey.log")


def test_streams_and_scripts_work(server: ValkeyServer) -> None:
    server.start()
    with redis.Redis.from_url(server.url) as client:
        first = client.xadd("events", {"n": "1"})
        assert client.xrange("events", min=first) == [(first, {b"n": b"1"})]
        assert client.eval("return 42", 0) == 42


def test_who_does_not_know_the_password_learns_nothing(server: ValkeyServer) -> None:
    server.start()
    port = urlsplit(server.url).port or 0
    once = Retry(NoBackoff(), 0)
    with redis.Redis(port=port, retry=once) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.get("anything")


def test_a_killed_server_comes_back_at_its_address_and_empty(server: ValkeyServer) -> None:
    server.start()
    url, pid = server.url, server.pid
    assert pid is not None
    with redis.Redis.from_url(url) as client:
        client.set("kept", "no")
    os.kill(pid, signal.SIGKILL)

    server.start()

    assert server.url == url
    with redis.Redis.from_url(url) as client:
        assert client.get("kept") is None


def test_a_stopped_server_has_no_process(server: ValkeyServer) -> None:
    server.start()
    server.stop()
    assert server.pid is None
    server.stop()
