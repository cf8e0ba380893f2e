"""python -m tests.rings: the rings of tests one after the other, each with its count and time.

Names of rings as arguments run only those. The closing line counts all of them. What needs baked models is a
ring of its own, `models`; it runs where they are baked (`make models`), and where not, that is said.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

RINGS = ("unit", "property", "golden", "contract", "template", "workflow", "runtime", "e2e")
MODELS = "models"
_COUNT = re.compile(r"(\d+) (passed|failed|skipped|error)")


_TAIL = 20
"""Lines of a failed ring said again at the end, where a long log is read first."""


def run(ring: str) -> tuple[dict[str, int], list[str]]:
    """The ring's counts and, of a failed one, its last lines; what pytest prints goes through as it comes."""
    print(f"\n== {ring}", flush=True)
    started = time.monotonic()
    lines = []
    chosen = ["tests", "-m", MODELS] if ring == MODELS else [f"tests/{ring}", "-m", f"not {MODELS}"]
    words = [sys.executable, "-m", "pytest", *chosen, "--durations=3", "--durations-min=5"]
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


def _are_models_baked() -> bool:
    folder = Path(os.environ.get("HNTAI_MODELS_DIR", ".models"))
    return (folder / "manifest.toml").is_file() and find_spec("onnxruntime") is not None


def main(asked: list[str]) -> int:
    rings = asked or [ring for ring in RINGS if any(Path("tests", ring).glob("test_*.py"))]
    if not asked and _are_models_baked():
        rings.append(MODELS)
    results = {ring: run(ring) for ring in rings}
    for ring, (_, tail) in results.items():
        if tail:
            print(f"\n== how {ring} ended\n{''.join(tail)}", end="")
    print("\n== all rings")
    if MODELS not in rings and not asked:
        print("   models    not run: no models are baked here (make models)")
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
