"""Results that notes report and the chart's rules do not read, with LOINC where the name leaves no doubt.

LOINC codes are copyright Regenstrief Institute, used under the LOINC licence (loinc.org/license).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class MoreLab:
    name: str
    loinc: str
    """Empty where the name could mean several codes."""
    names: tuple[str, ...]
    needs_unit: bool
    """True where the name has other uses: a number alone makes it no result."""


def _lab(name: str, loinc: str, names: str, needs_unit: bool = False) -> MoreLab:
    return MoreLab(name, loinc, tuple(names.split("|")), needs_unit)


MORE: Final = (
    _lab("Natriuretic peptide B", "30934-9", "bnp|brain natriuretic peptide|b type natriuretic peptide"),
    _lab("NT-proBNP", "33762-6", "nt probnp|ntprobnp|pro bnp|probnp|n terminal pro bnp"),
    _lab("NT-proBNP", "33762-6", "pro nt brain natriuretic peptide|nt pro brain natriuretic peptide"),
    _lab("NT-proBNP", "33762-6", "pro brain natriuretic peptide"),
    _lab("C-reactive protein", "1988-5", "crp|c reactive protein"),
    _lab("Erythrocyte sedimentation rate", "30341-2", "esr|sed rate|sedimentation rate"),
    _lab("Erythrocyte sedimentation rate", "30341-2", "erythrocyte sedimentation rate"),
    _lab("Troponin", "", "troponin|trop|troponins|cardiac troponin"),
    _lab("Prothrombin time", "5902-2", "prothrombin time|protime|pt", True),
    _lab("aPTT", "14979-9", "aptt|partial thromboplastin time|activated partial thromboplastin time|ptt"),
    _lab("Fibrinogen", "3255-7", "fibrinogen"),
    _lab("D-dimer", "", "d dimer|ddimer"),
    _lab("Lipase", "3040-3", "lipase|serum lipase"),
    _lab("Amylase", "1798-8", "amylase|serum amylase"),
    _lab("GGT", "2324-2", "ggt|gamma gt|gamma glutamyl transferase|gamma glutamyltransferase"),
    _lab("Direct bilirubin", "1968-7", "direct bilirubin|conjugated bilirubin|d bili|dbili"),
    _lab("Lactate dehydrogenase", "", "ldh|lactate dehydrogenase"),
    _lab("Creatine kinase", "2157-6", "creatine kinase|cpk|creatine phosphokinase"),
    _lab("Creatine kinase", "2157-6", "ck", True),
    _lab("CK-MB", "13969-1", "ck mb|ckmb"),
    _lab("Ammonia", "", "ammonia|serum ammonia|nh3"),
    _lab("25-hydroxyvitamin D", "1989-3", "25 hydroxy vitamin d|25 oh vitamin d|vitamin d level"),
    _lab("Vitamin B12", "2132-9", "vitamin b12 level|b12 level|serum b12"),
    _lab("Folate", "2284-8", "serum folate|folate level"),
    _lab("Iron", "2498-4", "serum iron|iron level"),
    _lab("Total iron binding capacity", "2500-7", "tibc|total iron binding capacity"),
    _lab("Transferrin saturation", "2502-3", "transferrin saturation|iron saturation|tsat"),
    _lab("Free T4", "3024-7", "free t4|ft4|free thyroxine"),
    _lab("T3", "", "total t3|free t3|ft3"),
    _lab("Prostate specific antigen", "2857-1", "psa|prostate specific antigen"),
    _lab("Carcinoembryonic antigen", "2039-6", "cea|carcinoembryonic antigen"),
    _lab("Alpha-fetoprotein", "1834-1", "afp|alpha fetoprotein"),
    _lab("CA 125", "10334-1", "ca 125|ca125"),
    _lab("CA 19-9", "24108-3", "ca 19 9|ca19 9"),
    _lab("Cortisol", "2143-6", "cortisol|serum cortisol|morning cortisol", True),
    _lab("Parathyroid hormone", "2731-8", "pth|intact pth|parathyroid hormone", True),
    _lab("Prolactin", "2842-3", "prolactin|serum prolactin", True),
    _lab("Procalcitonin", "33959-8", "procalcitonin"),
    _lab("Red cell distribution width", "788-0", "rdw|red cell distribution width"),
    _lab("Absolute neutrophil count", "751-8", "anc|absolute neutrophil count"),
    _lab("Anion gap", "33037-3", "anion gap"),
    _lab("Osmolality", "2692-2", "serum osmolality|serum osm"),
    _lab("Neutrophils", "", "neutrophils|segs|polys|bands", True),
    _lab("Lymphocytes", "", "lymphocytes|lymphs", True),
    _lab("Eosinophils", "", "eosinophils|eos", True),
    _lab("Haptoglobin", "4542-7", "haptoglobin"),
    _lab("Uric acid", "3084-1", "serum uric acid"),
    _lab("pCO2", "", "pco2|paco2"),
    _lab("pO2", "", "po2|pao2", True),
    _lab("CD4 count", "", "cd4|cd4 count"),
    _lab("HIV viral load", "", "viral load|hiv viral load"),
)  # fmt: skip
