"""What a summary is made of: sentences that each say what they stand on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Section(StrEnum):
    """The four parts of a patient summary, in the order they are read."""

    CLINICAL_ASSESSMENT = "Clinical Assessment"
    KEY_TRENDS = "Key Trends & Changes"
    PLAN = "Plan & Suggested Actions"
    GUIDANCE = "Direct Guidance for Physician"


@dataclass(frozen=True, slots=True)
class Statement:
    """One bullet of a summary."""

    section: Section
    text: str
    references: tuple[str, ...]
    """Such as `Observation/123`; the patient is always just `Patient`."""
    dates: tuple[str, ...]
    """The dates it stands on, in the style of the chart: ISO days or `day -34`."""
