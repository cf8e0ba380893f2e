"""The locks of what others wrote, and what the images may not carry."""

from __future__ import annotations

import ast
import re

import pytest

from hntai_local.state_dir import PROJECT_ROOT

LOCKS = sorted([*PROJECT_ROOT.glob("requirements/*.txt"), *PROJECT_ROOT.glob("layers/*/*.txt")])
BAKE_TIME_ONLY = {"torch", "transformers", "optimum", "onnx", "huggingface_hub", "sentence_transformers"}
PIN = re.compile(r"^([A-Za-z0-9._-]+)==\S+", re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(PROJECT_ROOT)))
def test_a_lock_pins_by_hash_and_names_no_index(lock) -> None:  # type: ignore[no-untyped-def]
    text = lock.read_text("utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert PIN.findall(text)
    entries = re.split(
        r"^(?=[A-Za-z0-9])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE
    )
    assert all("--hash=sha256:" in entry for entry in entries if entry.strip())


@pytest.mark.parametrize("layer", ["common", "onnx", "llama", "audio", "documents"])
def test_no_layer_of_an_image_carries_what_only_baking_needs(layer: str) -> None:
    names = PIN.findall((PROJECT_ROOT / "layers" / layer / "requirements.txt").read_text("utf-8"))
    assert not BAKE_TIME_ONLY & {name.replace("-", "_").lower() for name in names}


def test_nothing_we_ship_imports_what_only_baking_needs() -> None:
    for module in [*PROJECT_ROOT.glob("shared/hntai/**/*.py"), *PROJECT_ROOT.glob("functions/**/*.py")]:
        assert not BAKE_TIME_ONLY & set(imported(module.read_text("utf-8"))), module


def imported(source: str) -> list[str]:
    """Top-level packages a module imports, inside functions too."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module.split(".")[0])
    return names


def test_two_layers_of_one_image_agree_on_every_version() -> None:
    seen: dict[tuple[str, str], str] = {}
    for layer in ("common", "onnx", "llama", "audio", "documents"):
        text = (PROJECT_ROOT / "layers" / layer / "requirements.txt").read_text("utf-8")
        for name, version, marker in re.findall(r"^([\w.-]+)==(\S+)( ;[^\\]*)?", text, re.MULTILINE):
            assert seen.setdefault((name, marker), version) == version, name
