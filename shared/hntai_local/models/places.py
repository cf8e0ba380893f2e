"""Where the manifest stands, and where models are laid down unless told otherwise."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from hntai_local.state_dir import PROJECT_ROOT

MANIFEST: Final = PROJECT_ROOT / "layers" / "models" / "manifest.toml"


def default_dir() -> Path:
    return Path(os.environ.get("HNTAI_MODELS_DIR") or PROJECT_ROOT / ".models")
