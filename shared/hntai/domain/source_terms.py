"""Diseases, findings and procedures that a sentence about a text names: the text must name them, and of whom.

A word is taken for such a term by its ending (-itis, -emia, -ectomy) or because it is listed. What people say
for it counts as the term: high blood pressure is hypertension.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from hntai.domain.clinical_sentences import sentences
from hntai.domain.lexicons import lexicon, ordered

_WORD: Final = re.compile(r"[a-z]{4,}")
_ENDING: Final = re.compile(
    r"[a-z]{2,}(?:itis|a?emia|omas?|os[ie]s|path(?:y|ies)|algia|plegia|paresis|rrhea|rrhage|ectomy|otomy|ostomy"
    r"|oscopy|plasty|pno?ea|uria|megaly|penia|trophy|cele)"
    r"|embolism|infarction|fibrillation|(?:[a-z]+)?spasm"
)
_NO_TERMS: Final = frozenset(
    ["apathy", "aroma", "atrophy", "diagnoses", "diagnosis", "diploma", "empathy", "prognosis", "sympathy"]
)
"""Words with such an ending that name no disease, or any."""
_RELATIVE: Final = re.compile(
    r"\b(?:mother|father|mom|mum|dad|brother|sister|son|daughter|aunt|uncle|cousin|grandmother|grandfather|grandma"
    r"|grandpa|grandparents?|parents?|sibling|siblings|family|wife|husband|maternal|paternal|relatives?)s?\b",
    re.IGNORECASE,
)
_STEM: Final = 7
"""Letters two forms of one word share: fracture, fractured; diabetes and diabetic are listed."""


class SourceTerms:
    """The words of a text, and those it says of relatives alone."""

    def __init__(self, text: str) -> None:
        own: list[str] = []
        of_relatives: list[str] = []
        for one in sentences(text):
            (of_relatives if _RELATIVE.search(one.body) else own).append(" ".join(one.body.lower().split()))
        self._own_text, self._text = "\n".join(own), "\n".join(own + of_relatives)
        self._own = frozenset(map(_stem, _WORD.findall(self._own_text)))
        self._all = frozenset(map(_stem, _WORD.findall(self._text)))

    def bear_out(self, sentence: str) -> bool:
        """Whether each term of the sentence stands in the text: of the patient, or of relatives."""
        if _RELATIVE.search(sentence):
            return all(_says(self._text, self._all, term) for term in terms(sentence))
        return all(_says(self._own_text, self._own, term) for term in terms(sentence))


def terms(text: str) -> Iterator[str]:
    """The words of a text that name a disease, a finding or a procedure, in lower case."""
    for word in _WORD.findall(text.lower()):
        is_ending = _ENDING.fullmatch(word) is not None and word not in _NO_TERMS
        if is_ending or word in lexicon("disease_words") or word in _lay_terms():
            yield word


def _says(text: str, stems: frozenset[str], term: str) -> bool:
    return _stem(term) in stems or any(
        re.search(rf"\b{re.escape(words)}\b", text) for words in _said_for(term)
    )


def _said_for(term: str) -> tuple[str, ...]:
    return _lay_terms().get(term) or _lay_terms().get(term.removesuffix("s"), ())


@cache
def _lay_terms() -> Mapping[str, tuple[str, ...]]:
    split = (line.partition(": ") for line in ordered("lay_terms"))
    return {term: tuple(said.split(", ")) for term, _, said in split}


def _stem(word: str) -> str:
    return word[:_STEM] if len(word) > _STEM else word.removesuffix("s")
