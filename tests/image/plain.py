"""The plain container: built, run without Lambda, and its doors held to the local stack's answers."""

from __future__ import annotations

import time

import httpx

from hntai_local.state_dir import PROJECT_ROOT
from tests.image.containers import running
from tests.image.engine import Engine
from tests.image.events import Recorded
from tests.local_stack import LocalStack

IMAGE = "localhost/hntai/all:proof"
PORT = 7860
_MEMORY_MB = 4096
_STREAMED_HERE = "GET /jobs/{id}/events"
"""On AWS the streaming URL's; here there is one port for all."""
_OF_AWS = (
    "HNTAI_STATE_MACHINE_ARN",
    "HNTAI_TRANSCRIPTION_MACHINE_ARN",
    "HNTAI_DOCUMENT_MACHINE_ARN",
    "HNTAI_RUN_EVENTS_FUNCTION",
)
"""Left out, so that runs and streams stay in the container."""


def build_plain(engine: Engine) -> None:
    """Raises subprocess.CalledProcessError: the build failed."""
    dockerfile = PROJECT_ROOT / "functions" / "all" / "Dockerfile"
    engine.podman("build", "--quiet", "--tag", IMAGE, "--file", str(dockerfile), str(PROJECT_ROOT))


def check_plain(engine: Engine, stack: LocalStack, routed: list[Recorded], stream: Recorded) -> list[str]:
    """Faults, in words; one line is printed.

    routed: events of the HTTP API; stream: the one of the streaming URL, served on the same port here.
    """
    environment = {name: value for name, value in stack.container_environment.items() if name not in _OF_AWS}
    faults = []
    started = time.monotonic()
    with running(engine, stack, IMAGE, environment=environment, memory_mb=_MEMORY_MB, port=PORT) as url:
        up = time.monotonic() - started
        ready = httpx.get(f"{url}/ready", timeout=30)
        if ready.status_code != 200:
            faults.append(f"the plain container is not ready: {ready.text[:300]}")
        for event in routed:
            base = "stream_url" if event.event["routeKey"] == _STREAMED_HERE else "api_url"
            ours, theirs = (event.request(place) for place in (url, stack.facts[base]))
            if (ours.status_code, _kind(ours)) != (theirs.status_code, _kind(theirs)):
                wanted = f"{theirs.status_code} {_kind(theirs)}"
                faults.append(f"{event.name}: the plain container answers {ours.status_code}, not {wanted}")
        streamed = stream.request(url)
        if streamed.text.count("event: complete") != 1:
            faults.append(f"the plain container's stream does not complete: {streamed.text[-300:]}")
    print(f"  up after {up:.1f} s; {len(routed)} doors and the stream answered", flush=True)
    return faults


def _kind(answer: httpx.Response) -> str:
    return str(answer.headers.get("content-type", "")).partition(";")[0]
