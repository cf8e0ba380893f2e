"""The README's commands do what it says: each is run as it stands, but for ports and the state's place."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from hntai_local.state_dir import PROJECT_ROOT
from tests.e2e.conftest import RunningStack

pytestmark = pytest.mark.e2e
README = Path(PROJECT_ROOT, "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
STARTING = ("make demo", "make run")
"""These start a stack themselves: .ci/run runs the one, the fixture is the other."""
TRIED = [block for block in BLOCKS if not block.startswith(STARTING)]


def run(stack: RunningStack, block: str) -> str:
    for port, setting in (("7860", "HNTAI_PORT"), ("7861", "HNTAI_STREAM_PORT")):
        block = block.replace(f"127.0.0.1:{port}", f"127.0.0.1:{stack.environment[setting]}")
    environment = {**os.environ, "HNTAI_STATE_DIR": stack.environment["HNTAI_STATE_DIR"]}
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return ran.stdout


@pytest.mark.parametrize("block", TRIED, ids=lambda block: block.split("\n")[0][:60])
def test_the_readmes_command_works(stack: RunningStack, block: str) -> None:
    printed = run(stack, block)
    assert printed.strip()
    assert "urn:hntai:problem" not in printed


def test_the_readmes_example_answer_is_what_is_answered(stack: RunningStack) -> None:
    command = next(block for block in TRIED if "/phi/scrub" in block)
    shown = json.loads(re.findall(r"```json\n(.*?)```", README, re.DOTALL)[0])
    answered = json.loads(run(stack, command))
    assert {name: answered[name] for name in shown} == shown


def test_a_token_is_all_that_make_token_prints(stack: RunningStack) -> None:
    printed = run(stack, 'make -s token SCOPES="scrub"')
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", printed)


def test_every_target_the_readme_names_is_there() -> None:
    makefiles = [Path(PROJECT_ROOT, "Makefile"), *Path(PROJECT_ROOT, "make").glob("*.mk")]
    written = "\n".join(file.read_text("utf-8") for file in makefiles)
    targets = set(re.findall(r"^([a-z-]+):", written, re.MULTILINE))
    assert set(re.findall(r"\bmake (?:-s )?([a-z-]+)", README)) - {"and"} <= targets
