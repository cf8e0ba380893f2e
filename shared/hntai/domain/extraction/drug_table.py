"""Which words of a text name a medicine, and its generic name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

from hntai.domain.extraction.phrases import Found, PhraseTable
from hntai.domain.extraction.scores import Evidence
from hntai.domain.extraction.words import Words, form, form_set, forms_of
from hntai.domain.lexicons import ordered

_STEMS: Final = re.compile(
    r"[a-z]{3,}(?:olol|pril|prilat|sartan|vastatin|conazole|prazole|nidazole|bendazole|cillin|mycin|"
    r"micin|cycline|"
    r"floxacin|mab|tinib|ciclib|rafenib|metinib|parib|caine|azepam|azolam|barbital|dipine|gliptin|"
    r"gliflozin|glutide|"
    r"tidine|triptan|setron|navir|tegravir|buvir|ciclovir|oxetine|triptyline|pramine|fibrate|dronate|"
    r"parin|thiazide|"
    r"semide|lukast|solone|cortisone|methasone|terol|tropium|phylline|codone|morphone|fentanil|"
    r"curonium|grel|xaban|"
    r"gatran|trexate|platin|taxel|rubicin|fungin|prost|pressin|relin|reotide|mustine|zomib|limus|"
    r"glitazone|gabalin|"
    r"racetam|peridol|azine|quine|oxacin|kinase|penem|bactam|dopa|afil|zosin|lamine|etamide|profen|"
    r"fenac|coxib)\Z"
)
"""Stems of international nonproprietary names. Source: WHO, The use of stems in the selection of INN."""
_CHEMICAL: Final = re.compile(
    r"(?=[a-z]*(?:chloro|bromo|fluoro|iodo|hydroxy|methyl|ethyl|propyl|butyl|phenyl|amino|nitro|acetyl|"
    r"benz|thio|piper))"
    r"[a-z]{5,}(?:ine|one|ate|ide|ol|ane|azole)\Z"
)
"""Names built as chemistry builds them."""
_LEAST_CHEMICAL: Final = 9
_SHORTEST: Final = 5
_NO_DRUG: Final = form_set(
    "magazine cocaine-like benzine kinase protein-kinase collagenase glucosamine histamine "
    "dopamine-like catecholamine tyrosine-kinase monoamine enamel april"
)
_ORDINARY: Final = form_set(
    "alcohol water oxygen glucose glycerin urea sulfur iron calcium potassium sodium magnesium zinc "
    "copper lead sugar salt starch air blood plasma protein albumin cholesterol creatinine bilirubin "
    "lactate ammonia honey tobacco caffeine lipase amylase trypsin thrombin fibrinogen cortisol gold "
    "silver mercury acid base charcoal relief balance allergy sleep pain today total focus enable "
    "natural clear plan pure hemoglobin triglyceride electrolyte gel cream ointment ethanol chloride "
    "bicarbonate phosphate nitrogen adenine ferritin troponin transferrin prolactin"
)
"""Names of drugs that are a result, a food or a plain word too: a medicine only beside a dose."""
_SALTS: Final = form_set(
    "hydrochloride hcl sodium potassium tartrate succinate maleate sulfate sulphate besylate calcium "
    "mesylate "
    "fumarate bromide acetate phosphate hydrate nitrate citrate xl xr er sr cr la mr mofetil dinitrate "
    "mononitrate hbr hydrobromide magnesium chloride gluconate medoxomil etexilate"
)


_GRADES: Final = frozenset({"i", "ii", "iii", "iv", "1", "2", "3", "4", "class", "ps", "score", "grade"})


_METALS: Final = form_set(
    "sodium potassium calcium magnesium ammonium zinc lithium ferrous ferric copper barium aluminum"
)
_ANIONS: Final = form_set(
    "chloride acetate citrate nitrite nitrate sulfate sulfite phosphate bicarbonate carbonate "
    "gluconate iodide bromide "
    "lactate hydroxide fluoride thiosulfate nitroprusside valproate oxybate benzoate salicylate"
)


class Drug(NamedTuple):
    """Words first to last, last not included."""

    first: int
    last: int
    generic: str
    is_curated: bool
    """Whether the name is the generic one itself, or one we have looked at."""
    evidence: Evidence
    needs_dose: bool
    """A medicine only where a dose stands beside it."""
    variant: str
    """Salt and release as written, in small letters: `succinate er`."""


def find_drugs(words: Words) -> Iterator[Drug]:
    """Left to right, never overlapping."""
    reached = 0
    named = {found.first: found for found in _names().find(words)}
    likely = {
        at
        for word, places in words.index().items()
        for at in places
        if (len(word) > _SHORTEST and _is_like_a_drug(word)) or (word in _METALS and _is_salt(words, at))
    }
    for at in sorted(named.keys() | likely):
        if at < reached or _is_grade(words, at):
            continue
        found = named.get(at)
        reached = _with_salt(words, found.last if found else at + 1)
        if (found is None or found.last == at + 1) and _is_salt(words, at):
            found, reached = None, max(reached, at + 2)
        if found:
            is_plain = reached - at == 1 and words.forms[at] in _ORDINARY
            variant = _variant(words, at, reached, found.value)
            yield Drug(at, reached, found.value, _is_curated(words, found), Evidence.NAMED, is_plain, variant)
        else:
            name = words.written(at, reached if words.forms[at] in _METALS else at + 1).lower()
            yield Drug(at, reached, name, True, Evidence.SHAPED, False, _variant(words, at, reached, name))


def _is_curated(words: Words, found: Found[str]) -> bool:
    """As named, or without its salt: `metoprolol succinate` holds metoprolol and nothing else."""
    last = found.last
    while last > found.first + 1 and words.forms[last - 1] in _SALTS:
        last -= 1
    return any(" ".join(words.forms[found.first : end]) in _curated() for end in (found.last, last))


def _variant(words: Words, first: int, last: int, generic: str) -> str:
    """What tells one product of a drug from another, beyond its generic name."""
    known = generic.split()
    told = (words.written(at, at + 1).lower() for at in range(first, last) if words.forms[at] in _SALTS)
    return " ".join(word for word in told if word not in known)


def _is_salt(words: Words, at: int) -> bool:
    """`sodium nitrite`: a metal with its acid is a substance given, where the metal alone is a result."""
    return (
        words.forms[at] in _METALS
        and at + 1 < len(words)
        and words.forms[at + 1] in _ANIONS
        and not words.text[words.ends[at] : words.starts[at + 1]].strip()
    )


def _is_grade(words: Words, at: int) -> bool:
    """`ASA III` is a physical status of anesthesia, `ASA 81` an aspirin."""
    following = words.forms[at + 1] if words.forms[at] == "asa" and at + 1 < len(words) else ""
    return following in _GRADES


@lru_cache(maxsize=16384)
def _is_like_a_drug(word: str) -> bool:
    return word not in _NO_DRUG and bool(
        _STEMS.match(word) or (len(word) >= _LEAST_CHEMICAL and _CHEMICAL.match(word))
    )


def _with_salt(words: Words, last: int) -> int:
    while (
        last < len(words) and words.forms[last] in _SALTS and words.sentence[last] == words.sentence[last - 1]
    ):
        if words.text[words.ends[last - 1] : words.starts[last]].strip():
            break
        last += 1
    return last


def generic_of(name: str) -> str:
    """The generic name of a drug, by any of its names; nothing for what is none."""
    return _names().get(tuple(form(word) for word in name.split())) or ""


def drug_words() -> frozenset[str]:
    """Names of one word, as they are spelled, for whoever repairs misspellings."""
    return frozenset(name for name in _listed() if " " not in name)


@cache
def _listed() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in ("drug_classes", "drug_names"):
        for line in ordered(file):
            name, _, generic = line.partition("\t")
            found.setdefault(name.lower(), generic or name.lower())
    return found


@cache
def _curated() -> frozenset[str]:
    """Names, in their forms, whose generic name is that of all they hold."""
    ours = (line.partition("\t")[0] for line in ordered("drug_classes"))
    own = (line for line in ordered("drug_names") if "\t" not in line)
    return frozenset(" ".join(forms_of(name)) for name in (*ours, *own))


@cache
def _names() -> PhraseTable[str]:
    return PhraseTable(_listed().items())
