"""Patterns compiled when an image is built, so that a cold start only takes them up.

Compiling those of the recognizers is a sixth of scrub's cold init. CPython has no public way to keep a
compiled pattern, so this file, and no other, uses what re.compile itself ends in: `_sre.compile` takes the
code as it stands, checks it, and makes the pattern of it. A pattern that is not kept, another Python, no
file, a file that does not fit: then the pattern is compiled as ever. docs/adr/0023 has the figures.
"""

from __future__ import annotations

import marshal
import sys
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_suffix(".bin")
Key = tuple[str, int]
"""A pattern as it is written, and its flags."""
Parts = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]
"""What `_sre.compile` is given after the pattern: flags, code, count, numbers and names of groups."""
_CODE: Final = "I"


def take_up(file: Path = FILE) -> None:
    """From now on re.compile makes the patterns of the file from their code."""
    try:
        # The file is as trusted as the bytecode beside it, which is read the same way.
        made_for, kept = marshal.loads(file.read_bytes())  # noqa: S302
        compiler, engine = _internals()
        if made_for == _python(engine):
            compiler.compile = _taking(kept, compiler.compile, engine.compile)
    except (OSError, ImportError, AttributeError, ValueError, TypeError, EOFError):
        return


def _taking(
    kept: dict[Key, Parts], compiled: Callable[..., Any], made: Callable[..., Any]
) -> Callable[..., Any]:
    def taking(source: Any, flags: int = 0) -> Any:
        parts = kept.get((source, flags)) if type(source) is str else None
        if parts is None:
            return compiled(source, flags)
        own_flags, code, *groups = parts
        try:
            return made(source, own_flags, array(_CODE, code).tolist(), *groups)
        except (TypeError, ValueError, RuntimeError, OverflowError):
            return compiled(source, flags)

    return taking


def _internals() -> tuple[Any, Any]:
    """What compiles a pattern, and the engine that runs one."""
    return import_module("re._compiler"), import_module("_sre")


def _python(engine: Any) -> tuple[Any, ...]:
    """What code is good for: this very release of Python, its engine, its order of bytes."""
    return (sys.implementation.cache_tag, sys.hexversion, engine.MAGIC, engine.CODESIZE, sys.byteorder)


def compiled_in_domain() -> dict[Key, Parts]:
    """Every pattern compiled while the domain's modules are imported; those imported before are left out."""
    compiler, engine = _internals()
    kept: dict[Key, Parts] = {}
    plain, made = compiler.compile, engine.compile

    def keeping(source: Any, flags: int = 0) -> Any:
        def noting(_source: Any, own_flags: int, code: list[int], *groups: Any) -> Any:
            if type(source) is str:
                kept[source, int(flags)] = (int(own_flags), array(_CODE, code).tobytes(), *groups)
            return made(_source, own_flags, code, *groups)

        with _standing_in(engine, noting):
            return plain(source, flags)

    with _standing_in(compiler, keeping):
        for module in sorted(FILE.parent.rglob("[a-z]*.py")):
            import_module(".".join(("hntai.domain", *module.relative_to(FILE.parent).with_suffix("").parts)))
    return kept


@contextmanager
def _standing_in(module: Any, function: Callable[..., Any]) -> Iterator[None]:
    """The function in the place of the module's compile."""
    own, module.compile = module.compile, function
    try:
        yield
    finally:
        module.compile = own


def write(file: Path = FILE) -> None:
    """What take_up reads. To be run by the Python that will read it, in a process of its own."""
    _, engine = _internals()
    file.write_bytes(marshal.dumps((_python(engine), compiled_in_domain())))


if __name__ == "__main__":
    write()
