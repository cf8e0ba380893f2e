"""Facts that test sentences cite: an invented record with something of every danger, under readable keys."""

from __future__ import annotations

import re
from typing import Any

from hntai.domain.baseline import build_baseline
from hntai.domain.delta import build_delta
from hntai.domain.facts import CitedFact, FactSheet, fact_sheet
from hntai.domain.sections import section_statements
from hntai.domain.statements import Section
from tests.unit.chart_records import allergy, chart_of, drug, encounter, lab, pressure, problem
from tests.unit.traps.trap import amount, daily

BEFORE = "2026-01-10"


def _dosed(value: float, times: int) -> dict[str, Any]:
    return {"dosageInstruction": [{**daily(times), **amount(value, "mg")}]}


def _reaction(name: str) -> dict[str, Any]:
    return {"reaction": [{"manifestation": [{"text": name}]}], "criticality": "high"}


UNCONFIRMED: dict[str, Any] = {"verificationStatus": {"coding": [{"code": "provisional"}]}}
CHART = chart_of(
    encounter(BEFORE, "e0"),
    encounter(),
    lab("2823-3", 5.1, "mmol/L", BEFORE, own="k0"),
    lab("2823-3", 5.8, "mmol/L", own="k"),
    lab("2160-0", 1.28, "mg/dL", BEFORE, own="cr0"),
    lab("2160-0", 1.62, "mg/dL", own="cr"),
    lab("718-7", 11.9, "g/dL", BEFORE, own="hb0"),
    lab("718-7", 9.4, "g/dL", own="hb"),
    lab("4548-4", 8.8, "%", own="a1c"),
    lab("13457-7", 118, "mg/dL", BEFORE, own="ldl0"),
    lab("13457-7", 73, "mg/dL", own="ldl"),
    lab("2345-7", 212, "mg/dL", own="glu", status="preliminary"),
    lab("3016-3", 0, "", own="tsh", valueQuantity={"value": 0.05, "unit": "mIU/L", "comparator": "<"}),
    pressure(145, 83, BEFORE),
    pressure(162, 94),
    problem("Hypertension", "2012-07-10"),
    problem("Type 2 diabetes mellitus", "2015-07-15"),
    problem("Osteoarthritis of left knee", "2026-05-20"),
    problem("Deep vein thrombosis", "2026-02-01", **UNCONFIRMED),
    problem("Family history of breast cancer", "2018-01-01"),
    problem("Pneumonia", "2026-04-01", "resolved", abatementDateTime="2026-05-20"),
    drug("Metformin 1000 MG Oral Tablet", "2023-04-04", **_dosed(1000, 2)),
    drug("Lisinopril 20 MG Oral Tablet", "2023-04-04", **_dosed(20, 1)),
    drug("Spironolactone 25 MG Oral Tablet", "2026-04-08", **_dosed(25, 1)),
    drug("Furosemide 20 MG Oral Tablet", "2025-11-04", "stopped", **_dosed(20, 1)),
    drug("Furosemide 40 MG Oral Tablet", "2026-05-20", **_dosed(40, 2)),
    drug("Amoxicillin 500 MG Oral Capsule", "2026-05-20", **_dosed(500, 3)),
    drug("Atorvastatin 40 MG Oral Tablet", "2025-04-08", "on-hold", **_dosed(40, 1)),
    drug("Glipizide 5 MG Oral Tablet", "2025-01-05", "stopped",
         dosageInstruction=[{"timing": {"repeat": {"boundsPeriod": {"end": "2026-05-20"}}}}]),
    allergy("Penicillin", **_reaction("Anaphylaxis")),
)  # fmt: skip
_BASELINE = build_baseline(CHART)
_DELTA = build_delta(CHART, _BASELINE)
SHEET: FactSheet = fact_sheet(
    [s for section in Section for s in section_statements(section, CHART, _BASELINE, _DELTA)], CHART
)


def fact(begins: str, sheet: FactSheet = SHEET) -> CitedFact:
    """The first fact whose sentence begins so."""
    return next(f for f in sheet.facts if f.statement.text.startswith(begins))


KEYS = {
    "k": "Potassium 5.8", "cr": "Creatinine", "hb": "Hemoglobin 9.4", "a1c": "Hemoglobin A1c",
    "bp": "Blood pressure", "ldl": "Back in range: LDL", "glu": "Glucose", "tsh": "TSH",
    "htn": "Active problems: Hypertension", "dm": "Active problems: Type 2",
    "knee": "Active problems: Osteo", "dvt": "Active problems: Deep", "fam": "Other findings: Family",
    "pneu": "Resolved problems", "met": "Current drugs: Metformin", "lis": "Current drugs: Lisinopril",
    "spi": "Current drugs: Spiro", "fur": "Current drugs: Furo", "amo": "Current drugs: Amox",
    "ato": "On hold", "gli": "Drugs stopped", "all": "Allergies", "dose": "Furosemide: dose",
    "who": "Female", "ck": "Safety conflict: Potassium", "ca": "Safety conflict: Amox",
    "pa": "Now: consider stopping Amox", "pk": "Now: repeat potassium",
}  # fmt: skip


def cited(text: str) -> str:
    """The text with `[key]` turned into the id of the fact of that key."""
    return re.sub(r"\[([a-z0-9, ]+)\]", lambda m: f"[{', '.join(map(_id, m[1].split(', ')))}]", text)


def _id(key: str) -> str:
    return fact(KEYS[key]).id
