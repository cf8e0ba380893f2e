"""A model as it stands in its folder, in the terms its runner needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hntai.domain.generation import ModelIdentity


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """What is baked, without where it came from."""

    identity: ModelIdentity
    folder: Path
    files: tuple[str, ...]
    """Names within the folder, in the manifest's order."""
    context_tokens: int
    """Prompt and answer together, as the manifest allows them."""

    def only(self, suffix: str) -> Path:
        """The one file that ends so.

        Raises:
            LookupError: there is none, or more than one.
        """
        found = [name for name in self.files if name.endswith(suffix)]
        if len(found) != 1:
            raise LookupError
        return self.folder / found[0]
