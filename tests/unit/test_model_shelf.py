"""A shelf knows its models by name and alias, and looks at a model's files when it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from hntai.adapters.baked_shelf import baked_shelf
from hntai.adapters.cpu_quota import thread_count
from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.model_process import ModelProcess
from hntai.adapters.model_shelf import ProcessModelShelf, ShelvedModel
from hntai.domain.errors import ModelFailedError, ModelUnknownError
from hntai.domain.generation import ModelIdentity, ModelType

SEED = "microsoft/Phi-3-mini-4k-instruct-gguf/Phi-3-mini-4k-instruct-q4.gguf"


def shelved(name: str, model_type: ModelType, *also_named: str, is_there: bool = True) -> ShelvedModel:
    identity = ModelIdentity(name, "r1", model_type)

    def find() -> ModelFolder:
        if not is_there:
            raise ModelFailedError(model=name, cause="missing")
        return ModelFolder(identity, Path("/nowhere"), (), 4096)

    return ShelvedModel(identity, also_named, find)


@pytest.fixture
def shelf() -> ProcessModelShelf:
    models = (
        shelved("qwen", ModelType.GGUF),
        shelved("phi-3", ModelType.GGUF, SEED),
        shelved("minilm", ModelType.EXTRACTIVE),
        shelved("t5", ModelType.SUMMARIZATION, is_there=False),
    )
    return ProcessModelShelf(models, lambda folder: ModelProcess(folder, 1))


def test_names_come_in_the_manifests_order(shelf: ProcessModelShelf) -> None:
    assert shelf.names() == ("qwen", "phi-3", "minilm", "t5")
    assert shelf.names(ModelType.GGUF) == ("qwen", "phi-3")


@pytest.mark.parametrize(
    ("name", "model_type", "found"),
    [
        (None, ModelType.GGUF, "qwen"),
        (None, None, "qwen"),
        ("phi-3", None, "phi-3"),
        (SEED, ModelType.GGUF, "phi-3"),
    ],
)
def test_a_model_is_found(
    shelf: ProcessModelShelf, name: str | None, model_type: ModelType | None, found: str
) -> None:
    assert shelf.text_model(name, model_type).identity.name == found


@pytest.mark.parametrize(
    ("name", "model_type", "there_are"),
    [
        ("gpt-5", None, ["qwen", "phi-3", "t5"]),
        ("qwen", ModelType.SUMMARIZATION, ["t5"]),
        (None, ModelType.SEQ2SEQ, []),
        ("minilm", None, ["qwen", "phi-3", "t5"]),
    ],
)
def test_an_unknown_model_is_refused_with_the_names_there_are(
    shelf: ProcessModelShelf, name: str | None, model_type: ModelType | None, there_are: list[str]
) -> None:
    with pytest.raises(ModelUnknownError) as refused:
        shelf.text_model(name, model_type)
    assert refused.value.details == {"models": there_are}


def test_a_model_whose_file_is_missing_fails_at_its_use_alone(shelf: ProcessModelShelf) -> None:
    with pytest.raises(ModelFailedError, match="missing"):
        shelf.text_model("t5", None)
    assert shelf.encoder().identity.name == "minilm"


def test_a_model_is_opened_once(shelf: ProcessModelShelf) -> None:
    opened: list[str] = []

    def start(folder: ModelFolder) -> ModelProcess:
        opened.append(folder.identity.name)
        return ModelProcess(folder, 1)

    counted = ProcessModelShelf([shelved("qwen", ModelType.GGUF)], start)
    counted.text_model("qwen", None)
    counted.text_model(None, ModelType.GGUF)
    assert opened == ["qwen"]


@pytest.mark.parametrize(("quota", "threads"), [(0.2, 1), (1.0, 1), (1.4, 1)])
def test_threads_follow_the_quota_and_are_at_least_one(quota: float, threads: int) -> None:
    assert thread_count(quota) == threads


def test_a_model_for_tests_answers_to_its_name_alone() -> None:
    identity = ModelIdentity("small", "r1", ModelType.GGUF)
    small = ShelvedModel(
        identity, (), lambda: ModelFolder(identity, Path("/nowhere"), (), 4096), is_only_by_name=True
    )
    shelf = ProcessModelShelf([small], lambda folder: ModelProcess(folder, 1))
    assert shelf.text_model("small", None).identity.name == "small"
    assert not shelf.has_text_model(None, ModelType.GGUF)
    with pytest.raises(ModelUnknownError):
        shelf.text_model(None, None)


@pytest.mark.parametrize("folder", [None, Path("/nowhere")])
def test_without_a_folder_of_models_the_shelf_is_empty(folder: Path | None) -> None:
    shelf = baked_shelf(folder)
    assert shelf.names() == ()
    assert not shelf.has_text_model(None, None)
