"""How a medicine is taken, out of the shorthand behind its name: `1 tab po bid prn pain x 10 days`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

from hntai.domain.extraction.numbers import number_of
from hntai.domain.extraction.sig_amounts import counted, counted_unit
from hntai.domain.extraction.sig_grammar import (
    BARE,
    CHANGED,
    CONCENTRATION,
    DAYS,
    DURATION,
    FILLER,
    FORM_ALONE,
    FREQUENCIES,
    FROM_TO,
    HELD_IF,
    HOURS,
    LAST,
    MIXED,
    NEEDED,
    NEEDED_FOR,
    OFTEN,
    OTHERWISE,
    PARTS,
    QUANTITY,
    ROUTE,
    ROUTES,
    SECOND,
    STRENGTH,
    VARYING,
)
from hntai.domain.lexicons import ordered
from hntai.domain.note import word_set

_WINDOW: Final = 140
"""Characters behind a name that a sig can take."""
_WHY_STOPS: Final = word_set(
    "and then or the with take if to daily in continue disp refill start stop has have is was for"
)


_STRENGTH_ENDS: Final = (
    "g",
    "u",
    "l",
    "cc",
    "meq",
    "mmol",
    "s",
    "unit",
    "milligram",
    "microgram",
    "milliliter",
    "%",
    "lpm",
    "min",
    "day",
    "hr",
    "h",
    "of",
    "the",
    "ml",
)
"""How a strength before a name can end: with its unit, or `of`."""


class Sig(NamedTuple):
    """The pieces that were there; the rest is empty."""

    end: int
    """Where the sig ends in the text."""
    dose: str = ""
    unit: str = ""
    quantity: str = ""
    form: str = ""
    route: str = ""
    frequency: str = ""
    times: tuple[int, float, str] | None = None
    """How often, in how many, of which unit of time (UCUM)."""
    as_needed: bool = False
    reason: str = ""
    duration: str = ""
    strength: str = ""
    """Of a liquid: `400 mg/5 mL`."""


def read_sig(text: str, start: int, stop: int) -> Sig:
    """What stands behind a name, up to the first word that is none of a sig.

    start: where the name ends. stop: where the sig must end at the latest.
    """
    stop = min(stop, start + _WINDOW)
    changed = CHANGED.match(text, start, stop) or FROM_TO.match(text, start, stop)
    sig, at = Sig(start), changed.end() if changed else start
    while at < stop:
        if skipped := FILLER.match(text, at, stop):
            at = skipped.end()
        more = _next_piece(text, at, stop, sig)
        if more is None:
            break
        sig, at = more, more.end
    if sig.dose and (days := VARYING.match(text, sig.end, stop)):
        sig = sig._replace(end=days.end())
        if days["more"]:
            sig = sig._replace(dose="", unit="", frequency="", times=None)
    if sig.dose and (other := SECOND.match(text, sig.end, stop)):
        sig = sig._replace(end=other.end(), dose="", unit="", frequency="", times=None)
    held = HELD_IF.match(text, sig.end, stop)
    return sig._replace(end=held.end()) if held else sig


def read_strength(text: str) -> tuple[str, str] | None:
    """(dose, unit) at the end of a text: `20 mg of` before a name."""
    if not text.rstrip().lower().endswith(_STRENGTH_ENDS):
        return None
    found = list(STRENGTH.finditer(text))
    if not found or not re.fullmatch(r"\s*(?:of|of the|dose of)?\s*", text[found[-1].end() :], re.IGNORECASE):
        return None
    return counted(found[-1]["dose"]), counted_unit(found[-1]["unit"])


def _next_piece(text: str, at: int, stop: int, sig: Sig) -> Sig | None:
    """The sig with one piece more, or nothing where no piece stands there."""
    return (
        _how_strong(text, at, stop, sig)
        or _how_often(text, at, stop, sig)
        or _how_much(text, at, stop, sig)
        or _which_way(text, at, stop, sig)
    )


def _how_strong(text: str, at: int, stop: int, sig: Sig) -> Sig | None:
    found = None if sig.strength else CONCENTRATION.match(text, at, stop)
    if found is None:
        return None
    volume = f"{(found['in'] or '').strip()} {counted_unit(found['volume'])}".strip()
    strength = f"{counted(found['dose'])} {counted_unit(found['unit'])}/{volume}"
    return sig._replace(end=found.end(), strength=strength)


def _how_often(text: str, at: int, stop: int, sig: Sig) -> Sig | None:
    if not sig.frequency and (often := _frequency(text, at, stop)):
        end, said, times = often
        return sig._replace(end=end, frequency=said, times=times)
    if found := NEEDED.match(text, at, stop):
        if value := NEEDED_FOR.match(text, found.end("need"), stop):
            return sig._replace(end=value.end(), as_needed=True, reason=value.group().strip(" for"))
        why = " ".join(_reason(found["why"] or ""))
        return sig._replace(
            end=found.start("why") + len(why) if why else found.end("need"), as_needed=True, reason=why
        )
    return None


def _how_much(text: str, at: int, stop: int, sig: Sig) -> Sig | None:
    if not sig.dose and (found := STRENGTH.match(text, at, stop)):
        return sig._replace(end=found.end(), dose=counted(found["dose"]), unit=counted_unit(found["unit"]))
    if not sig.dose and not sig.quantity and (found := MIXED.match(text, at, stop)):
        return sig._replace(end=found.end(), dose=found["dose"].replace(" ", ""), unit=found["unit"] or "mg")
    if (
        sig.dose
        and not sig.frequency
        and text[:at].endswith("to ")
        and OTHERWISE.search(text, max(0, sig.end - 90), at)
    ) and (found := STRENGTH.match(text, at, stop)):
        return sig._replace(end=found.end(), dose=counted(found["dose"]), unit=counted_unit(found["unit"]))
    if not sig.quantity and (found := QUANTITY.match(text, at, stop)):
        amount, form = counted(found["amount"]), sig.form or found["form"].lower()
        return sig._replace(end=found.end(), quantity=amount, form=form)
    if not sig.dose and not sig.quantity and (found := BARE.match(text, at, stop)):
        return sig._replace(end=found.end(), dose=found["dose"])
    return None


def _which_way(text: str, at: int, stop: int, sig: Sig) -> Sig | None:
    if not sig.route and (found := ROUTE.match(text, at, stop)):
        route = next(name for n, name in enumerate(ROUTES) if found[f"r{n}"])
        return sig._replace(end=found.end(), route=route)
    if not sig.duration and (found := DURATION.match(text, at, stop)):
        duration = f"{number_of(found['length']):g} {_period(found['unit'])}"
        return sig._replace(end=found.end(), duration=duration)
    if (sig.dose or sig.frequency) and not sig.duration and (found := PARTS.match(text, at, stop)):
        unit = {"7": "days", "52": "weeks", "12": "months"}[found["unit"]]
        return sig._replace(end=found.end(), duration=f"{found['length']} {unit}")
    if not sig.form and (found := FORM_ALONE.match(text, at, stop)):
        return sig._replace(end=found.end(), form=found["form"].lower())
    return None


def _frequency(text: str, at: int, stop: int) -> tuple[int, str, tuple[int, float, str]] | None:
    if found := HOURS.match(text, at, stop):
        hours = number_of(found["hours"])
        most = f"-{found['most']}" if found["most"] else ""
        return found.end(), f"every {hours:g}{most} hours", (1, hours, "h")
    if found := DAYS.match(text, at, stop):
        many, unit = number_of(found["days"]), _period(found["unit"])
        return found.end(), f"every {many:g} {unit}", (1, many, {"d": "d", "w": "wk", "m": "mo"}[unit[0]])
    found = OFTEN.match(text, at, stop)
    if not found:
        return None
    often = next(row for n, row in enumerate(FREQUENCIES) if found[f"f{n}"])
    return found.end(), often.said, (often.times, often.period, often.unit)


def _reason(words: str) -> list[str]:
    kept = []
    for word in words.split():
        if word.lower() in _WHY_STOPS or len(word) == 1:
            break
        kept.append(word)
    return kept


def _period(unit: str) -> str:
    return {"d": "days", "w": "weeks", "m": "months"}[unit[0].lower()]


@cache
def _usual_strengths() -> Mapping[str, frozenset[str]]:
    table = (line.split("\t") for line in ordered("usual_strengths"))
    return {drug: frozenset(strengths.split("|")) for drug, strengths in table}


def last_figure(text: str, end: int, generic: str) -> re.Match[str] | None:
    """The dose behind a name that ends there, without a unit, where the drug is given so: `ASA 81`."""
    found = LAST.match(text, end, min(len(text), end + 12))
    return found if found and found["dose"] in _usual_strengths().get(generic, ()) else None
