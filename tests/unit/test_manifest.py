"""The manifest of models: what it holds, and that a wrong one is refused by name."""

from __future__ import annotations

import pytest

from hntai.domain.errors import ConfigurationError
from hntai.domain.generation import ModelType
from hntai.domain.manifest import Manifest, parse_manifest
from hntai_local.models.places import MANIFEST
from tests.unit.wheels_on_disk import digest, model_toml

GOOD = model_toml(b"weights")
WRONG = {
    "no TOML": ("[[model]]", "[[model"),
    "a field missing": ('licence = "Apache-2.0"', ""),
    "a field unknown": ('task = "text-generation"', 'task = "text-generation"\nauthor = "x"'),
    "an unknown model type": ('model_type = "gguf"', 'model_type = "oracle"'),
    "a hash that is none": (digest(b"weights"), "cafe"),
    "bytes that are no number": ("bytes = 7", 'bytes = "7"'),
    "no bytes at all": ("bytes = 7", "bytes = 0"),
    "a name that leaves its folder": ('name = "tiny"', 'name = "../tiny"'),
    "a file that leaves its folder": ('name = "weights.bin"', 'name = "../weights.bin"'),
    "a file without a hash": (f'sha256 = "{digest(b"weights")}"', ""),
    "a recipe of a model there is not": (
        'revision = "r1"\ncontext',
        'revision = "r1"\nrecipe = { name = "x", made_from = "y" }\ncontext',
    ),
    "a list that is none": ('functions = ["summarize"]', 'functions = "summarize"'),
    "a flag that is none": ('task = "text-generation"', 'task = "text-generation"\ntest_only = "no"'),
    "a table that is none": (
        'upstream = { repository = "makers/tiny", revision = "r1" }',
        'upstream = "makers/tiny"',
    ),
}


@pytest.fixture(scope="module")
def ours() -> Manifest:
    return parse_manifest(MANIFEST.read_text("utf-8"))


def test_a_good_manifest_is_read() -> None:
    (model,) = parse_manifest(GOOD).models
    assert model.identity.shown == "tiny@r1 (gguf)"
    assert model.files[0].bytes == 7
    assert model.has_upstream_source


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_manifest_is_refused(case: str) -> None:
    before, after = WRONG[case]
    assert before in GOOD
    with pytest.raises(ConfigurationError, match="manifest"):
        parse_manifest(GOOD.replace(before, after, 1))


def test_two_models_of_one_name_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="one model of the name tiny"):
        parse_manifest(GOOD + GOOD)


def test_the_models_asked_for_in_the_seed_have_an_entry(ours: Manifest) -> None:
    asked = ours.named("microsoft/Phi-3-mini-4k-instruct-gguf/Phi-3-mini-4k-instruct-q4.gguf")
    assert asked is not None
    assert (asked.model_type, asked.quantization) == (ModelType.GGUF, "Q4_K_M")


def test_every_type_a_request_may_name_has_a_model_or_shares_its_runner(ours: Manifest) -> None:
    types = {model.model_type for model in ours.models}
    assert types >= set(ModelType) - {ModelType.SUMMARIZATION}


def test_what_is_for_tests_alone_is_in_no_image(ours: Manifest) -> None:
    carried = {model.name for model in ours.of_function("summarize")}
    assert carried == {"qwen2.5-coder-1.5b", "phi-3-mini-4k", "minilm"}


def test_every_licence_says_where_it_was_seen(ours: Manifest) -> None:
    assert all(model.licence and model.licence_seen for model in ours.models)
