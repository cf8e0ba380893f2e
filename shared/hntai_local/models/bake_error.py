"""Why a model was not baked."""

from __future__ import annotations


class BakeError(Exception):
    """One line for the person who bakes."""


class UnreachableError(BakeError):
    """Its source cannot be reached from here: told, and passed over."""


class WrongBytesError(BakeError):
    """What came is not what the manifest names."""

    def __init__(self, what: str, expected: str, found: str) -> None:
        super().__init__(f"{what} is not what the manifest names: expected {expected}, found {found}")
