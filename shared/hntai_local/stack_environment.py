"""The environment of the local stack's functions: what their Settings read, and nothing of the caller's."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from hntai.adapters.cpu_quota import thread_count
from hntai_local.models.places import default_dir
from hntai_local.state_dir import PROJECT_ROOT

SECTIONS = 4
"""Written side by side: here all on one machine, where threads that wait for each other by spinning crawl."""
REGION = "us-east-1"
AWS_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
}
"""The local endpoint takes any; these can open nothing else."""
_PASSED_ON = ("JWT_AUDIENCE", "JWT_ISSUER", "JWT_JWKS_URL")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts of a running stack answer."""

    database_url: str
    owner_url: str
    auditor_url: str
    redis_url: str
    aws_url: str
    ehr_url: str
    stream_url: str


def function_environment(
    caller: Mapping[str, str], addresses: Addresses, provisioned: Mapping[str, str]
) -> dict[str, str]:
    """The caller's HNTAI_ settings over our defaults, and our places over both.

    provisioned: what aws_resources made, by setting.
    """
    defaults = {
        "JWT_AUDIENCE": "hntai",
        "JWT_ISSUER": "hntai",
        "HNTAI_CORS_ORIGINS": "http://localhost:3000",
        "HNTAI_RATE_LIMIT_PER_MINUTE": "100000",
        "HNTAI_DOCS_ENABLED": "true",
        "HNTAI_STAGE": "local",
        "HNTAI_MODELS_DIR": str(default_dir()),
        "HNTAI_MODEL_THREADS": str(max(1, thread_count() // SECTIONS)),
    }
    asked = {name: value for name, value in caller.items() if name.startswith("HNTAI_") or name in _PASSED_ON}
    places = {
        **AWS_CREDENTIALS,
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "TZ": ":UTC",
        "PYTHONPATH": os.pathsep.join((str(PROJECT_ROOT / "shared"), str(PROJECT_ROOT))),
        "DATABASE_URL": addresses.database_url,
        "HNTAI_OWNER_DATABASE_URL": addresses.owner_url,
        "HNTAI_AUDITOR_DATABASE_URL": addresses.auditor_url,
        "REDIS_URL": addresses.redis_url,
        "AWS_ENDPOINT_URL": addresses.aws_url,
        "EHR_BASE_URL": addresses.ehr_url,
        "HNTAI_STREAM_URL": addresses.stream_url,
        "HNTAI_RUN_EVENTS_FUNCTION": "RunEventsFunction",
    }
    return {**defaults, **asked, **places, **provisioned}
