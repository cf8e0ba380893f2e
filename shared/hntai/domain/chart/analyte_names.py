"""Analytes by what a result is called, where a record gives no LOINC code.

A name counts only as a whole: whatever else it says (urine, CSF, pleural, ratio, 24 h, free, ionized, fetal)
makes it another name and so no analyte. A specimen that the analyte is ordinarily measured in may be named.
Whether the unit agrees is asked by whoever reads the result.

Source: names and abbreviations on laboratory reports in English, German, French, Spanish, Italian and
Portuguese, compiled by us; LOINC long names by their pattern (loinc.org). To be reviewed by a clinician.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from hntai.domain.chart.analytes import BY_KEY, Analyte
from hntai.domain.lexicons import lexicon

_NAMES: dict[str, str] = {
    "sodium": "sodium|na|natrium|sodio|sod",
    "potassium": "potassium|k|kalium|potasio|potassio|kaliemie|potas",
    "chloride": "chloride|cl|chlorid|chlorure|cloruro|cloro",
    "bicarbonate": "bicarbonate|hco3|bikarbonat|bicarbonato|carbon dioxide|total co2|tco2|co2 total",
    "urea_nitrogen": "urea nitrogen|bun|blood urea nitrogen|urea|harnstoff|uree",
    "creatinine": "creatinine|creat|crea|kreatinin|creatinina|creatinin|kreatynina",
    "egfr": "egfr|gfr|estimated gfr|estimated glomerular filtration rate|egfr ckd epi|egfr ckd epi 2021"
    "|gfr estimated|ckd epi",
    "glucose": "glucose|gluc|glu|glukose|glucosa|glucosio|glicose|glycemie|blood sugar|blutzucker|glukoza"
    "|random glucose|fasting glucose|glucose fasting|glucose random|capillary glucose|poc glucose"
    "|fingerstick glucose|glucose poc",
    "a1c": "a1c|hba1c|hemoglobin a1c|haemoglobin a1c|hgb a1c|hb a1c|glycated hemoglobin|glycated haemoglobin"
    "|glycosylated hemoglobin|hemoglobina glicosilada|hemoglobina glicada",
    "calcium": "calcium|ca|total calcium|calcium total|kalzium|calcio",
    "magnesium": "magnesium|mg|magnesio",
    "phosphate": "phosphate|phosphorus|po4|phos|inorganic phosphate|phosphat|fosfato|fosforo",
    "albumin": "albumin|alb|albumine|albumina",
    "total_protein": "total protein|protein total|gesamteiweiss|proteinas totales",
    "alt": "alt|alat|sgpt|gpt|alanine aminotransferase|alanine transaminase|alt sgpt|gpt alat",
    "ast": "ast|asat|sgot|got|aspartate aminotransferase|aspartate transaminase|ast sgot|got asat",
    "alkaline_phosphatase": "alkaline phosphatase|alp|alk phos|alkaline phos|alkalische phosphatase",
    "bilirubin": "bilirubin|total bilirubin|bilirubin total|t bili|tbili|bilirubin gesamt|bilirubina total"
    "|bilirubine totale",
    "uric_acid": "uric acid|urate|harnsaure|acido urico|acide urique",
    "hemoglobin": "hemoglobin|haemoglobin|hgb|hb|hamoglobin|hemoglobine|hemoglobina|emoglobina|hemoglobin hgb"
    "|hemoglobina hb|hb hemoglobin",
    "hematocrit": "hematocrit|haematocrit|hct|hamatokrit|hematocrite|hematocrito|packed cell volume|pcv",
    "leukocytes": "leukocytes|leucocytes|white blood cells|white blood cell count|white cell count|wbc"
    "|wbc count|wcc|leukozyten|leucocitos|leukocyte count",
    "erythrocytes": "erythrocytes|red blood cells|red blood cell count|red cell count|rbc|rbc count"
    "|erythrozyten",
    "platelets": "platelets|platelet count|plt|plts|thrombocytes|thrombozyten|plaquettes|plaquetas|piastrine"
    "|platelet|trombocyten",
    "mcv": "mcv|mean corpuscular volume",
    "mch": "mch|mean corpuscular hemoglobin",
    "mchc": "mchc|mean corpuscular hemoglobin concentration",
    "tsh": "tsh|thyrotropin|thyroid stimulating hormone",
    "cholesterol": "cholesterol|total cholesterol|cholesterol total|chol|cholesterin|colesterol total",
    "ldl": "ldl|ldl cholesterol|ldl c|ldl chol|cholesterol ldl|calculated ldl|ldl calculated|direct ldl",
    "hdl": "hdl|hdl cholesterol|hdl c|hdl chol|cholesterol hdl",
    "triglycerides": "triglycerides|triglyceride|trig|trigs|tg|triglyzeride|trigliceridos",
    "urine_acr": "urine albumin creatinine ratio|albumin creatinine ratio urine|uacr|urine acr"
    "|urine albumin creatinine",
    "ferritin": "ferritin|ferritine|ferritina",
    "lithium_level": "lithium|li",
    "digoxin_level": "digoxin",
    "carbamazepine_level": "carbamazepine|carbamazepine total",
    "phenytoin_level": "phenytoin|phenytoin total",
    "valproate_level": "valproate|valproic acid|valproic acid total",
    "lactate": "lactate|lactic acid|laktat|lactato|lattato",
    "ph": "blood ph|arterial ph|venous ph|ph blood|ph arterial|ph venous",
    "acetaminophen_level": "acetaminophen|paracetamol",
    "hs_troponin_i": "high sensitivity troponin i|troponin i high sensitivity|hs troponin i|troponin i hs"
    "|hstni|hs tni",
    "hs_troponin_t": "high sensitivity troponin t|troponin t high sensitivity|hs troponin t|troponin t hs"
    "|hstnt|hs tnt",
    "troponin_i": "troponin i|tni|ctni",
    "troponin_t": "troponin t|tnt|ctnt",
    "urine_pcr": "urine protein creatinine ratio|protein creatinine ratio urine|upcr|urine pcr",
    "qtc": "qtc|qtc interval|corrected qt interval",
    "inr": "inr|pt inr|international normalized ratio|international normalised ratio|inr pt",
    "ejection_fraction": "ejection fraction|ef|lvef|left ventricular ejection fraction|lv ejection fraction",
    "pack_years": "pack years|pack years smoked",
    "bmi": "bmi|body mass index",
    "weight": "weight|body weight|wt|gewicht|peso|poids",
    "height": "height|body height|ht",
    "heart_rate": "heart rate|hr|pulse|pulse rate|pr|herzfrequenz|puls",
    "respiratory_rate": "respiratory rate|rr|resp rate|respirations|respiration rate|resp|atemfrequenz",
    "oxygen_saturation": "oxygen saturation|spo2|o2 sat|o2 saturation|sao2|sat o2|pulse oximetry|pulse ox"
    "|sauerstoffsattigung|o2sat",
    "temperature": "temperature|temp|body temperature|korpertemperatur",
    "systolic": "systolic blood pressure|systolic|sbp|systolic bp|bp systolic",
    "diastolic": "diastolic blood pressure|diastolic|dbp|diastolic bp|bp diastolic",
}  # fmt: skip
"""By analyte, also some that the table has not yet; in small letters, without accents, signs as blanks."""
_ONLY_IN: dict[str, frozenset[str]] = {"urea": frozenset({"mmol/L"})}
_ONLY_IN |= dict.fromkeys(("harnstoff", "uree"), _ONLY_IN["urea"])
"""Names that mean the analyte in these units alone: urea in mg/dL is not urea nitrogen."""
_COUNTED = frozenset(
    {"hemoglobin", "hematocrit", "leukocytes", "erythrocytes", "platelets", "mcv", "mch", "mchc", "a1c"}
)
"""Measured in whole blood; in serum or plasma the same word means something else."""
_UNSPECIFIED = frozenset({"urine_acr", "urine_pcr", "ph", "ejection_fraction", "pack_years"})
_SPECIMENS = ("serum", "plasma", "blood", "venous blood", "whole blood", "level", "concentration")
_IN_CHEMISTRY = ("s", "p", "im serum", "serique", "serum plasma", "serum or plasma", "en suero", "quant")
_LOINC_LONG = re.compile(
    r"(?P<what>[^\[\]]+?) \[(?:moles|mass|units|#|volume fraction)(?:/volume)?\]"
    r" in (?P<where>serum or plasma|serum, plasma or blood|blood)(?: by automated count)?\Z",
    re.IGNORECASE,
)
_NOT_A_SIGN = re.compile(r"[\W_]+")


def plain_name(name: str) -> str:
    """A name in small letters, without accents and signs: `K+` is `k`, `SpO₂` is `spo2`."""
    if not name.isascii():
        spelled = unicodedata.normalize("NFKD", name.casefold())
        name = "".join(sign for sign in spelled if not unicodedata.combining(sign))
    return _NOT_A_SIGN.sub(" ", name.casefold()).strip()


@lru_cache(maxsize=4096)
def analyte_called(name: str, unit: str) -> Analyte | None:
    """The analyte that goes by this name, if it does so in this unit (UCUM); nothing for any other name."""
    long = _LOINC_LONG.match(name)
    plain = plain_name(f"{long['what']} {long['where'].split(',')[0]}" if long else name)
    key = _spellings().get(plain, "")
    base = next((urea for urea in _ONLY_IN if urea in plain.split() and "nitrogen" not in plain), "")
    return None if base and unit not in _ONLY_IN[base] else BY_KEY.get(key)


@lru_cache(maxsize=4096)
def is_name_of_a_result(name: str) -> bool:
    """Whether every word of a name is a word of what laboratories measure, and so nobody's name."""
    words = [word for word in plain_name(name).split() if not word.isdigit() or len(word) > 2]
    return bool(words) and all(word in _words() for word in words)


def spellings() -> dict[str, str]:
    """Each name an analyte goes by, in small letters without signs, to the analyte's key."""
    return _spellings()


@cache
def _spellings() -> dict[str, str]:
    """Each name, bare and with a specimen before or after it, to the key of its analyte."""
    found: dict[str, str] = {}
    known = {key: names.split("|") for key, names in _NAMES.items() if key in BY_KEY}
    for key, names in known.items():
        for name in names:
            beside = _specimens(key)
            found |= dict.fromkeys((f"{specimen} {name}" for specimen in beside), key)
            found |= dict.fromkeys((f"{name} {specimen}" for specimen in beside), key)
    return found | {name: key for key, names in known.items() for name in names}


def _specimens(key: str) -> tuple[str, ...]:
    if BY_KEY[key].kind.value != "laboratory" or key in _UNSPECIFIED:
        return ()
    if key in _COUNTED:
        return tuple(specimen for specimen in _SPECIMENS if specimen not in ("serum", "plasma"))
    return _SPECIMENS + _IN_CHEMISTRY


@cache
def _words() -> frozenset[str]:
    """Single words of our names of three letters and more, and those of result_words.txt."""
    ours = (word for spelling in _spellings() for word in spelling.split() if len(word) > 2)
    return frozenset(ours) | lexicon("result_words")
