"""Sentences compared by the words they share: what there is where no encoder is baked."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from hntai.domain.generation import ModelIdentity, ModelType
from hntai.domain.note import word_set

_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_WORD: Final = re.compile(r"[a-z]{3,}|\d+(?:\.\d+)?")
_STEM_LETTERS: Final = 7
_FILLERS: Final = word_set(
    "the and for with was were are has have had that this you your but not his her she they them "
    "there then than from any all out about been being will would could should can did does when "
    "what which who how just like okay yeah yes well know think get got one its our also into some "
    "very really"
)


def content_words(text: str) -> list[str]:
    """The words that say something, cut to seven letters so that endings matter little."""
    return [word[:_STEM_LETTERS] for word in _WORD.findall(text.lower()) if word not in _FILLERS]


class WordSimilarity:
    """See hntai.ports.SentenceEncoder: cosine of TF-IDF vectors, weighted over the sentences given."""

    def __init__(self) -> None:
        self.identity = ModelIdentity("word-overlap", "1", ModelType.EXTRACTIVE)

    def count_tokens(self, text: str) -> int:
        """Words and punctuation marks."""
        return len(_TOKEN.findall(text))

    def similarities(self, sentences: Sequence[str]) -> Sequence[Sequence[float]]:
        vectors = _vectors(sentences)
        holders: dict[str, list[int]] = {}
        for place, vector in enumerate(vectors):
            for word in vector:
                holders.setdefault(word, []).append(place)
        rows = [[0.0] * len(sentences) for _ in sentences]
        for place, vector in enumerate(vectors):
            row = rows[place]
            for word, weight in vector.items():
                for other in holders[word]:
                    row[other] += weight * vectors[other][word]
            row[place] = 1.0
        return rows


def _vectors(sentences: Sequence[str]) -> list[Mapping[str, float]]:
    counts = [Counter(content_words(sentence)) for sentence in sentences]
    spread = Counter(word for count in counts for word in count)
    total = len(sentences)
    vectors: list[Mapping[str, float]] = []
    for count in counts:
        weights = {
            word: (1 + math.log(times)) * math.log(1 + total / spread[word]) for word, times in count.items()
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        vectors.append({word: weight / length for word, weight in weights.items()})
    return vectors
