"""Units: one spelling for each, and conversion where an analyte's molar mass makes it right."""

from __future__ import annotations

import re

_SPELLED: dict[str, str] = {
    "mmHg": "mmhg | mm[hg] | mm hg | mm/hg",
    "/min": "/min | bpm | beats/min | beats/minute | {beats}/min | breaths/min | breaths/minute | "
    "{breaths}/min | 1/min | /minute | per minute | beats per minute | breaths per minute",
    "Cel": "cel | degc | °c | c | deg c | celsius",
    "[degF]": "[degf] | degf | °f | f | deg f | fahrenheit | degrees f",
    "meq/L": "meq/l",
    "mmol/L": "mmol/l",
    "umol/L": "umol/l | µmol/l | μmol/l | mcmol/l | micromol/l",
    "nmol/L": "nmol/l",
    "pmol/L": "pmol/l",
    "mg/dL": "mg/dl",
    "g/dL": "g/dl | gm/dl | g% | gm%",
    "g/L": "g/l",
    "mg/L": "mg/l",
    "ng/mL": "ng/ml",
    "ng/L": "ng/l",
    "ms": "ms | msec | millisec | milliseconds",
    "[pH]": "[ph] | ph | {ph} | ph units",
    "pg/mL": "pg/ml",
    "ug/dL": "ug/dl | mcg/dl | µg/dl | μg/dl",
    "ug/mL": "ug/ml | mcg/ml | µg/ml | μg/ml",
    "{PackYears}": "{packyears} | {pack-years} | {pack_years} | pack-years | pack years | packyears",
    "ug/L": "ug/l | mcg/l | µg/l | μg/l",
    "U/L": "iu/l | u/l | [iu]/l | units/l | unit/l",
    "m[IU]/L": "miu/l | m[iu]/l | uiu/ml | u[iu]/ml",
    "10*3/uL": "10*3/ul | k/ul | 10^3/ul | x10e3/ul | 10*9/l | 10^9/l | x10^9/l | x10*9/l | x10(9)/l | "
    "10(9)/l | 10e9/l | x10e9/l | x10^3/ul | x10*3/ul | x10(3)/ul | 10e3/ul | thou/ul | "
    "thousand/ul | k/mcl | k/mm3 | 10^3/mm3 | 10*3/mm3 | x 10^9/l | x 10^3/ul | 10³/ul | "
    "10³/µl | 10^3/µl | k/µl | 10⁹/l | x10⁹/l",
    "10*6/uL": "10*6/ul | m/ul | 10^6/ul | 10*12/l | x10^12/l | x10*12/l | 10e12/l | x10^6/ul | "
    "10e6/ul | mil/ul | m/mcl | 10⁶/µl | 10¹²/l | x10¹²/l",
    "/uL": "/ul | cells/ul | /mcl | cells/mcl | /mm3 | cells/mm3 | /µl",
    "fL": "fl",
    "pg": "pg",
    "mg/g": "mg/g | mg/g{creat} | ug/mg | mg/g cr | mg/g creat | mg/g creatinine | mg/gcr",
    "mg/mmol": "mg/mmol",
    "mmol/mol": "mmol/mol",
    "mL/min": "ml/min",
    "mL/min/{1.73_m2}": "ml/min/{1.73_m2} | ml/min/1.73m2 | ml/min/1.73 m2 | "
    "ml/min/1.73m² | ml/min/1.73 m² | ml/min/1.73_m2 | ml/min/{1.73m2} | "
    "ml/min/1.73m^2 | ml/min/1.73 m^2 | ml/min/1.73 sqm",
    "kg": "kg | kgs | kilogram | kilograms",
    "g": "g",
    "[lb_av]": "[lb_av] | lb | lbs | pound | pounds",
    "cm": "cm | cms",
    "m": "m",
    "[in_i]": "[in_i] | in | inch | inches",
    "kg/m2": "kg/m2 | kg/m² | kg/m^2",
    "L/L": "l/l",
    "%": "% | percent",
    "{INR}": "{inr} | inr | {ratio} | ratio",
}
"""UCUM units and the lower-case spellings of each that records use."""
_SPELLINGS = {spelling: unit for unit, known in _SPELLED.items() for spelling in known.split(" | ")}

_FACTORS: dict[tuple[str, str], float] = {
    ("meq/L", "mmol/L"): 1.0,  # sodium, potassium, chloride, bicarbonate: one charge each
    ("g/L", "g/dL"): 0.1,
    ("/uL", "10*3/uL"): 0.001,
    ("L/L", "%"): 100.0,
    ("mg/mmol", "mg/g"): 8.84,  # creatinine 113.12 g/mol
    ("[lb_av]", "kg"): 0.45359237,
    ("g", "kg"): 0.001,
    ("[in_i]", "cm"): 2.54,
    ("m", "cm"): 100.0,
    ("mg/L", "ug/mL"): 1.0,
    ("ng/mL", "ug/L"): 1.0,
    ("pg/mL", "ng/L"): 1.0,
    ("ng/mL", "ng/L"): 1000.0,
    ("ug/L", "ng/L"): 1000.0,
    ("ng/L", "ng/mL"): 0.001,
    ("ug/L", "ng/mL"): 1.0,
    ("mL/min", "mL/min/{1.73_m2}"): 1.0,  # only met on eGFR, which its LOINC code defines per 1.73 m2
}
"""What to multiply by, for any analyte. Source: UCUM; molar masses from IUPAC atomic weights."""

_MOLAR: dict[tuple[str, str], tuple[str, float]] = {
    ("glucose", "mmol/L"): ("mg/dL", 18.016),
    ("creatinine", "umol/L"): ("mg/dL", 1 / 88.42),
    ("urea_nitrogen", "mmol/L"): ("mg/dL", 2.801),
    ("calcium", "mmol/L"): ("mg/dL", 4.008),
    ("magnesium", "mmol/L"): ("mg/dL", 2.431),
    ("phosphate", "mmol/L"): ("mg/dL", 3.097),
    ("bilirubin", "umol/L"): ("mg/dL", 1 / 17.1),
    ("cholesterol", "mmol/L"): ("mg/dL", 38.67),
    ("ldl", "mmol/L"): ("mg/dL", 38.67),
    ("hdl", "mmol/L"): ("mg/dL", 38.67),
    ("triglycerides", "mmol/L"): ("mg/dL", 88.57),
    ("uric_acid", "umol/L"): ("mg/dL", 1 / 59.48),
    ("hemoglobin", "mmol/L"): ("g/dL", 1.611),
    ("lactate", "mg/dL"): ("mmol/L", 0.111),
}
"""(analyte, unit) to (unit, factor). Source: molar masses, rounded as clinical laboratories do."""

_OF_DIMENSION_ONE = frozenset({"{INR}", "{PackYears}", "[pH]"})
"""Units of what is a bare number: `1`, the UCUM unit of it, and no unit at all say the same."""
_SHOWN = {
    "Cel": "°C",
    "[degF]": "°F",
    "mL/min/{1.73_m2}": "mL/min/1.73 m2",
    "[lb_av]": "lb",
    "[in_i]": "in",
    "m[IU]/L": "mIU/L",
    "[pH]": "",
    "{PackYears}": "pack-years",
}
_ANNOTATION = re.compile(r"^\{[^}]*\}$|^\([^)]*\)$|^1$")


def normal_unit(unit: str) -> str:
    """The UCUM spelling of a unit, or the unit as written where it is not known."""
    return _SPELLINGS.get(unit.strip().lower(), unit.strip())


def is_known_unit(unit: str) -> bool:
    """Whether a unit is one of ours, in any spelling."""
    return unit.strip().lower() in _SPELLINGS


def contradict(one: str, other: str) -> bool:
    """Whether two units of one value are both known and do not mean the same."""
    if one == other or not (is_known_unit(one) and is_known_unit(other)):
        return False
    pair = normal_unit(one), normal_unit(other)
    return pair[0] != pair[1] and 1.0 not in (_FACTORS.get(pair), _FACTORS.get((pair[1], pair[0])))


def shown_unit(unit: str) -> str:
    """The unit as a physician reads it; annotations such as {score} say nothing and go."""
    return _SHOWN.get(unit, "" if _ANNOTATION.match(unit) else unit)


def converted(value: float, unit: str, analyte: str, wanted: str) -> float | None:
    """The value in the wanted unit, or None where that would be a guess."""
    given = normal_unit(unit)
    if given == wanted or (given in ("", "1", "{ratio}", "{score}") and wanted in _OF_DIMENSION_ONE):
        return value
    if analyte == "ph" and given in ("", "1"):
        return value  # a logarithm, which has no unit
    if given == "[degF]" and wanted == "Cel":
        return (value - 32) * 5 / 9
    if analyte == "a1c" and (given, wanted) == ("mmol/mol", "%"):
        return 0.0915 * value + 2.15  # IFCC to NGSP master equation, ngsp.org
    if (given, wanted) in _FACTORS:
        return value * _FACTORS[given, wanted]
    molar = _MOLAR.get((analyte, given))
    return value * molar[1] if molar and molar[0] == wanted else None
