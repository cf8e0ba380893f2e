"""What template.yaml says about functions and routes, read for the local stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hntai.domain.errors import ConfigurationError

_DEFAULT_TIMEOUT_S = 3
_DEFAULT_MEMORY_MB = 128
"""AWS::Lambda::Function defaults. Source: AWS CloudFormation reference, AWS::Lambda::Function."""


@dataclass(frozen=True, slots=True)
class LocalFunction:
    """One Lambda function as the local stack runs it."""

    name: str
    """Its logical id in the template."""
    command: tuple[str, ...]
    """The image's command: a handler, or the app of a streaming function."""
    streaming: bool
    timeout_s: int
    memory_mb: int


@dataclass(frozen=True, slots=True)
class Route:
    """One door of the HTTP API."""

    method: str
    path: str
    """May hold parameters: /jobs/{id}."""
    function: str


@dataclass(frozen=True, slots=True)
class Template:
    """Functions and routes, in the template's order."""

    functions: tuple[LocalFunction, ...]
    routes: tuple[Route, ...]

    def function(self, name: str) -> LocalFunction:
        """The function of that logical id.

        Raises:
            KeyError: there is none.
        """
        for candidate in self.functions:
            if candidate.name == name:
                return candidate
        raise KeyError(name)


class _TemplateLoader(yaml.SafeLoader):
    """Safe YAML in which CloudFormation's short tags (!Ref, !Sub, !GetAtt ...) are plain values."""


def _plain(loader: _TemplateLoader, _: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.ScalarNode)
    return loader.construct_scalar(node)


yaml.add_multi_constructor("!", _plain, Loader=_TemplateLoader)


def read_template(path: Path) -> Template:
    """The template's functions and the routes of their HttpApi events.

    Raises:
        ConfigurationError: the file is not a template, or a function lacks its command.
    """
    try:
        document = yaml.load(path.read_text("utf-8"), Loader=_TemplateLoader)  # a SafeLoader
    except yaml.YAMLError as error:
        raise ConfigurationError(setting="template.yaml", expected="valid YAML") from error
    if not isinstance(document, Mapping) or not isinstance(document.get("Resources"), Mapping):
        raise ConfigurationError(setting="template.yaml", expected="a mapping with Resources")
    defaults = document.get("Globals", {}).get("Function", {})
    resources = {
        name: {**defaults, **resource.get("Properties", {})}
        for name, resource in document["Resources"].items()
        if resource.get("Type") == "AWS::Serverless::Function"
    }
    return Template(
        functions=tuple(_function(name, properties) for name, properties in resources.items()),
        routes=tuple(route for name, properties in resources.items() for route in _routes(name, properties)),
    )


def _function(name: str, properties: Mapping[str, Any]) -> LocalFunction:
    command = properties.get("ImageConfig", {}).get("Command")
    if not isinstance(command, list) or not command:
        raise ConfigurationError(setting=f"{name}.ImageConfig.Command", expected="a list with the handler")
    return LocalFunction(
        name=name,
        command=tuple(str(word) for word in command),
        streaming="FunctionUrlConfig" in properties,
        timeout_s=_number(name, properties, "Timeout", _DEFAULT_TIMEOUT_S),
        memory_mb=_number(name, properties, "MemorySize", _DEFAULT_MEMORY_MB),
    )


def _number(name: str, properties: Mapping[str, Any], key: str, default: int) -> int:
    value = properties.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ConfigurationError(setting=f"{name}.{key}", expected="a whole number, not a reference")
    return value


def _routes(name: str, properties: Mapping[str, Any]) -> tuple[Route, ...]:
    events = (event for event in properties.get("Events", {}).values() if event.get("Type") == "HttpApi")
    found = []
    for event in events:
        method, path = event["Properties"]["Method"], event["Properties"]["Path"]
        found.append(Route(str(method).upper(), str(path), name))
    return tuple(found)
