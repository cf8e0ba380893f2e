"""boto3 clients with time limits. boto3 is imported when the first is made: half a second many cold
starts never need (docs/adr/0003)."""

from __future__ import annotations

import threading
from functools import cache
from typing import Any

_lock = threading.Lock()
"""boto3's default session is not thread-safe while clients are being made."""


@cache
def _client(service: str, read_timeout_s: float, attempts: int, signature_version: str | None) -> Any:
    import boto3
    from botocore.config import Config

    with _lock:
        return boto3.client(
            service,
            config=Config(
                connect_timeout=2,
                read_timeout=read_timeout_s,
                retries={"mode": "standard", "total_max_attempts": attempts},
                signature_version=signature_version,
            ),
        )


def client(
    service: str, *, read_timeout_s: float = 3, attempts: int = 2, signature_version: str | None = None
) -> Any:
    """The environment's one client of a service; endpoint and region come from AWS's own variables.

    signature_version: where what is signed is handed on; S3 still presigns in an old form by default.
    """
    return _client(service, read_timeout_s, attempts, signature_version)
