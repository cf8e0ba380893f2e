"""Reference ranges for results that bring none of their own.

Source: American Board of Internal Medicine, Laboratory Test Reference Ranges (2025), for adults. Where a
decision limit is what clinicians read instead, its own source stands beside the row. To be reviewed by a
clinician before anyone relies on them.
"""

from __future__ import annotations

from dataclasses import dataclass

TABLE_SOURCE = "adult ranges of the ABIM table, 2025"
"""How these ranges are named to a reader."""
ADULT_YEARS = 18


@dataclass(frozen=True, slots=True)
class Interval:
    """Normal from low to high, both inclusive; None is open. In the analyte's unit (chart/analytes.py)."""

    low: float | None
    high: float | None


_BOTH: dict[str, Interval] = {
    "sodium": Interval(136, 145),
    "potassium": Interval(3.5, 5.0),
    "chloride": Interval(98, 106),
    "bicarbonate": Interval(23, 28),
    "urea_nitrogen": Interval(8, 20),
    "glucose": Interval(70, 99),
    "calcium": Interval(8.6, 10.2),
    "magnesium": Interval(1.6, 2.6),
    "phosphate": Interval(3.0, 4.5),
    "albumin": Interval(3.5, 5.5),
    "total_protein": Interval(5.5, 9.0),
    "alt": Interval(10, 40),
    "ast": Interval(10, 40),
    "alkaline_phosphatase": Interval(30, 120),
    "bilirubin": Interval(0.3, 1.0),
    "uric_acid": Interval(2.5, 8.0),
    "leukocytes": Interval(4.0, 11.0),
    "platelets": Interval(150, 450),
    "mcv": Interval(80, 98),
    "mch": Interval(28, 32),
    "mchc": Interval(33, 36),
    "erythrocytes": Interval(4.2, 5.9),
    "tsh": Interval(0.5, 4.0),
    "a1c": Interval(4.0, 5.6),  # ADA Standards of Care 2025: 5.7 and over is not normal
    "cholesterol": Interval(None, 199),  # NCEP ATP III 2001: desirable below 200
    "ldl": Interval(None, 99),  # NCEP ATP III 2001: optimal below 100
    "triglycerides": Interval(None, 149),  # NCEP ATP III 2001: normal below 150
    "egfr": Interval(60, None),  # KDIGO 2024: G1 and G2
    "urine_acr": Interval(None, 29.99),  # KDIGO 2024: A1 below 30 mg/g
    "inr": Interval(0.8, 1.2),
    "ph": Interval(7.35, 7.45),
    "lactate": Interval(None, 2.0),  # Sepsis-3 2016: above 2 mmol/L is raised
    "troponin_i": Interval(None, 0.04),
    "troponin_t": Interval(None, 0.01),
    "lithium_level": Interval(0.6, 1.2),  # FDA lithium label
    "digoxin_level": Interval(0.5, 1.2),  # AHA/ACC/HFSA 2022: above 1.2 ng/mL harms
    "carbamazepine_level": Interval(4.0, 12.0),  # FDA label
    "phenytoin_level": Interval(10.0, 20.0),  # FDA label
    "valproate_level": Interval(50.0, 125.0),  # FDA label
    "acetaminophen_level": Interval(None, 30.0),  # therapeutic up to 30 ug/mL
    "urine_pcr": Interval(None, 149.99),  # KDIGO 2024: from 150 mg/g raised
    "bmi": Interval(18.5, 24.99),  # WHO: underweight below 18.5, overweight from 25
    "heart_rate": Interval(60, 100),
    "respiratory_rate": Interval(12, 20),  # Royal College of Physicians, NEWS2 2017: 12 to 20 scores nothing
    "oxygen_saturation": Interval(95, None),
    "temperature": Interval(36.1, 38.0),  # Royal College of Physicians, NEWS2 2017
}

_BY_SEX: dict[tuple[str, str], Interval] = {
    ("creatinine", "male"): Interval(0.7, 1.3),
    ("creatinine", "female"): Interval(0.5, 1.1),
    ("hemoglobin", "male"): Interval(14.0, 18.0),
    ("hemoglobin", "female"): Interval(12.0, 16.0),
    ("hematocrit", "male"): Interval(42, 50),
    ("hematocrit", "female"): Interval(37, 47),
    ("qtc", "male"): Interval(350, 450),  # AHA/ACCF/HRS 2009
    ("qtc", "female"): Interval(350, 460),  # AHA/ACCF/HRS 2009
    ("hdl", "male"): Interval(40, None),  # NCEP ATP III 2001: low below 40
    ("hdl", "female"): Interval(50, None),  # NCEP ATP III 2001: metabolic syndrome below 50 in women
}


def table_interval(analyte: str, sex: str, age: int | None) -> Interval | None:
    """The adult range for an analyte; None for children, unknown ages and what the table does not know."""
    if age is None or age < ADULT_YEARS:
        return None
    return _BY_SEX.get((analyte, sex)) or _BOTH.get(analyte)


def pressure_flag(systolic: float, diastolic: float) -> str:
    """high, low or nothing, of an adult's blood pressure in mmHg.

    Source: ISH 2020 Global Hypertension Practice Guidelines (140/90 taken in an office, either figure); Royal
    College of Physicians, NEWS2 2017 (a systolic pressure up to 90 scores most).
    """
    if systolic >= 140 or diastolic >= 90:
        return "high"
    return "low" if systolic <= 90 else ""
