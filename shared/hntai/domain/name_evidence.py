"""What speaks for and against a candidate being a name, as learned names count it.

The words of the candidate are no evidence themselves, only what the lists say of them, their endings and
their neighbours: a name never met must be found as well as one met in training.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hntai.domain.lexicons import lexicon
from hntai.domain.name_candidates import Token, cues_beside
from hntai.domain.name_shapes import folded
from hntai.domain.word_kinds import WordKind

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BRAND = re.compile(r"\A(?!Mac|Mc|De|Di|Du|La|Le|Van|Von|Fitz)[A-Z][a-z]+[A-Z]")
"""SoloStar, OxyContin; but McKenna, LaTonya, DeShawn."""
_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "al", "ic", "er", "ness")
_FRONTS = ("non", "un", "re", "pre", "post", "peri", "anti", "sub", "hyper", "hypo", "intra", "over", "a")
_REACH_BEFORE = 40
_REACH_AFTER = 36


def name_evidence(text: str, part: Sequence[Token]) -> list[str]:
    """Names of the facts that hold, none where every token is an initial; same text, same list."""
    full = [token for token in part if not token[2].initial]
    if not full:
        return []
    start, end = part[0][0], part[-1][1]
    words = [text[token[0] : token[1]] for token in full]
    return [
        *_of_words(words, [token[2] for token in full], has_initial=len(part) > len(full)),
        *_of_neighbours(text, start, end, f"{min(len(words), 2)}{_shape(words)}"),
        *(f"{cue} {holds}" for cue, holds in cues_beside(text, start, end)._asdict().items()),
    ]


def _of_words(words: Sequence[str], kinds: Sequence[WordKind], *, has_initial: bool) -> list[str]:
    first, last = _mark(kinds[0]), _mark(kinds[-1])
    count = min(len(words), 3)
    found = [
        f"count {count}",
        f"kinds {count} {first} {last}",
        f"shape {_shape(words)} {count} {first}",
        f"initial {has_initial} {count} {first}",
    ]
    if any(folded(word) in lexicon("drugs") for word in words):
        found.append("drug")
    for word, kind in zip(words, kinds, strict=True):
        if kind.open and len(word) > 2:
            low = f"^{word.lower()}$"
            found += (f"end {low[-4:]}", f"end {low[-3:]}", f"start {low[:4]}")
            if not (kind.given or kind.family) and _is_inflected(low[1:-1]):
                found.append("inflected")
    return found


def _is_inflected(word: str) -> bool:
    """True for an ordinary word with an ending: agreements, titrated, non-smoking."""
    common = lexicon("common_words")
    stems = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return any(stem in common or f"{stem}e" in common for stem in stems) or any(
        word.startswith(front) and word[len(front) :].lstrip("-") in common for front in _FRONTS
    )


def _mark(kind: WordKind) -> str:
    """The lists a word stands in, a letter each; o for none."""
    return "".join(letter for letter, holds in zip("gfcrie", kind, strict=True) if holds) or "o"


def _shape(words: Sequence[str]) -> str:
    if all(word.isupper() for word in words):
        return "capitals"
    if any(word[:2].isupper() for word in words):
        return "abbreviation"
    return "brand" if any(map(_BRAND.search, words)) else "mixed"


def _of_neighbours(text: str, start: int, end: int, shape: str) -> list[str]:
    before, after = text[max(0, start - _REACH_BEFORE) : start], text[end : end + _REACH_AFTER]
    left = ["^", "^", *(_plain(match.group()) for match in _WORD.finditer(before))]
    right = [*(_plain(match.group()) for match in _WORD.finditer(after)), "$", "$"]
    sign_before, sign_after = _sign(before.rstrip(" \t")[-1:]), _sign(after.lstrip(" \t")[:1])
    joined = bool(after) and (after[0].isalnum() or after[0] in "-_/")
    return [
        f"signs {sign_before} {sign_after}",
        f"before {sign_before} {shape}",
        f"after {sign_after} {shape} {joined}",
        f"word before {left[-1]} {sign_before}",
        f"word after {right[0]} {sign_after}",
        f"words before {left[-2]} {left[-1]}",
        f"words after {right[0]} {right[1]}",
        f"second before {left[-2]}",
        f"second after {right[1]}",
    ]


def _plain(word: str) -> str:
    """In small letters; figures by their number of digits."""
    if word.isdigit():
        return f"#{min(len(word), 5)}"
    return "#x" if any(sign.isdigit() for sign in word) else word.lower()


def _sign(sign: str) -> str:
    if not sign.strip() or not sign.isprintable():
        return "line"
    return "digit" if sign.isdigit() else "Word" if sign.isupper() else "word" if sign.isalpha() else sign
