"""Whatever a model's process does, its caller gets a text or a named cause, and the next call a new child."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.model_process import COMMAND, ModelProcess
from hntai.adapters.process_models import ProcessTextModel
from hntai.domain.errors import ModelFailedError, PromptTooLongError
from hntai.domain.generation import Finish, Generated, ModelIdentity, ModelType, Prompt

CHILD = (sys.executable, str(Path(__file__).parent / "programs" / "model_child.py"))
PROMPT = Prompt("Say what is in the record.", "Testpatient, Anna: hypertension.")
Open = Callable[..., tuple[ProcessTextModel, ModelProcess]]


@pytest.fixture
def model_that(tmp_path: Path) -> Iterator[Open]:
    opened: list[ModelProcess] = []

    def model(
        behaviour: str, rest_s: float = 60.0, load_s: float = 30.0
    ) -> tuple[ProcessTextModel, ModelProcess]:
        folder = ModelFolder(ModelIdentity("fake", behaviour, ModelType.GGUF), tmp_path, (), 100)
        process = ModelProcess(folder, 1, command=CHILD, grace_s=0.3, rest_s=rest_s, load_s=load_s)
        opened.append(process)
        return ProcessTextModel(folder, process), process

    yield model
    for process in opened:
        process.close()


def ask(
    model: ProcessTextModel, deadline_s: float = 20.0, on_text: Callable[[str], None] | None = None
) -> Generated:
    return model.generate(PROMPT, max_tokens=20, deadline_s=deadline_s, on_text=on_text)


def test_a_model_that_works_streams_its_pieces_and_its_child_is_kept(model_that: Open) -> None:
    model, process = model_that("writes")
    pieces: list[str] = []
    assert ask(model, on_text=pieces.append) == Generated("Hypertension, treated.", 3, 2, Finish.END)
    first = process.pid
    assert ask(model).text == "".join(pieces)
    assert model.count_tokens("three plain words") == 3
    assert process.pid == first


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        ("segfaults", "crashed"),
        ("exits", "crashed"),
        ("half_a_message", "crashed"),
        ("is_killed", "out_of_memory"),
        ("hogs", "out_of_memory"),
        ("cannot_load", "cannot_load"),
        ("floods", "rubbish"),
        ("no_text", "rubbish"),
        ("no_message", "rubbish"),
        ("no_answer", "rubbish"),
        ("endless_message", "rubbish"),
    ],
)
def test_what_a_child_does_to_itself_has_a_name(model_that: Open, behaviour: str, cause: str) -> None:
    model, _ = model_that(behaviour)
    with pytest.raises(ModelFailedError) as failed:
        ask(model)
    assert failed.value.details == {"model": "fake", "cause": cause}


def test_a_child_that_overruns_its_deadline_is_killed(model_that: Open) -> None:
    model, process = model_that("hangs")
    model.count_tokens("loaded")
    child = process.pid
    assert child
    with pytest.raises(ModelFailedError, match="too_slow"):
        ask(model, deadline_s=0.2)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_caller_whose_time_runs_out_in_the_queue_leaves_the_child_alone(model_that: Open) -> None:
    model, process = model_that("hangs")
    model.count_tokens("loaded")
    child = process.pid
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask, model, 1.5)
        while not process.is_busy:
            pass
        with pytest.raises(ModelFailedError, match="too_slow"):
            ask(model, deadline_s=0.1)
        assert process.pid == child
        with pytest.raises(ModelFailedError, match="too_slow"):
            first.result()


def test_a_child_that_reads_nothing_holds_no_one_up(model_that: Open) -> None:
    model, _ = model_that("does_not_read")
    long = Prompt("", "word " * 100_000)
    with pytest.raises(ModelFailedError, match="too_slow"):
        model.generate(long, max_tokens=5, deadline_s=1.0)


def test_a_child_that_still_loads_at_the_deadline_serves_the_next_call(model_that: Open) -> None:
    model, process = model_that("loads_slowly")
    with pytest.raises(ModelFailedError, match="too_slow"):
        ask(model, deadline_s=0.1)
    loading = process.pid
    assert ask(model).text
    assert process.pid == loading


def test_a_child_that_never_loads_is_ended(model_that: Open) -> None:
    model, process = model_that("loads_slowly", load_s=0.1)
    with pytest.raises(ModelFailedError, match="too_slow"):
        ask(model)
    assert process.pid is None


def test_the_call_after_a_crash_finds_a_new_child(model_that: Open) -> None:
    model, _ = model_that("crashes_once")
    with pytest.raises(ModelFailedError, match="crashed"):
        ask(model)
    assert ask(model).text == "Hypertension, treated."


def test_after_three_crashes_in_a_row_the_model_is_given_up_for_a_while(model_that: Open) -> None:
    model, process = model_that("segfaults", rest_s=600.0)
    for _ in range(3):
        with pytest.raises(ModelFailedError, match="crashed"):
            ask(model)
    with pytest.raises(ModelFailedError, match="crashed"):
        ask(model)
    assert process.pid is None


def test_a_model_that_was_given_up_is_tried_again_when_it_has_rested(
    model_that: Open, tmp_path: Path
) -> None:
    model, _ = model_that("crashes_once", rest_s=0.0)
    mark = tmp_path / "crashed"
    for _ in range(3):
        mark.unlink(missing_ok=True)
        with pytest.raises(ModelFailedError, match="crashed"):
            ask(model)
    assert ask(model).text == "Hypertension, treated."


def test_a_prompt_that_is_too_long_is_no_crash(model_that: Open) -> None:
    model, process = model_that("too_long")
    for _ in range(4):
        with pytest.raises(PromptTooLongError) as refused:
            ask(model)
    assert refused.value.details == {"prompt_tokens": 9, "limit": 8}
    assert process.pid


def test_nothing_written_by_the_deadline_is_an_empty_answer_and_not_rubbish(model_that: Open) -> None:
    model, _ = model_that("late")
    assert ask(model) == Generated("", 3, 2, Finish.DEADLINE)


def test_a_child_knows_no_credentials_and_no_text_by_its_surroundings(
    model_that: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-for-models")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nowhere")
    model, _ = model_that("tells")
    told = ask(model).text
    assert not [secret for secret in ("not-for-models", "postgresql", "Testpatient") if secret in told]
    assert "AWS_SECRET_ACCESS_KEY" not in json.loads(told.removesuffix(" words"))["environ"]


def test_a_caller_whose_stream_broke_leaves_no_half_read_child(model_that: Open) -> None:
    model, process = model_that("writes")

    def broken(_piece: str) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        ask(model, on_text=broken)
    assert process.pid is None
    assert ask(model).text == "Hypertension, treated."


def test_the_real_child_says_which_model_it_cannot_load_and_why(tmp_path: Path) -> None:
    folder = ModelFolder(ModelIdentity("absent", "1", ModelType.GGUF), tmp_path, ("absent.gguf",), 100)
    process = ModelProcess(folder, 1)
    with pytest.raises(ModelFailedError) as failed:
        ask(ProcessTextModel(folder, process), deadline_s=60.0)
    assert failed.value.details == {"model": "absent", "cause": "cannot_load"}


def test_the_real_child_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    reading, child_writes = os.pipe()
    child_reads, writing = os.pipe()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen(COMMAND, stdin=child_reads, stdout=child_writes, env=environment)
    for descriptor in (child_reads, child_writes, writing):
        os.close(descriptor)
    assert child.wait(timeout=60) == 0
    os.close(reading)
