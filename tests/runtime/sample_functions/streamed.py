"""An ASGI application that streams, answers and fails as its path asks."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

STARTED: list[str] = []


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[dict[str, str]]:
    STARTED.append("yes")
    yield {"from_lifespan": "here"}
    sys.stderr.write("shut down\n")


app = FastAPI(lifespan=_lifespan)


async def _events(count: int, every_s: float, fails_at: int) -> AsyncIterator[bytes]:
    for number in range(count):
        if number == fails_at:
            raise RuntimeError("Testpatient, Anna")
        yield f"id: {number}\ndata: {json.dumps({'made': time.time()})}\n\n".encode()
        await asyncio.sleep(every_s)


@app.get("/events")
async def events(count: int = 4, every_s: float = 0.2, fails_at: int = -1) -> StreamingResponse:
    return StreamingResponse(_events(count, every_s, fails_at), media_type="text/event-stream")


@app.post("/echo", status_code=201)
async def echo(request: Request, response: Response) -> dict[str, Any]:
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    response.headers.append("x-twice", "one")
    response.headers.append("x-twice", "two")
    body = await request.body()
    return {
        "size": len(body),
        "hex": body[:16].hex(),
        "query": request.url.query,
        "path": request.url.path,
        "cookies": dict(request.cookies),
        "request_id": request.scope["aws.request_id"],
        "trace_id": os.environ["_X_AMZN_TRACE_ID"],
        "deadline_ms": request.scope["aws.deadline_ms"],
        "state": request.state.from_lifespan,
        "event_version": request.scope["aws.event"]["version"],
        "pid": os.getpid(),
    }


@app.get("/hang")
async def hang() -> None:
    await asyncio.sleep(60)


@app.get("/with-cors")
async def with_cors(response: Response) -> None:
    response.headers["access-control-allow-origin"] = "*"


@app.get("/exit")
async def leave() -> None:
    os._exit(3)


async def bare(scope: Any, receive: Any, send: Any) -> None:
    """An application without lifespan, that raises before it answers."""
    if scope["type"] != "http":
        raise NotImplementedError
    raise LookupError("Testpatient, Anna")


async def half(scope: Any, receive: Any, send: Any) -> None:
    """Starts an answer and returns without ending it."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})


async def refuses(scope: Any, receive: Any, send: Any) -> None:
    """Says in its lifespan that it cannot start."""
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "Testpatient, Anna"})
