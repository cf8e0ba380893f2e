"""What an extractive summary is made of: sentences of a note; of a dialogue, questions with their answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hntai.domain.clinical_sentences import Sentence, sentences
from hntai.domain.note import word_set
from hntai.domain.note_style import finding, third_person
from hntai.domain.word_similarity import content_words

_CLINICIANS: Final = word_set(
    "doctor clinician physician provider nurse therapist interviewer guest_clinician"
)
_MARKUP: Final = re.compile(r"</?[A-Z_]+ ?/?>")
_FILLERS: Final = re.compile(
    r"(?<![\w'-])(?:(?i:u+h+m*|u+m+|e+r+m+|mm+-?hmm*|hmm+|mm+)|er|eh)(?![\w'-])\s*,?\s*"
)
"""`ER` is a place."""
_COMMAS: Final = re.compile(r"\s*,(?:\s*,)+")
_STUTTER: Final = re.compile(r"\b((?:\w+ )?\w+)(?: ?, ?\1\b)+", re.IGNORECASE)
_REPEATED: Final = re.compile(
    r"\b((?:and|but|so|or|the|a|an|to|of|in|on|at|for|with|if|i|it|we|you|he|she|they|my|your|no|yeah|okay)\b)"
    r"(?: \1\b)+",
    re.IGNORECASE,
)
"""Only words that nobody says twice on purpose, and no numbers."""
_TURN_OPENING: Final = re.compile(
    r"(?:(?:so|well|and|okay|ok|alright|all right|oh|now|yeah|like|you know|i mean|i see|right|great|"
    r"good|anyway)\b"
    r"(?: ?[,.] ?| (?=so|well|and|um|i |you |we |it|the|my)))+",
    re.IGNORECASE,
)
_QUESTION_OPENING: Final = re.compile(
    r"(?:(?:and|or|so|but|then)\W+)*(?:have you (?:also |ever )?(?:had|noticed|experienced|"
    r"been (?:having|experiencing))|do you (?:also |currently )?(?:have|notice|get|experience)|"
    r"are you (?:also |currently )?(?:having|experiencing)|"
    r"(?:is|are) there) (?=any\b|an?\b)",
    re.IGNORECASE,
)
"""What may go without loss: the answer is still of now, or of until now."""
_STATEMENT_OPENING: Final = re.compile(
    r"(?:(?:yes|yeah|yep)\b ?[,.]? ?)?i(?: ?['’]ve| have)?(?: (?:just |also |actually )?"
    r"(?:have|had|been having|am having|been experiencing)| ?['’]m having) "
    r"(?=(?:an?|some|this|these|pain|bad|severe|low|lower|high)\b)",
    re.IGNORECASE,
)
"""The same of statements; `I had` alone is of the past and stays."""
_PAST: Final = re.compile(r"i had\b|yes,? i had\b|yeah,? i had\b", re.IGNORECASE)
_ANSWERS: Final = re.compile(
    r"(?:yes|yeah|yep|yup|no|nope|nah|not|never|none|sure|correct|right|exactly|"
    r"i (?:do|did|have|am|was|don't|didn't|haven't)|just|only|"
    r"sometimes|maybe|occasionally|a (?:bit|little|few)|about|bout)\b",
    re.IGNORECASE,
)
_SHORT_WORDS: Final = 6
_UNDERSTOOD: Final = word_set(
    "diagnosis diagnoses procedure procedures operation operations operative preoperative "
    "postoperative impression assessment chief complaint reason for visit consultation history of "
    "present illness subjective title name description indication indications findings the "
    "admission admitting discharge final and performed cc hpi type study exam examination present "
    "evaluation brief hospital course"
)
"""Headings of these words alone need no repeating: what stands under them is said of the patient now."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is taken or left as one: an answer never stands without the question it depends on."""

    place: float
    """Where in the text it starts: 0 the start, 1 the end."""
    heading: str
    spoken: tuple[tuple[str, str], ...]
    """Its parts: who says it (in a note no one), and what."""

    @property
    def text(self) -> str:
        """Without the speakers."""
        return " ".join(words for _, words in self.spoken)

    @property
    def speaker(self) -> str:
        """Of its last words; empty in a note."""
        return self.spoken[-1][0] if self.spoken else ""

    @property
    def is_of_clinician(self) -> bool:
        return self.speaker in _CLINICIANS

    @property
    def shown_heading(self) -> str:
        """The heading its meaning hangs on, such as a family history's; else empty."""
        words = re.findall(r"[a-z]+", self.heading)
        return "" if all(word in _UNDERSTOOD for word in words) else self.heading.capitalize()


def units(text: str) -> tuple[Unit, ...]:
    """The units of a text, in its order."""
    found = [one for one in sentences(text) if one.body]
    length = max(len(text), 1)
    is_dialogue = any(one.speaker for one in found)
    groups = list(_exchanges(found)) if is_dialogue else [(one,) for one in found]
    listeners = {one.speaker for one in found} - _CLINICIANS
    made = (_unit(group, length, is_patient_alone=listeners == {"patient"}) for group in groups)
    return tuple(unit for unit in made if content_words(unit.text))


def _unit(group: Sequence[Sentence], length: int, *, is_patient_alone: bool) -> Unit:
    """is_patient_alone: with clinicians; only then is `you`, of their words, the patient."""
    told = _finding(group) if is_patient_alone else None
    said = [(group[1].speaker, told)] if told else []
    for one in group[2:] if told else group:
        words = _words(one)
        if one.speaker == "patient" or (is_patient_alone and one.speaker in _CLINICIANS):
            words = third_person(words, is_of_patient=one.speaker == "patient")
        said.append((one.speaker, words))
    spoken = tuple((speaker, words) for speaker, words in said if words)
    return Unit(group[0].start / length, group[0].heading, spoken)


def _finding(group: Sequence[Sentence]) -> str | None:
    """A clinician's question and the patient's answer as one; None where they stay two."""
    if len(group) < 2 or group[0].speaker not in _CLINICIANS or group[1].speaker != "patient":
        return None
    return finding(_spoken(group[0].body), _without_marks(group[1].body))


def _words(one: Sentence) -> str:
    if not one.speaker:
        return one.body
    return _said(_spoken(one.body), _asks(one))


def _spoken(body: str) -> str:
    """Speech without hesitation, a transcriber's marks and what opens a turn; words of substance stay."""
    return _without_opening(_without_marks(body), _TURN_OPENING)


def _without_marks(body: str) -> str:
    plain = _COMMAS.sub(",", _FILLERS.sub("", _MARKUP.sub(" ", body)))
    return _REPEATED.sub(r"\1", _STUTTER.sub(r"\1", " ".join(plain.split()))).strip(" ,")


def _said(words: str, is_question: bool) -> str:
    """As a note would put it: `Any fever?` for `Have you had any fever?`, `A rash` for `I have a rash`."""
    if _PAST.match(words):
        return words
    return _without_opening(words, _QUESTION_OPENING if is_question else _STATEMENT_OPENING)


def _without_opening(words: str, opening: re.Pattern[str]) -> str:
    found = opening.match(words)
    rest = words[found.end() :].lstrip(" ,") if found else words
    return rest[:1].upper() + rest[1:] if content_words(rest) else words


def _exchanges(found: Sequence[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    """Questions with answers that cannot stand alone; other sentences alone; other questions left out."""
    place = 0
    while place < len(found):
        one = found[place]
        if not _asks(one):
            yield (one,)
            place += 1
            continue
        end = place + 1
        while end < len(found) and found[end].speaker == one.speaker and _asks(found[end]):
            end += 1
        if end < len(found) and found[end].speaker != one.speaker and _depends(found[end]):
            after = end + 1
            while (
                after < len(found) and found[after].speaker == found[end].speaker and _depends(found[after])
            ):
                after += 1
            yield tuple(found[end - 1 : after])
            end = after
        place = end


def _asks(one: Sentence) -> bool:
    return one.body.rstrip("\"'”) ").endswith("?")


def _depends(answer: Sentence) -> bool:
    body = _spoken(answer.body)
    return not _asks(answer) and (len(body.split()) <= _SHORT_WORDS or bool(_ANSWERS.match(body)))
