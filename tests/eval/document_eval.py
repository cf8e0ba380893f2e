"""python -m tests.eval.document_eval: character errors over generated documents, and pages a second.

Many pages, and the memory they take, are measured by tests.bench.document_speed.

Goals: a text layer 0, a clean scan at most 0.5 %, a fax at most 3 %. Ends with 1 where one is missed.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hntai.adapters.document_reader import ChildDocumentReader
from tests.documents import ccda, docx, docx_table, fhir, paragraph, saved
from tests.eval.document_pages import Scan, Written, faxed, lab_table, letter, turned, two_columns

SEED = 7
READER = ChildDocumentReader(max_chars=500_000)
SCANS: dict[str, tuple[int, Scan | None, float]] = {
    "150 dpi": (150, None, 0.005),
    "200 dpi": (200, None, 0.005),
    "300 dpi": (300, None, 0.005),
    "a quarter turn": (200, turned(90), 0.005),
    "upside down": (200, turned(180), 0.005),
    "askew by 1.5 degrees": (200, turned(1.5), 0.005),
    "fax": (200, faxed(SEED), 0.03),
}


@dataclass
class Count:
    errors: int = 0
    chars: int = 0
    pages: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return self.errors / max(1, self.chars)


def main() -> int:
    """0; 1 where a goal is missed."""
    rng = random.Random(SEED)
    written = [make(rng) for make in (letter, lab_table, two_columns)]
    is_good = _told("text layer", _measured(_with_text(written)), 0.0)
    for name, (dpi, scan, goal) in SCANS.items():
        pictures = [page.picture(dpi) for page in written]
        scans = [
            (saved(scan(one) if scan else one, "PNG"), page.text)
            for one, page in zip(pictures, written, strict=True)
        ]
        is_good = _told(name, _measured(scans), goal) and is_good
    return 0 if is_good else 1


def character_errors(expected: str, found: str) -> int:
    """Insertions, deletions and substitutions; blanks and line ends count as one blank."""
    wanted, got = (np.array([ord(letter) for letter in " ".join(text.split())]) for text in (expected, found))
    row = np.arange(len(got) + 1)
    steps = np.arange(len(got) + 1)
    for place, letter_code in enumerate(wanted, 1):
        best = np.minimum(row[1:] + 1, row[:-1] + (got != letter_code))
        row = np.minimum.accumulate(np.concatenate([[place], best]) - steps) + steps
    return int(row[-1])


def _with_text(written: Sequence[Written]) -> list[tuple[bytes, str]]:
    said = written[0].text.split("\n")
    rows = [line.split(" | ") for line in written[1].text.split("\n")]
    grid = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    listed = "".join(f"<p>{line}</p>" for line in said)
    table = written[1].text
    return [
        *((page.pdf, page.text) for page in written),
        (written[0].text.encode(), written[0].text),
        ("\n".join(",".join(row) for row in rows).encode(), table),
        (f"<html>{listed}<table>{grid}</table></html>".encode(), f"{written[0].text}\n{table}"),
        (("{\\rtf1 " + "\\par ".join(said) + "}").encode(), written[0].text),
        (docx("".join(map(paragraph, said)) + docx_table(*rows)), f"{written[0].text}\n{table}"),
        (
            ccda(("Results", f"<table>{grid}</table>")),
            f"Summary of Care\nPatient: Anna Testpatient\nBorn: 19500214\nResults\n{table}",
        ),
        (
            fhir({"resourceType": "DiagnosticReport", "text": {"div": f"<div><table>{grid}</table></div>"}}),
            f"DiagnosticReport\n{table}",
        ),
    ]


def _measured(documents: Sequence[tuple[bytes, str]]) -> Count:
    count = Count()
    for content, expected in documents:
        started = time.perf_counter()
        found = READER.read(content, deadline_s=120)
        count.seconds += time.perf_counter() - started
        count.errors += character_errors(expected, "\n".join(page.text for page in found.pages))
        count.chars += len(" ".join(expected.split()))
        count.pages += len(found.pages)
    return count


def _told(name: str, count: Count, goal: float) -> bool:
    is_good = count.rate <= goal
    mark = "" if is_good else "   MISSED"
    speed = f"{count.pages / count.seconds:6.2f} pages/s with the start of the child"
    print(
        f"documents, {name:22} {count.rate:8.3%} of {count.chars} characters (goal {goal:.1%}) {speed}{mark}"
    )
    return is_good


if __name__ == "__main__":
    sys.exit(main())
