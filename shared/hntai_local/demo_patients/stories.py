"""What happened to the three invented patients. Days count back from the newest encounter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hntai_local.demo_patients.notes import HEART_NOTE, KIDNEY_NOTE, THYROID_NOTE
from hntai_local.demo_patients.record import Record


@dataclass(frozen=True, slots=True)
class Story:
    prefix: str
    """Of every resource id but the patient's own."""
    patient_id: str
    given: str
    relative: str
    gender: str
    birth_date: str
    note: str
    tell: Callable[[Record], None]


def _kidney(record: Record) -> None:
    """Diabetes, kidney disease and hypertension: eGFR falls, potassium rises, drugs make it worse."""
    for on, reason in (
        (1280, "Diabetes check"),
        (910, "Diabetes check"),
        (540, "Blood pressure"),
        (180, "Leg swelling"),
    ):
        record.encounter(on, "Office visit", reason)
    record.encounter(0, "Office visit", "Knee pain and sinus pressure")
    record.problem("Type 2 diabetes mellitus", "E11.9", 4100)
    record.problem("Hypertension", "I10", 5200)
    record.problem("Chronic kidney disease stage 3", "N18.30", 900)
    record.problem("Acute bronchitis", "J20.9", 560, resolved=540)
    record.problem("Osteoarthritis of knee", "M17.9", 0)
    record.allergy("Penicillin", "Anaphylaxis", 5200, is_severe=True)
    _kidney_drugs(record)
    _kidney_results(record)
    record.vaccine("Influenza, seasonal, injectable", "141", 0)
    record.vaccine("Pneumococcal conjugate PCV20", "216", 540)


def _kidney_drugs(record: Record) -> None:
    record.order("Metformin 500 MG Oral Tablet", 2, 1280, replaced=True)
    record.order("Metformin 1000 MG Oral Tablet", 2, 910, replaced=True)
    record.order("Metformin 1000 MG Oral Tablet", 2, 180)
    record.order("Lisinopril 20 MG Oral Tablet", 1, 1280, replaced=True)
    record.order("Lisinopril 20 MG Oral Tablet", 1, 180)
    record.order("Glipizide 5 MG Oral Tablet", 1, 910, until=0)
    record.order("Spironolactone 25 MG Oral Tablet", 1, 180)
    record.order("Atorvastatin 40 MG Oral Tablet", 1, 180)
    record.order("Naproxen 500 MG Oral Tablet", 2, 0)
    record.order("Amoxicillin 500 MG Oral Capsule", 3, 0)


def _kidney_results(record: Record) -> None:
    for on, egfr, creatinine, potassium, a1c, weight in (
        (1280, 62, 0.98, 4.4, 7.4, 84.2),
        (910, 55, 1.09, 4.6, 7.1, 83.1),
        (540, 51, 1.16, 4.8, 7.8, 85.0),
        (180, 45, 1.28, 5.1, 8.3, 86.4),
        (0, 34, 1.61, 5.8, 8.7, 88.1),
    ):
        record.results(
            on, egfr=egfr, creatinine=creatinine, potassium=potassium, a1c=a1c, weight=weight, sodium=138
        )
    record.results(0, acr=182, hemoglobin=11.4)
    record.results(540, ldl=118)
    record.results(0, ldl=74)
    for on, systolic, diastolic in (
        (1280, 138, 82),
        (910, 142, 84),
        (540, 151, 88),
        (180, 146, 84),
        (0, 152, 86),
    ):
        record.pressure(on, systolic, diastolic)


def _heart(record: Record) -> None:
    """Heart failure and atrial fibrillation: an admission, diuretics turned up, warfarin meets amiodarone."""
    record.encounter(1100, "Office visit", "Palpitations")
    record.encounter(700, "Office visit", "Heart failure follow-up")
    record.encounter(95, "Hospital stay", "Worsening heart failure", "IMP")
    record.encounter(30, "Office visit", "After discharge")
    record.encounter(0, "Office visit", "Bruising")
    record.problem("Atrial fibrillation", "I48.91", 1100)
    record.problem("Heart failure with reduced ejection fraction", "I50.20", 1090)
    record.problem("Hypertension", "I10", 6000)
    record.problem("Gastrointestinal bleeding", "K92.2", 720, resolved=700)
    record.allergy("Sulfonamide antibiotics", "Skin rash", 3000)
    _heart_drugs(record)
    for on, inr, potassium, creatinine, egfr, weight, heart_rate in (
        (1100, 2.3, 4.3, 1.02, 76, 79.0, 112),
        (700, 2.6, 4.1, 1.08, 71, 80.4, 84),
        (95, 2.4, 3.6, 1.31, 56, 86.9, 104),
        (30, 3.1, 4.0, 1.22, 61, 81.2, 72),
        (0, 4.9, 4.2, 1.19, 63, 80.8, 66),
    ):
        record.results(on, inr=inr, potassium=potassium, creatinine=creatinine, egfr=egfr, sodium=137)
        record.results(on, weight=weight, heart_rate=heart_rate, oxygen=95 if on else 96)
    record.results(700, hemoglobin=13.8)
    record.results(0, hemoglobin=11.6)
    for on, systolic, diastolic in (
        (1100, 136, 84),
        (700, 128, 76),
        (95, 148, 92),
        (30, 118, 70),
        (0, 116, 68),
    ):
        record.pressure(on, systolic, diastolic)
    record.vaccine("Influenza, high-dose seasonal", "135", 30)
    record.vaccine("Zoster recombinant", "187", 700)


def _heart_drugs(record: Record) -> None:
    record.order("Warfarin Sodium 5 MG Oral Tablet", 1, 1100, replaced=True)
    record.order("Warfarin Sodium 5 MG Oral Tablet", 1, 30)
    record.order("Aspirin 81 MG Oral Tablet", 1, 1100, until=700)
    record.order("Metoprolol succinate 50 MG Extended Release Oral Tablet", 1, 700, replaced=True)
    record.order("Metoprolol succinate 100 MG Extended Release Oral Tablet", 1, 95)
    record.order("Furosemide 20 MG Oral Tablet", 1, 700, replaced=True)
    record.order("Furosemide 40 MG Oral Tablet", 2, 95)
    record.order("Sacubitril 49 MG / Valsartan 51 MG Oral Tablet", 2, 95)
    record.order("Amiodarone 200 MG Oral Tablet", 1, 30)


def _thyroid(record: Record) -> None:
    """Hypothyroidism and asthma in a young woman: a dose that is raised, and one inhaler too few."""
    for on, reason in (
        (1010, "Tiredness"),
        (730, "Yearly check"),
        (370, "Asthma follow-up"),
        (70, "Thyroid follow-up"),
    ):
        record.encounter(on, "Office visit", reason)
    record.encounter(0, "Office visit", "Thyroid follow-up")
    record.problem("Hypothyroidism", "E03.9", 1010)
    record.problem("Moderate persistent asthma", "J45.40", 4000)
    record.problem("Migraine without aura", "G43.009", 730)
    record.problem("Acute sinusitis", "J01.90", 380, resolved=370)
    record.allergy("Ibuprofen", "Wheezing", 2000, is_severe=True)
    record.order("Levothyroxine Sodium 0.05 MG Oral Tablet", 1, 1010, replaced=True)
    record.order("Levothyroxine Sodium 0.075 MG Oral Tablet", 1, 70)
    record.order("Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", 2, 730)
    record.order("Budesonide 0.16 MG/ACTUAT / Formoterol 0.0045 MG/ACTUAT Inhaler", 2, 370)
    record.order("Propranolol 40 MG Oral Tablet", 2, 730, until=370)
    record.order("Topiramate 25 MG Oral Tablet", 2, 70)
    for on, tsh, hemoglobin, weight in (
        (1010, 11.2, 12.6, 68.5),
        (730, 4.6, 12.9, 66.0),
        (370, 5.4, 12.4, 66.8),
        (70, 7.9, 12.2, 68.9),
        (0, 2.4, 12.5, 67.1),
    ):
        record.results(on, tsh=tsh, hemoglobin=hemoglobin, weight=weight, oxygen=98)
        record.pressure(on, 118, 74)
    record.results(730, ldl=104)
    record.vaccine("Influenza, seasonal, injectable", "141", 370)
    record.vaccine("Tdap", "115", 1010)


STORIES = (
    Story("d1", "demo-1", "Anna", "Albert", "female", "1956-04-12", KIDNEY_NOTE, _kidney),
    Story("d2", "demo-2", "Bruno", "Berta", "male", "1949-11-03", HEART_NOTE, _heart),
    Story("d3", "demo-3", "Clara", "Conrad", "female", "1988-02-27", THYROID_NOTE, _thyroid),
)
