"""The functions of the state machines, their own handlers called in this process."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from hntai_local.lambda_answer import Invocation

Hook = Callable[[Mapping[str, Any]], None]


@dataclass
class InProcessFunctions:
    """Runs the functions' own handlers here; a hook may break something before a step's nth try."""

    steps: ModuleType | None = None
    transcription_steps: ModuleType | None = None
    document_steps: ModuleType | None = None
    bulk_steps: ModuleType | None = None
    hooks: dict[tuple[str, int], Hook] = field(default_factory=dict)
    answers: dict[tuple[str, int], Invocation] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    running: list[str] = field(default_factory=list)

    def invoke(
        self,
        name: str,
        payload: bytes,
        *,
        wait_s: float | None = None,
        trace_id: str = "",
        client_context: str = "",
    ) -> Invocation:
        event = json.loads(payload)
        step = _step(name, event)
        attempt = self.tries[step] = self.tries.get(step, 0) + 1
        hook = self.hooks.get((step, attempt))
        if hook is not None:
            hook(event)
        if (step, attempt) in self.answers:
            return self.answers[step, attempt]
        self.running.append(step)
        try:
            return self._handled(name, event)
        finally:
            self.running.remove(step)

    def wait_until_done(self) -> None:
        """A function outlives a state that ran out of time: nothing may be taken from under it."""
        deadline = time.monotonic() + 10
        while self.running:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def _handled(self, name: str, event: Mapping[str, Any]) -> Invocation:
        handler = {
            "FetchRecordFunction": "fetch_record",
            "RunStepFunction": "run_step",
            "GenerateSectionFunction": "generate_section",
            "TranscribeStepFunction": "run_step",
            "UploadStepFunction": "run_step",
            "BulkStepFunction": "run_step",
        }[name]
        others = {
            "TranscribeStepFunction": self.transcription_steps,
            "UploadStepFunction": self.document_steps,
            "BulkStepFunction": self.bulk_steps,
        }
        module = others.get(name, self.steps)
        try:
            answer = getattr(module, handler)(event, None)
        except Exception as error:
            body = {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": []}
            return Invocation(json.dumps(body).encode(), "Unhandled")
        return Invocation(json.dumps(answer).encode(), None)


def _step(name: str, event: Mapping[str, Any]) -> str:
    if name == "GenerateSectionFunction" and "section" in event:
        return f"generate_section/{event['section']}"
    for part in ("piece", "range"):
        if part in event:
            return f"{event['step']}/{event[part]}"
    return "fetch_record" if name == "FetchRecordFunction" else str(event["step"])
