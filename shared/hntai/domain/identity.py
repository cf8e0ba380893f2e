"""Who calls, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DEFAULT_TENANT = "default"


class Scope(StrEnum):
    """A permission an identity carries; matched whole and case-sensitively."""

    SCRUB = "scrub"
    SUMMARIZE = "summarize"
    PATIENT_SUMMARY = "patient-summary"
    TRANSCRIBE = "transcribe"
    EXTRACT = "extract"
    UPLOAD = "upload"
    METRICS = "metrics"


@dataclass(frozen=True, slots=True)
class Identity:
    """A verified caller. What belongs to another tenant or subject does not exist for it."""

    tenant: str
    subject: str
    scopes: frozenset[str]

    @property
    def owner(self) -> str:
        """One string for both, unambiguous: neither part can pose as the other."""
        return f"{len(self.tenant)}:{self.tenant}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Caller:
    """An identity in one request."""

    identity: Identity
    request_id: str
