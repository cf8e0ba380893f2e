"""What every error HNTAI raises on purpose is, and the one of a wrong setting."""

from __future__ import annotations

from typing import ClassVar

Detail = int | float | str | list[str]


class HntaiError(Exception):
    """Root of the tree; never raised itself."""

    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"
    retryable: ClassVar[bool] = False
    """True where the same call may succeed later, unchanged."""

    def __init__(self, **details: Detail) -> None:
        self.details = details
        shown = ", ".join(f"{name}={value}" for name, value in details.items())
        super().__init__(f"{self.slug}: {shown}" if shown else self.slug)


class ConfigurationError(HntaiError):
    """A setting is wrong; details carry its name and what was expected, never its value."""

    slug, title = "configuration", "The service is not configured correctly"
