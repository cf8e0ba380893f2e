"""The schema, migrated at every deployment: a custom resource of template.yaml asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hntai.bootstrap import Parts
from hntai.web.custom_resource import answer_stack
from hntai.web.log_events import LogEvent
from hntai.web.logging import log, silence_libraries

silence_libraries()


def handler(event: dict[str, Any], context: Any) -> None:
    """Parts are made inside: settings that are wrong must fail the deployment, not leave it waiting."""
    answer_stack(event, context, physical_id="hntai-schema", work=_migrate)


def _migrate(properties: Mapping[str, Any], budget_s: float) -> Mapping[str, str]:
    applied = Parts().migrate_schema()(str(properties.get("Digest", "")), budget_s)
    log(LogEvent.schema_migrated, applied=len(applied))
    return {"Applied": str(len(applied))}
