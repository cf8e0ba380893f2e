"""Tokens a second: our runner beside llama.cpp's own loop, and on one thread beside all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

from hntai.adapters.model_folder import ModelFolder
from hntai.domain.generation import Prompt
from tests.bench.bench_models import ROUNDS, BenchModel, median

PROMPT: Final = Prompt(
    "You write at length and never stop early.", "Tell the story of a river, in many sentences."
)
TOKENS: Final = {True: 96, False: 48}
"""Written a round, by whether the model is a small one for tests."""
GOAL: Final = 0.95


def measure(models: Sequence[BenchModel], threads: int) -> None:
    """One line a model."""
    from hntai.adapters.llama import LlamaModel
    from tests.bench.own_loop import BareLoop, ClassLoop, silence

    for model in models:
        most, file, context = TOKENS[model.is_test_only], model.folder.only(".gguf"), 1024
        runner = LlamaModel(_narrow(model.folder, context), threads)
        tokens = [token for part in runner.prompt_tokens(PROMPT) for token in part]
        loops: dict[str, Any] = {"bare loop": BareLoop(file, context, threads)}
        if model.is_test_only:
            loops["Llama.generate"] = ClassLoop(file, context, threads)
        held = silence()
        rates: dict[str, list[float]] = {name: [] for name in ("ours", *loops)}
        for _ in range(ROUNDS):
            rates["ours"].append(1 / seconds_a_token(runner, most))
            for name, loop in loops.items():
                rates[name].append(1 / loop.seconds_a_token(tokens, most))
        for loop in loops.values():
            loop.close()
        del held
        own = rates.pop("ours")
        beside = "; ".join(_beside(name, own, theirs) for name, theirs in rates.items())
        print(f"  {model.name}: ours {median(own):.1f} tok/s; {beside} (goal {GOAL})", flush=True)


def _beside(name: str, own: Sequence[float], theirs: Sequence[float]) -> str:
    ratio = median(one / other for one, other in zip(own, theirs, strict=True))
    return f"{name} {median(theirs):.1f}, ratio {ratio:.2f}"


def measure_threads(models: Sequence[BenchModel], threads: int) -> None:
    """The smallest model on one thread, on two, and on all there are, alternated."""
    from hntai.adapters.llama import LlamaModel

    model = models[0]
    counts = sorted({1, 2, threads})
    runners = {count: LlamaModel(_narrow(model.folder, 1024), count) for count in counts}
    rates: dict[int, list[tuple[float, float]]] = {count: [] for count in counts}
    for _ in range(ROUNDS):
        for count, runner in runners.items():
            started = time.perf_counter()
            prefix, _ = runner.prefix_state(Prompt("Pain since Monday. " * 40, ""))
            read = len(prefix) / (time.perf_counter() - started)
            rates[count].append((read, 1 / seconds_a_token(runner, 48)))
    for count, found in rates.items():
        read, written = (median(column) for column in zip(*found, strict=True))
        print(f"  {model.name}, {count} threads: prompt {read:.0f} tok/s, generation {written:.1f} tok/s")


def seconds_a_token(runner: Any, most: int) -> float:
    """From the first piece of text to the last."""
    moments: list[float] = []
    generated = runner.generate(
        PROMPT, max_tokens=most, deadline_s=600.0, on_text=lambda _piece: moments.append(time.perf_counter())
    )
    took: float = time.perf_counter() - moments[0]
    return took / max(1, int(generated.output_tokens) - 1)


def _narrow(model: ModelFolder, context_tokens: int) -> ModelFolder:
    return ModelFolder(model.identity, model.folder, model.files, context_tokens)
