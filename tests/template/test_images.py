"""Dockerfiles, what enters a build, pinned tools, and the stages of samconfig.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from hntai.domain.manifest import parse_manifest
from tests.template.cloudformation import FUNCTIONS, PARAMETERS, RESOURCES, ROOT

PLAIN = ROOT / "functions" / "all" / "Dockerfile"
"""A container beside Lambda: every door in one process."""
DOCKERFILES = sorted(set((ROOT / "functions").glob("*/Dockerfile")) - {PLAIN})
LOCKS = [
    *sorted((ROOT / "requirements").glob("check-*.txt")),
    ROOT / "layers" / "native" / "requirements.txt",
]
SHARED_STAGES = 4
WITH_MODELS = {"summarize", "generate_section"}
HEARS = {"transcribe"}
"""Models too, but run by other libraries."""
READS = {"upload"}
STAGES = ["default", "dev", "staging", "prod"]
FUNCTION_NAME_LIMIT = 64
"""Longest name of a function. Source: AWS Lambda API reference, CreateFunction."""
MANIFEST = parse_manifest((ROOT / "layers" / "models" / "manifest.toml").read_text("utf-8"))
SAMCONFIG = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))


def _stages(dockerfile: Path) -> list[str]:
    return re.split(r"(?m)^(?=FROM )", dockerfile.read_text("utf-8"))


def _stage_name(stage: str) -> str:
    return stage.splitlines()[0].rpartition(" AS ")[2]


def _with_models(dockerfile: Path, *stages: str) -> list[str]:
    """The stages, of a Dockerfile whose image has models."""
    return list(stages) if _name(dockerfile) in WITH_MODELS else []


def _hearing(dockerfile: Path, *stages: str) -> list[str]:
    """The stages, of the Dockerfile whose image hears."""
    return list(stages) if _name(dockerfile) in HEARS else []


def _name(dockerfile: Path) -> str:
    return dockerfile.parent.name


def test_every_function_has_a_dockerfile_and_every_dockerfile_a_function() -> None:
    metadata = [RESOURCES[name]["Metadata"] for name in FUNCTIONS]
    assert {ROOT / found["Dockerfile"] for found in metadata} == set(DOCKERFILES)
    assert {found["DockerContext"] for found in metadata} == {"."}
    assert all(found["Dockerfile"] == f"functions/{found['DockerTag']}/Dockerfile" for found in metadata)


def test_all_images_share_their_first_layers() -> None:
    instructions = {
        tuple(re.sub(r"(?m)^#.*\n", "", "".join(_stages(path)[: SHARED_STAGES + 1])).split("\n"))
        for path in DOCKERFILES
    }
    assert len(instructions) == 1


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=_name)
def test_what_others_wrote_is_installed_by_hash(dockerfile: Path) -> None:
    installing = [stage for stage in _stages(dockerfile) if "pip install" in stage]
    assert [_stage_name(stage) for stage in installing] == [
        "common",
        "native",
        *_with_models(dockerfile, "runners"),
        *_hearing(dockerfile, "hearing"),
        *(["reading"] if _name(dockerfile) in READS else []),
    ]
    for stage in installing:
        fetching = [
            command for command in stage.split("python3 -m pip install")[1:] if "--no-index" not in command
        ]
        assert fetching
        assert all("--require-hashes" in command and "--only-binary :all:" in command for command in fetching)


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=_name)
def test_of_the_compiler_nothing_enters_the_image_but_what_it_made(dockerfile: Path) -> None:
    copied = re.findall(r"(?m)^COPY --from=native (.+)$", dockerfile.read_text("utf-8"))
    assert copied == ["/build/libtagger.so /build/python/hntai/domain/tagger/libtagger.so"]


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=_name)
def test_patterns_are_compiled_for_the_image_and_leave_no_bytecode_that_asks_for_its_source(
    dockerfile: Path,
) -> None:
    ours = next(stage for stage in _stages(dockerfile) if _stage_name(stage) == "ours")
    assert "python3 -B -m hntai.domain.kept_patterns" in ours
    assert ours.index("kept_patterns") < ours.index("compileall -q --invalidation-mode unchecked-hash /build")


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=_name)
def test_only_the_images_that_run_models_hold_any(dockerfile: Path) -> None:
    image = _stages(dockerfile)[-1]
    copied = re.findall(r"(?m)^COPY --from=(?:models|runners|hearing|speech) (.+)$", image)
    places = ("/opt/runners /opt/runners", "/opt/models /opt/models")
    assert copied == _with_models(dockerfile, *places) + _hearing(dockerfile, *places)
    assert ("HNTAI_MODELS_DIR=/opt/models" in image) == bool(copied)


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=_name)
def test_a_models_image_names_models_of_the_manifest_and_none_for_tests(dockerfile: Path) -> None:
    named = re.findall(r'(?m)^ARG MODELS="(.+)"$', dockerfile.read_text("utf-8"))
    models = {model.name: model for model in MANIFEST.models}
    for name in (name for names in named for name in names.split()):
        assert not models[name].is_test_only
    assert len(named) == len(_with_models(dockerfile, "models") + _hearing(dockerfile, "speech"))


def test_what_runs_and_holds_models_is_made_alike_for_every_image() -> None:
    made = {
        re.sub(
            r'ARG MODELS=".+"',
            "",
            "".join(s for s in _stages(path) if _stage_name(s) in ("runners", "models")),
        )
        for path in DOCKERFILES
        if _name(path) in WITH_MODELS
    }
    assert len(made) == 1


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=_name)
def test_the_image_itself_only_copies_onto_a_base_without_pip(dockerfile: Path) -> None:
    stage = _stages(dockerfile)[-1]
    words = re.findall(r"(?m)^([A-Z]+) ", stage)
    assert stage.startswith("FROM lean\n")
    assert set(words) <= {"FROM", "ENV", "COPY", "CMD"}
    assert words.index("ENV") > max(at for at, word in enumerate(words) if word == "COPY")


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=_name)
def test_an_image_tells_what_is_in_it(dockerfile: Path) -> None:
    stages = {_stage_name(stage): stage for stage in _stages(dockerfile)}
    copied = [
        place
        for place in re.findall(r"(?m)^COPY --from=\w+ \S+ (/opt/\S+)$", _stages(dockerfile)[-1])
        if place != "/opt/bill" and "/sql/" not in place
    ]
    (told,) = re.findall(r"(?m)^RUN python3 /build/bill\.py (\w+) /build/bill (.+)$", stages["bill"])
    assert told[0] == _name(dockerfile)
    assert set(told[1].split()) == set(copied)


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=_name)
def test_an_images_own_command_is_one_the_template_uses(dockerfile: Path) -> None:
    (command,) = re.findall(r'(?m)^CMD \["(.+)"\]$', dockerfile.read_text("utf-8"))
    assert [command] in [found["ImageConfig"]["Command"] for found in FUNCTIONS.values()]


def test_the_plain_container_is_made_of_the_same_stages_and_is_not_root() -> None:
    stages = _stages(PLAIN)
    shared = [stage for path in DOCKERFILES for stage in _stages(path)]
    made = [
        stage for stage in stages if _stage_name(stage) in ("lean", "common", "native", "runners", "reading")
    ]
    assert len(made) == 5
    assert all(_words(stage) in map(_words, shared) for stage in made)
    assert re.search(r"(?m)^USER [1-9]\d*:[1-9]\d*$", stages[-1])
    assert re.search(r"(?m)^HEALTHCHECK ", stages[-1])


def _words(stage: str) -> str:
    """A stage without the comment of the next."""
    return re.sub(r"(?m)^#.*\n", "", stage).strip()


def test_a_build_is_given_code_pins_and_models_only() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule for rule in rules if rule.startswith("!")} == {
        "!functions",
        "!layers",
        "!.models",
        "!.wheels",
        "!shared/hntai",
        "!sql/queries",
        "!sql/migrations",
    }


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.stem))
def test_the_tools_are_pinned_by_hash_and_name_no_index(lock: Path) -> None:
    text = lock.read_text("utf-8")
    pins = re.findall(r"(?m)^[a-z0-9][\w.\-\[\],]*==\S+.*\\\n +--hash=sha256:[0-9a-f]{64}", text)
    assert len(pins) == len(re.findall(r"(?m)^[a-z0-9]", text)) > 0
    assert "://" not in text
    assert "index" not in re.sub(r"(?m)^[a-z0-9].*$", "", text)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_names_parameters_there_are(stage: str) -> None:
    overrides = [
        pair.split("=", 1) for pair in SAMCONFIG[stage]["deploy"]["parameters"]["parameter_overrides"]
    ]
    for name, value in overrides:
        assert value in PARAMETERS[name].get("AllowedValues", [value])


@pytest.mark.parametrize("stage", STAGES)
def test_function_names_are_short_enough_in_every_stage(stage: str) -> None:
    stack = SAMCONFIG[stage]["global"]["parameters"]["stack_name"]
    names = [found["FunctionName"]["Fn::Sub"] for found in FUNCTIONS.values()]
    assert max(len(name.replace("${AWS::StackName}", stack)) for name in names) <= FUNCTION_NAME_LIMIT


def test_production_neither_shows_its_docs_nor_forgets_its_anchors() -> None:
    overrides = SAMCONFIG["prod"]["deploy"]["parameters"]["parameter_overrides"]
    assert "AnchorLockMode=COMPLIANCE" in overrides
    assert "DocsEnabled=true" not in overrides
    assert PARAMETERS["DocsEnabled"]["Default"] == "false"
