"""Patient summaries by rule and by a baked model, over the evaluation bundles: who wrote what, and is it so?

    python -m tests.eval.model_summary_eval [folder] [--modes rule,fast,hq] [--limit N] [--only d01,x02]
        [--model NAME] [--threads N] [--budget S] [--checkpoint FILE] [--show]

folder: the one that holds `data/clinical`; else $HNTAI_SHARED, else ../shared. Models: $HNTAI_MODELS_DIR,
else .models; without --model the first that answers requests naming none. The modes go the way of production:
facts, prompt, ModelSections, verifier, gate. --show prints each summary, its sentences marked by author.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from hntai.adapters.baked_models import MANIFEST, BakedModels
from hntai.adapters.model_process import ModelProcess
from hntai.adapters.model_shelf import ProcessModelShelf, shelved_models
from hntai.domain.jobs import GenerationMode
from hntai.services.run_steps.model_sections import WantedModel
from tests.eval.kept_writing import KeptShelf, KeptWriting
from tests.eval.model_summaries import Author, Summaries, Summary, bundles
from tests.eval.model_summary_faults import Faults, faults_of

KEPT: Final = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache"), "hntai", "model_summary_eval.jsonl")
BUDGET_S: Final = 400.0
"""For one call: slowness of this machine shall not count as a fault of the model."""
UNSUPPORTED: Final = 0.5
"""Percent of the statements: notes/clinical.md, "What it will be judged by", 3."""
OMITTED: Final = 1.0
"""Percent of the critical facts; the goal is 0."""


def main(arguments: list[str]) -> int:
    """Print a line per patient and mode, and the figures of each mode; 1 if any is over its limit."""
    asked = _asked(arguments)
    paths = [p for p in bundles(asked.folder / "data" / "clinical") if p.stem.startswith(asked.only)]
    models_dir = Path(os.environ.get("HNTAI_MODELS_DIR", ".models"))
    if not paths:
        print(f"No clinical evaluation data at {asked.folder}: nothing measured.")
        return 0
    if not (models_dir / MANIFEST).is_file():
        print(f"No models are baked in {models_dir} (make models): nothing measured.")
        return 0
    processes = ProcessModelShelf(
        shelved_models(BakedModels(models_dir)), lambda folder: ModelProcess(folder, asked.threads)
    )
    shelf = KeptShelf(processes, KeptWriting(asked.checkpoint.expanduser()))
    try:
        write = Summaries(shelf, WantedModel(asked.model, None), asked.budget)
        return max([_measured(mode, write, paths[: asked.limit], asked.show) for mode in asked.modes])
    finally:
        processes.close()


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="model_summary_eval")
    shared = Path(os.environ.get("HNTAI_SHARED", "../shared"))
    parser.add_argument("folder", nargs="?", type=Path, default=shared)
    parser.add_argument("--modes", type=lambda told: [GenerationMode(m) for m in told.split(",")])
    parser.add_argument("--limit", type=int)
    parser.add_argument("--only", type=lambda told: tuple(told.split(",")), default=("",))
    parser.add_argument("--model")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--budget", type=float, default=BUDGET_S)
    parser.add_argument("--checkpoint", type=Path, default=KEPT)
    parser.add_argument("--show", action="store_true")
    parser.set_defaults(modes=[GenerationMode.RULE, GenerationMode.FAST, GenerationMode.HQ])
    return parser.parse_args(arguments)


def _measured(mode: GenerationMode, write: Summaries, paths: Iterable[Path], is_shown: bool) -> int:
    print(f"\n== {mode.value}", flush=True)
    made = []
    for path in paths:
        summary = write(path, mode)
        faults = faults_of(summary)
        made.append((summary, faults))
        print(_line(summary, faults), flush=True)
        if is_shown:
            print("\n".join(f"   {one.author.value:8} {one.statement.text}" for one in summary.told))
    return _verdict([summary for summary, _ in made], [faults for _, faults in made])


def _line(summary: Summary, faults: Faults) -> str:
    by = Counter(one.author for one in summary.told)
    wrote = " ".join(f"{author.value} {by[author]}" for author in Author)
    took = " ".join(f"{seconds:.0f}" for seconds in summary.seconds)
    causes = f" fallbacks {', '.join(summary.fallbacks)}" if summary.fallbacks else ""
    head = f"{summary.name:21} {summary.words:4} words; {wrote}; removed {summary.unsupported_removed}"
    return "\n    ".join((f"{head}; s {took or '-'}{causes}", *faults.lines))


def _verdict(made: Sequence[Summary], faults: Sequence[Faults]) -> int:
    told = [one for summary in made for one in summary.told]
    of_model = [one for one in told if one.author is Author.MODEL]
    seconds = [s for summary in made for s in summary.seconds]
    unsupported = sum(len(one.unsupported) for one in faults)
    strange = sum(len(one.strange) for one in faults)
    omitted, critical = sum(len(f.omitted_critical) for f in faults), sum(f.critical for f in faults)
    other = sum(len(one.gate) for one in faults)
    for author in Author:
        _tell(f"statements: {author.value}", sum(one.author is author for one in told), len(told))
    copied = sum(one.is_copied for one in of_model)
    _tell("of the model's, word for word the rule's", copied, len(of_model))
    print(f"unsupported_removed {sum(s.unsupported_removed for s in made)}", end=", ")
    print(f"fallbacks {dict(Counter(cause for s in made for cause in s.fallbacks))}", end=", ")
    print(f"words median {statistics.median(s.words for s in made):.0f}")
    if seconds:
        print(f"seconds a call: median {statistics.median(seconds):.0f}, most {max(seconds):.0f}")
    _tell("unsupported facts by the record", unsupported, len(told), f"limit {UNSUPPORTED} %")
    _tell("model's sentences strange to their source", strange, len(of_model), f"limit {UNSUPPORTED} %")
    _tell("critical facts omitted", omitted, critical, f"goal 0, limit {OMITTED} %")
    print(f"{'other faults of the gate':44}{other:5}          limit 0")
    is_over = (
        _percent(unsupported, len(told)) > UNSUPPORTED
        or _percent(strange, len(of_model)) > UNSUPPORTED
        or _percent(omitted, critical) > OMITTED
        or other > 0
    )
    return int(is_over)


def _tell(called: str, part: int, whole: int, limit: str = "") -> None:
    print(f"{called:44}{part:5} of {whole:5} ({_percent(part, whole):.1f} %) {limit}".rstrip())


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
