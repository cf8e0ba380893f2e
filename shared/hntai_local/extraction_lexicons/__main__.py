"""Rewrites icd10cm_terms.txt and drug_names.txt; run by `make lexicons` in an environment of its own."""

from __future__ import annotations

import bz2
import pickle
from collections.abc import Iterable
from importlib.resources import files
from typing import Final

from hntai_local.extraction_lexicons import drug_names, icd10cm
from hntai_local.state_dir import PROJECT_ROOT

_FOLDER: Final = PROJECT_ROOT / "shared" / "hntai" / "domain" / "lexicons"
_ICD: Final = (
    "ICD-10-CM April 2026, terms and codes (PyPI simple-icd-10-cm 1.5.0). CDC and CMS, public domain."
)
_DRUGS: Final = (
    "Names of drugs and their generic names (PyPI drug-named-entity-recognition 2.0.9: DrugBank open "
    "data, CC0; "
    "names that MedlinePlus and the NHS list)."
)


def main() -> None:
    import simple_icd_10_cm

    _write("icd10cm_terms", _ICD, icd10cm.terms(simple_icd_10_cm))
    packed = files("drug_named_entity_recognition") / "drug_ner_dictionary.pkl.bz2"
    dictionary = pickle.loads(bz2.decompress(packed.read_bytes()))
    _write("drug_names", _DRUGS, drug_names.names(dictionary))


def _write(name: str, remark: str, rows: Iterable[tuple[str, str]]) -> None:
    lines = [f"# {remark}", *(f"{term}\t{value}" if value else term for term, value in rows)]
    (_FOLDER / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{name}.txt: {len(lines) - 1} entries")


if __name__ == "__main__":
    main()
