"""What is wrong with a summary, by other means than the verifier.

First the gate of rule mode. Then, where the verifier holds a sentence to the facts it cites, a model's
sentence is held to all that the rules say of the same resources and to the raw JSON of those: any word of
weight it has beyond them is strange, and so is a word that turns a meaning (negation, side, direction, whose,
certainty) which none of them says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.eval import record_facts as record
from tests.eval import summary_check as check
from tests.eval.model_summaries import Author, Summary, Told
from tests.eval.summary_eval import missed

_DOWN: Final = frozenset({"down", "fell", "decreased", "lower"})
_UP: Final = frozenset({"up", "rose", "increased", "higher"})
_ONE_MEANING: Final = (
    _DOWN,
    _UP,
    {"no", "not", "none", "never", "without"},
)
TURNING: Final = frozenset().union(
    *_ONE_MEANING,
    {"denies", "negative", "absent", "left", "right", "bilateral", "improved", "worsened", "stable"},
    {"unchanged", "mother", "father", "brother", "sister", "family", "suspected", "possible", "probable"},
    {"likely", "confirmed", "resolved", "stopped", "held", "new", "worse", "better", "normal", "high", "low"},
    {"critical", "start", "stop", "give", "must"},
)
_OF_GRAMMAR: Final = frozenset(
    {"active", "been", "because", "began", "current", "currently", "drug", "drugs", "from", "have", "include"}
    | {"includes", "including", "newest", "most", "recent", "noted", "patient", "problem", "problems", "with"}
    | {"recorded", "since", "started", "taken", "taking", "that", "their", "there", "these", "they", "this"}
    | {"value", "were", "which"}
)
_FIGURE: Final = r"(\d+(?:\.\d+)?)(?:/(\d+(?:\.\d+)?))?"
_FROM_TO = re.compile(rf"\bfrom {_FIGURE}\b[^.;]*? to {_FIGURE}\b")
_WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*")


@dataclass(frozen=True, slots=True)
class Faults:
    gate: tuple[str, ...]
    """Headings, evidence, identifiers, traps, and what the record holds and the summary does not tell."""
    unsupported: tuple[str, ...]
    """Figures, days, drugs, doses, diagnoses the record does not hold."""
    strange: tuple[str, ...]
    """The model's words that neither the rules nor the record say of what the sentence refers to."""
    omitted_critical: tuple[str, ...]
    critical: int

    @property
    def lines(self) -> tuple[str, ...]:
        omitted = [f"critical left out: {text}" for text in self.omitted_critical]
        return (*self.gate, *self.unsupported, *self.strange, *omitted)


def faults_of(summary: Summary) -> Faults:
    patient = next(r for r in summary.resources if r["resourceType"] == "Patient")
    own = summary.chart.patient
    of_patient = (
        str(own.age),
        "90",
        str(own.died and own.died.written),
        *map(str, summary.chart.counts.values()),
    )
    critical = {fact.statement.text for fact in summary.sheet.facts if fact.is_critical}
    told = {one.statement.text for one in summary.told}
    uncovered = check.uncovered(summary.markdown, summary.resources)
    gate = [
        *check.headings(summary.markdown),
        *check.without_evidence(summary.statements, summary.resources),
        *check.identifiers(summary.markdown, patient),
        *missed(summary.path, summary.markdown),
        *(f"{kind} left out: {name}" for kind, (_, names) in uncovered.items() for name in names),
    ]
    return Faults(
        gate=tuple(gate),
        unsupported=tuple(check.unsupported(summary.statements, summary.resources, of_patient)),
        strange=tuple(_strange(summary)),
        omitted_critical=tuple(sorted(critical - told)),
        critical=len(critical),
    )


def _strange(summary: Summary) -> Iterator[str]:
    raw = {f"{r['resourceType']}/{r.get('id')}": " ".join(record.texts(r)) for r in summary.resources}
    for one in summary.told:
        if one.author is Author.MODEL and (words := strange_words(one, summary, raw)):
            yield f"strange {', '.join(sorted(words))} in: {one.statement.text[:90]}"


def strange_words(one: Told, summary: Summary, raw: dict[str, str]) -> set[str]:
    """raw: the text of each resource, by reference."""
    own = set(one.statement.references)
    by_rule = [f.statement.text for f in summary.sheet.facts if own & set(f.statement.references)]
    said = {w for text in by_rule for w in _words(text)}
    held = said | {w for reference in own for w in _words(raw.get(reference, ""))}
    words = _words(one.statement.text)
    weighty = {word for word in words if len(word) > 3} - _OF_GRAMMAR - TURNING
    return {w for w in weighty if not _is_held(w, held)} | _turned(
        words & TURNING - _borne_out(one.statement.text), said
    )


def _borne_out(text: str) -> frozenset[str]:
    """The words of direction that the figures beside them prove: "rose from 123/77 to 128/80"."""
    moves = [
        float(new) - float(old)
        for a, b, c, d in _FROM_TO.findall(text)
        for old, new in ((a, c), (b, d))
        if old and new
    ]
    if moves and all(move > 0 for move in moves):
        return _UP
    return _DOWN if moves and all(move < 0 for move in moves) else frozenset()


def _turned(words: set[str], said: set[str]) -> set[str]:
    """Those whose meaning none of what is said has."""
    meant = said.union(*(same for same in _ONE_MEANING if same & said))
    return words - meant


def _is_held(word: str, held: set[str]) -> bool:
    return word in held or any(word[:5] == other[:5] for other in held if len(other) > 3)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
