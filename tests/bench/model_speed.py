"""python -m tests.bench.model_speed [PART ...]: what models cost in time, memory and money, on this machine.

Parts: generation, threads, prefixes, memory, summaries, extractive; all by default. Over what is baked in
HNTAI_MODELS_DIR, else .models; where models or what runs them are missing, a line says so. The small test
model stands for the large one where something is repeated often. Goals are printed, nothing is asserted.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec

from hntai.adapters.cpu_quota import thread_count
from hntai.domain.generation import ModelType
from tests.bench import model_extractive, model_generation, model_memory, model_prefixes, model_summaries
from tests.bench.bench_models import BenchModel, baked_models, models_dir

Part = Callable[[Sequence[BenchModel], int], None]


def main(asked: Sequence[str]) -> int:
    """A few lines a part; 0."""
    missing = [library for library in ("llama_cpp", "onnxruntime", "numpy") if find_spec(library) is None]
    models = baked_models()
    if missing or not models:
        what = f"{', '.join(missing)} not installed" if missing else f"nothing is baked in {models_dir()}"
        print(f"speed of models: not measured, {what} (make models)")
        return 0
    threads = thread_count()
    generators = [model for model in models if model.folder.identity.model_type is ModelType.GGUF]
    parts: dict[str, tuple[Part, Sequence[BenchModel]]] = {
        "generation": (model_generation.measure, generators),
        "threads": (model_generation.measure_threads, generators),
        "prefixes": (model_prefixes.measure, generators),
        "memory": (model_memory.measure, models),
        "summaries": (model_summaries.measure, generators),
        "extractive": (model_extractive.measure, models),
    }
    load = os.getloadavg()[0]
    print(f"models on {os.cpu_count()} processors, {threads} threads; load before {load:.1f} (idle is 0)")
    for name in asked or parts:
        part, over = parts[name]
        started = time.monotonic()
        print(f"\n{name}", flush=True)
        part(over, threads)
        print(f"  ({time.monotonic() - started:.0f} s, load after {os.getloadavg()[0]:.1f})", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
