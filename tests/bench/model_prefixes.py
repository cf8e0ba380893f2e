"""What an evaluated prefix saves: cold, kept in the process, put back from memory, read from file."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from hntai_local.models.prefixes import fixed_prompts
from tests.bench.bench_models import ROUNDS, BenchModel, median

GOAL: Final = 0.90


def measure(models: Sequence[BenchModel], threads: int) -> None:
    """One line a model and prefix: the first section's, and the one-call form's of a small model."""
    from hntai.adapters.llama import LlamaModel

    for model in models:
        runner = LlamaModel(model.folder, threads)
        prompts = fixed_prompts()
        for prompt in (prompts[0], prompts[-1]) if model.is_test_only else prompts[:1]:
            prefix, _ = runner.prompt_tokens(prompt)
            print(f"  {model.name}, {len(prefix)} tokens: {_told(runner, prefix)}", flush=True)


def _told(runner: Any, prefix: tuple[int, ...]) -> str:
    from hntai.adapters.llama_context import as_state

    context = runner._llama
    states: list[Any] = []

    def cold() -> None:
        context.forget_after(0)
        context.evaluate(prefix, lambda: False)
        states[:] = [context.state()]

    def from_file() -> None:
        written = runner.prefix_states.read(prefix)
        assert written
        context.put_back(as_state(written), len(prefix))

    ways: dict[str, Callable[[], object]] = {
        "cold": cold,
        "kept": lambda: context.forget_after(len(prefix)),
        "from memory": lambda: context.put_back(states[0], len(prefix)),
    }
    if runner.prefix_states.read(prefix):
        ways["from file"] = from_file
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - started)
    evaluated = median(seconds["cold"])
    others = ", ".join(
        f"{name} {1000 * median(took):.1f} ms (saves {1 - median(took) / evaluated:.1%})"
        for name, took in seconds.items()
        if name != "cold"
    )
    baked = "" if "from file" in ways else "; none on file (python -m hntai_local.models prefixes)"
    return f"cold {evaluated:.2f} s, {others}{baked} (goal {GOAL:.0%})"
