"""Bringing the schema to where this version of the code wants it, once per deployment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hntai.domain.errors import ConfigurationError
from hntai.ports import Schema


@dataclass(frozen=True, slots=True)
class MigrateSchema:
    """Applies the migrations of this image, provided that they are those that were asked for."""

    schema: Schema

    def __call__(self, wanted_digest: str, budget_s: float) -> Sequence[str]:
        """Names of the migrations applied now; none where there was nothing to do.

        wanted_digest: of the migrations the template was written for. An image of another state is refused
        before it touches anything: its migrations and the functions' code would not fit each other.

        Raises:
            ConfigurationError: another digest, or an applied migration was changed.
            DatabaseUnavailableError: no answer within budget_s; what was applied stays applied.
        """
        if self.schema.digest() != wanted_digest:
            raise ConfigurationError(setting="sql/migrations", expected="the digest template.yaml names")
        return self.schema.migrate(budget_s)
