"""drug_names.txt: what drugs are called, and the generic name of each (DrugBank open data, MedlinePlus, NHS).

A name is kept that is a drug's own or that of a product listed by MedlinePlus or the NHS, written in plain
letters, up to four words long, and DrugBank's own names of one long word; one that ordinary English or
medicine has another use for is left out, unless it is a drug of MedlinePlus under that very name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from hntai.domain.extraction.words import forms_of
from hntai.domain.lexicons import lexicon

_NAME: Final = re.compile(r"[a-z][a-z' -]*[a-z0-9]\Z")
_MOST_WORDS: Final = 4
_LEAST_LETTERS: Final = 4
_LEAST_OWN: Final = 7
"""Letters of a name that only DrugBank has: shorter ones are other words too."""
_NO_DRUG: Final = re.compile(
    r"\b(?:acid|vitamin|and|with|extract|oil|protein|antigen|virus|vaccine|ion|water|plus|allergenic|"
    r"pollen)\b"
)


def names(dictionary: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(name, generic name), sorted by name.

    dictionary: what the package drug-named-entity-recognition ships.
    """
    data = dictionary["drug_canonical_to_data"]
    ordinary, rare = lexicon("common_words"), lexicon("rare_words") | lexicon("surnames")
    for name, generics in sorted(dictionary["drug_variant_to_canonical"].items()):
        generic = generics[0].lower()
        known = data.get(generic, {})
        is_listed = _is_listed(name, generic, known) or (_is_own(name, generic, known) and name not in rare)
        if len(generics) == 1 and _is_fit(name) and _is_fit(generic) and is_listed:
            listed = known.get("medline_plus_id") and name == generic
            if listed or (name not in ordinary and " ".join(forms_of(name)) not in ordinary):
                yield name, "" if name == generic else generic


def _is_fit(name: str) -> bool:
    words = name.split()
    return (
        bool(_NAME.match(name))
        and len(name) >= _LEAST_LETTERS
        and len(words) <= _MOST_WORDS
        and "," not in name
        and (len(words) == 1 or not _NO_DRUG.search(name) or name.endswith(" acid"))
    )


def _is_listed(name: str, generic: str, known: Mapping[str, Any]) -> bool:
    if known.get("medline_plus_id") or known.get("nhs_url"):
        return True
    return bool(known.get("drugbank_id")) and name == generic and bool(known.get("mesh_id"))


def _is_own(name: str, generic: str, known: Mapping[str, Any]) -> bool:
    return bool(known.get("drugbank_id")) and name == generic and name.isalpha() and len(name) >= _LEAST_OWN
