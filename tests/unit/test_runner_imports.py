"""What trains and exports models is not what runs them."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import hntai.adapters

FORBIDDEN = {"torch", "transformers", "optimum"}
MODULES = sorted(Path(hntai.adapters.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_no_adapter_imports_torch_transformers_or_optimum(module: Path) -> None:
    nodes = list(ast.walk(ast.parse(module.read_text("utf-8"))))
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert not {name.split(".")[0] for name in named} & FORBIDDEN


def test_the_parent_of_a_model_imports_no_library_of_models() -> None:
    libraries = {"llama_cpp", "onnxruntime", "tokenizers", "numpy", "jinja2", *FORBIDDEN}
    program = f"import hntai.adapters.model_shelf, sys; print(*({libraries!r} & set(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert not ran.stdout.split()
