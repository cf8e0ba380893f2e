"""The chart as JSON and back, exactly: one codec that follows the types of the values."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache

from hntai.domain.chart.values import Chart

Json = dict[str, typing.Any]


def chart_to_json(chart: Chart) -> Json:
    """The chart as JSON-safe values; `chart_from_json` gives the same chart back."""
    return typing.cast(Json, _plain(chart))


def chart_from_json(data: Mapping[str, object]) -> Chart:
    """The chart that `chart_to_json` took apart."""
    return typing.cast(Chart, _typed(Chart, data))


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in _field_types(value.__class__)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _typed(kind: typing.Any, value: typing.Any) -> object:
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        kept = next(option for option in typing.get_args(kind) if option is not type(None))
        return None if value is None else _typed(kept, value)
    if origin is tuple:
        return tuple(_typed(typing.get_args(kind)[0], item) for item in value)
    if origin is Mapping or origin is dict:
        return dict(value)
    if is_dataclass(kind):
        made = {
            name: _typed(inner, value[name]) for name, inner in _field_types(typing.cast(type, kind)).items()
        }
        return typing.cast(typing.Any, kind)(**made)
    if isinstance(kind, type) and issubclass(kind, date):
        return date.fromisoformat(value)
    return kind(value) if isinstance(kind, type) and issubclass(kind, Enum) else value


@cache
def _field_types(kind: type) -> dict[str, typing.Any]:
    """What a value is made of; what it derives from that is not written."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind) if field.init}
