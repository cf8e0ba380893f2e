"""Where a model's files come from."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from hntai.domain.manifest import Model
from hntai_local.models.bar import Bar


class Source(Protocol):
    name: str

    def has(self, model: Model) -> bool:
        """Whether the manifest names files of this model here."""

    def bytes(self, model: Model) -> int:
        """What is fetched, for the bar."""

    def fetch(self, model: Model, into: Path, bar: Bar) -> None:
        """Every file of the model, unchecked. What an interrupted call left in the folder is gone on with.

        Raises:
            UnreachableError: the source cannot be had from here.
            WrongBytesError: a checksum the source itself keeps did not hold.
        """
