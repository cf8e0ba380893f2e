"""Doses as recorded: every dosage of an order, amount and frequency, never a word of free text taken over."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hntai.domain.fhir import Resource, codes, displays, mapping, mappings, number, string, strings

_UNIT = r"mg/kg|mcg/kg/min|mg|mcg|µg|ug|g|\[?iu\]?|units?|u|ml|meq|mmol"
WRITTEN_DOSE = re.compile(rf"\s*(\d+(?:\.\d+)?)\s*({_UNIT})\s*\Z", re.IGNORECASE)
_SENTENCE = re.compile(
    r"\s*(?:take |give |inject )?(?P<value>\d+(?:\.\d+)?)\s*"
    rf"(?P<unit>{_UNIT}|tablets?|capsules?|puffs?|drops?)"
    r"(?:,? (?:by mouth|orally|po|subcutaneously|sc|iv|im))?(?:,? (?P<often>[\w ]+?))??"
    r"(?P<need>,? (?:as needed|prn))?[\s.]*\Z",
    re.IGNORECASE,
)
_PIECES = re.compile(
    r"(?:tablet|capsule|puff|drop|patch|spray|application|actuation|\{?tbl\}?)s?\Z", re.IGNORECASE
)
_RATE = re.compile(r"(?:m?l|mg|mcg|units?|u|g)(?:/kg)?/(?:h|hr|hour|min)\Z", re.IGNORECASE)
_PERIODS = {"h": "hour", "d": "day", "wk": "week", "mo": "month"}
_TIMES = {1: "once", 2: "twice", 3: "three times", 4: "four times"}
_AS_A_WORD = {"day": "daily", "week": "weekly", "month": "monthly", "hour": "hourly"}
_OFTEN = {
    "once daily": "qd|od|daily|once daily|once a day|every day|one time daily",
    "twice daily": "bid|twice daily|twice a day|two times daily|two times a day",
    "three times daily": "tid|three times daily|three times a day|3 times daily|3 times a day",
    "four times daily": "qid|four times daily|four times a day|4 times daily|4 times a day",
    "every morning": "qam|am|every morning|in the morning|each morning",
    "every evening": "qpm|pm|every evening|in the evening",
    "at bedtime": "hs|bed|qhs|at bedtime|nightly|every night",
    "every other day": "qod|every other day",
    "once weekly": "wk|weekly|once weekly|once a week|every week",
    "once monthly": "mo|monthly|once monthly|once a month",
    **{f"every {hours} hours": f"q{hours}h|every {hours} hours" for hours in (2, 3, 4, 6, 8, 12)},
}
"""What is said, and the timing codes (HL7 v3 GTSAbbreviation) and common words for it."""
_SAID = {word: said for said, words in _OFTEN.items() for word in words.split("|")}
_WHEN = {
    "HS": "at bedtime", "MORN": "in the morning", "EVE": "in the evening", "NOON": "at noon",
    "AC": "before meals", "PC": "after meals", "C": "with meals", "ACM": "before breakfast",
}  # fmt: skip
"""Source: HL7 EventTiming."""
_DAYS = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
    "sat": "Saturday", "sun": "Sunday",
}  # fmt: skip


def dose_text(dosages: Iterable[Resource]) -> str:
    """`20 mg every morning and 10 mg twice daily`: all dosages; steps that follow one another are said so."""
    every = list(dosages)
    steps = {number(dosage.get("sequence")) for dosage in every} - {None}
    if len(steps) > 1:
        every.sort(key=lambda dosage: number(dosage.get("sequence")) or 0)
    told = dict.fromkeys(filter(None, map(_one, every)))
    return (", then " if len(steps) > 1 else " and ").join(told)


def _one(dosage: Resource) -> str:
    is_needed = dosage.get("asNeededBoolean") is True or bool(dosage.get("asNeededCodeableConcept"))
    structured = (_amount(dosage), _frequency(dosage))
    return " ".join(filter(None, (*structured, "as needed" if is_needed else ""))) or _written(dosage)


def _written(dosage: Resource) -> str:
    """The dose in a text that says a dose and nothing else."""
    found = _SENTENCE.match(string(dosage.get("text")))
    often = _SAID.get((found["often"] or "").lower().strip()) if found else None
    if not found or (found["often"] and not often):
        return ""
    amount = f"{found['value']} {_said_unit(found['unit'])}"
    return " ".join(filter(None, (amount, often, "as needed" if found["need"] else "")))


def _amount(dosage: Resource) -> str:
    for rate in mappings(dosage.get("doseAndRate")):
        dose, span = mapping(rate.get("doseQuantity")), mapping(rate.get("doseRange"))
        said = _quantity(dose) or _range(mapping(span.get("low")), mapping(span.get("high")))
        pace = mapping(rate.get("rateQuantity"))
        value = number(pace.get("value"))
        if value is not None and _RATE.match(_unit(pace)):
            said = f"{said} at {value:.12g} {_unit(pace)}".strip()
        if said:
            return said
    written = WRITTEN_DOSE.match(string(dosage.get("text")))
    return f"{written[1]} {_said_unit(written[2])}" if written else ""


def _quantity(quantity: Resource) -> str:
    value, unit = number(quantity.get("value")), _unit(quantity)
    if value is not None and (WRITTEN_DOSE.match(f"1{unit}") or _PIECES.match(unit)):
        return f"{value:.12g} {_said_unit(unit)}"
    return f"{value:.12g} each time" if value is not None and not unit and value != 1 else ""


def _range(low: Resource, high: Resource) -> str:
    least, said = number(low.get("value")), _quantity(high)
    return f"{least:.12g}-{said}" if said and least is not None and _unit(low) in (_unit(high), "") else said


def _unit(quantity: Resource) -> str:
    return string(quantity.get("unit")) or string(quantity.get("code"))


def _said_unit(unit: str) -> str:
    return "units" if unit.lower() in ("[iu]", "u", "unit") else unit


def _frequency(dosage: Resource) -> str:
    timing = mapping(dosage.get("timing"))
    repeat = mapping(timing.get("repeat"))
    named = [code for _, code in codes(timing.get("code"))] + list(displays(timing.get("code")))
    coded = next((_SAID[name.lower()] for name in named if name.lower() in _SAID), "")
    moments = [_WHEN[when] for when in strings(repeat.get("when")) if when in _WHEN]
    days = [_DAYS[day] for day in strings(repeat.get("dayOfWeek")) if day in _DAYS]
    return " ".join(
        filter(None, (_counted(repeat) or coded, *moments, "on " + " and ".join(days) if days else ""))
    )


def _counted(repeat: Resource) -> str:
    times, period = number(repeat.get("frequency")), number(repeat.get("period"))
    unit = _PERIODS.get(string(repeat.get("periodUnit")), "")
    if not unit or times is None or period is None:
        return ""
    most, longest = number(repeat.get("frequencyMax")), number(repeat.get("periodMax"))
    said = f"{times:g}-{most:g} times" if most else _TIMES.get(int(times)) if times == int(times) else None
    said = said or f"{times:g} times"
    if period == 1 and not longest:
        return f"{said} {_AS_A_WORD[unit]}"
    every = f"every {period:g}{f'-{longest:g}' if longest else ''} {unit}s"
    return every if times == 1 and not most else f"{said} {every}"
