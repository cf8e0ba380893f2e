"""The states of a bulk, each by its name. What comes in and goes out is ids, numbers and names."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from hntai.bootstrap import Parts
from hntai.bulk_parts import BulkParts
from hntai.domain.bulk import BulkId
from hntai.web.logging import silence_libraries
from hntai.web.task import run_step as logged_step

Payload = Mapping[str, Any]
silence_libraries()
parts = BulkParts(Parts())


def run_step(payload: Payload, _context: object) -> Any:
    """`step` names the state."""
    step, bulk_id = payload["step"], BulkId(uuid.UUID(payload["bulk_id"]))
    return logged_step(step, str(bulk_id), lambda: _STEPS[step](bulk_id, payload))


_STEPS: Mapping[str, Callable[[BulkId, Payload], Any]] = {
    "prepare_batches": lambda bulk_id, payload: parts.prepare()(bulk_id, payload["attempt"]),
    "take_turn": lambda bulk_id, _payload: parts.take_turn()(bulk_id),
    "start_row": lambda bulk_id, payload: parts.start_row()(bulk_id, payload["attempt"], payload["row"]),
    "keep_results": lambda bulk_id, payload: parts.keep_results()(
        bulk_id, payload["attempt"], payload["batch"], payload["ended"]
    ),
    "sum_up": lambda bulk_id, _payload: parts.sum_up()(bulk_id),
}
