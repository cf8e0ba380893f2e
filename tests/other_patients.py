"""A demo patient's record once more, as another patient's: every resource under an id of its own."""

from __future__ import annotations

import json
from typing import Any

from hntai_local.demo_patients import demo_bundles


def another_patient(patient_id: str, place: int = 0) -> dict[str, Any]:
    """The bundle of demo_bundles()[place] for that patient id; loading it changes nobody else's record."""
    bundle = demo_bundles()[place]
    ids = {entry["resource"]["id"]: entry["resource"]["resourceType"] for entry in bundle["entry"]}
    text = json.dumps(bundle)
    for number, (old, kind) in enumerate(ids.items()):
        new = patient_id if kind == "Patient" else f"{patient_id}-r{number}"
        text = text.replace(f'"{old}"', f'"{new}"').replace(f'/{old}"', f'/{new}"')
    renamed: dict[str, Any] = json.loads(text)
    return renamed
