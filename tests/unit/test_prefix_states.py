"""A state on file is read for just the model, build and tokens it was written for, and only whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.prefix_states import PREFIXES, PrefixStates, written_form
from hntai.domain.generation import ModelIdentity, ModelType

PREFIX, STATE = (1, 2, 3), b"keys and values"


@pytest.fixture
def model(tmp_path: Path) -> ModelFolder:
    record_digest(tmp_path, "a" * 64)
    (tmp_path / PREFIXES).mkdir()
    return ModelFolder(ModelIdentity("model", "r1", ModelType.GGUF), tmp_path, ("model.gguf",), 512)


@pytest.fixture
def states(model: ModelFolder) -> PrefixStates:
    states = PrefixStates(model, "build")
    states.path(PREFIX).write_bytes(written_form(STATE))
    return states


def record_digest(folder: Path, digest: str) -> None:
    record = {"files": [{"name": "model.gguf", "bytes": 1, "sha256": digest}]}
    (folder / "baked.json").write_text(json.dumps(record))


def test_what_was_baked_is_read(states: PrefixStates) -> None:
    assert states.read(PREFIX) == STATE


def test_other_tokens_have_none(states: PrefixStates) -> None:
    assert states.read((1, 2)) is None
    assert states.read((1, 23)) is None


@pytest.mark.usefixtures("states")
def test_another_build_or_other_parameters_have_none(model: ModelFolder) -> None:
    assert PrefixStates(model, "another build").read(PREFIX) is None


@pytest.mark.usefixtures("states")
def test_another_models_bytes_have_none(model: ModelFolder) -> None:
    record_digest(model.folder, "b" * 64)
    assert PrefixStates(model, "build").read(PREFIX) is None


@pytest.mark.usefixtures("states")
@pytest.mark.parametrize("record", ["", "[]", '{"files": [{"name": "another.gguf", "sha256": "a"}]}'])
def test_a_folder_that_does_not_say_what_was_baked_has_none(model: ModelFolder, record: str) -> None:
    (model.folder / "baked.json").write_text(record)
    assert PrefixStates(model, "build").read(PREFIX) is None


@pytest.mark.parametrize("place", [0, 31, 32, -1])
def test_one_changed_byte_and_it_is_not_read(states: PrefixStates, place: int) -> None:
    written = bytearray(written_form(STATE))
    written[place] ^= 1
    states.path(PREFIX).write_bytes(bytes(written))
    assert states.read(PREFIX) is None


@pytest.mark.parametrize("length", [0, 1, 32, 40])
def test_a_file_that_is_cut_off_is_not_read(states: PrefixStates, length: int) -> None:
    states.path(PREFIX).write_bytes(written_form(STATE)[:length])
    assert states.read(PREFIX) is None
