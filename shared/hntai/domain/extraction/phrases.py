"""Tables of phrases, found in a text by their first word, the longest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from hntai.domain.extraction.words import Words, forms_of

T = TypeVar("T")


class Found(NamedTuple, Generic[T]):
    """Words first to last, last not included, and what the table says of them."""

    first: int
    last: int
    value: T


class PhraseTable(Generic[T]):
    """What phrases stand for. A phrase that comes twice keeps what it stood for first."""

    def __init__(self, entries: Iterable[tuple[str, T]] = ()) -> None:
        self._values: dict[str, T] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        for phrase, value in entries:
            forms = forms_of(phrase)
            if forms:
                self.add(forms, value)

    def __len__(self) -> int:
        return len(self._values)

    def add(self, forms: Iterable[str], value: T) -> None:
        """A phrase in its forms."""
        listed = list(forms)
        self._values.setdefault(" ".join(listed), value)
        lengths = self._lengths.get(listed[0], ())
        if len(listed) not in lengths:
            self._lengths[listed[0]] = tuple(sorted((*lengths, len(listed)), reverse=True))

    def get(self, forms: Iterable[str]) -> T | None:
        """What a phrase in its forms stands for."""
        return self._values.get(" ".join(forms))

    def find(self, words: Words) -> Iterator[Found[T]]:
        """Left to right, never overlapping, never across the end of a sentence."""
        lengths, forms, sentence, values = self._lengths, words.forms, words.sentence, self._values
        reached, size = 0, len(forms)
        index = words.index()
        for at in sorted([place for form in index.keys() & lengths.keys() for place in index[form]]):
            if at < reached:
                continue
            own = sentence[at]
            for length in lengths[forms[at]]:
                last = at + length
                if last > size or sentence[last - 1] != own:
                    continue
                value = values.get(forms[at] if length == 1 else " ".join(forms[at:last]))
                if value is not None:
                    yield Found(at, last, value)
                    reached = last
                    break
