"""The folder that outlives a run of the local stack, and the lock that keeps it to one run at a time."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hntai.domain.errors import ConfigurationError

PROJECT_ROOT = Path(__file__).resolve().parents[2]
"""Where template.yaml is."""


@dataclass(frozen=True, slots=True)
class StateDir:
    """Places of the local stack's data; made with for_environment()."""

    path: Path

    @classmethod
    def for_environment(cls, environment: Mapping[str, str]) -> StateDir:
        """HNTAI_STATE_DIR, or .hntai at the project's root."""
        chosen = environment.get("HNTAI_STATE_DIR")
        return cls(Path(chosen).expanduser().resolve() if chosen else PROJECT_ROOT / ".hntai")

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        return self.path / "valkey"

    @property
    def aws(self) -> Path:
        return self.path / "aws"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def secrets_file(self) -> Path:
        return self.path / "secrets.json"

    @property
    def stack_file(self) -> Path:
        return self.path / "stack.json"

    @property
    def settings_file(self) -> Path:
        """What python -m hntai needs to administer the running stack."""
        return self.path / "settings.json"

    def make(self) -> None:
        """The folder and its parts. Others may pass through it (PostgreSQL's account has to), not look in.

        Raises:
            ConfigurationError: the place cannot be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for part in (self.valkey, self.aws, self.logs):
                part.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(setting="HNTAI_STATE_DIR", expected="a folder we may write") from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Held while a stack runs; the kernel lets go of it however the stack ends.

        Raises:
            ConfigurationError: another stack runs here; its process id is in the message.
        """
        self.make()
        with (self.path / "lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                file.seek(0)
                raise ConfigurationError(
                    setting="HNTAI_STATE_DIR",
                    expected=f"no stack running here, but one does: process {file.read().strip()}",
                ) from error
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            yield
            file.truncate(0)

    def write_stack(self, facts: Mapping[str, Any]) -> None:
        """Tells other commands where the running stack answers; for our own eyes only."""
        write_private(self.settings_file, json.dumps(admin_settings(facts), indent=2) + "\n")
        write_private(self.stack_file, json.dumps(facts, indent=2) + "\n")

    def read_stack(self) -> dict[str, Any] | None:
        """What the running stack said of itself, None where none runs."""
        try:
            facts: dict[str, Any] = json.loads(self.stack_file.read_text("utf-8"))
            with (self.path / "lock").open("a+") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return facts
        except (OSError, ValueError):
            return None
        return None

    def forget_stack(self) -> None:
        """Nothing runs here any more."""
        self.settings_file.unlink(missing_ok=True)
        self.stack_file.unlink(missing_ok=True)


def admin_settings(facts: Mapping[str, Any]) -> dict[str, str]:
    """The functions' settings, without what only says where they run."""
    settings = {name: str(value) for name, value in facts["environment"].items()}
    for name in ("PATH", "LANG", "TZ", "PYTHONPATH"):
        settings.pop(name, None)
    return settings


def write_private(path: Path, text: str) -> None:
    """The file, whole or not at all, readable by its owner only."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
