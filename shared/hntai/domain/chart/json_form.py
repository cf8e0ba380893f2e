"""The chart as JSON and back, exactly: codecs that follow the types of the values, made once a type.

A value is the list of its fields in their order: their names, in thousands of results, are half of the text.
"""

from __future__ import annotations

import operator
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache

from hntai.domain.chart.values import Chart

Json = dict[str, typing.Any]
_Codec = Callable[[typing.Any], typing.Any]


def chart_to_json(chart: Chart) -> Json:
    """The chart as JSON-safe values; `chart_from_json` gives the same chart back."""
    return {"form": _form(Chart), "values": _ready(_encoder(Chart))(chart)}


def chart_from_json(data: Mapping[str, object]) -> Chart:
    """The chart that `chart_to_json` took apart.

    Raises ValueError for a chart of another release, whose fields are others.
    """
    if data.get("form") != _form(Chart):
        raise ValueError("chart of another release")
    return typing.cast(Chart, _ready(_decoder(Chart))(data["values"]))


@cache
def _form(kind: type) -> str:
    """The names of all fields, in their order, inner values included."""
    told = []
    for name, inner in _field_types(kind).items():
        kinds = [k for k in (inner, *typing.get_args(inner)) if isinstance(k, type) and is_dataclass(k)]
        told.append(f"{name}{''.join(map(_form, kinds))}")
    return f"({' '.join(told)})"


def _ready(codec: _Codec | None) -> _Codec:
    assert codec is not None  # a chart is a dataclass
    return codec


@cache
def _encoder(kind: typing.Any) -> _Codec | None:
    """What makes a value of this type JSON-safe; None where it is so already."""
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _unless_none(_encoder(_kept(kind)))
    if origin is tuple:
        return _of_each(_encoder(typing.get_args(kind)[0]), list)
    if origin is Mapping or origin is dict:
        return dict
    if is_dataclass(kind):
        return _taken_apart(typing.cast(type, kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda value: value.value
    return date.isoformat if kind is date else None


@cache
def _decoder(kind: typing.Any) -> _Codec | None:
    """What makes a value of this type of what its encoder made; None where that is the value."""
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _unless_none(_decoder(_kept(kind)))
    if origin is tuple:
        return _of_each(_decoder(typing.get_args(kind)[0]), tuple)
    if origin is Mapping or origin is dict:
        return dict
    if is_dataclass(kind):
        return _put_together(typing.cast(type, kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {member.value: member for member in kind}.__getitem__  # a call of the Enum is slow
    return date.fromisoformat if kind is date else None


def _kept(kind: typing.Any) -> typing.Any:
    return next(option for option in typing.get_args(kind) if option is not types.NoneType)


def _unless_none(codec: _Codec | None) -> _Codec | None:
    return codec and (lambda value: None if value is None else codec(value))


def _of_each(codec: _Codec | None, made: type[list[typing.Any]] | type[tuple[typing.Any, ...]]) -> _Codec:
    return made if codec is None else lambda values: made([codec(value) for value in values])


def _taken_apart(kind: type) -> _Codec:
    every = [(name, _encoder(inner)) for name, inner in _field_types(kind).items()]
    values = operator.attrgetter(*(name for name, _ in every))
    coded = [(place, codec) for place, (_, codec) in enumerate(every) if codec]

    def take_apart(value: typing.Any) -> list[typing.Any]:
        told = list(values(value))
        for place, codec in coded:
            told[place] = codec(told[place])
        return told

    return take_apart


def _put_together(kind: type) -> _Codec:
    codecs = [_decoder(inner) for inner in _field_types(kind).values()]
    coded = [(place, codec) for place, codec in enumerate(codecs) if codec]

    def put_together(told: typing.Sequence[typing.Any]) -> object:
        values = list(told)
        for place, codec in coded:
            values[place] = codec(values[place])
        return kind(*values)

    return put_together


def _field_types(kind: type) -> dict[str, typing.Any]:
    """What a value is made of; what it derives from that is not written."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind) if field.init}
