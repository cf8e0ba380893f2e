"""Traps in drugs: what is taken, at which dose, and what must not be given."""

from __future__ import annotations

from typing import Any

from tests.unit.chart_records import PATIENT, SUBJECT, allergy, drug, lab, problem
from tests.unit.traps.trap import (
    ASSESSMENT,
    BEFORE,
    GUIDANCE,
    PLAN,
    TRENDS,
    amount,
    daily,
    dosed,
    trap,
    verification,
)


def _statement(name: str, status: str, day: str = BEFORE, **more: Any) -> dict[str, Any]:
    told = {"status": status, "effectiveDateTime": day, "medicationCodeableConcept": {"text": name}}
    return {"resourceType": "MedicationStatement", "id": f"s-{name}-{status}", **told, **SUBJECT, **more}


TAKEN = (
    trap(
        "a drug from an entered-in-error order shown as taken",
        drug("Rivaroxaban 20 MG Oral Tablet", status="entered-in-error"),
        must=((ASSESSMENT, "Current drugs: none are recorded"),),
        never=("(?i)rivaroxaban",),
    ),
    trap(
        "a drug from a stopped order shown as taken",
        drug("Naproxen 500 MG Oral Tablet", BEFORE, "stopped"),
        drug("Lisinopril 10 MG Oral Tablet"),
        not_in=((ASSESSMENT, "Naproxen"), (PLAN, "Naproxen")),
    ),
    trap(
        "an order whose own dates are over shown as taken",
        drug("Amoxicillin 500 MG Oral Capsule", BEFORE, **dosed(
            timing={"repeat": {"boundsPeriod": {"start": BEFORE, "end": "2026-01-17"}}})),
        must=((ASSESSMENT, r"Amoxicillin 500 MG Oral Capsule \(.*planned until 2026-01-17"),),
    ),
    trap(
        "renewals reported as stopped",
        *(drug("Metformin 500 MG Oral Tablet", f"2025-{month:02}-01", "stopped") for month in range(1, 12)),
        drug("Metformin 500 MG Oral Tablet"),
        must=((ASSESSMENT, r"Metformin 500 MG Oral Tablet \(since 2025-01-01, last ordered 2026-05-20\)"),),
        never=("Drugs stopped", r"Metformin[^;]*\(stopped"),
    ),
    trap(
        "renewals of an unknown drug at another strength reported as stopped",
        drug("12 HR Zyloxin 100 MG Oral Tablet", "2025-02-01", "stopped",
             **dosed(timing={"repeat": {"boundsPeriod": {"end": "2026-05-20"}}})),
        drug("12 HR Zyloxin 200 MG Oral Tablet"),
        must=((TRENDS, "Zyloxin: dose changed from 100 mg to 200 mg"),),
        never=("Drugs stopped", "Drugs started"),
    ),
    trap(
        "ordered reported as taken: a statement says it is not taken",
        drug("Apixaban 5 MG Oral Tablet", BEFORE),
        _statement("Apixaban 5 MG Oral Tablet", "not-taken", "2026-05-20"),
        must=((ASSESSMENT, r"Apixaban 5 MG Oral Tablet \(.*recorded as not taken 2026-05-20"),),
    ),
    trap(
        "ordered reported as taken: only proposed or planned",
        drug("Semaglutide 1 MG Injection", intent="proposal"),
        drug("Empagliflozin 10 MG Oral Tablet", intent="plan"),
        drug("Warfarin 5 MG Oral Tablet", doNotPerform=True),
        must=((GUIDANCE, "only proposed or not taken: 3"),),
        never=("Semaglutide", "Empagliflozin", "Warfarin"),
    ),
    trap(
        "reported reported as ordered",
        _statement("St. John's wort", "active"),
        must=((ASSESSMENT, r"St\. John's wort \(since 2026-01-10, reported, not ordered here\)"),),
    ),
)  # fmt: skip

DOSES = (
    trap(
        "dose lost: written as text",
        drug("Lisinopril", **dosed(text="20 mg once daily")),
        must=((ASSESSMENT, r"Lisinopril 20 mg once daily"),),
    ),
    trap(
        "dose lost: several tablets whose number equals the strength",
        drug("Haloperidol 2 MG Oral Tablet", **dosed(**amount(2, "tablets"), **daily())),
        must=((ASSESSMENT, "Haloperidol 2 MG Oral Tablet 2 tablets once daily"),),
    ),
    trap(
        "dose lost: two dosages of one order",
        drug("Prednisone", dosageInstruction=[
            {**amount(20, "mg"), "timing": {"code": {"text": "QAM"}}},
            {**amount(10, "mg"), "timing": {"code": {"coding": [{"code": "BID"}]}}},
        ]),
        must=((ASSESSMENT, "Prednisone 20 mg every morning and 10 mg twice daily"),),
    ),
    trap(
        "dose lost: a range, and units of insulin",
        drug("Insulin lispro", **dosed(doseAndRate=[{"doseRange": {
            "low": {"value": 4, "unit": "[iU]"}, "high": {"value": 10, "unit": "[iU]"}}}], **daily(3))),
        must=((ASSESSMENT, r"Insulin lispro 4-10 units three times daily"),),
    ),
    trap(
        "a dose change told as a stop and a start",
        drug("Levothyroxine Sodium 0.05 MG Oral Tablet", "2025-05-01", "stopped"),
        drug("Levothyroxine Sodium 0.1 MG Oral Tablet"),
        must=((TRENDS, r"Levothyroxine Sodium: dose changed from 0\.05 mg to 0\.1 mg \(2026-05-20\)"),),
        never=("Drugs stopped", "Drugs started"),
    ),
)  # fmt: skip

ALLERGIES = (
    trap(
        "'no allergies' where none is recorded",
        problem("Gout"),
        must=((ASSESSMENT, "Allergies: not recorded"), (GUIDANCE, "[Aa]llergies are not recorded")),
        never=("(?i)no known|no allerg",),
    ),
    trap(
        "'no allergies' where the only one was refuted",
        allergy("Penicillin", **verification("refuted")),
        must=((ASSESSMENT, "Allergies: not recorded"),),
        never=("(?i)no known|no allerg", "Penicillin"),
    ),
    trap(
        "an allergy told twice",
        allergy("Penicillin", "a1"),
        allergy("Penicillin", "a2", reaction=[{"manifestation": [{"text": "Hives"}]}]),
        must=((ASSESSMENT, r"Allergies: Penicillin \(Hives\)\.$"),),
    ),
    trap(
        "penicillin allergy with amoxicillin",
        allergy("Penicillin", reaction=[{"manifestation": [{"text": "Anaphylaxis"}]}], criticality="high"),
        drug("Amoxicillin 500 MG Oral Capsule"),
        first={ASSESSMENT: "Safety conflict: Amoxicillin", GUIDANCE: "Safety conflict: Amoxicillin"},
    ),
)

ORDERS = (
    trap(
        "firm orders: high potassium on an ACE inhibitor with spironolactone",
        lab("2823-3", 6.3, "mmol/L"),
        drug("Lisinopril 20 MG Oral Tablet"),
        drug("Spironolactone 25 MG Oral Tablet"),
        first={ASSESSMENT: r"Critical: Potassium 6\.3", PLAN: r"Now: repeat potassium"},
        not_in=((PLAN, r"(?i): (?:start|stop|give|prescribe|discontinue|hold)\b"),),
    ),
    trap(
        "firm orders: warfarin with an interacting drug",
        lab("6301-6", 6.1, "{INR}"),
        drug("Warfarin Sodium 5 MG Oral Tablet"),
        drug("Amiodarone 200 MG Oral Tablet"),
        first={ASSESSMENT: r"Critical: INR 6\.1"},
        must=((PLAN, "(?i)warfarin.*amiodarone.*because"),),
        not_in=((PLAN, r"(?i): (?:start|stop|give|prescribe|discontinue|hold)\b"),),
    ),
    trap(
        "a suggestion that conflicts with an allergy",
        allergy("Sulfonamide antibiotics"),
        problem("Urinary tract infection", "2026-05-20"),
        not_in=((PLAN, "(?i)sulfa|trimethoprim"),),
    ),
    trap(
        "a suggestion that conflicts with kidney function or pregnancy",
        problem("Type 2 diabetes mellitus"),
        problem("Pregnancy", "2026-02-01"),
        lab("4548-4", 8.4, "%"),
        lab("33914-3", 26, "mL/min/{1.73_m2}"),
        must=((PLAN, r"consider reviewing glucose treatment.*8\.4 %"),),
        not_in=((PLAN, "(?i)metformin|statin|lisinopril|SGLT2"),),
        patient={**PATIENT, "birthDate": "1982-04-12"},
    ),
)

DRUG_TRAPS = (*TAKEN, *DOSES, *ALLERGIES, *ORDERS)
