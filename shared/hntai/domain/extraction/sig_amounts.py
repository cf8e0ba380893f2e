"""Amounts and units of a sig as they are counted, however they are written."""

from __future__ import annotations

import re
from typing import Final

from hntai.domain.extraction.numbers import number_of

_UNITS: Final = {
    "milligram": "mg", "milligrams": "mg", "microgram": "mcg", "micrograms": "mcg", "µg": "mcg",
    "μg": "mcg", "ug": "mcg", "gm": "g", "gram": "g", "grams": "g", "unit": "units", "u": "units",
    "iu": "units", "cc": "mL", "ml": "mL", "milliliter": "mL", "milliliters": "mL", "meq": "mEq", "l": "L",
    "lpm": "L/min", "l/min": "L/min",
}  # fmt: skip


def counted(amount: str) -> str:
    """`one-half` as it is counted: figures stay as written, words become figures."""
    parts = re.split(r"\s?(?:-|–|to)\s?", amount.strip(), maxsplit=1, flags=re.IGNORECASE)
    if all(re.fullmatch(r"[\d.,/ ]+", part) for part in parts):
        plain = (part.replace(" ", "") for part in parts)
        return "-".join(f"0{part}" if part.startswith(".") else part for part in plain)
    return "-".join(f"{number_of(part):g}" for part in parts)


def counted_unit(written: str) -> str:
    return _UNITS.get(written.lower(), written.lower())
