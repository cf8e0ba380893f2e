"""Which words of a text are said of the patient, which denied, and which only asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from hntai.domain.clinical_sentences import Sentence, sentences
from hntai.domain.word_similarity import content_words

_CUE: Final = re.compile(
    r"\b(?:no|not|non|never|none|neither|nor|without|denie[sd]|deny|denying|negative for|free of|absence of|"
    r"absent|nil|cannot|unlikely|ruled? out|declines?|declined)\b|n['’]t\b|n 't\b",
    re.IGNORECASE,
)
_CUE_BEHIND: Final = re.compile(
    r"\b(?:(?:is|are|was|were|been) (?:negative|absent|ruled out|denied|not (?:seen|present|found|noted))|"
    r"negative)\b",
    re.IGNORECASE,
)
_SCOPE_END: Final = re.compile(
    r"[;.:!?]|\b(?:but|however|although|though|except|besides|only|reports?|endorses?|complains?|states?|which|because|"
    r"since|until|so|he has|she has|patient has|i have|is taking|takes|started)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"[;.!?]|,\s|\b(?:but|however|although)\b", re.IGNORECASE)
_NO: Final = re.compile(
    r"\W*(?:uh |um |oh )*(?:no|nope|nah|not|never|none|denies|"
    r"i (?:don|didn|haven|have not|do not|did not))\b",
    re.IGNORECASE,
)
_YES: Final = re.compile(
    r"\W*(?:uh |um |oh )*(?:yes|yeah|yep|yup|sure|correct|right|exactly|i (?:do|did|have|am|was))\b",
    re.IGNORECASE,
)
_CLOSED: Final = re.compile(
    r"\W*(?:(?:and|so|okay|ok|um|uh|now|but|or)\W+)*"
    r"(?:do|does|did|have|has|had|any|are|is|was|were|can|could|no|ever|how about)\b",
    re.IGNORECASE,
)
_SCOPE_WORDS: Final = 12


@dataclass(slots=True)
class Polarity:
    """Stems of words (content_words)."""

    affirmed: set[str] = field(default_factory=set)
    negated: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)


def polarity(text: str) -> Polarity:
    """Of a whole text; a question takes the polarity of its answer."""
    found = Polarity()
    pieces = [one for one in sentences(text) if one.body]
    for place, one in enumerate(pieces):
        if one.body.rstrip().endswith("?"):
            _read_question(found, one, pieces[place + 1 : place + 2])
        else:
            affirmed, negated = split_by_polarity(one.body)
            found.affirmed |= affirmed
            found.negated |= negated
    return found


def split_by_polarity(sentence: str) -> tuple[set[str], set[str]]:
    """The stems a statement affirms, and those it denies."""
    scopes = sorted(_scopes(sentence))
    negated = {stem for start, end in scopes for stem in content_words(sentence[start:end])}
    rest, at = [], 0
    for start, end in scopes:
        rest.append(sentence[at : max(at, start)])
        at = max(at, end)
    rest.append(sentence[at:])
    return set(content_words(" ".join(rest))), negated


def denials(sentence: str) -> Iterator[set[str]]:
    """What each negation of a statement reaches."""
    for start, end in _scopes(sentence):
        yield set(content_words(sentence[start:end]))


def _scopes(sentence: str) -> Iterator[tuple[int, int]]:
    for cue in _CUE.finditer(sentence):
        stop = _SCOPE_END.search(sentence, cue.end())
        end = stop.start() if stop else len(sentence)
        words = list(re.finditer(r"\S+", sentence[cue.end() : end]))
        yield cue.end(), cue.end() + words[_SCOPE_WORDS - 1].end() if len(words) > _SCOPE_WORDS else end
    for cue in _CUE_BEHIND.finditer(sentence):
        if not sentence[cue.end() :].lstrip().lower().startswith("for"):
            starts = [found.end() for found in _CLAUSE.finditer(sentence, 0, cue.start())]
            yield (starts[-1] if starts else 0), cue.start()


def _read_question(found: Polarity, question: Sentence, following: Iterable[Sentence]) -> None:
    stems = set(content_words(question.body))
    answer = next((one.body for one in following if one.speaker != question.speaker), "")
    if _NO.match(answer):
        found.negated |= stems
    elif _YES.match(answer) or not _CLOSED.match(question.body):
        found.affirmed |= stems
    else:
        found.asked |= stems
