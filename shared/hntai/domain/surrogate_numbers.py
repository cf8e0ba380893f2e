"""Numbers made up by a key: other digits in the same shape, and such as are issued to nobody."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from typing import Final

_EXTENSION: Final = re.compile(r"[xX#]|ext", re.IGNORECASE)


def keyed_number(key: bytes, value: str) -> int:
    """The same for the same key and value: 64 bits."""
    return int.from_bytes(hmac.digest(key, value.encode("utf-8", "surrogatepass"), "sha256")[:8], "big")


def digits(value: str, key: bytes, salt: str) -> str:
    """Another digit for a digit, a letter for a letter, signs kept; no number gains or loses a leading 0."""
    return "".join(
        _other_sign(
            sign,
            keyed_number(key, f"{salt}{value.casefold()}\x00{place}"),
            leads=not value[max(0, place - 1) : place].isdigit(),
        )
        for place, sign in enumerate(value)
    )


def _other_sign(sign: str, number: int, *, leads: bool) -> str:
    if sign.isascii() and sign.isdigit():
        if leads and sign != "0":
            return str((int(sign) - 1 + number % 8 + 1) % 9 + 1)
        return str((int(sign) + number % 9 + 1) % 10)
    if sign.isalpha():
        letter = chr(number % 26 + 97)
        return letter.upper() if sign.isupper() else letter
    return "0" if sign.isdigit() else sign


def phone(value: str, key: bytes, salt: str) -> str:
    """Other digits; ext. and x stay. A North American number becomes one of those kept for fiction.

    Source: ATIS-0300115, 555-0100 to 555-0199.
    """
    made = digits(value, key, salt)
    signs = [old if old.isalpha() else new for old, new in zip(value, made, strict=True)]
    places = [place for place, sign in enumerate(_EXTENSION.split(value, maxsplit=1)[0]) if sign.isdigit()]
    if len(places) in (7, 10) or (len(places) == 11 and value[places[0]] == "1"):
        if len(places) == 11:
            signs[places[0]] = "1"
        _put(signs, places[-7:-2], "55501")
    return "".join(signs)


def social_security(value: str, key: bytes, salt: str) -> str:
    """A number that is issued to nobody. Source: SSA, no area from 900; IRS, no taxpayer group below 50."""
    signs = list(digits(value, key, salt))
    places = [place for place, sign in enumerate(value) if sign.isdigit()]
    if len(places) == 9:
        group = str(keyed_number(key, salt + value) % 4 + 1)
        _put(signs, (places[0], places[3]), f"9{group}")
    return "".join(signs)


def _put(signs: list[str], places: Sequence[int], made: str) -> None:
    for place, sign in zip(places, made, strict=True):
        signs[place] = sign
