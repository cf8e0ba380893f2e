"""Seconds of one core for hostile repetitions and an ordinary note, whole and recognizer by recognizer.

The whole scrubber takes texts of the greatest length allowed; each recognizer takes shorter ones of every
hostile piece, and the piece that costs it most is shown.

python -m tests.bench.phi_speed
"""

from __future__ import annotations

import time
from collections import deque
from typing import Final

from hntai.domain.deidentification import deidentify
from hntai.domain.note import Note
from hntai.domain.recognizers import HIGH
from hntai.domain.spans import Recognizer

LENGTH: Final = 500_000
"""The limit of the contract on text."""
RECOGNIZER_LENGTH: Final = 200_000
HOSTILE: Final = (
    "a",
    " ",
    "\n",
    "\t",
    "\u200b",
    "e\u0301",
    "9",
    "A",
    "A ",
    "A.",
    "AB,",
    "Aa-",
    "O'",
    ".",
    ":",
    "(",
    "[",
    '"',
    "1 ",
    "1-",
    "1/",
    "1.",
    "12/12 ",
    "a@",
    "a.",
    "a:",
    "ab:",
    "ab1-",
    "+1 ",
    "555-",
    "Mr. ",
    "St. ",
    "Jan ",
    "John Doe, ",
    "[REDACTED] Mr. Doe ",
    "from Aa ",
    "the Aa of ",
    "12 Aa ",
    "name: ",
    "pt ",
    "id 1234 ",
    "last four ",
    "transcribed ",
    "Foley ",
    "http://",
    "www.",
)
"""Pieces that, repeated, bring every pattern to its most starts and fewest ends."""
_NOTE: Final = (
    "HPI: Anna Testpatient is a 62-year-old woman with hypertension and type 2 diabetes, seen 03/04/2024 by "
    "Dr. Doe at Bayside Community Hospital for follow up. She denies chest pain. BP 132/80, HR 72, SpO2 98%. "
    "Continue lisinopril 20 mg daily and metformin 500 mg twice daily. Sodium 138, creatinine 1.2.\n"
)


def main() -> None:
    for piece in (*HOSTILE, _NOTE):
        text = piece * (LENGTH // len(piece))
        started = time.process_time()
        spans = deidentify(text).spans
        seconds = time.process_time() - started
        print(f"{piece[:24]!r:28}{seconds:8.2f} s {len(text) / seconds:12,.0f} chars/s {len(spans):8} spans")
    print(f"\neach recognizer on its worst of these, {RECOGNIZER_LENGTH:,} characters")
    for recognizer in HIGH:
        name = getattr(recognizer, "__name__", type(recognizer).__name__)
        seconds, piece = max((_seconds(recognizer, piece), piece) for piece in HOSTILE)
        print(f"{name:28}{piece!r:24}{seconds * 1000:8.0f} ms")


def _seconds(recognizer: Recognizer, piece: str) -> float:
    text = piece * (RECOGNIZER_LENGTH // len(piece))
    started = time.process_time()
    deque(recognizer(Note(text)), maxlen=0)
    return time.process_time() - started


if __name__ == "__main__":
    main()
