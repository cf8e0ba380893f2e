"""Long common terms with one letter wrong, missing, doubled or swapped: `lisinnopril`, `hypertention`.

A word is repaired only where it is no word of any list and one single word of medicine lies one edit away, a
common one: the rare have neighbours no list holds (apatinib is not afatinib, a hemithorax no hemothorax).
The first letter and the last two must be right, so that no ending becomes another.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from typing import Final

from hntai.domain.extraction.words import form
from hntai.domain.lexicons import lexicon, ordered

SHORTEST: Final = 8
_HALF: Final = 4
"""One edit leaves the first or the last letters of a long word as they are."""


_VOWELS: Final = frozenset("aeiouy")


@lru_cache(maxsize=16384)
def repaired(word: str) -> str:
    """The word meant, in its form; the word itself where that is not certain."""
    if not word.isascii() or not word.isalpha() or word in _medical() or _is_ordinary(word):
        return word
    index = _by_half()
    near = {*index[word[:_HALF] + "<"], *index[">" + word[-_HALF:]]}
    meant = {other for other in near if _is_one_edit(word, other)}
    other = meant.pop() if len(meant) == 1 else word
    return other if other in _common() and other[0] == word[0] and other[-2:] == word[-2:] else word


def _is_one_edit(one: str, other: str) -> bool:
    """Whether one letter was changed, put in, left out, or two neighbours were swapped."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    short, long = sorted((one, other), key=len)
    at = next((place for place, sign in enumerate(short) if sign != long[place]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    if short[at + 1 :] == long[at + 1 :]:
        return (short[at] in _VOWELS) == (long[at] in _VOWELS)
    return short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]


@cache
def _common() -> frozenset[str]:
    """What notes are full of; only these are meant by what is no word."""
    problems = (line.partition("\t")[2].replace("|", " ") for line in ordered("problem_terms"))
    drugs = (line.partition("\t")[0] for line in ordered("rxnorm_ingredients"))
    return frozenset(form(word) for term in (*problems, *drugs) for word in term.split())


@cache
def _medical() -> frozenset[str]:
    terms = (line.partition("\t")[0] for line in (*ordered("icd10cm_terms"), *ordered("drug_names")))
    ours = (line.partition("\t")[2].replace("|", " ") for line in ordered("problem_terms"))
    words = {form(word) for term in (*terms, *ours) for word in term.replace("-", " ").split()}
    return frozenset(word for word in words if len(word) >= SHORTEST and word.isalpha())


def _is_ordinary(word: str) -> bool:
    return word in _ordinary() or f"{word}s" in _ordinary()


@cache
def _ordinary() -> frozenset[str]:
    """Words of English and of notes, and family names."""
    lists = (lexicon("common_words"), lexicon("rare_words"), lexicon("surnames"))
    return frozenset(word for words in lists for word in words if len(word) >= SHORTEST)


@cache
def _by_half() -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word in _medical():
        found[word[:_HALF] + "<"].append(word)
        found[">" + word[-_HALF:]].append(word)
    return found
