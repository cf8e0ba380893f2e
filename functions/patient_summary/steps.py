"""One handler per state of the patient summary. What comes in and goes out is ids, counts and names."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from hntai.bootstrap import Parts
from hntai.domain.jobs import JobId
from hntai.runtime.collector import collect_rarely
from hntai.services.run_steps.assemble import StateCounts
from hntai.web.logging import silence_libraries
from hntai.web.task import run_step as logged_step

Payload = Mapping[str, Any]
silence_libraries()
collect_rarely()
parts = Parts()


def fetch_record(payload: Payload, _context: object) -> Any:
    """FetchRecord, in a function of its own: only it may reach the EHR."""
    return _run("fetch_record", payload, lambda job_id: _fetch_record()(job_id))


def generate_section(payload: Payload, _context: object) -> Any:
    """The states that look at models, in the only function of a run that has them: ChooseMode, and the
    sections, GenerateSection and GenerateSectionByRule, which run side by side.
    """
    if payload.get("step") == "choose_mode":
        return _run("choose_mode", payload, lambda job_id: parts.choose_mode()(job_id))
    section, mode, requested = payload["section"], payload["mode"], payload["requested_mode"]
    return _run(
        "generate_section", payload, lambda job_id: _generate_section()(job_id, section, mode, requested)
    )


def run_step(payload: Payload, _context: object) -> Any:
    """Every other state; `step` names it."""
    step = payload["step"]
    return _run(step, payload, lambda job_id: _STEPS[step](job_id, payload))


def _run(step: str, payload: Payload, work: Callable[[JobId], Any]) -> Any:
    job_id = str(payload["job_id"])
    return logged_step(step, job_id, lambda: work(JobId(uuid.UUID(job_id))))


def _assemble(job_id: JobId, payload: Payload) -> Any:
    counts = StateCounts(payload["record"], payload["mode"], payload["sections"], payload["verified"])
    return parts.assemble()(job_id, counts)


_fetch_record = cache(parts.fetch_record)
_generate_section = cache(parts.generate_section)
_STEPS: Mapping[str, Callable[[JobId, Payload], Any]] = {
    "load_stored_record": lambda job_id, _payload: parts.load_stored_record()(job_id),
    "read_documents": lambda job_id, _payload: parts.read_documents()(job_id),
    "build_chart": lambda job_id, _payload: parts.build_chart()(job_id),
    "verify": lambda job_id, _payload: parts.verify_statements()(job_id),
    "assemble": _assemble,
    "publish": lambda job_id, _payload: parts.end_run().publish(job_id),
    "fail_run": lambda job_id, payload: parts.end_run().fail(job_id, payload["error"]),
}
