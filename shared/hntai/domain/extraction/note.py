"""A text made ready for all who look for something in it: words, sentences, sections, cues."""

from __future__ import annotations

from dataclasses import dataclass

from hntai.domain.clinical_sentences import sentence_places
from hntai.domain.extraction.age_group import is_of_child
from hntai.domain.extraction.misspellings import SHORTEST, repaired
from hntai.domain.extraction.sections import Sections, find_sections
from hntai.domain.extraction.words import Words, words_of


@dataclass(frozen=True, slots=True)
class ClinicalNote:
    text: str
    sentences: tuple[tuple[int, int], ...]
    """Where each begins and ends."""
    words: Words
    sections: Sections
    is_of_child: bool


def read_note(text: str) -> ClinicalNote:
    """The text, read once."""
    pieces = sentence_places(text)
    words = words_of(text, [start for start, _ in pieces])
    for place, word in enumerate(words.forms):
        if len(word) >= SHORTEST:
            words.forms[place] = repaired(word)
    return ClinicalNote(text, tuple(pieces), words, find_sections(words), is_of_child(text))
