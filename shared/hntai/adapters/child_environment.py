"""What a child process is told of its parent's environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

_PASSED_ON: Final = ("PATH", "LD_LIBRARY_PATH", "LANG", "HOME", "TMPDIR")
"""Credentials are not a child's business."""


def child_environment() -> dict[str, str]:
    """Enough to start Python and import what we import."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    folders = [str(Path(folder).resolve()) for folder in sys.path if folder and Path(folder).is_dir()]
    return {**passed, "PYTHONPATH": os.pathsep.join(folders)}
