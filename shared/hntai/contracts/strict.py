"""The base of every request and answer: frozen, closed, and silent about what it was given."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Contract(BaseModel):
    """Unknown fields are refused, types are not converted, errors never repeat the input."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Lenient(Contract):
    """The same where JSON has no word for a type: enums, UUIDs and tuples come as strings and lists."""

    model_config = ConfigDict(strict=False)
