"""Whether a document and a record speak of the same problem, drug or substance, however each calls it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from hntai.domain.chart.drugs import ingredients_in
from hntai.domain.chart.values import Allergy, Order, Problem
from hntai.domain.extraction.entities import Assertion, Kind, System
from hntai.domain.extraction.extract import extract

_ICD10CM: Final = re.compile(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\Z")
_UNSPECIFIED: Final = re.compile(r"\.9|\Z")
"""How what follows the category of an ICD-10-CM code begins where it says no more than the category."""
_ABOUT_ALLERGY: Final = re.compile(r"\b(?:allerg(?:y|ic|ies)|to|drug|intolerance)\b|[^\w\s]", re.IGNORECASE)
_ORAL: Final = re.compile(r"\b(?:oral|tablets?|capsules?|pills?|by mouth)\b", re.IGNORECASE)
_KIND: Final = re.compile(r"\s*\([^()]*\)\s*\Z")
_MOST_OF_A_NAME: Final = 0.6
"""How much of a name a known term must be, to be what the name means."""
_SALTS: Final = {
    name: name for name in ("succinate", "tartrate", "pamoate", "fumarate", "maleate", "besylate")
} | {
    "hydrochloride": "hydrochloride",
    "hcl": "hydrochloride",
}
_RELEASES: Final = dict.fromkeys(
    ("er", "xl", "xr", "sr", "cr", "la", "extended release"), "extended"
) | dict.fromkeys(("ir", "immediate release"), "immediate")
_SO: Final = Assertion.PRESENT


def is_same_problem(one: Problem, other: Problem) -> bool:
    """By name, by code, or by the code the extraction rules give their names; `I50.9` is any `I50`."""
    if one.name.casefold() == other.name.casefold():
        return True
    return any(_agree(a, b) for a in _codes(one) for b in _codes(other))


def is_same_drug(one: Order, other: Order) -> bool:
    """By ingredients; given another way (a cream, an inhaler) it is another drug, if both say how."""
    ways = [_way(order) for order in (one, other)]
    if all(ways) and ways[0] != ways[1]:
        return False
    return one.course_key == other.course_key or bool(
        _ingredients(one.name) and _ingredients(one.name) == _ingredients(other.name)
    )


def is_another_product(one: Order, other: Order) -> bool:
    """Whether both name a salt, or a release, and not the same: metoprolol succinate is no tartrate."""
    return any(
        all(told := [{words[m.lower()] for m in _found(words).findall(o.name)} for o in (one, other)])
        and told[0].isdisjoint(told[1])
        for words in (_SALTS, _RELEASES)
    )


def is_same_substance(one: Allergy, other: Allergy) -> bool:
    """By ingredient, or by name without the words about it being an allergy."""
    shared = set(ingredients_in(one.name)) & set(ingredients_in(other.name))
    return bool(shared) or _bare(one.name) == _bare(other.name)


def _found(words: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])", re.IGNORECASE)


def _way(order: Order) -> str:
    return order.course_key.rpartition("|")[2] or ("oral" if _ORAL.search(order.name) else "")


def _agree(one: str, other: str) -> bool:
    if one[:3] != other[:3]:
        return False
    return one == other or any(_UNSPECIFIED.match(code[3:]) is not None for code in (one, other))


def _codes(problem: Problem) -> frozenset[str]:
    own = {code for code in problem.codes if _ICD10CM.match(code)}
    return frozenset(own) or _codes_of_name(problem.name)


@lru_cache(maxsize=2048)
def _codes_of_name(name: str) -> frozenset[str]:
    found = [one for one in extract(name).of(Kind.PROBLEMS) if one.codes and one.assertion is _SO]
    longest = sorted(found, key=lambda one: len(one.text))[-1:]
    whole = [one for one in longest if len(one.text) >= _MOST_OF_A_NAME * len(_KIND.sub("", name))]
    return frozenset(c.code for one in whole for c in one.codes if c.system is System.ICD10CM)


@lru_cache(maxsize=2048)
def _ingredients(name: str) -> frozenset[str]:
    """Generic names, by the chart's table and the larger one of the extraction rules."""
    found = {str(one.details["drug"]) for one in extract(name).of(Kind.MEDICATIONS)}
    each = {ingredient.strip() for drug in found for ingredient in drug.split("/")}
    return frozenset(each | set(ingredients_in(name)))


def _bare(name: str) -> str:
    return " ".join(_ABOUT_ALLERGY.sub(" ", name).casefold().split())
