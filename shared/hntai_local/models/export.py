"""Models made at bake time, by torch and optimum in an environment of their own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from hntai.adapters.baked_models import BakedModels
from hntai.domain.errors import ModelFailedError
from hntai.domain.manifest import Model
from hntai_local.models.bake_error import BakeError, UnreachableError
from hntai_local.models.bar import Bar

_RECIPES: Final = Path(__file__).parents[2]
_SAID: Final = 1500
"""Characters of a failed recipe's last words."""


class ExportSource:
    """python: of the environment; None or a file that is not there passes such models over."""

    name = "export"

    def __init__(self, python: Path | None, models_dir: Path) -> None:
        self._python, self._models_dir = python, models_dir

    def has(self, model: Model) -> bool:
        return model.recipe is not None

    def bytes(self, model: Model) -> int:  # noqa: ARG002
        """Unknown before it is made."""
        return 0

    def fetch(self, model: Model, into: Path, bar: Bar) -> None:
        assert model.recipe is not None
        if self._python is None or not self._python.exists():
            raise UnreachableError(
                "it is made by torch and optimum: `make models` sets them up, EXPORTS=0 does not"
            )
        bar.at(0, "exporting")
        module = f"hntai_local.models.recipes.{model.recipe.name.replace('-', '_')}"
        done = subprocess.run(
            [str(self._python), "-m", module, *self._origin(model), str(into)],
            env={
                **os.environ,
                "PYTHONPATH": str(_RECIPES),
                "HF_HUB_OFFLINE": "1",
                "TOKENIZERS_PARALLELISM": "false",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BakeError(f"its recipe failed: {done.stderr[-_SAID:]}")

    def _origin(self, model: Model) -> list[str]:
        """What it is made from, if another model: its file, or its folder where it has several."""
        baked = BakedModels(self._models_dir)
        origin = (
            baked.manifest.named(model.recipe.made_from) if model.recipe and model.recipe.made_from else None
        )
        if origin is None:
            return []
        try:
            found = baked.get(origin)
        except ModelFailedError as error:
            raise UnreachableError(f"it is made from {origin.name}, which is not baked") from error
        files = list(found.files.values())
        return [str(files[0].path if len(files) == 1 else found.folder)]
