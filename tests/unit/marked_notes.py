"""Notes with their PHI marked, as rows of tables: Patient {NAME Anna Testpatient} was seen."""

from __future__ import annotations

import re

from hntai.domain.deidentification import DeidentificationOptions, find_phi

MARK = re.compile(r"\{([A-Z_]+) ([^{}]*)\}")


def unmarked(row: str) -> str:
    """The note as a scrubber gets it."""
    return MARK.sub(r"\2", row)


def marked(text: str, options: DeidentificationOptions = DeidentificationOptions()) -> str:
    """The note with every span the scrubber finds marked by its type."""
    result, position = "", 0
    for span in find_phi(text, options):
        result += f"{text[position : span.start]}{{{span.type} {text[span.start : span.end]}}}"
        position = span.end
    return result + text[position:]
