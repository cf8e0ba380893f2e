"""icd10cm_terms.txt: names of diagnoses and their codes, from ICD-10-CM (CDC and CMS, public domain).

A term is the title of a code, or a condition the tabular list includes in it, without the words that only
say that nothing more is known. Of codes that share a term the surest is kept: the leaf with that title, the
leaf for what is "unspecified", the leaf that includes it, else none: a code above others is complete on no
claim. Chapters that speak of other patients (newborns) or of causes are left out, and so are titles only
coders would write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from hntai.domain.extraction.words import forms_of

_LONGEST: Final = 6
"""Words of a term; longer titles are for coders, nobody writes them in a note."""
_UNSPECIFIED: Final = re.compile(
    r",? (?:unspecified|not otherwise specified|NOS)(?: (?:organism|type|site|cause|part))?(?![^,])"
    r"|(?:\A|(?<= ))unspecified |, uncomplicated\Z",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(r" \([^)]*\)|\([^)]*\) ?")
_BRACKET: Final = re.compile(r"(.+?) \[([^\]]+)\]\Z")
_LEFT_OUT: Final = re.compile(
    r"\b(?:encounter|sequela|others?|elsewhere|specified|without|except|trimester|fetus|newborn|affected by|"
    r"adverse effect|poisoning|toxic effect|maternal|classified|remission|complicating|unilateral|quadrant|"
    r"exposure|contact with|any|effects? of|and|or|nec|nos|level|stage|initial|status|incision|malfunction|"
    r"due to|organ|screen|finding|findings)\b",
    re.IGNORECASE,
)
_DISEASE: Final = re.compile(
    r"(?:itis|osis|emia|oma|pathy|algia|uria|pnea|plegia|rrhea|rrhage|megaly|penia|cardia|phagia|plasia|"
    r"asia|trophy|ectasis|iasis|ism|opia|phobia|cele|ptosis|lithiasis|ectomy|spasm|ics?|psy|ria|sia|"
    r"tion|ing)\Z"
)
_NO_TERMS: Final = frozenset(
    {
        "old age",
        "her disease",
        "accessory muscle",
        "hostility",
        "worry",
        "low density",
        "dermoid cyst",
        "falling",
        "thrush",
    }
)
"""Titles that say something else in a note."""
_CHAPTERS: Final = "ABCDEFGHIJKLMNQR"
_NEOPLASM: Final = re.compile(r"Malignant neoplasm of (.+)\Z")
_ELSEWHERE: Final = "classified elsewhere"
_SURE: Final = 4
"""Ranks below this are codes for exactly what the term says."""


def terms(icd: Any) -> Iterator[tuple[str, str]]:
    """(term in forms, code or nothing where several share it), sorted by term.

    icd: the module simple_icd_10_cm.
    """
    best: dict[str, tuple[int, str]] = {}
    shared: set[tuple[str, int]] = set()
    for code in icd.get_all_codes(True):
        if (code[0] in _CHAPTERS and "-" not in code) or code in ("U07.1", "U09.9"):
            for rank, key in _ranked(icd, code):
                known = best.get(key)
                if known is None or rank < known[0]:
                    best[key] = (rank, code)
                elif rank == known[0] and not code.startswith(known[1]):
                    shared.add((key, rank))
    for key in sorted(best.keys() - _NO_TERMS):
        rank, code = best[key]
        is_sure = (key, rank) not in shared and rank <= _SURE + 1 and icd.is_leaf(code)
        yield key, code if is_sure else ""


def _ranked(icd: Any, code: str) -> Iterator[tuple[int, str]]:
    title = icd.get_description(code)
    if _ELSEWHERE in title or len(code) > 7:
        return
    above = 0 if icd.is_leaf(code) else _SURE
    for term, rank in [(title, 0), *((included, 2) for included in icd.get_inclusion_term(code))]:
        bare = _UNSPECIFIED.sub("", term)
        for variant, added in _variants(bare):
            rank_here = rank + added + (1 if bare != term and rank == 0 else 0)
            yield rank_here + above, variant


def _variants(term: str) -> Iterator[tuple[str, int]]:
    """The term in its forms and what may be said for it; how much less sure each is."""
    if bracket := _BRACKET.match(term):
        yield from ((form, more + 1) for form, more in _variants(bracket[1]))
        yield from ((form, more + 6) for form, more in _variants(bracket[2]) if " " in form)
        return
    bare = _ASIDE.sub("", term).strip()
    if bare[:1].isalpha() and not _LEFT_OUT.search(bare) and not re.search(r"[\d;:,/\[\]()]", bare):
        forms = forms_of(bare)
        is_told = len(forms) > 1 or (len(bare) > 4 and (bare == term or _DISEASE.search(bare)))
        if is_told and len(forms) <= _LONGEST:
            yield " ".join(forms), 0 if bare == term else 1
            if neoplasm := _NEOPLASM.match(bare):
                site = neoplasm[1]
                for other in (f"{site} cancer", f"cancer of {site}", f"carcinoma of {site}"):
                    yield " ".join(forms_of(other)), 1
