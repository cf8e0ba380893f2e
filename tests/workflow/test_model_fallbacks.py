"""A real model that fails in the state machine, in each way a model can: the rules write, and it is said.

SmolLM2 (135 M) in its own child process, one thread, from HNTAI_MODELS_DIR or .models of this folder.
"""

from __future__ import annotations

import io
import logging
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hntai.adapters.baked_models import BakedModels
from hntai.adapters.message_frames import Message
from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.model_process import ModelProcess
from hntai.adapters.model_shelf import ProcessModelShelf, shelved_models
from hntai.services.run_steps.generate_section import GenerateSection
from hntai.services.run_steps.model_sections import ModelSections
from hntai_local.state_dir import PROJECT_ROOT
from tests.workflow.conftest import Run, Workflow, patient_id
from tests.workflow.spoilt_models import SPOILT, Spoil

pytestmark = [
    pytest.mark.models,
    pytest.mark.postgres,
    pytest.mark.valkey,
    pytest.mark.aws,
    pytest.mark.timeout(300),
    # moto's interpreter leaves its own boto3 connections to the garbage collector
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    ),
]

MODELS_DIR = Path(os.environ.get("HNTAI_MODELS_DIR", PROJECT_ROOT / ".models"))
NAME = "smollm2-135m"
RULES = "hntai-rules@1"
BUDGET_S = 200.0
SMALLEST = patient_id(2)
"""Of the demo patients: a section of hers is read in seconds."""
Start = Callable[[ModelFolder], ModelProcess]


class SignalledProcess(ModelProcess):
    """Its child is sent a signal as soon as it writes."""

    signal = signal.SIGKILL

    def call(self, message: Message, deadline_s: float, on_piece: Callable[[str], None] | None = None) -> Any:
        def strike(_: str) -> None:
            assert self.pid is not None
            os.kill(self.pid, self.signal)

        return super().call(message, deadline_s, strike if on_piece else None)


class SegfaultingProcess(SignalledProcess):
    signal = signal.SIGSEGV


class HangingProcess(SignalledProcess):
    signal = signal.SIGSTOP


def plain(folder: ModelFolder) -> ModelProcess:
    return ModelProcess(folder, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A models folder of the test's own, which it may spoil."""
    if not (MODELS_DIR / NAME / "baked.json").is_file():
        pytest.skip(f"NOT TESTED: {NAME} is not baked in {MODELS_DIR}; `make models` bakes it")
    shutil.copy(MODELS_DIR / "manifest.toml", tmp_path)
    shutil.copytree(MODELS_DIR / NAME, tmp_path / NAME)
    return tmp_path


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """All that is logged."""
    lines = io.StringIO()
    for handler in logging.getLogger("hntai").handlers:
        monkeypatch.setattr(handler, "stream", lines)
    return lines


@pytest.fixture
def run_with(
    workflow: Workflow, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Run]]:
    """A run whose model stands in the folder; at the end of the test its children are ended."""
    shelves: list[ProcessModelShelf] = []

    def run(start: Start = plain, budget_s: float = BUDGET_S, mode: str = "fast") -> Run:
        shelf = ProcessModelShelf(shelved_models(BakedModels(folder)), start)
        shelves.append(shelf)
        write = GenerateSection(workflow.parts.step, ModelSections(shelf, budget_s))
        workflow.parts.__dict__["models"] = shelf
        monkeypatch.setattr(workflow.functions.steps, "_generate_section", cache(lambda: write))
        return workflow.run(
            generation_mode=mode, patient=SMALLEST, within_s=240, patient_summarizer_model_name=NAME
        )

    yield run
    for shelf in shelves:
        shelf.close()
    assert children() == []


def children() -> list[str]:
    """Model children of this process, and what has ended and was not waited for: state and command."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            command = (stat.parent / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if int(parent) == os.getpid() and ("model_child" in command or state == "Z"):
            found.append(f"{state} {command}")
    return found


def assert_rules_wrote(workflow: Workflow, run: Run, causes: set[str], log: io.StringIO) -> None:
    answer = run.outcome.answer
    assert run.status == "SUCCEEDED"
    assert "step_finished" in log.getvalue()
    assert answer is not None
    assert RULES in answer["model_used"].split(" + ")
    assert answer["fallbacks"][-1] == "section_by_rule"
    assert set(answer["fallbacks"][:-1]) <= {f"model_{cause}" for cause in causes}
    assert len(answer["fallbacks"]) > 1
    by_rule = workflow.run(generation_mode="rule", patient=SMALLEST).outcome.answer
    assert by_rule is not None
    assert answer["summary"] == by_rule["summary"]
    for place in (log.getvalue(), run.history):
        assert [piece for piece in pieces_of(answer["summary"]) if piece in place] == []


def pieces_of(summary: str) -> set[str]:
    """Three words in a row, of each bullet: what of a record a log could hold."""
    found = set()
    for line in summary.splitlines():
        words = line.removeprefix("- ").split()
        found |= {" ".join(words[n : n + 3]) for n in range(len(words) - 2)}
    return {piece for piece in found if not piece.startswith("#")}


@pytest.mark.parametrize(("spoil", "causes"), SPOILT)
def test_files_that_are_missing_or_corrupt_mean_rules(
    workflow: Workflow,
    folder: Path,
    run_with: Callable[..., Run],
    log: io.StringIO,
    spoil: Spoil,
    causes: set[str],
) -> None:
    spoil(folder / NAME)
    assert_rules_wrote(workflow, run_with(), causes, log)


def test_a_model_whose_folder_is_not_there_is_not_baked(folder: Path, run_with: Callable[..., Run]) -> None:
    shutil.rmtree(folder / NAME)
    answer = run_with().outcome.answer
    assert answer is not None
    assert (answer["model_used"], answer["fallbacks"]) == (RULES, ["model_not_baked"])


@pytest.mark.parametrize(
    ("start", "cause"),
    [
        (lambda folder: SignalledProcess(folder, 1), "out_of_memory"),
        (lambda folder: SegfaultingProcess(folder, 1), "crashed"),
    ],
    ids=["killed", "segfault"],
)
@pytest.mark.parametrize("mode", ["fast", "hq"])
def test_a_child_that_dies_while_it_writes_means_rules(
    workflow: Workflow,
    run_with: Callable[..., Run],
    log: io.StringIO,
    start: Start,
    cause: str,
    mode: str,
) -> None:
    run = run_with(start, mode=mode)
    assert_rules_wrote(workflow, run, {cause}, log)


@pytest.mark.parametrize(
    ("start", "budget_s"),
    [(plain, 0.0), (plain, 0.3), (lambda folder: HangingProcess(folder, 1, grace_s=0.2), 8.0)],
    ids=["no time", "within the prompt", "it hangs"],
)
def test_a_model_that_is_too_slow_means_rules(
    workflow: Workflow,
    run_with: Callable[..., Run],
    log: io.StringIO,
    start: Start,
    budget_s: float,
) -> None:
    run = run_with(start, budget_s)
    assert_rules_wrote(workflow, run, {"too_slow"}, log)


def test_a_model_that_finds_no_memory_means_rules(
    workflow: Workflow, run_with: Callable[..., Run], log: io.StringIO
) -> None:
    run = run_with(lambda folder: ModelProcess(folder, 1, memory_bytes=420 << 20))
    assert_rules_wrote(workflow, run, {"out_of_memory"}, log)


@pytest.mark.parametrize("mode", ["fast", "hq"])
def test_what_a_small_model_writes_is_held_to_the_record_or_left_to_the_rules(
    workflow: Workflow, run_with: Callable[..., Run], log: io.StringIO, mode: str
) -> None:
    run = run_with(mode=mode)
    answer = run.outcome.answer
    assert run.status == "SUCCEEDED"
    assert answer is not None
    if answer["model_used"] == RULES:
        assert_rules_wrote(workflow, run, {"coverage", "repetition", "rubbish"}, log)
    assert all(said["references"] for said in answer["evidence"])
