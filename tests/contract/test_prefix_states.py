"""States of prefixes on file, over the small GGUF model that is baked: nothing but the time is another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hntai.adapters.baked_models import BakedModels, verify
from hntai.adapters.model_child import runner_of
from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.prefix_states import PREFIXES, written_form
from hntai.domain.generation import ModelType, Prompt
from hntai_local.models.prefixes import write_prefixes
from tests.contract.test_text_models import ATTACK, MODELS_DIR, PROMPT, baked, of_types

pytestmark = [pytest.mark.models, pytest.mark.timeout(300)]

NAME = of_types(ModelType.GGUF)[0]
OTHER = Prompt("Count the words of the note, and say nothing else.", "Pain since Monday.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> ModelFolder:
    """The baked model in a folder of its own, with the prefixes of two prompts."""
    if NAME not in baked():
        pytest.skip(f"NOT TESTED: no such model is baked in {MODELS_DIR}; `make models` bakes them")
    models_dir = tmp_path_factory.mktemp("models")
    (models_dir / "manifest.toml").symlink_to((MODELS_DIR / "manifest.toml").absolute())
    (models_dir / NAME).mkdir()
    model = with_no_states(baked()[NAME], models_dir / NAME)
    write_prefixes(model, runner_of(model, 1), (PROMPT, OTHER))
    return model


def with_no_states(model: ModelFolder, place: Path) -> ModelFolder:
    for file in model.folder.iterdir():
        if file.is_file():
            (place / file.name).symlink_to(file.absolute())
    (place / PREFIXES).mkdir()
    return replace(model, folder=place)


def states_of(model: ModelFolder) -> list[Path]:
    return sorted((model.folder / PREFIXES).iterdir())


def answers(runner: Any) -> list[Any]:
    asked = (PROMPT, OTHER, Prompt(PROMPT.instruction, f"Cough.{ATTACK}"), PROMPT)
    return [runner.generate(prompt, max_tokens=24, deadline_s=120) for prompt in asked]


def test_answers_are_the_same_with_states_on_file_and_without(folder: ModelFolder) -> None:
    assert answers(runner_of(folder, 1)) == answers(runner_of(baked()[NAME], 1))


def test_a_state_on_file_is_what_the_answer_stands_on(folder: ModelFolder, tmp_path: Path) -> None:
    runner = runner_of(with_no_states(folder, tmp_path), 1)
    france, spain = (Prompt(f"Name the capital of {land}.", "Which is it?") for land in ("France", "Spain"))
    prefix, (other, state) = runner.prompt_tokens(france)[0], runner.prefix_state(spain)
    assert len(prefix) == len(other)
    honest = runner_of(folder, 1).generate(france, max_tokens=12, deadline_s=120)
    runner.prefix_states.path(prefix).write_bytes(written_form(state))
    answered = runner.generate(france, max_tokens=12, deadline_s=120)
    assert answered == runner.generate(spain, max_tokens=12, deadline_s=120)
    assert answered != honest


def test_two_threads_evaluate_the_bytes_that_one_does(folder: ModelFolder) -> None:
    prefix, state = runner_of(folder, 2).prefix_state(OTHER)
    assert runner_of(folder, 1).prefix_states.read(prefix) == state


def test_a_model_with_prefixes_is_whole_and_verified(folder: ModelFolder) -> None:
    models = BakedModels(folder.folder.parent)
    model = models.manifest.named(NAME)
    assert model is not None
    verify(models.get(model))


def test_running_writes_nothing(folder: ModelFolder) -> None:
    before = [(file.name, file.stat().st_mtime_ns) for file in states_of(folder)]
    runner_of(folder, 1).generate(Prompt("Another.", "Pain."), max_tokens=2, deadline_s=120)
    assert [(file.name, file.stat().st_mtime_ns) for file in states_of(folder)] == before
    assert not list(folder.folder.glob("*.new"))


def test_written_again_they_are_what_they_were(folder: ModelFolder) -> None:
    before = [(file.name, file.read_bytes()) for file in states_of(folder)]
    write_prefixes(folder, runner_of(folder, 1), (PROMPT, OTHER))
    assert [(file.name, file.read_bytes()) for file in states_of(folder)] == before


def test_what_is_no_state_of_that_many_tokens_is_evaluated_anew(folder: ModelFolder, tmp_path: Path) -> None:
    spoilt = with_no_states(folder, tmp_path)
    runner = runner_of(spoilt, 1)
    prefix, _ = runner.prompt_tokens(PROMPT)
    _, others = runner.prefix_state(OTHER)
    expected = runner_of(baked()[NAME], 1).generate(PROMPT, max_tokens=12, deadline_s=120)
    for state in (others, b"no state at all", others[: len(others) // 2]):
        runner.prefix_states.path(prefix).write_bytes(written_form(state))
        assert runner_of(spoilt, 1).generate(PROMPT, max_tokens=12, deadline_s=120) == expected
