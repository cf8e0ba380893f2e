"""De-identification of one note: find what the options ask for, put something else in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from hntai.domain.errors import RecognizerBudgetError
from hntai.domain.known_values import KnownValues, known_spans
from hntai.domain.name_repeats import name_repeats
from hntai.domain.note import Note
from hntai.domain.operators import REDACTED, TAGS, Operator, Replace, mask, numbering, redact, replaced, tag
from hntai.domain.recognizers import BALANCED, HIGH
from hntai.domain.recognizers.tagged import BALANCED_ODDS, HIGH_ODDS, tagged
from hntai.domain.rules_first import rest_of, rules_first
from hntai.domain.safe_harbor import kept_in_limited_data_set
from hntai.domain.spans import PhiType, Recognizer, Span, merged, outside
from hntai.domain.surrogates import surrogates
from hntai.domain.tagger.native import tagger
from hntai.domain.value_lists import literal_ranges, without_allowed

__all__ = [
    "SCRUBBER",
    "DeidentificationOptions",
    "Deidentified",
    "KnownValues",
    "Operator",
    "Policy",
    "Recall",
    "deidentify",
    "find_phi",
    "replacer",
]

SCRUBBER: Final = "hntai-phi@5"
"""Model name the audit records."""


class Policy(StrEnum):
    """Which rule of law decides what goes."""

    safe_harbor = "safe_harbor"
    """45 CFR 164.514(b)(2): all eighteen identifiers."""
    limited_dataset = "limited_dataset"
    """45 CFR 164.514(e): dates, ages, town, state and ZIP stay."""


class Recall(StrEnum):
    """How much evidence is enough."""

    balanced = "balanced"
    high = "high"


@dataclass(frozen=True, slots=True)
class DeidentificationOptions:
    """How to de-identify; the defaults are the contract's."""

    operator: Operator = Operator.redact
    policy: Policy = Policy.safe_harbor
    recall: Recall = Recall.balanced
    known: KnownValues = field(default_factory=KnownValues)
    allow: tuple[str, ...] = ()
    """Values never redacted: a whole span, or whole words inside a name, place or facility."""
    deny: tuple[str, ...] = ()
    """Values always redacted, before anything else is asked."""
    types: frozenset[PhiType] | None = None
    """Only these types are redacted; None for all."""
    surrogate_key: bytes = b""


@dataclass(frozen=True, slots=True)
class Deidentified:
    """A note without its PHI, and where the PHI was."""

    scrubbed_text: str
    spans: tuple[Span, ...]
    """Offsets into the note as it came, left to right, never overlapping."""

    @property
    def phi_found(self) -> tuple[PhiType, ...]:
        """Types in order of first appearance, once each."""
        return tuple(dict.fromkeys(span.type for span in self.spans))

    @property
    def redaction_count(self) -> int:
        return len(self.spans)

    @property
    def counts(self) -> dict[str, int]:
        """How many spans of each type."""
        result: dict[str, int] = {}
        for span in self.spans:
            result[span.type.value] = result.get(span.type.value, 0) + 1
        return result


def deidentify(
    text: str,
    options: DeidentificationOptions = DeidentificationOptions(),
    is_in_budget: Callable[[], bool] = lambda: True,
) -> Deidentified:
    """The text with every span find_phi gives replaced by the operator.

    Raises:
        RecognizerBudgetError: is_in_budget said no between two recognizers; none is ever skipped.
    """
    spans = find_phi(text, options, is_in_budget)
    return Deidentified(replaced(text, spans, replacer(text, spans, options)), spans)


def find_phi(
    text: str,
    options: DeidentificationOptions = DeidentificationOptions(),
    is_in_budget: Callable[[], bool] = lambda: True,
    recognizers: Sequence[Recognizer] | None = None,
) -> tuple[Span, ...]:
    """Spans to be replaced, left to right, never overlapping. Raises as deidentify does.

    recognizers: in place of those the wished recall asks for.
    """
    note = Note(text)
    found: list[Span] = []
    for recognizer in _recognizers(options.recall) if recognizers is None else recognizers:
        if not is_in_budget():
            raise RecognizerBudgetError
        found += recognizer(note)
    if not is_in_budget():
        raise RecognizerBudgetError
    found += known_spans(text, options.known)
    found = rules_first(text, found)
    found += name_repeats(note, found)
    judged = merged(found)
    if options.allow:
        found = list(without_allowed(text, found, options.allow))
    found += [
        Span(start, end, PhiType.OTHER_ID, 1.0, "deny") for start, end in literal_ranges(text, options.deny)
    ]
    kept = _kept(text, judged if _takes_all(options) else found, options)
    return _settled(note, kept, judged, options, is_in_budget) if kept and recognizers is None else kept


def _takes_all(options: DeidentificationOptions) -> bool:
    """True where the options neither add spans nor let any stand."""
    lists = options.allow or options.deny or options.types is not None
    return not lists and options.policy is Policy.safe_harbor


def _kept(text: str, found: Iterable[Span], options: DeidentificationOptions) -> tuple[Span, ...]:
    wanted = merged(span for span in found if _applies(span, options))
    return tuple(span for span in outside(wanted, _tags(text)) if _has_content(text, span))


_LOOKS: Final = 4


def _settled(
    note: Note,
    kept: tuple[Span, ...],
    judged: Sequence[Span],
    options: DeidentificationOptions,
    is_in_budget: Callable[[], bool],
) -> tuple[Span, ...]:
    """With the spans the tagger finds once those kept are replaced, so that scrubbing twice is as once.

    What the options let stand of the spans judged before is not asked again. The tagger looks until it finds
    nothing, _LOOKS times at most: a text made to be found anew each time is left there.
    """
    text = note.text
    odds = HIGH_ODDS if options.recall is Recall.high else BALANCED_ODDS
    for _ in range(_LOOKS):
        if not is_in_budget():
            raise RecognizerBudgetError
        tagged_text = replaced(text, kept, lambda *_: REDACTED)
        again = tagged(Note(tagged_text), tagger(), odds, only_near_tags=True)
        found: Iterable[Span] = (
            piece for span in _in_original(again, kept) for piece in rest_of(text, span, judged)
        )
        if options.allow:
            found = without_allowed(text, found, options.allow)
        added = list(found)
        settled = _kept(text, (*kept, *added), options) if added else kept
        if settled == kept:
            break
        kept = settled
    return kept


def _in_original(again: Iterable[Span], kept: Sequence[Span]) -> Iterator[Span]:
    """Spans of the text with tags, in the offsets of the text before; left to right, none on a tag."""
    shift, passed = 0, 0
    for span in again:
        while passed < len(kept) and kept[passed].start + shift < span.end:
            shift += len(REDACTED) - (kept[passed].end - kept[passed].start)
            passed += 1
        yield Span(span.start - shift, span.end - shift, span.type, span.score, span.recognizer)


def _recognizers(recall: Recall) -> tuple[Recognizer, ...]:
    return HIGH if recall is Recall.high else BALANCED


def replacer(text: str, spans: tuple[Span, ...], options: DeidentificationOptions) -> Replace:
    """What stands in the place of each of the spans, under the operator the options name."""
    if options.operator is Operator.surrogate:
        dates = [text[span.start : span.end] for span in spans if span.type is PhiType.DATE]
        return surrogates(options.surrogate_key, dates)
    if options.operator is Operator.numbered:
        return numbering()
    return {Operator.redact: redact, Operator.tag: tag, Operator.mask: mask}[options.operator]


def _applies(span: Span, options: DeidentificationOptions) -> bool:
    if span.recognizer == "deny":
        return True
    if options.types is not None and span.type not in options.types:
        return False
    return not (options.policy is Policy.limited_dataset and kept_in_limited_data_set(span))


_TAG = re.compile(TAGS)


def _tags(text: str) -> tuple[tuple[int, int], ...]:
    """Where a scrubber's own marks already stand."""
    return tuple(match.span() for match in _TAG.finditer(text)) if "[" in text else ()


def _has_content(text: str, span: Span) -> bool:
    return any(sign.isalnum() for sign in text[span.start : span.end])
