"""Keyed digests, one key for all purposes, told apart by their purpose."""

from __future__ import annotations

import hmac
from collections.abc import Callable


class KeyedDigests:
    """HMAC-SHA-256 under a subkey per purpose."""

    def __init__(self, secret: Callable[[], bytes]) -> None:
        self._secret = secret

    def __call__(self, purpose: str, *parts: bytes) -> bytes:
        """32 bytes; each part goes in behind its length, so ("ab","c") and ("a","bc") differ."""
        subkey = hmac.digest(self._secret(), b"hntai/" + purpose.encode(), "sha256")
        message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return hmac.digest(subkey, message, "sha256")
