"""Checksums of registered numbers: evidence for a bare number, never a veto beside a label."""

from __future__ import annotations

_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES = dict(
    zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ",
        (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
        strict=True,
    )
)


def luhn_holds(digits: str) -> bool:
    """True where the Luhn sum ends in 0. Source: ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def npi_holds(digits: str) -> bool:
    """True for a National Provider Identifier: Luhn over 80840 and the ten digits.

    Source: 45 CFR 162.406; CMS, requirements for NPI check digit.
    """
    return len(digits) == 10 and digits[0] in "12" and luhn_holds("80840" + digits)


def dea_holds(number: str) -> bool:
    """True for two signs and seven digits where d1+d3+d5+2(d2+d4+d6) ends in d7.

    Source: the DEA registration number format.
    """
    digits = [int(digit) for digit in number[2:]]
    return len(digits) == 7 and (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]


def vin_holds(number: str) -> bool:
    """True where place 9 is the weighted sum modulo 11. Source: 49 CFR 565.15(c)."""
    total = 0
    for sign, weight in zip(number.upper(), _VIN_WEIGHTS, strict=True):
        total += weight * (int(sign) if sign.isdigit() else _VIN_VALUES.get(sign, 0))
    return number.upper()[8] == "0123456789X"[total % 11]


def iban_holds(number: str) -> bool:
    """True where the rearranged account number leaves 1 modulo 97. Source: ISO 13616."""
    turned = number[4:] + number[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
