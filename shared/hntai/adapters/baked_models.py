"""The models baked into a folder: which there are, and whether their files are what was baked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hntai.domain.errors import ConfigurationError, ModelFailedError
from hntai.domain.manifest import Manifest, Model, parse_manifest

MANIFEST: Final = "manifest.toml"
"""Of the models folder: the manifest it was baked by."""
RECORD: Final = "baked.json"
"""Of a model's folder, written last: without it there is no model."""
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class BakedFile:
    path: Path
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BakedModel:
    """A model whose files are there, in the sizes they were baked in."""

    model: Model
    folder: Path
    files: Mapping[str, BakedFile]

    def path(self, file: str) -> Path:
        """Raises ModelFailedError: it was baked without that file."""
        try:
            return self.files[file].path
        except KeyError as error:
            raise ModelFailedError(model=self.model.name, cause="missing") from error


class BakedModels:
    """What stands in HNTAI_MODELS_DIR. Sizes are checked at each look, checksums where verify() is called."""

    def __init__(self, models_dir: Path) -> None:
        """Raises ConfigurationError: there is no manifest in it, or a wrong one."""
        self._dir = models_dir
        self.manifest = _manifest(models_dir)

    def present(self) -> tuple[BakedModel, ...]:
        """Every model that is whole, in the manifest's order."""
        return tuple(baked for model in self.manifest.models if (baked := self._whole(model)))

    def get(self, model: Model) -> BakedModel:
        """The model, looked at by size alone: a few microseconds a file.

        Raises:
            ModelFailedError: cause "missing" where it or a file of it is not there, "checksum" where a size
                or the recorded hash is another than the manifest's.
        """
        folder = self._dir / model.name
        files = {
            name: _sized(model, folder / name, facts) for name, facts in _recorded(model, folder).items()
        }
        for file in model.files:
            if file.name not in files:
                raise ModelFailedError(model=model.name, cause="missing")
            if file.sha256 not in (None, files[file.name].sha256):
                raise ModelFailedError(model=model.name, cause="checksum")
        return BakedModel(model, folder, files)

    def is_begun(self, model: Model) -> bool:
        """Whether it was ever baked here, whole or not."""
        return (self._dir / model.name).is_dir()

    def _whole(self, model: Model) -> BakedModel | None:
        try:
            return self.get(model)
        except ModelFailedError:
            return None


def verify(baked: BakedModel) -> None:
    """Reads every byte: about a second for a gigabyte.

    Raises:
        ModelFailedError: cause "checksum" where a file is not what was baked, "missing" where it went away.
    """
    for file in baked.files.values():
        try:
            found = sha256_of(file.path)
        except OSError as error:
            raise ModelFailedError(model=baked.model.name, cause="missing") from error
        if found != file.sha256:
            raise ModelFailedError(model=baked.model.name, cause="checksum")


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _manifest(models_dir: Path) -> Manifest:
    try:
        text = (models_dir / MANIFEST).read_text("utf-8")
    except OSError as error:
        raise ConfigurationError(
            setting="HNTAI_MODELS_DIR", expected="a folder with a manifest.toml"
        ) from error
    return parse_manifest(text)


def _recorded(model: Model, folder: Path) -> dict[str, Any]:
    try:
        record = json.loads((folder / RECORD).read_text("utf-8"))
    except OSError as error:
        raise ModelFailedError(model=model.name, cause="missing") from error
    except ValueError as error:
        raise ModelFailedError(model=model.name, cause="checksum") from error
    try:
        if record["revision"] != model.revision:
            raise ModelFailedError(model=model.name, cause="checksum")
        return {
            str(file["name"]): {"bytes": file["bytes"], "sha256": file["sha256"]} for file in record["files"]
        }
    except (LookupError, TypeError) as error:
        raise ModelFailedError(model=model.name, cause="checksum") from error


def _sized(model: Model, path: Path, facts: Mapping[str, Any]) -> BakedFile:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ModelFailedError(model=model.name, cause="missing") from error
    if size != facts["bytes"]:
        raise ModelFailedError(model=model.name, cause="checksum")
    return BakedFile(path, size, str(facts["sha256"]))
