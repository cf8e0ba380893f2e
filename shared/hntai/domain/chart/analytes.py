"""What is measured: the analytes rules know, by LOINC code.

LOINC codes are copyright Regenstrief Institute, used under the LOINC licence (loinc.org/license). Plausible
bounds are wider than any living patient we would believe; they catch unit slips, not disease. To be reviewed
by a clinician.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    LABORATORY = "laboratory"
    VITAL = "vital"
    FINDING = "finding"
    """Of imaging, an examination or a procedure, or of a kind the record does not name."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Analyte:
    key: str
    name: str
    kind: Kind
    unit: str
    """UCUM; results are compared in this unit and shown in their own."""
    plausible: tuple[float, float]
    loinc: tuple[str, ...]
    """Codes of one kind of specimen and measure; a trend never leaves one code."""


_EGFR_CODES = ("33914-3", "98979-8", "62238-1", "48642-3", "69405-9", "88293-6")
_EJECTION_CODES = ("10230-1", "8806-2", "18043-0")
_GLUCOSE_CODES = ("2345-7", "2339-0", "1558-6", "41653-7", "14749-6", "15074-8")
_LDL_CODES = ("18262-6", "13457-7", "2089-1", "39469-2", "22748-8")
_BICARBONATE_CODES = ("2028-9", "20565-8", "1963-8", "1959-6", "1960-4")
_LACTATE_CODES = ("2524-7", "32693-4", "2518-9", "2519-7", "30241-4")
_LAB, _VITAL, _FINDING, _OTHER = Kind.LABORATORY, Kind.VITAL, Kind.FINDING, Kind.OTHER

ANALYTES: tuple[Analyte, ...] = (
    Analyte("sodium", "Sodium", _LAB, "mmol/L", (95, 200), ("2951-2", "2947-0")),
    Analyte("potassium", "Potassium", _LAB, "mmol/L", (1.2, 12), ("2823-3", "6298-4")),
    Analyte("chloride", "Chloride", _LAB, "mmol/L", (60, 150), ("2075-0", "2069-3")),
    Analyte("bicarbonate", "Carbon dioxide", _LAB, "mmol/L", (2, 60), _BICARBONATE_CODES),
    Analyte("ph", "Blood pH", _LAB, "[pH]", (6.3, 8.0), ("2744-1", "11558-4", "2746-6", "2745-8")),
    Analyte("lactate", "Lactate", _LAB, "mmol/L", (0.1, 40), _LACTATE_CODES),
    Analyte("urea_nitrogen", "Urea nitrogen", _LAB, "mg/dL", (1, 250), ("3094-0", "6299-2", "22664-7")),
    Analyte("creatinine", "Creatinine", _LAB, "mg/dL", (0.1, 25), ("2160-0", "38483-4", "14682-9")),
    Analyte("egfr", "eGFR", _LAB, "mL/min/{1.73_m2}", (1, 200), _EGFR_CODES),
    Analyte("glucose", "Glucose", _LAB, "mg/dL", (10, 1500), _GLUCOSE_CODES),
    Analyte("a1c", "Hemoglobin A1c", _LAB, "%", (4, 20), ("4548-4", "17856-6", "4549-2", "59261-8")),
    Analyte("calcium", "Calcium", _LAB, "mg/dL", (4, 20), ("17861-6", "49765-1", "2000-8")),
    Analyte("magnesium", "Magnesium", _LAB, "mg/dL", (0.4, 10), ("19123-9", "2601-3")),
    Analyte("phosphate", "Phosphate", _LAB, "mg/dL", (0.3, 15), ("2777-1", "14879-1")),
    Analyte("albumin", "Albumin", _LAB, "g/dL", (0.8, 7), ("1751-7",)),
    Analyte("total_protein", "Total protein", _LAB, "g/dL", (2, 15), ("2885-2",)),
    Analyte("alt", "ALT", _LAB, "U/L", (1, 15000), ("1742-6", "1743-4")),
    Analyte("ast", "AST", _LAB, "U/L", (1, 15000), ("1920-8",)),
    Analyte("alkaline_phosphatase", "Alkaline phosphatase", _LAB, "U/L", (5, 3000), ("6768-6",)),
    Analyte("bilirubin", "Total bilirubin", _LAB, "mg/dL", (0.05, 60), ("1975-2", "14631-6")),
    Analyte("uric_acid", "Uric acid", _LAB, "mg/dL", (0.5, 30), ("3084-1", "14933-6")),
    Analyte("hemoglobin", "Hemoglobin", _LAB, "g/dL", (2, 25), ("718-7", "59260-0")),
    Analyte("hematocrit", "Hematocrit", _LAB, "%", (8, 75), ("4544-3", "20570-8")),
    Analyte("leukocytes", "White cell count", _LAB, "10*3/uL", (0.05, 500), ("6690-2", "26464-8")),
    Analyte("erythrocytes", "Red cell count", _LAB, "10*6/uL", (0.8, 10), ("789-8",)),
    Analyte("platelets", "Platelets", _LAB, "10*3/uL", (1, 3000), ("777-3", "26515-7")),
    Analyte("mcv", "MCV", _LAB, "fL", (40, 160), ("787-2",)),
    Analyte("mch", "MCH", _LAB, "pg", (10, 55), ("785-6",)),
    Analyte("mchc", "MCHC", _LAB, "g/dL", (20, 42), ("786-4",)),
    Analyte("tsh", "TSH", _LAB, "m[IU]/L", (0.001, 500), ("3016-3", "11580-8")),
    Analyte("cholesterol", "Total cholesterol", _LAB, "mg/dL", (30, 1000), ("2093-3", "14647-2")),
    Analyte("ldl", "LDL cholesterol", _LAB, "mg/dL", (5, 700), _LDL_CODES),
    Analyte("hdl", "HDL cholesterol", _LAB, "mg/dL", (3, 200), ("2085-9", "14646-4")),
    Analyte("triglycerides", "Triglycerides", _LAB, "mg/dL", (10, 10000), ("2571-8", "3043-7", "14927-8")),
    Analyte("urine_acr", "Urine albumin/creatinine", _LAB, "mg/g", (0, 30000), ("14959-1", "9318-7")),
    Analyte("ferritin", "Ferritin", _LAB, "ng/mL", (0.5, 100000), ("2276-4",)),
    Analyte("lithium_level", "Lithium level", _LAB, "mmol/L", (0.02, 10), ("14334-7",)),
    Analyte("digoxin_level", "Digoxin level", _LAB, "ng/mL", (0.05, 20), ("10535-3",)),
    Analyte("carbamazepine_level", "Carbamazepine level", _LAB, "ug/mL", (0.5, 60), ("3432-2",)),
    Analyte("phenytoin_level", "Phenytoin level", _LAB, "ug/mL", (0.5, 100), ("3968-5",)),
    Analyte("valproate_level", "Valproate level", _LAB, "ug/mL", (1, 600), ("4086-5",)),
    Analyte("acetaminophen_level", "Acetaminophen level", _LAB, "ug/mL", (0, 2000), ("3298-7",)),
    Analyte("hs_troponin_i", "Troponin I, high sensitivity", _LAB, "ng/L", (0, 500000), ("89579-7",)),
    Analyte("hs_troponin_t", "Troponin T, high sensitivity", _LAB, "ng/L", (0, 500000), ("67151-1",)),
    Analyte("troponin_i", "Troponin I", _LAB, "ng/mL", (0, 5000), ("10839-9", "49563-0", "42757-5")),
    Analyte("troponin_t", "Troponin T", _LAB, "ng/mL", (0, 5000), ("6598-7", "48425-3")),
    Analyte("urine_pcr", "Urine protein/creatinine", _LAB, "mg/g", (0, 50000), ("2890-2", "34366-5")),
    Analyte("inr", "INR", _LAB, "{INR}", (0.5, 25), ("6301-6", "34714-6")),
    Analyte("ejection_fraction", "Ejection fraction", _FINDING, "%", (5, 90), _EJECTION_CODES),
    Analyte("qtc", "QTc interval", _FINDING, "ms", (200, 900), ("8636-3",)),
    Analyte("pack_years", "Pack-years smoked", _OTHER, "{PackYears}", (0, 300), ("8664-5",)),
    Analyte("bmi", "BMI", _VITAL, "kg/m2", (8, 120), ("39156-5",)),
    Analyte("weight", "Weight", _VITAL, "kg", (0.3, 400), ("29463-7", "3141-9")),
    Analyte("height", "Height", _VITAL, "cm", (25, 250), ("8302-2", "3137-7")),
    Analyte("heart_rate", "Heart rate", _VITAL, "/min", (15, 320), ("8867-4",)),
    Analyte("respiratory_rate", "Respiratory rate", _VITAL, "/min", (2, 90), ("9279-1",)),
    Analyte("oxygen_saturation", "Oxygen saturation", _VITAL, "%", (30, 100), ("59408-5", "2708-6")),
    Analyte("temperature", "Temperature", _VITAL, "Cel", (25, 45), ("8310-5", "8331-1")),
    Analyte("systolic", "Systolic blood pressure", _VITAL, "mmHg", (30, 320), ("8480-6",)),
    Analyte("diastolic", "Diastolic blood pressure", _VITAL, "mmHg", (10, 220), ("8462-4",)),
)  # fmt: skip

BLOOD_PRESSURE = "blood_pressure"
SYSTOLIC_CODES = frozenset({"8480-6"})
DIASTOLIC_CODES = frozenset({"8462-4"})
TOBACCO_CODES = frozenset({"72166-2"})

BY_CODE: dict[str, Analyte] = {code: analyte for analyte in ANALYTES for code in analyte.loinc}
BY_KEY: dict[str, Analyte] = {analyte.key: analyte for analyte in ANALYTES}
