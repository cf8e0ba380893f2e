"""python -m tests.rings: the rings of tests one after the other, each with its count and time.

Names of rings as arguments run only those. The closing line counts all of them.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

RINGS = ("unit", "property", "golden", "contract", "template", "workflow", "runtime", "e2e")
_COUNT = re.compile(r"(\d+) (passed|failed|skipped|error)")


_TAIL = 20
"""Lines of a failed ring said again at the end, where a long log is read first."""


def run(ring: str) -> tuple[dict[str, int], list[str]]:
    """The ring's counts and, of a failed one, its last lines; what pytest prints goes through as it comes."""
    print(f"\n== {ring}", flush=True)
    started = time.monotonic()
    lines = []
    words = [sys.executable, "-m", "pytest", f"tests/{ring}", "--durations=3", "--durations-min=5"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    closing = next((line for line in reversed(lines) if _COUNT.search(line)), "")
    counts = {word: int(number) for number, word in _COUNT.findall(closing)}
    if process.returncode != 0 and not counts.get("failed"):
        counts["failed"] = counts.get("failed", 0) + counts.get("error", 1)
    print(f"   {ring}: {time.monotonic() - started:.0f} s", flush=True)
    return counts, lines[-_TAIL:] if process.returncode != 0 else []


def main(asked: list[str]) -> int:
    rings = asked or [ring for ring in RINGS if any(Path("tests", ring).glob("test_*.py"))]
    results = {ring: run(ring) for ring in rings}
    for ring, (_, tail) in results.items():
        if tail:
            print(f"\n== how {ring} ended\n{''.join(tail)}", end="")
    print("\n== all rings")
    for ring, (counts, _) in results.items():
        print(f"   {ring:9} {counts.get('passed', 0):5} passed {counts.get('failed', 0):3} failed")
    totals = {
        word: sum(counts.get(word, 0) for counts, _ in results.values())
        for word in ("passed", "failed", "skipped")
    }
    print(f"{totals['passed']} passed, {totals['failed']} failed, {totals['skipped']} skipped")
    return 1 if totals["failed"] or not totals["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
