"""What results and vital signs are called in notes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from hntai.domain.chart.analyte_names import spellings
from hntai.domain.chart.analytes import BY_KEY, Analyte, Kind
from hntai.domain.extraction.more_labs import MORE, MoreLab
from hntai.domain.extraction.phrases import PhraseTable
from hntai.domain.extraction.words import forms_of

_SHORT: Final = {
    "cr": "creatinine",
    "scr": "creatinine",
    "t": "temperature",
    "tmax": "temperature",
    "bg": "glucose",
    "fsbg": "glucose",
    "cbg": "glucose",
    "p": "heart_rate",
    "r": "respiratory_rate",
    "sat": "oxygen_saturation",
    "sats": "oxygen_saturation",
    "co2": "bicarbonate",
}
"""Beside the names of chart/analyte_names.py."""
_LEFT_OUT: Final = ("pack_years", "systolic", "diastolic")
_PRESSURES: Final = ("bp", "blood pressure", "b p", "bps")
_OTHER_WORDS: Final = ("got", "tag", "pro")
_SMALL: Final = ("bp", "hr", "rr", "wt", "ht", "hb", "cr")


@dataclass(frozen=True, slots=True)
class MeasuredName:
    """Of an analyte of the chart, of another result, or, with neither, of blood pressure: a pair."""

    analyte: Analyte | None
    more: MoreLab | None

    @property
    def shown(self) -> str:
        return self.analyte.name if self.analyte else self.more.name if self.more else "Blood pressure"

    @property
    def is_vital(self) -> bool:
        return self.analyte is not None and self.analyte.kind is Kind.VITAL

    @property
    def key(self) -> str:
        return self.analyte.key if self.analyte else ""


PRESSURE_NAME: Final = MeasuredName(None, None)


def is_written_as_a_name(written: str) -> bool:
    """Short names that are other words too (`got`, `mg`, `k`) count with a capital only."""
    return written[0].isupper() or written in _SMALL or (len(written) > 2 and written not in _OTHER_WORDS)


@cache
def measured_names() -> PhraseTable[MeasuredName]:
    """Every name."""
    table: PhraseTable[MeasuredName] = PhraseTable()
    for name, key in [*spellings().items(), *_SHORT.items()]:
        if key not in _LEFT_OUT:
            table.add(forms_of(name), MeasuredName(BY_KEY[key], None))
    for lab in MORE:
        for name in lab.names:
            table.add(forms_of(name), MeasuredName(None, lab))
    for name in _PRESSURES:
        table.add(forms_of(name), PRESSURE_NAME)
    return table
