from __future__ import annotations

import marshal
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from hntai.domain import kept_patterns
from hntai.domain.kept_patterns import Key, Parts, take_up

COMPILER: Any = import_module("re._compiler")
WRITE = "from sys import argv; from pathlib import Path; from hntai.domain.kept_patterns import write; "


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an image holds: written by a process that had imported none of the domain."""
    file = tmp_path_factory.mktemp("kept") / "kept_patterns.bin"
    subprocess.run([sys.executable, "-c", WRITE + "write(Path(argv[1]))", str(file)], check=True)
    return file


@pytest.fixture(autouse=True)
def compiled() -> Iterator[Any]:
    """Python's own way to compile, restored afterwards."""
    own = COMPILER.compile
    yield own
    COMPILER.compile = own


def _read(file: Path) -> tuple[Any, dict[Key, Parts]]:
    found: tuple[Any, dict[Key, Parts]] = marshal.loads(file.read_bytes())
    return found


def test_every_kept_pattern_is_what_compiling_it_gives(kept: Path, compiled: Any) -> None:
    take_up(kept)
    patterns = _read(kept)[1]
    assert len(patterns) > 500
    for source, flags in patterns:
        taken, fresh = COMPILER.compile(source, flags), compiled(source, flags)
        assert taken == fresh
        assert dict(taken.groupindex) == dict(fresh.groupindex)
        assert (taken.flags, taken.groups) == (fresh.flags, fresh.groups)


def test_a_kept_pattern_is_not_compiled_again_and_any_other_is(kept: Path) -> None:
    asked: list[str] = []
    own = COMPILER.compile

    def asking(source: Any, flags: int = 0) -> Any:
        asked.append(source)
        return own(source, flags)

    COMPILER.compile = asking
    take_up(kept)
    source, flags = next(iter(_read(kept)[1]))
    COMPILER.compile(source, flags)
    assert asked == []
    assert re.compile("kept nowhere: (?P<name>a|b)+").fullmatch("kept nowhere: ab")
    assert re.compile(b"bytes are kept nowhere").match(b"bytes are kept nowhere")
    assert len(asked) == 2


def test_code_that_does_not_fit_is_compiled_as_ever(kept: Path, tmp_path: Path, compiled: Any) -> None:
    made_for, patterns = _read(kept)
    (source, flags), parts = next(iter(patterns.items()))
    for code in (b"", b"\xff\xff\xff\x7f", b"odd"):
        file = tmp_path / "kept.bin"
        file.write_bytes(marshal.dumps((made_for, {(source, flags): (parts[0], code, *parts[2:])})))
        take_up(file)
        assert COMPILER.compile(source, flags) == compiled(source, flags)


@pytest.mark.parametrize("content", [None, b"", b"no marshalled value", marshal.dumps(5)])
def test_a_file_that_is_missing_or_no_such_file_changes_nothing(
    tmp_path: Path, compiled: Any, content: bytes | None
) -> None:
    file = tmp_path / "kept.bin"
    if content is not None:
        file.write_bytes(content)
    take_up(file)
    assert COMPILER.compile is compiled


def test_what_another_python_made_changes_nothing(kept: Path, tmp_path: Path, compiled: Any) -> None:
    (tag, *rest), patterns = _read(kept)
    file = tmp_path / "kept.bin"
    file.write_bytes(marshal.dumps(((tag + "x", *rest), patterns)))
    take_up(file)
    assert COMPILER.compile is compiled


def test_a_checkout_holds_no_kept_patterns() -> None:
    assert not kept_patterns.FILE.exists()
