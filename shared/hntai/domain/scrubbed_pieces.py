"""Text in pieces, scrubbed as the one text it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hntai.domain.deidentification import DeidentificationOptions, find_phi, replacer
from hntai.domain.spans import Span


def without_phi(
    pieces: Sequence[str],
    gap: str,
    options: DeidentificationOptions,
    is_in_budget: Callable[[], bool],
) -> tuple[list[str], tuple[Span, ...]]:
    """The pieces without identifiers, and where those are in the pieces joined by gap.

    They are found in the whole text: names and numbers run over pieces. What takes the place of one that
    does stands in the piece where it began.

    Raises:
        RecognizerBudgetError: as find_phi.
    """
    text = gap.join(pieces)
    spans = find_phi(text, options, is_in_budget)
    replace_span = replacer(text, spans, options)
    marks = [replace_span(span, text[span.start : span.end]) for span in spans]
    left, start, first = [], 0, 0
    for piece in pieces:
        end = start + len(piece)
        kept, at = [], start
        while first < len(spans) and spans[first].start < end:
            span = spans[first]
            kept.append(text[at : max(at, span.start)])
            if span.start >= start:
                kept.append(marks[first])
            at = min(span.end, end)
            if span.end > end:
                break
            first += 1
        kept.append(text[at:end])
        left.append("".join(kept))
        start = end + len(gap)
    return left, spans
