"""Each import contract is proved by a violation: one forbidden import in a copy of the tree breaks it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hntai_local.state_dir import PROJECT_ROOT

VIOLATIONS = {
    "hntai: one direction, web to domain": (
        "shared/hntai/domain/audit.py",
        "import hntai.services.scrub_text",
    ),
    "tests over the local stack over functions over hntai": (
        "shared/hntai/services/scrub_text.py",
        "import hntai_local.token",
    ),
    "functions know nothing of each other": ("functions/scrub/app.py", "import functions.status.app"),
    "domain, services, contracts and ports import no adapter library": (
        "shared/hntai/services/scrub_text.py",
        "import boto3",
    ),
    "functions reach adapters only through bootstrap": (
        "functions/scrub/app.py",
        "import hntai.adapters.cache",
    ),
    "what runs in the images imports no torch, transformers or optimum": (
        "shared/hntai/adapters/cache.py",
        "import torch",
    ),
    "no import cycles": ("shared/hntai/domain/spans.py", "import hntai.domain.deidentification"),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    for name in ("shared", "functions", "tests"):
        shutil.copytree(
            PROJECT_ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.txt")
        )
    shutil.copy(PROJECT_ROOT / "pyproject.toml", root)
    return root


def lint(root: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": f"{root / 'shared'}:{root}"}
    words = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(
        words, cwd=root, env=environment, capture_output=True, text=True, timeout=110, check=False
    ).stdout


def test_the_tree_as_it_is_keeps_every_contract(tree: Path) -> None:
    printed = lint(tree)
    assert f"Contracts: {len(VIOLATIONS)} kept, 0 broken." in printed


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_violation_breaks_its_contract(tree: Path, contract: str) -> None:
    place, line = VIOLATIONS[contract]
    file = tree / place
    before = file.read_text("utf-8")
    file.write_text(
        before.replace(
            "from __future__ import annotations\n", f"from __future__ import annotations\n\n{line}\n", 1
        )
    )
    try:
        assert f"{contract} BROKEN" in lint(tree)
    finally:
        file.write_text(before)
