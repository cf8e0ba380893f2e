"""A table of a TOML document being read: each field once, of its kind, and none left over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from hntai.domain.errors import ConfigurationError

_T = TypeVar("_T")


class TomlTable:
    """Every reader raises ConfigurationError, which names the table and the field, never the value."""

    def __init__(self, place: str, fields: object) -> None:
        if not isinstance(fields, Mapping):
            raise ConfigurationError(setting=place, expected="a table")
        self.place = place
        self._left: dict[str, Any] = dict(fields)

    def text(self, key: str, pattern: re.Pattern[str] | None = None) -> str:
        value = self._left.pop(key, None)
        if not isinstance(value, str) or not value or (pattern and not pattern.fullmatch(value)):
            kind = f"text like {pattern.pattern}" if pattern else "text"
            raise ConfigurationError(setting=f"{self.place}.{key}", expected=kind)
        return value

    def text_or_none(self, key: str, pattern: re.Pattern[str] | None = None) -> str | None:
        return self.text(key, pattern) if key in self._left else None

    def count(self, key: str) -> int:
        value = self._left.pop(key, None)
        if type(value) is not int or value < 1:
            raise ConfigurationError(setting=f"{self.place}.{key}", expected="a whole number above 0")
        return value

    def count_or_none(self, key: str) -> int | None:
        return self.count(key) if key in self._left else None

    def flag(self, key: str) -> bool:
        value = self._left.pop(key, False)
        if type(value) is not bool:
            raise ConfigurationError(setting=f"{self.place}.{key}", expected="true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise ConfigurationError(setting=f"{self.place}.{key}", expected="a list of texts")
        return tuple(value)

    def each(self, key: str, read: Callable[[TomlTable], _T]) -> tuple[_T, ...]:
        value = self._left.pop(key, [])
        if not isinstance(value, list):
            raise ConfigurationError(setting=f"{self.place}.{key}", expected="a list of tables")
        return tuple(self._read(f"{key} {n}", item, read) for n, item in enumerate(value, 1))

    def one_or_none(self, key: str, read: Callable[[TomlTable], _T]) -> _T | None:
        return self._read(key, self._left.pop(key), read) if key in self._left else None

    def finish(self) -> None:
        if self._left:
            raise ConfigurationError(setting=self.place, expected=f"no field {min(self._left)}")

    def _read(self, key: str, item: object, read: Callable[[TomlTable], _T]) -> _T:
        name = item.get("name") if isinstance(item, Mapping) else None
        table = TomlTable(f"{self.place}: {name}" if isinstance(name, str) else f"{self.place}.{key}", item)
        value = read(table)
        table.finish()
        return value
