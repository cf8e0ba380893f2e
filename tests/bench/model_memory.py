"""Load time and peak memory of each baked model, in a process of its own: `-m tests.bench.model_memory NAME`.

Resident memory counts the mapped file. Most of it could be dropped and read again, but then it would be slow.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from hntai.adapters.model_child import runner_of
from hntai.domain.generation import ModelType, Prompt
from tests.bench.bench_models import ROUNDS, BenchModel, baked_models, median
from tests.bench.lambda_cost import FUNCTION_MB, smallest_mb


def measure(models: Sequence[BenchModel], threads: int) -> None:
    """One line a model."""
    for model in models:
        load_s, most = _apart(model.name, threads)
        loads = [load_s, *(_apart(model.name, threads, "load")[0] for _ in range(ROUNDS - 1))]
        size = smallest_mb(most)
        print(
            f"  {model.name}: loaded in {median(loads):.2f} s, {most:.0f} MB at most;"
            f" with {FUNCTION_MB} MB of the function, Lambda's {size or 'NONE'} MB",
            flush=True,
        )


def peak_mb(name: str, threads: int) -> float:
    return _apart(name, threads)[1]


def _apart(name: str, threads: int, *only: str) -> tuple[float, float]:
    words = [sys.executable, "-m", "tests.bench.model_memory", name, str(threads), *only]
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()
    return float(told[0]), float(told[1])


def main(name: str, threads: int, only: str = "") -> None:
    """Seconds to load, and MB at most after a prompt of 300 words and a few tokens. only: "load"."""
    model = next(model.folder for model in baked_models() if model.name == name)
    started = time.perf_counter()
    runner = runner_of(model, threads)
    load_s = time.perf_counter() - started
    if only == "load":
        pass
    elif model.identity.model_type is ModelType.EXTRACTIVE:
        runner.similarities([f"Pain since day {day}, worse at night and after meals." for day in range(128)])
    else:
        words = min(300, model.context_tokens // 4)
        runner.generate(Prompt("Say it again.", "pain " * words), max_tokens=4, deadline_s=300.0)
    print(load_s, most_resident_mb())


def most_resident_mb() -> float:
    """Of this program alone: ru_maxrss would count what its parent held when it was forked."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
