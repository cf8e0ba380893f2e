"""One model into its folder: fetched, checked, laid down whole, recorded. May be broken off and run again."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from hntai.adapters.baked_models import MANIFEST, RECORD, BakedModels, sha256_of, verify
from hntai.domain.errors import ModelFailedError
from hntai.domain.manifest import Manifest, Model, ModelFile
from hntai_local.models.bake_error import BakeError, UnreachableError, WrongBytesError
from hntai_local.models.bar import Bar
from hntai_local.models.sources import Source

MAKING: Final = ".making"
"""Of the models folder: what is not whole yet."""
_SPARE: Final = 2.2
"""Room a model needs while it is baked, in times what is fetched: packed, unpacked or joined."""


@contextmanager
def kitchen(models_dir: Path, manifest_text: str) -> Iterator[None]:
    """The folder with its manifest, held so that two bakes do not meet in it."""
    models_dir.mkdir(parents=True, exist_ok=True)
    with (models_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        draft = models_dir / f"{MANIFEST}.new"
        draft.write_text(manifest_text, "utf-8")
        draft.replace(models_dir / MANIFEST)
        yield


def bake(model: Model, models_dir: Path, sources: Sequence[Source], bar: Bar) -> str:
    """What was done, in a word or two, for whoever watches.

    Raises:
        UnreachableError: no source can be had from here.
        WrongBytesError: what came is not what the manifest names; it names both hashes, and nothing is kept.
        BakeError: something else in the way, as a full disk.
    """
    if _is_baked(model, models_dir):
        return "baked already"
    source = _source(model, sources)
    making = models_dir / MAKING / model.name
    making.mkdir(parents=True, exist_ok=True)
    _check_room(models_dir, source.bytes(model))
    source.fetch(model, making, bar)
    facts = [_checked(model, file, making / file.name) for file in model.files]
    _record(model, source, making, facts)
    _lay_down(making, models_dir / model.name)
    return f"baked from {source.name}"


def in_order(manifest: Manifest, names: Sequence[str]) -> tuple[Model, ...]:
    """The models named (all, where none is), each after the one it is made from.

    Raises:
        BakeError: a name the manifest does not have.
    """
    wanted: dict[str, Model] = {}
    for model in [_named(manifest, name) for name in names] or manifest.models:
        source = manifest.named(model.recipe.made_from) if model.recipe and model.recipe.made_from else None
        wanted.update({each.name: each for each in (source, model) if each})
    return tuple(wanted.values())


def _named(manifest: Manifest, name: str) -> Model:
    model = manifest.named(name)
    if model is None:
        known = ", ".join(each.name for each in manifest.models)
        raise BakeError(f"{name} is no model of the manifest: {known}")
    return model


def _is_baked(model: Model, models_dir: Path) -> bool:
    try:
        verify(BakedModels(models_dir).get(model))
    except ModelFailedError:
        return False
    return True


def _source(model: Model, sources: Sequence[Source]) -> Source:
    for source in sources:
        if source.has(model):
            return source
    raise UnreachableError("the manifest names no source of it that is asked here, or not its sha256")


def _check_room(models_dir: Path, fetched: int) -> None:
    needed, free = int(fetched * _SPARE), shutil.disk_usage(models_dir).free
    if free < needed:
        raise BakeError(f"{needed >> 20} MiB are needed in {models_dir}, {free >> 20} MiB are free")


def _checked(model: Model, file: ModelFile, path: Path) -> dict[str, Any]:
    """Raises WrongBytesError, and removes the file: the next try must not build on it."""
    if not path.exists():
        raise BakeError(f"{file.name} of {model.name} did not come")
    size, digest = path.stat().st_size, sha256_of(path)
    if file.sha256 not in (None, digest) or file.bytes not in (None, size):
        path.unlink()
        expected = f"sha256 {file.sha256} of {file.bytes} bytes"
        raise WrongBytesError(f"{file.name} of {model.name}", expected, f"sha256 {digest} of {size} bytes")
    return {"name": file.name, "bytes": size, "sha256": digest}


def _record(model: Model, source: Source, making: Path, facts: Sequence[dict[str, Any]]) -> None:
    record = {"name": model.name, "revision": model.revision, "source": source.name, "files": list(facts)}
    draft = making / f"{RECORD}.new"
    draft.write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    draft.replace(making / RECORD)


def _lay_down(making: Path, folder: Path) -> None:
    """A folder of an older bake goes first: between the two there is no model, never half of one."""
    if folder.exists():
        shutil.rmtree(folder)
    making.replace(folder)
