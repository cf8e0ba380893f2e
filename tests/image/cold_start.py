"""Cold init through the emulator: scrub beside a bare FastAPI + Mangum function in the same image."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from hntai_local.state_dir import PROJECT_ROOT
from tests.image.containers import running
from tests.image.engine import Engine
from tests.local_stack import LocalStack

PAIRS = 7
MEMORY_MB = 1769
_INVOKE = "/2015-03-31/functions/function/invocations"
_BARE = "localhost/hntai/bare:proof"
_UNREADABLE = {"X-Amz-Client-Context": "bm8ganNvbg=="}
"""The runtime refuses it after init and before the handler: what is timed is init alone."""


def cold_inits(
    engine: Engine, stack: LocalStack, image: str, environment: Mapping[str, str]
) -> tuple[float, float]:
    """Medians in seconds over PAIRS alternating starts: (scrub, bare)."""
    with tempfile.TemporaryDirectory() as scratch:
        context = Path(scratch)
        (context / "bare_function.py").write_bytes(
            (PROJECT_ROOT / "tests" / "bench" / "bare_function.py").read_bytes()
        )
        (context / "Dockerfile").write_text(
            f"FROM {image}\nCOPY bare_function.py /var/task/bare_function.py\n"
            "RUN python3 -m compileall -q --invalidation-mode unchecked-hash /var/task/bare_function.py\n",
            "utf-8",
        )
        engine.podman("build", "--quiet", "--tag", _BARE, scratch)
    ours, bare = [], []
    for _ in range(PAIRS):
        ours.append(_one(engine, stack, image, "functions.scrub.app.handler", environment))
        bare.append(_one(engine, stack, _BARE, "bare_function.handler", environment))
    return statistics.median(ours), statistics.median(bare)


def _one(
    engine: Engine, stack: LocalStack, image: str, handler: str, environment: Mapping[str, str]
) -> float:
    with running(engine, stack, image, handler, environment=environment, memory_mb=MEMORY_MB) as url:
        started = time.monotonic()
        answer = httpx.post(url + _INVOKE, content=b"{}", headers=_UNREADABLE, timeout=60)
        took = time.monotonic() - started
    if b"LambdaContextUnmarshalError" not in answer.content:
        raise RuntimeError(f"the function did not come up: {answer.text[:400]}")
    return took
