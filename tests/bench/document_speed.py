"""Documents: pages a second off a text layer and off pictures, and memory while a PDF grows to 500 pages.

    python -m tests.bench.document_speed

Generated pages of an invented clinic. Each file is read in a process of its own (document_read.py), the start
of the reader's child included, as a call pays for it; a short file and a long one, so that the start can be
told from the pages. Text: medians of the rounds; pictures: one round, they take seconds a page. Memory is
flat where 500 pages take no more than 50 pages and the file do.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.documents import lines, pdf, saved
from tests.eval.document_pages import Scan, faxed, letter

_SEED: Final = 7
_ROUNDS: Final = 3
"""For files with text."""
_TEXT_PAGES: Final = (50, 250, 500)
_SCANNED_PAGES: Final = (1, 4)
_DPI: Final = 200
_FLAT: Final = 1.15
"""How much more the longest file may take than the shortest: pages are read one by one."""


def main() -> int:
    """0; 1 where memory grows with the pages."""
    with TemporaryDirectory(prefix="hntai-bench-") as folder:
        file = Path(folder) / "document.pdf"
        texts = [_measured(file, _with_text(pages), _ROUNDS) for pages in _TEXT_PAGES]
        _show("PDF with a text layer", texts)
        is_flat = texts[-1]["child_mb"] <= _FLAT * texts[0]["child_mb"]
        print(f"  memory over {_TEXT_PAGES[-1]} pages: {'flat' if is_flat else 'GROWS'}")
        for name, scan in (("clean scan", None), ("fax", faxed(_SEED))):
            _show(
                f"{name}, {_DPI} dpi", [_measured(file, _scanned(pages, scan), 1) for pages in _SCANNED_PAGES]
            )
    return 0 if is_flat else 1


def _with_text(pages: int) -> bytes:
    """A PDF whose pages all differ."""
    said = [
        [f"Page {page}, line {place}: potassium 4.1 mmol/L, no change." for place in range(20)]
        for page in range(pages)
    ]
    return pdf(*(lines(*page) for page in said))


def _scanned(pages: int, scan: Scan | None) -> bytes:
    """A PDF of pictures of letters."""
    rng = random.Random(_SEED)
    pictures = [letter(rng).picture(_DPI) for _ in range(pages)]
    first, *more = [scan(one) if scan else one for one in pictures]
    return saved(first, "PDF", *more)


def _measured(file: Path, content: bytes, rounds: int) -> dict[str, Any]:
    """The median of the rounds in seconds, the highest of them in memory."""
    file.write_bytes(content)
    command = [sys.executable, "-m", "tests.bench.document_read", str(file)]
    answers = [
        json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
        for _ in range(rounds)
    ]
    merged: dict[str, Any] = answers[0] | {
        "seconds": statistics.median(one["seconds"] for one in answers),
        "child_mb": max(one["child_mb"] for one in answers),
        "own_mb": max(one["own_mb"] for one in answers),
    }
    return merged


def _show(name: str, measured: Sequence[dict[str, Any]]) -> None:
    for one in measured:
        read = "recognised" if one["recognised"] == one["pages"] else "read"
        print(
            f"{name:26}{one['pages']:5} pages {read:11}{one['seconds']:7.2f} s "
            f"{one['pages'] / one['seconds']:8.2f} pages/s  child {one['child_mb']:6.0f} MB  "
            f"own {one['own_mb']:5.0f} MB"
        )
    short, long = measured[0], measured[-1]
    rate = (long["pages"] - short["pages"]) / max(1e-9, long["seconds"] - short["seconds"])
    print(f"  {rate:.2f} pages/s once the child is there")


if __name__ == "__main__":
    sys.exit(main())
