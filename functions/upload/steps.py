"""The states of a document's job. What comes in and goes out is ids, counts and numbers of ranges."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from hntai.bootstrap import Parts
from hntai.domain.jobs import JobId
from hntai.web.logging import silence_libraries
from hntai.web.task import run_step as logged_step

Payload = Mapping[str, Any]
silence_libraries()
parts = Parts()


def run_step(payload: Payload, _context: object) -> Any:
    """Every state; `step` names it."""
    step, job_id = payload["step"], JobId(uuid.UUID(str(payload["job_id"])))
    return logged_step(step, str(job_id), lambda: _STEPS[step](job_id, payload))


_STEPS: Mapping[str, Callable[[JobId, Payload], Any]] = {
    "prepare_document": lambda job_id, _payload: parts.prepare_document()(job_id),
    "recognise_pages": lambda job_id, payload: parts.recognise_pages()(job_id, int(payload["range"])),
    "assemble_document": lambda job_id, _payload: parts.assemble_document()(job_id),
    "publish": lambda job_id, _payload: parts.end_document().publish(job_id),
    "fail_document": lambda job_id, payload: parts.end_document().fail(job_id, payload["error"]),
}
