"""Results: what was measured, against which range, and how far it is to be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hntai.domain.chart.analytes import BLOOD_PRESSURE, BY_KEY, Kind
from hntai.domain.chart.fact_values import Fact


class Flag(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    ABNORMAL = "abnormal"
    """The source says so without saying in which direction."""
    UNJUDGED = "unjudged"
    """No range applies: neither the source's nor the table's."""


class Doubt(StrEnum):
    """Why a result is kept but neither trended nor given to rules."""

    NONE = "none"
    IMPLAUSIBLE = "implausible"
    CONFLICTING = "conflicting"
    """Another value of the same analyte stands at the same moment."""
    UNIT = "unit"
    """The unit cannot be converted to the analyte's; where none is given, NO_UNIT."""
    NO_UNIT = "no_unit"


@dataclass(frozen=True, slots=True)
class Range:
    low: float | None
    high: float | None
    shown: str
    """As a reader sees it: `3.5-5.0`."""
    is_own: bool
    """Came with the result; else from our table."""


@dataclass(frozen=True, slots=True)
class Result(Fact):
    analyte: str
    """Key of the analyte, `blood_pressure`, or system (`loinc`), or `text:`, and what the record says."""
    method: str
    """The code it came under, or the name where no LOINC code tells: trends never cross methods."""
    name: str
    kind: Kind
    value: float | None
    """In the analyte's unit; systolic for a blood pressure; None where not a number or not convertible."""
    diastolic: float | None
    unit: str
    shown: str
    """Value and unit as recorded, rounded for reading: `5.6 mmol/L`, `<0.5 mg/dL`, `142/88 mmHg`."""
    comparator: str
    is_preliminary: bool
    interpretation: str
    """HL7 v3 code as recorded: H, L, HH, LL, N, A..., or nothing."""
    range: Range | None
    flag: Flag
    doubt: Doubt

    @property
    def is_comparable(self) -> bool:
        """Whether rules and trends may use the number as it stands."""
        return self.value is not None and not self.comparator and self.doubt is Doubt.NONE

    @property
    def is_known(self) -> bool:
        """Whether it is of an analyte that rules know."""
        return self.analyte in BY_KEY or self.analyte == BLOOD_PRESSURE

    @property
    def is_abnormal(self) -> bool:
        return self.flag in {Flag.LOW, Flag.HIGH, Flag.ABNORMAL}
