"""A demo patient's summary by the best baked model, both modes: first token, first sentence, whole, cost.

The demo patient with least to tell: one with more takes minutes where others use the processors too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import Chart, build_chart
from hntai.domain.delta import build_delta
from hntai.domain.errors import ModelFailedError
from hntai.domain.generation import Generated, ModelIdentity, Prompt
from hntai.domain.sections import section_statements
from hntai.domain.statements import Section, Statement
from hntai.ports import TextModel
from hntai.services.run_steps.model_sections import ModelSections, WantedModel
from hntai_local.demo_patients import demo_bundles
from tests.bench.bench_models import ROUNDS, BenchModel, median
from tests.bench.lambda_cost import dollars, smallest_mb
from tests.bench.model_memory import peak_mb
from tests.bench.summary_speed import summarised
from tests.memory.models import MemoryShelf

BUDGET_S: Final = 240.0
"""As the function gives a call."""


@dataclass
class TimedModel:
    """A TextModel that notes when its first piece came."""

    runner: TextModel
    first: list[float] = field(default_factory=list)
    written: int = 0
    identity: ModelIdentity = field(init=False)
    context_tokens: int = field(init=False)

    def __post_init__(self) -> None:
        self.identity, self.context_tokens = self.runner.identity, self.runner.context_tokens

    def count_tokens(self, text: str) -> int:
        return self.runner.count_tokens(text)

    def generate(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        deadline_s: float,
        on_text: Callable[[str], None] | None = None,
        grammar: str | None = None,
    ) -> Generated:
        def told(piece: str) -> None:
            self.first.append(time.perf_counter())
            if on_text:
                on_text(piece)

        generated = self.runner.generate(
            prompt, max_tokens=max_tokens, deadline_s=deadline_s, on_text=told, grammar=grammar
        )
        self.written = generated.output_tokens
        return generated


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds from the call."""

    first_token: float
    first_sentence: float
    whole: float
    tokens: int
    fate: str


def measure(models: Sequence[BenchModel], threads: int) -> None:
    """The rules' time, then each mode once: first `fast`, then `hq`, in one process that begins cold."""
    from hntai.adapters.llama import LlamaModel

    answer = min((json.dumps(bundle).encode() for bundle in demo_bundles()), key=len)
    print(f"  rule: whole {1000 * median(_seconds(summarised, answer) for _ in range(ROUNDS)):.0f} ms")
    best = next((model for model in reversed(models) if not model.is_test_only), None)
    if best is None:
        print("  fast, hq: not measured, only test models are baked")
        return
    chart = _chart(answer)
    model = TimedModel(LlamaModel(best.folder, threads))
    fast = _took(model, tuple(Section), chart)
    print(f"  fast, {best.name}: {_told(fast)}", flush=True)
    sections = []
    for section in Section:
        sections.append(_took(model, (section,), chart))
        print(f"  hq, {section.value}: {_told(sections[-1])}", flush=True)
    wholes = [section.whole for section in sections]
    first = min(section.first_token for section in sections)
    size = smallest_mb(peak_mb(best.name, threads)) or 10240
    print(
        f"  hq, {best.name}: first token {first:.1f} s, longest section {max(wholes):.1f} s (they run beside"
        f" each other), sum {sum(wholes):.1f} s"
    )
    print(f"  fast: {_cost(size, fast.whole)}; hq: {_cost(size, sum(wholes))}")
    print("  cost is these seconds at that memory; Lambda's processors at that memory are others than these")


def _took(model: TimedModel, sections: tuple[Section, ...], chart: Chart) -> Took:
    model.first.clear()
    sentences: list[float] = []
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    by_rule = [s for section in Section for s in section_statements(section, chart, baseline, delta)]

    def tell(_statement: Statement) -> None:
        sentences.append(time.perf_counter())

    started = time.perf_counter()
    try:
        sections_of = ModelSections(MemoryShelf([model]), BUDGET_S)
        written = sections_of(WantedModel(None, None), sections, by_rule, chart, tell)
        fate = f"{len(written.statements)} statements, {written.unsupported_removed} removed"
    except ModelFailedError as error:
        fate = f"falls to the rules: {error.details['cause']}"
    whole = time.perf_counter() - started
    return Took(
        (model.first or [started + whole])[0] - started,
        (sentences or [started + whole])[0] - started,
        whole,
        model.written,
        fate,
    )


def _told(took: Took) -> str:
    return (
        f"first token {took.first_token:.1f} s, first checked sentence {took.first_sentence:.1f} s,"
        f" whole {took.whole:.1f} s, {took.tokens} tokens, {took.fate}"
    )


def _cost(memory_mb: int, seconds: float) -> str:
    each = ", ".join(f"{kind} ${1000 * price:.2f}" for kind, price in dollars(memory_mb, seconds).items())
    return f"1,000 summaries at {memory_mb} MB: {each}"


def _chart(answer: bytes) -> Chart:
    resources = [entry["resource"] for entry in json.loads(answer)["entry"]]
    patient_id = next(r["id"] for r in resources if r["resourceType"] == "Patient")
    return build_chart(resources, patient_id=patient_id, today=date(2026, 10, 20), scrub=str)


def _seconds(work: Callable[[bytes], object], given: bytes) -> float:
    started = time.perf_counter()
    work(given)
    return time.perf_counter() - started
