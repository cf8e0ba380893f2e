"""generate_summary without a generator: ROUGE beside lead, centroid and copy, lengths, what has no source.

    python -m tests.eval.summarize_eval [FOLDER]

FOLDER: the one that holds `data/clinical`; else $HNTAI_SHARED, else ../shared. Without it nothing is measured
and the exit code is 0. Where the encoder is baked (HNTAI_MODELS_DIR, else .models) it ranks, else
words do.
Goals are printed, met or not; a length exceeded or a number or drug without source fails the run.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from hntai.domain.chart.drugs import ingredients_in
from hntai.domain.clinical_sentences import sentences
from hntai.domain.generation import ModelIdentity, ModelType
from hntai.domain.spelled_numbers import numbers
from hntai.domain.word_similarity import WordSimilarity
from hntai.ports import SentenceEncoder
from hntai.services.summaries.draft import Asked, Deadline
from hntai.services.summaries.extract import Extract
from tests.eval.rouge import rouge_l, rouge_n
from tests.memory.models import MemoryShelf

Summarize = Callable[[str], str]


class Genre(NamedTuple):
    """A set, its source field, the lengths asked for, and the goal. Source of goals: notes/clinical.md."""

    title: str
    file: str
    source: str
    max_tokens: int
    min_tokens: int
    goal: float
    is_by_l: bool = False


GENRES: Final = (
    Genre("whole notes from dialogue", "aci_bench_note", "dialogue", 500, 250, 0.40),
    Genre("note sections", "mts_dialog_section", "dialogue", 80, 10, 0.28),
    Genre("consultation notes", "primock57_note", "dialogue", 200, 100, 0.26),
    Genre("one-line descriptions", "mtsamples_desc", "text", 40, 10, 0.42, True),
)


def lead(text: str, encoder: SentenceEncoder, most: int) -> str:
    """The first sentences."""
    return _filled([one.body for one in sentences(text) if one.body], encoder, most, stops=True)


def centroid(text: str, encoder: SentenceEncoder, most: int) -> str:
    """The sentences nearest to all others."""
    bodies = [one.body for one in sentences(text) if one.body]
    matrix = encoder.similarities(bodies)
    order = sorted(range(len(bodies)), key=lambda place: -sum(matrix[place]))
    return _filled([bodies[place] for place in order], encoder, most, stops=False)


def _filled(bodies: Sequence[str], encoder: SentenceEncoder, most: int, *, stops: bool) -> str:
    taken: list[str] = []
    spent = 0
    for body in bodies:
        cost = encoder.count_tokens(body)
        if spent + cost <= most:
            taken.append(body)
            spent += cost
        elif stops:
            break
    return " ".join(taken)


def unsupported(summary: str, source: str) -> int:
    """Numbers and drugs of the summary that are not in its source, by plain search."""
    known = {form for number in numbers(source) for form in number.forms}
    figures = [number for number in numbers(summary) if not number.is_spelled]
    drugs = set(ingredients_in(re.sub(r"\s+", " ", summary)))
    return sum(number.forms.isdisjoint(known) for number in figures) + len(
        drugs - set(ingredients_in(re.sub(r"\s+", " ", source)))
    )


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0] if arguments else os.environ.get("HNTAI_SHARED", "../shared"))
    folder = folder / "data" / "clinical" / "text"
    if not folder.is_dir():
        print(f"no {folder}: nothing measured")
        return 0
    encoder = _encoder()
    print(f"extractive summaries by {encoder.identity.shown}; ROUGE-1 / ROUGE-2 / ROUGE-L (F1)")
    with ThreadPoolExecutor(2) as readers, ThreadPoolExecutor(1) as desk:
        extract = Extract(MemoryShelf([], encoder), readers, desk)
        faults = sum(_measure(genre, folder, encoder, extract) for genre in GENRES)
    return 1 if faults else 0


def _encoder() -> SentenceEncoder:
    folder = Path(os.environ.get("HNTAI_MODELS_DIR", ".models")) / "minilm"
    if not (folder / "baked.json").is_file() or find_spec("onnxruntime") is None:
        return WordSimilarity()
    from hntai.adapters.onnx_encoder import OnnxSentenceEncoder

    identity = ModelIdentity("minilm", "local", ModelType.EXTRACTIVE)
    return OnnxSentenceEncoder(folder / "model.onnx", folder / "tokenizer.json", identity, threads=2)


def _measure(genre: Genre, folder: Path, encoder: SentenceEncoder, extract: Extract) -> int:
    lines = (folder / f"{genre.file}.jsonl").read_text("utf-8").splitlines()
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    most = genre.max_tokens

    def ours(text: str) -> str:
        return extract(Asked(text, most, genre.min_tokens), Deadline.after(600)).text

    print(f"\n{genre.title}: {len(rows)} texts, {genre.min_tokens} to {most} tokens")
    started = time.perf_counter()
    made = [ours(row[genre.source]) for row in rows]
    took = time.perf_counter() - started
    mine = _shown("HNTAI", made, rows)
    _shown("lead", [lead(row[genre.source], encoder, most) for row in rows], rows)
    _shown("centroid", [centroid(row[genre.source], encoder, most) for row in rows], rows)
    _shown("copy", [row[genre.source] for row in rows], rows)
    got = mine[2] if genre.is_by_l else mine[0]
    name = "ROUGE-L" if genre.is_by_l else "ROUGE-1"
    verdict = "met" if got >= genre.goal else "missed"
    without = sum(unsupported(text, row[genre.source]) for text, row in zip(made, rows, strict=True))
    over = sum(encoder.count_tokens(text) > most for text in made)
    units = sum(len(sentences(row[genre.source])) for row in rows)
    print(f"   goal {name} {genre.goal:.2f}: {verdict}; without source: {without}; over length: {over}")
    print(f"   {units / took:.0f} sentences/s")
    return without + over


def _shown(name: str, made: Sequence[str], rows: Sequence[dict[str, Any]]) -> tuple[float, float, float]:
    pairs = [(text, row["reference"]) for text, row in zip(made, rows, strict=True)]
    figures = (
        sum(rouge_n(text, reference, 1) for text, reference in pairs) / len(pairs),
        sum(rouge_n(text, reference, 2) for text, reference in pairs) / len(pairs),
        sum(rouge_l(text, reference) for text, reference in pairs) / len(pairs),
    )
    print(f"   {name:9} " + " / ".join(f"{figure:.3f}" for figure in figures))
    return figures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
