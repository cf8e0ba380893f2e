"""The audit row: who did what to protected text, in counts and digests, never in text."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

AuditId = NewType("AuditId", uuid.UUID)

SHARD_COUNT = 16
"""Shards of the hash chain; a row's shard is its id's last byte modulo this (docs/adr/0005)."""

GENESIS_HASH = bytes(32)
"""What the first row of each shard links to."""


class Operation(StrEnum):
    """What was done."""

    SCRUB = "scrub"
    SUMMARIZE = "summarize"
    EXTRACT = "extract"
    PATIENT_SUMMARY = "patient_summary"
    JOB_READ = "job_read"
    JOB_EVENTS_READ = "job_events_read"
    TRANSCRIBE = "transcribe"
    EXTRACT_FROM_AUDIO = "extract_from_audio"
    AUDIO_DELETED = "audio_deleted"
    """Proof that nothing of a recording is kept; its count says of how many objects, its HMAC of which."""
    UPLOAD = "upload"
    DOCUMENT_DELETED = "document_deleted"
    """The same proof of what a form had put into the store."""
    API_KEY_ISSUED = "api_key_issued"
    """An administrator's act, no text touched; its HMAC is of the key's id."""
    API_KEY_REVOKED = "api_key_revoked"
    API_KEYS_LISTED = "api_keys_listed"
    BULK_STARTED = "bulk_started"
    """An operator's act; its count says of how many rows. Each row's run leaves its own row beside it."""
    BULK_RESULTS_READ = "bulk_results_read"


class Outcome(StrEnum):
    """How it ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One operation on protected text."""

    id: AuditId
    """Made by the caller, so that a repeated insert is the same row."""
    occurred_at: datetime
    """With a time zone."""
    tenant: str
    actor: str
    operation: Operation
    outcome: Outcome
    entity_counts: Mapping[str, int]
    """PHI types, or kinds of findings, and how often each was found; of a deletion, how many objects went."""
    input_hmac: bytes
    """Keyed digest of the input; equal inputs can be matched, none can be read."""
    duration_ms: int
    model: str
    request_id: str


@dataclass(frozen=True, slots=True)
class ChainedRow:
    """A row as it stands in the log, every value in the text form that was hashed."""

    shard: int
    position: int
    values: tuple[str, ...]
    previous_hash: bytes
    row_hash: bytes


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Where a shard ends: how many rows, and the hash of the last."""

    shard: int
    row_count: int
    row_hash: bytes


def chain_hash(row: ChainedRow) -> bytes:
    """The hash the database must have computed: SHA-256 over length-prefixed values and the link."""
    parts = (str(row.shard), str(row.position), *row.values, row.previous_hash.hex())
    canonical = "".join(f"{len(part.encode())}:{part}" for part in parts)
    return hashlib.sha256(canonical.encode()).digest()
