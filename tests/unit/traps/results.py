"""Traps in results: dates, units, methods, ranges, status and comparators."""

from __future__ import annotations

from typing import Any

from tests.unit.chart_records import Resource, drug, lab, pressure
from tests.unit.traps.trap import ASSESSMENT, BEFORE, GUIDANCE, OLD, PLAN, TRENDS, trap

K, NA, GLUCOSE, CREATININE, EGFR, A1C, HB = (
    "2823-3", "2951-2", "2345-7", "2160-0", "33914-3", "4548-4", "718-7",
)  # fmt: skip


def _test(name: str, code: str, **more: Any) -> Resource:
    """A result of a test the table does not know, with fields of its own."""
    return {
        **lab(code, 0, "", valueQuantity=None, **more),
        "code": {"coding": [{"code": code}], "text": name},
    }


def _quantity(value: float, unit: str, comparator: str = "", code: str = "") -> dict[str, Any]:
    told = {"value": value, "unit": unit, "comparator": comparator, "code": code}
    return {"valueQuantity": {name: part for name, part in told.items() if part != ""}}


DATES = (
    trap(
        "a value without a date",
        lab(K, 7.1, "mmol/L", own="undated", effectiveDateTime=None),
        must=((GUIDANCE, r"no date.*: 1"),),
        never=(r"7\.1", r"critically"),
    ),
    trap(
        "a value without a date, beside a dated one",
        lab(HB, 5.2, "g/dL", own="undated", effectiveDateTime="last week"),
        lab(HB, 10.9, "g/dL"),
        must=((TRENDS, r"Hemoglobin 10\.9 g/dL \(2026-05-20\): low"),),
        never=(r"5\.2",),
    ),
    trap(
        "stale value as current: eGFR of three years ago with metformin",
        lab(EGFR, 24, "mL/min/{1.73_m2}", OLD),
        drug("Metformin 500 MG Oral Tablet"),
        must=((TRENDS, r"over 12 months old: eGFR 24 mL/min/1\.73 m2 \(2023-02-01"),),
        not_in=((PLAN, "metformin"),),
    ),
    trap(
        "stale value as current: an old critical potassium",
        lab(K, 6.9, "mmol/L", OLD),
        pressure(124, 76),
        must=((TRENDS, r"over 12 months old: Potassium 6\.9 mmol/L \(2023-02-01"),),
        never=("critically",),
    ),
)

UNITS = (
    trap(
        "mmol/L read as mg/dL: glucose under its molar code",
        lab("14749-6", 26.4, "mmol/L"),
        must=((ASSESSMENT, r"Critical: Glucose 26\.4 mmol/L \(2026-05-20\) is critically high"),),
        first={ASSESSMENT: r"Glucose 26\.4 mmol/L"},
        never=(r"26\.4 mg/dL",),
    ),
    trap(
        "mmol/L read as mg/dL: a normal glucose",
        lab(GLUCOSE, 5.2, "mmol/L"),
        lab(GLUCOSE, 92, "mg/dL", BEFORE),
        never=("critical", "5.2 mg/dL"),
        not_in=((TRENDS, "Glucose"),),
    ),
    trap(
        "unit and code that contradict each other",
        lab(GLUCOSE, 0, "", **_quantity(18.5, "mmol/L", code="mg/dL")),
        must=((GUIDANCE, r"check the source: Glucose 18\.5 mmol/L or mg/dL"),),
        never=("critically",),
    ),
    trap(
        "a normal value called low because its unit was converted",
        lab(CREATININE, 44.2, "umol/L"),
        not_in=((TRENDS, "Creatinine"),),
    ),
    trap(
        "AKI from a unit change",
        lab(CREATININE, 0.9, "mg/dL", "2026-05-17"),
        lab(CREATININE, 88, "umol/L"),
        never=("acute kidney", r"up from 0\.9"),
    ),
    trap(
        "AKI from a method change",
        lab("38483-4", 0.9, "mg/dL", "2026-05-17"),
        lab(CREATININE, 1.6, "mg/dL"),
        must=((TRENDS, r"Creatinine 1\.6 mg/dL \(2026-05-20\): high"),),
        never=("acute kidney", "up from"),
    ),
    trap(
        "trend over different methods: two LOINC codes",
        lab("33914-3", 71, "mL/min/{1.73_m2}", BEFORE),
        lab("98979-8", 44, "mL/min/{1.73_m2}"),
        never=("down from", "fallen"),
    ),
    trap(
        "trend over different methods: one code, another method named",
        lab(CREATININE, 0.9, "mg/dL", "2026-05-17", method={"text": "Jaffe"}),
        lab(CREATININE, 1.6, "mg/dL", method={"text": "Enzymatic"}),
        never=("acute kidney", "up from"),
    ),
    trap(
        "trend over different units of a test without a table entry",
        lab("99999-1", 12, "mg/L", BEFORE, referenceRange=[{"high": {"value": 10, "unit": "mg/L"}}]),
        lab("99999-1", 0.3, "g/L", referenceRange=[{"high": {"value": 0.01, "unit": "g/L"}}]),
        must=((TRENDS, r"0\.3 g/L \(2026-05-20\): high"),),
        never=("down from", "up from"),
    ),
)

JUDGING = (
    trap(
        "a normal result presented as disease",
        lab(K, 4.2, "mmol/L"),
        lab(EGFR, 92, "mL/min/{1.73_m2}"),
        not_in=((TRENDS, "Potassium|eGFR"), (PLAN, "kidney")),
    ),
    trap(
        "one low eGFR called CKD",
        lab(EGFR, 48, "mL/min/{1.73_m2}"),
        must=((TRENDS, r"eGFR 48 mL/min/1\.73 m2 \(2026-05-20\): low"),),
        never=("chronic kidney", "CKD"),
    ),
    trap(
        "one high A1c called diabetes",
        lab(A1C, 6.9, "%"),
        must=((PLAN, r"confirm by a second test.*6\.9 %"),),
        never=(r"(?<!no active problem names )diabetes(?! care)",),
    ),
    trap(
        "a critical value in the middle of a list",
        *(lab(code, value, unit) for code, value, unit in ((HB, 10.8, "g/dL"), (A1C, 8.1, "%"))),
        lab("2075-0", 110, "mmol/L"),
        lab(NA, 119, "mmol/L"),
        pressure(148, 92),
        first={ASSESSMENT: "Critical: Sodium 119", TRENDS: "Sodium 119", PLAN: "Sodium 119"},
    ),
    trap(
        "a critical pressure behind many results",
        *(lab(code, 5, "mmol/L") for code in (K, "2075-0", NA)),
        pressure(212, 124),
        must=((ASSESSMENT, r"Critical: Blood pressure 212/124 mmHg \(2026-05-20\)"),),
        first={ASSESSMENT: "Critical:", GUIDANCE: "Critical:"},
    ),
    trap(
        "missing data reported as normal: no result at all",
        drug("Lisinopril 10 MG Oral Tablet"),
        must=((TRENDS, "[Nn]o results are recorded"), (GUIDANCE, "[Nn]ot recorded: .*laboratory")),
        never=(r"\bnormal\b", "No abnormal"),
    ),
    trap(
        "missing data reported as normal: a test that nobody could judge",
        {**_test("Troponin I", "10839-9"), **_quantity(5.2, "ng/mL")},
        must=((TRENDS, r"Troponin I 5\.2 ng/mL \(2026-05-20\)"),),
        never=(r"\bnormal\b", "No abnormal"),
    ),
)

STATUS = (
    trap(
        "preliminary as final: a critical value",
        lab(K, 6.7, "mmol/L", status="preliminary"),
        must=(
            (ASSESSMENT, r"Potassium 6\.7 mmol/L \(2026-05-20, preliminary\)"),
            (GUIDANCE, "[Pp]reliminary, to be taken as real until the final result: Potassium"),
        ),
        never=(r"6\.7 mmol/L \(2026-05-20\)",),
    ),
    trap(
        "preliminary as final: both at one time",
        lab(HB, 9.1, "g/dL", own="p", status="preliminary"),
        lab(HB, 10.4, "g/dL", own="f"),
        must=((TRENDS, r"Hemoglobin 10\.4 g/dL"),),
        never=(r"9\.1",),
    ),
    trap(
        "preliminary as final: a normal one after a critical final one",
        lab(K, 6.8, "mmol/L", "2026-05-20T08:00:00Z", own="f"),
        lab(K, 4.4, "mmol/L", "2026-05-20T12:00:00Z", own="p", status="preliminary"),
        first={TRENDS: r"Potassium 6\.8 mmol/L \(2026-05-20\): high"},
        not_in=((TRENDS, "Back in range"),),
    ),
    trap(
        "a critical value hidden by an impossible one",
        lab(K, 6.8, "mmol/L", "2026-05-19"),
        lab(K, 65, "mmol/L"),
        must=((GUIDANCE, r"check the source: Potassium 65 mmol/L"),),
        first={TRENDS: r"Potassium 6\.8 mmol/L \(2026-05-19, a newer value is in doubt\): high"},
    ),
    trap(
        "'<' dropped from a quantity",
        lab(EGFR, 0, "", **_quantity(15, "mL/min/{1.73_m2}", "<")),
        must=((TRENDS, r"eGFR <15 mL/min"),),
        never=(r"eGFR 15",),
    ),
    trap(
        "'<' dropped from a written value",
        _test("Troponin I", "10839-9", valueString="<0.01 ng/mL"),
        must=((TRENDS, r"Troponin I <0\.01 ng/mL"),),
        never=(r"Troponin I 0\.01",),
    ),
    trap(
        "'>' dropped from a count in words",
        _test("Urine culture", "630-4", valueCodeableConcept={"text": "> 100,000 CFU/mL E. coli"},
              interpretation=[{"coding": [{"code": "A"}]}]),
        must=((TRENDS, r"Urine culture > 100,000 CFU/mL E\. coli"),),
    ),
    trap(
        "'<' dropped from a pressure too low to measure",
        {**pressure(60, 35), "component": [
            {"code": {"coding": [{"code": "8480-6"}]}, **_quantity(60, "mmHg", "<")},
            {"code": {"coding": [{"code": "8462-4"}]}, **_quantity(35, "mmHg")},
        ]},
        must=((TRENDS, r"Blood pressure <60/35 mmHg"),),
    ),
    trap(
        "a critical value written as text",
        lab(K, 0, "", valueQuantity=None, valueString="6.9 mmol/L"),
        first={ASSESSMENT: r"Critical: Potassium 6\.9 mmol/L"},
    ),
    trap(
        "an entered-in-error result",
        lab(K, 8.9, "mmol/L", status="entered-in-error"),
        lab(K, 4.4, "mmol/L", BEFORE),
        must=((GUIDANCE, "entered in error: 1"),),
        never=(r"8\.9", "critically"),
    ),
)  # fmt: skip

RESULT_TRAPS = (*DATES, *UNITS, *JUDGING, *STATUS)
