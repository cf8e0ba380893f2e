"""All functions' apps behind one ASGI app, and their state machines in this process.

    uvicorn functions.all.app:app --host 0.0.0.0 --port 7860

The same settings as the functions have, all of them. Where a setting names a state machine of AWS, that one
is used; where none does, runs and the streaming relay stay in this process. A request goes to the function
whose door it is; what is asked for as a stream goes to the relay, as at the streaming URL.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qs

from starlette.routing import Match

from hntai.bootstrap import answer_in_process
from hntai.runtime.state_machine import ExecutionFailedError, StateMachine, Task

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Handler = Callable[[dict[str, Any], Any], Any]

HERE = {
    "HNTAI_STATE_MACHINE_ARN": "in-process:patient_summary",
    "HNTAI_TRANSCRIPTION_MACHINE_ARN": "in-process:transcribe",
    "HNTAI_DOCUMENT_MACHINE_ARN": "in-process:upload",
    "HNTAI_RUN_EVENTS_FUNCTION": "in-process:run_events",
}
"""What the settings are where the environment names none of AWS's."""
TASKS = {
    "FetchRecordFunctionArn": ("functions.patient_summary.steps", "fetch_record"),
    "RunStepFunctionArn": ("functions.patient_summary.steps", "run_step"),
    "GenerateSectionFunctionArn": ("functions.patient_summary.steps", "generate_section"),
    "TranscribeStepFunctionArn": ("functions.transcribe.steps", "run_step"),
    "UploadStepFunctionArn": ("functions.upload.steps", "run_step"),
}
"""What the machines' tasks call, by the name each definition has for it."""
MACHINES = ("patient_summary", "transcribe", "upload")
"""The folders of the definitions. Bulks are Step Functions' alone: nothing here is a Distributed Map."""
DOORS = ("scrub", "summarize", "extract", "patient_summary", "upload", "transcribe")
_STREAM = "functions.patient_summary.stream"
_OPEN = "functions.status.app"
"""Health, metrics, docs; and 404 for what is no door."""
_LONGEST_S = 900
"""Of a function. Source: Lambda quotas."""


class AllDoors:
    """The functions' apps as one."""

    def __init__(self) -> None:
        for name, value in HERE.items():
            os.environ.setdefault(name, value)
        answer_in_process(
            {"run_events": _called("functions.patient_summary.events", "handler")},
            {name: _machine(name) for name in MACHINES},
        )
        self._stream = import_module(_STREAM)
        self._open = import_module(_OPEN)
        self._doors = [import_module(f"functions.{name}.app") for name in DOORS]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._app_for(scope)(scope, receive, send)

    def _app_for(self, scope: Scope) -> Any:
        if _asks_for_stream(scope):
            return self._stream.app
        for match in (Match.FULL, Match.PARTIAL):
            for module in (*self._doors, self._open):
                if any(route.matches(scope)[0] == match for route in module.api.routes):
                    return module.app
        return self._open.app


def _asks_for_stream(scope: Scope) -> bool:
    path: str = scope["path"]
    if path.startswith("/jobs/") and path.endswith("/events"):
        return True
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("stream", ["false"])[-1]
    return path == "/generate_patient_summary" and asked.lower() in ("true", "1")


def _called(module: str, name: str) -> Callable[[dict[str, object]], dict[str, object]]:
    """A function's handler as Lambda would call it; imported at its first call."""

    def call(event: dict[str, object]) -> dict[str, object]:
        handler = cast("Handler", getattr(import_module(module), name))
        answer: dict[str, object] = handler(event, _context())
        return answer

    return call


def _context() -> SimpleNamespace:
    return SimpleNamespace(
        aws_request_id=str(uuid.uuid4()),
        function_name="all",
        get_remaining_time_in_millis=lambda: _LONGEST_S * 1000,
    )


def _machine(folder: str) -> Callable[[dict[str, object]], None]:
    definition = Path(__file__).parents[1] / folder / "workflow.asl.json"
    tasks = cast("dict[str, Task]", {task: _called(*place) for task, place in TASKS.items()})
    machine = StateMachine(json.loads(definition.read_text("utf-8")), tasks)

    def run(given: dict[str, object]) -> None:
        """A run that fails has told so itself, by its last state."""
        with suppress(ExecutionFailedError):
            machine.run(given)

    return run


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


app = AllDoors()
