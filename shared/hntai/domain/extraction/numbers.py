"""One number out of figures or words."""

from __future__ import annotations

from typing import Final

from hntai.domain.spelled_numbers import numbers

_SAID: Final = {
    "a": 1.0,
    "an": 1.0,
    "half": 0.5,
    "one half": 0.5,
    "½": 0.5,
    "one and a half": 1.5,
    "a hundred": 100.0,
}


def number_of(written: str) -> float:
    """The value of a number as it is written; nan for what is none."""
    small = " ".join(written.lower().split())
    if small in _SAID:
        return _SAID[small]
    try:
        return float(small.replace(",", ""))
    except ValueError:
        pass
    if "/" in small:
        over, under = (number_of(part) for part in small.split("/", 1))
        return over / under if under else float("nan")
    for found in numbers(small):
        if found.readings:
            return max(float(reading) for reading in found.readings)
    return float("nan")
