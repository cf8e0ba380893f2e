"""The documents name what is there: files, tests, functions, settings; their links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hntai_local.state_dir import PROJECT_ROOT

DOCS = [PROJECT_ROOT / "README.md", *sorted(PROJECT_ROOT.glob("docs/**/*.md"))]
PRIVACY = (PROJECT_ROOT / "docs" / "privacy.md").read_text("utf-8")


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(PROJECT_ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_privacy_table_names_code_and_tests_that_are_there() -> None:
    named = re.findall(r"`((?:shared|sql|tests|layers|template)[\w/.-]*)(?:::(\w+))?`", PRIVACY)
    assert len(named) > 40
    for path, test in named:
        place = PROJECT_ROOT / path
        assert place.exists(), path
        assert not test or f"def {test}(" in place.read_text("utf-8"), f"{path}::{test}"


def test_every_safeguard_names_a_test() -> None:
    rows = [
        line for line in PRIVACY.splitlines() if line.startswith("| ") and not line.startswith("| safeguard")
    ]
    assert len(rows) > 12
    assert [row[:40] for row in rows if "`tests/" not in row.rsplit("|", 2)[1]] == []


def test_the_drawing_is_well_formed_and_has_every_function() -> None:
    drawing = ElementTree.parse(PROJECT_ROOT / "docs" / "architecture.svg")
    said = " ".join(drawing.getroot().itertext())
    folders = {path.parent.name for path in (PROJECT_ROOT / "functions").glob("*/Dockerfile")}
    assert [name for name in folders if name not in said] == []


def test_five_commands_deploy_and_their_targets_are_there() -> None:
    deploy = (PROJECT_ROOT / "docs" / "deploy.md").read_text("utf-8")
    commands = re.findall(r"```text\n(.*?)```", deploy, re.DOTALL)[0].splitlines()
    assert len(commands) == 5
    written = "\n".join(path.read_text("utf-8") for path in PROJECT_ROOT.glob("make/*.mk"))
    written += (PROJECT_ROOT / "Makefile").read_text("utf-8")
    for command in commands:
        if command.startswith("make "):
            assert re.search(rf"^{command.split()[1]}:", written, re.MULTILINE), command
