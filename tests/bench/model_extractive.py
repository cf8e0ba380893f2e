"""Sentences a second: of the encoder alone, and of an extractive summary as a whole."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from hntai.adapters.model_child import runner_of
from hntai.domain.clinical_sentences import sentences
from hntai.domain.generation import ModelType
from hntai.services.summaries.draft import Asked, Deadline
from hntai.services.summaries.extract import Extract
from hntai_local.demo_patients import demo_bundles, demo_note
from tests.bench.bench_models import ROUNDS, BenchModel, median
from tests.memory.models import MemoryShelf


def measure(models: Sequence[BenchModel], threads: int) -> None:
    """Over the notes of the demo patients, as one text."""
    folders = [model.folder for model in models if model.folder.identity.model_type is ModelType.EXTRACTIVE]
    if not folders:
        print("  not measured: no encoder is baked")
        return
    encoder = runner_of(folders[0], threads)
    bundles = [bundle for seed in range(7, 12) for bundle in demo_bundles(seed)]
    text = "\n\n".join(demo_note(bundle) for bundle in bundles)
    bodies = list(islice((one.body for one in sentences(text) if one.body), 320))
    rates: list[tuple[float, float]] = []
    with ThreadPoolExecutor(2) as readers, ThreadPoolExecutor(1) as desk:
        extract = Extract(MemoryShelf([], encoder), readers, desk)
        asked = Asked("\n".join(bodies), 150, 50)
        for _ in range(ROUNDS):
            started = time.perf_counter()
            encoder.similarities(bodies)
            encoded = time.perf_counter()
            draft = extract(asked, Deadline.after(240))
            ended = time.perf_counter()
            rates.append((len(bodies) / (encoded - started), len(bodies) / (ended - encoded)))
    alone, whole = (median(column) for column in zip(*rates, strict=True))
    print(
        f"  {folders[0].identity.name}, {len(bodies)} sentences: encoder {alone:.0f} sentences/s,"
        f" whole summary {whole:.0f} sentences/s ({len(bodies) / whole:.1f} s, {draft.chunks} chunks,"
        f" by {draft.model.name})"
    )
