"""Seconds of one core for extraction: ordinary notes, the longest text allowed, and hostile repetitions.

python -m tests.bench.extraction_speed
"""

from __future__ import annotations

import time
from typing import Final

from hntai.domain.extraction.extract import extract
from tests.property.test_extraction import PIECES

LENGTH: Final = 500_000
"""The limit of the contract on text."""
NOTE: Final = (
    "HPI: 67 yo F with h/o HTN, DM2 and CHF seen for SOB. Denies chest pain, fever or chills.\n"
    "MEDICATIONS: lisinopril 20 mg po daily, metformin 500 mg twice daily, albuterol 2 puffs q4h prn.\n"
    "ALLERGIES: penicillin (hives). BP 132/80, HR 72, SpO2 98%. Sodium 138, creatinine 1.2.\n"
    "The patient was seen with her daughter, and the plan was discussed at some length with both of them.\n"
)


def main() -> None:
    for piece, length in (
        (NOTE, 3_200),
        (NOTE, 100_000),
        (NOTE, LENGTH),
        *((piece, LENGTH) for piece in PIECES),
    ):
        text = piece * (length // len(piece))
        began = time.process_time()
        found = len(extract(text).entities)
        seconds = time.process_time() - began
        rate = f"{len(text) / seconds:12,.0f} chars/s"
        print(f"{piece[:20]!r:26}{len(text):8} chars {seconds:7.2f} s {rate} {found:7}")


if __name__ == "__main__":
    main()
