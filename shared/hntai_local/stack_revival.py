"""Starts PostgreSQL and Valkey again when they die, as a managed service would."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from hntai_local.progress import Progress

_LOOK_S = 0.5


class Server(Protocol):
    """A server of ours that can be started again where it was."""

    @property
    def pid(self) -> int | None: ...

    def start(self) -> None: ...


class Revival:
    """Watches servers from start() to close(); each stays down for after_s, so that outages can be seen."""

    def __init__(
        self,
        servers: Mapping[str, Server],
        *,
        after_s: float,
        progress: Progress,
        on_change: Callable[[], None],
    ) -> None:
        """on_change: called when a server has a new process."""
        self._servers = dict(servers)
        self._after_s = after_s
        self._progress = progress
        self._on_change = on_change
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="revival", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Waits for a start that is under way."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        down_since: dict[str, float] = {}
        while not self._closing.wait(_LOOK_S):
            for name, server in self._servers.items():
                if server.pid is not None:
                    continue
                if name not in down_since:
                    down_since[name] = time.monotonic()
                    self._progress.say(f"{name} died; it comes back in {self._after_s:g} s")
                elif time.monotonic() - down_since[name] >= self._after_s:
                    self._revive(name, server)
                    del down_since[name]

    def _revive(self, name: str, server: Server) -> None:
        try:
            server.start()
        except Exception as error:
            self._progress.say(f"{name} does not start again: {type(error).__name__}")
            return
        self._progress.say(f"{name} is back")
        self._on_change()
