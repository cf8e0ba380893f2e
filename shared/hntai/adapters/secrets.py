"""Secrets by value or by ARN. An ARN is read when first needed and again after a while, for rotation."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from hntai.adapters.aws_clients import client
from hntai.domain.errors import SecretUnavailableError

ARN_PREFIX = "arn:aws:secretsmanager:"
REFRESH_S = 300.0


def secret(value: str) -> Callable[[], str]:
    """What reads the secret that value is, or that the ARN in value names."""
    if not value.startswith(ARN_PREFIX):
        return lambda: value
    return _ManagedSecret(value)


def secret_bytes(value: str) -> Callable[[], bytes]:
    """The same, as bytes."""
    read = secret(value)
    return lambda: read().encode()


class _ManagedSecret:
    def __init__(self, arn: str) -> None:
        self._arn = arn
        self._lock = threading.Lock()
        self._value: str | None = None
        self._read_at = 0.0

    def __call__(self) -> str:
        """The current value; the last one known while Secrets Manager does not answer.

        Raises:
            SecretUnavailableError: it was never read, and cannot be now.
        """
        with self._lock:
            if self._value is None or time.monotonic() - self._read_at > REFRESH_S:
                self._refresh()
            assert self._value is not None
            return self._value

    def _refresh(self) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._value = str(client("secretsmanager").get_secret_value(SecretId=self._arn)["SecretString"])
        except (BotoCoreError, ClientError) as error:
            if self._value is None:
                raise SecretUnavailableError from error
        self._read_at = time.monotonic()
