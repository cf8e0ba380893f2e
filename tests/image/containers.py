"""Images run by the engine itself, as tightly as Lambda runs them: read-only, in bounded memory, no root."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

from hntai_local.ports_check import free_port
from tests.image.engine import Engine
from tests.image.network import HOST, NETWORK
from tests.local_stack import LocalStack

EMULATOR_PORT = 8080
_UP_WITHIN_S = 60.0


@contextmanager
def running(
    engine: Engine,
    stack: LocalStack,
    image: str,
    *words: str,
    environment: Mapping[str, str],
    memory_mb: int,
    port: int = EMULATOR_PORT,
) -> Iterator[str]:
    """Yields the container's address, once something listens there; the container ends with the block.

    Raises:
        RuntimeError: nothing came to listen; the message is the end of the container's log.
    """
    outside = free_port()
    sockets = str(stack.sockets)
    options = [
        *("--read-only", "--tmpfs", "/tmp:rw,size=512m,mode=1777", "--memory", f"{memory_mb}m"),
        *("--user", str(stack.sockets.stat().st_uid), "--cap-drop", "all"),
        *("--network", NETWORK, "--add-host", f"localhost:{HOST}", "--volume", f"{sockets}:{sockets}"),
        *("--publish", f"127.0.0.1:{outside}:{port}"),
        *(word for name, value in environment.items() for word in ("--env", f"{name}={value}")),
    ]
    container = engine.podman("run", "--detach", *options, image, *words).strip()
    try:
        url = f"http://127.0.0.1:{outside}"
        _wait(engine, container, url)
        yield url
    finally:
        engine.podman("rm", "--force", "--time", "5", container)


def _wait(engine: Engine, container: str, url: str) -> None:
    deadline = time.monotonic() + _UP_WITHIN_S
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/", timeout=2)
            return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing listens in the container; its log is {engine.log_of(container)}")
