"""Names found once, looked for in the rest of the note: the cheapest recall there is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from hntai.domain.known_values import NAME_WORD, name_mentions
from hntai.domain.lexicons import lexicon
from hntai.domain.name_shapes import folded
from hntai.domain.note import Note
from hntai.domain.spans import PhiType, Span

_REPEATED: Final = 0.8
"""Names this sure are looked for in the rest of the note."""
_WORD = re.compile(r"[^\W\d_]{2,}(?:['’-][^\W\d_]{2,})*")
_IRISH = re.compile(r"[^\W\d_]['’][^\W\d_]{2,}")
"""O'Brien, which is written obrien too."""


def name_repeats(note: Note, found: Iterable[Span]) -> Iterator[Span]:
    """Further mentions of names already found, in any case; ordinary words are not carried along."""
    text = note.text
    words: set[str] = set()
    patterns = (_WORD, _IRISH) if "'" in text or "’" in text else (_WORD,)
    for span in found:
        if span.type is PhiType.NAME and span.score >= _REPEATED:
            for pattern in patterns:
                words.update(folded(match.group()) for match in pattern.finditer(text, span.start, span.end))
    kept = frozenset(
        word
        for word in words
        if len(word) > 2 and word not in lexicon("common_words") and word not in lexicon("drugs")
    )
    kept, places = _repeated(note, kept)
    if kept:
        yield from name_mentions(text, kept, score=0.75, recognizer="name_repeat", sure=False, places=places)


_JOINING: Final = ("-", "'", "’", "‑")
_LONGEST_JOINED: Final = 64
_JOINTS = str.maketrans("", "", "-'")


def _repeated(note: Note, words: frozenset[str]) -> tuple[frozenset[str], Iterator[re.Match[str]] | None]:
    """Those of the folded words that stand more than once, and where; None where a slow look must tell."""
    held = note.words
    if note.text.isascii():
        joined = {word for word in words if word not in held}
        if joined:
            low = note.text.lower().translate(_JOINTS)
            joined = {word for word in joined if low.count(word) > 1}
        found = frozenset(word for word in words if word in held and _is_more(note, word))
        return (found | joined, None) if joined else (found, _name_words(note, found))
    forms: dict[str, set[str]] = {}
    for word in held:
        forms.setdefault(folded(word), set()).add(word)
    if not words <= forms.keys():
        return words, None
    found = frozenset(
        word for word in words if len(forms[word]) > 1 or any(_is_more(note, form) for form in forms[word])
    )
    return found, _name_words(note, frozenset(form for word in found for form in forms[word]))


def _is_more(note: Note, word: str) -> bool:
    """True where a word stands twice, or as part of a joined one."""
    places = note.words[word]
    if len(places) > 1:
        return True
    before, end = places[0] - 1, places[0] + len(word)
    return note.text[max(0, before) : before + 1] in _JOINING or note.text[end : end + 1] in _JOINING


def _name_words(note: Note, words: frozenset[str]) -> Iterator[re.Match[str]]:
    """The words of names one of these is, or is a part of."""
    starts = dict.fromkeys(_start_of_joined(note.text, place) for place in note.places_of(words))
    return note.matches(NAME_WORD, starts)


def _start_of_joined(text: str, start: int) -> int:
    last = max(1, start - _LONGEST_JOINED)
    while start > last and text[start - 1] in _JOINING and text[start - 2].isalpha():
        start -= 2
        while start and text[start - 1].isalpha():
            start -= 1
    return start
