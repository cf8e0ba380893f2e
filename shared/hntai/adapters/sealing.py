"""Envelope encryption: AES-256-GCM under data keys that KMS wraps (docs/adr/0006)."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hntai.adapters.aws_clients import client
from hntai.domain.errors import SealingUnavailableError

_VERSION = b"\x01"
_NONCE_BYTES = 12
_KEY_USES = 10_000
"""Far below the 2**32 random nonces AES-GCM allows under one key. Source: NIST SP 800-38D, 8.3."""
_KEY_LIFE_S = 300.0
_OPENED_KEYS = 256
_PURPOSE = {"application": "hntai"}
"""KMS encryption context: a grant can be narrowed to it, and CloudTrail shows it."""


@dataclass(slots=True)
class _DataKey:
    wrapped: bytes
    cipher: AESGCM
    made_at: float
    uses: int = 0


class KmsSealer:
    """Seals with a data key reused for a few minutes; opens with unwrapped keys kept in memory."""

    def __init__(self, key_id: str) -> None:
        self._key_id = key_id
        self._lock = threading.Lock()
        self._current: _DataKey | None = None
        self._opened: OrderedDict[bytes, AESGCM] = OrderedDict()

    def seal(self, plaintext: bytes, context: str) -> bytes:
        """version, length of the wrapped key (2 bytes), wrapped key, nonce, ciphertext with its tag.

        Raises:
            SealingUnavailableError: KMS gives no data key.
        """
        key = self._data_key()
        nonce = os.urandom(_NONCE_BYTES)
        header = _VERSION + len(key.wrapped).to_bytes(2, "big") + key.wrapped
        return header + nonce + key.cipher.encrypt(nonce, plaintext, header + context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """The plaintext.

        Raises:
            SealingUnavailableError: KMS does not answer, or the blob or its context is not what was sealed.
        """
        end = 3 + int.from_bytes(sealed[1:3], "big")
        if sealed[:1] != _VERSION or len(sealed) < end + _NONCE_BYTES:
            raise SealingUnavailableError(reason="not a sealed blob")
        header, nonce, body = sealed[:end], sealed[end : end + _NONCE_BYTES], sealed[end + _NONCE_BYTES :]
        try:
            return self._unwrapped(sealed[3:end]).decrypt(nonce, body, header + context.encode())
        except InvalidTag:
            raise SealingUnavailableError(reason="changed, or opened in another context") from None

    def _data_key(self) -> _DataKey:
        with self._lock:
            now = time.monotonic()
            key = self._current
            if key is None or key.uses >= _KEY_USES or now - key.made_at > _KEY_LIFE_S:
                made = _kms("generate_data_key", KeyId=self._key_id, KeySpec="AES_256")
                key = _DataKey(made["CiphertextBlob"], AESGCM(made["Plaintext"]), now)
                self._current = key
                self._remember(key.wrapped, key.cipher)
            key.uses += 1
            return key

    def _unwrapped(self, wrapped: bytes) -> AESGCM:
        with self._lock:
            if wrapped not in self._opened:
                answer = _kms("decrypt", CiphertextBlob=wrapped, KeyId=self._key_id)
                self._remember(wrapped, AESGCM(answer["Plaintext"]))
            self._opened.move_to_end(wrapped)
            return self._opened[wrapped]

    def _remember(self, wrapped: bytes, cipher: AESGCM) -> None:
        self._opened[wrapped] = cipher
        while len(self._opened) > _OPENED_KEYS:
            self._opened.popitem(last=False)


def _kms(operation: str, **arguments: object) -> dict[str, bytes]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer: dict[str, bytes] = getattr(client("kms"), operation)(EncryptionContext=_PURPOSE, **arguments)
    except (BotoCoreError, ClientError) as error:
        raise SealingUnavailableError from error
    return answer
