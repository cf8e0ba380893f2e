"""What the environment asks of the local stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hntai.domain.errors import ConfigurationError
from hntai_local.ports_check import require_free, wanted_port


@dataclass(frozen=True, slots=True)
class StackSettings:
    """Ports to listen on, and servers to use in place of our own."""

    port: int
    """HNTAI_PORT: the HTTP API."""
    stream_port: int
    """HNTAI_STREAM_PORT: the streaming Lambda URL."""
    aws_port: int
    """HNTAI_AWS_PORT: the AWS endpoint."""
    ehr_port: int
    """HNTAI_EHR_PORT: the FHIR demo server; any free port by default."""
    database_url: str | None
    """DATABASE_URL: a PostgreSQL to use; its role must be able to migrate."""
    redis_url: str | None
    """REDIS_URL: a Valkey or Redis to use."""
    ehr_base_url: str | None
    """EHR_BASE_URL: a FHIR server to use."""
    cors_origins: tuple[str, ...]
    """HNTAI_CORS_ORIGINS: origins a browser may call from."""
    revive_after_s: float
    """HNTAI_REVIVE_AFTER_S: how long PostgreSQL or Valkey stays down once it died."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> StackSettings:
        """The settings, with every port free at this moment.

        Raises:
            ConfigurationError: a setting is wrong, or a port is taken; it names the setting.
        """
        origins = environment.get("HNTAI_CORS_ORIGINS", "http://localhost:3000")
        settings = cls(
            port=wanted_port(environment, "HNTAI_PORT", 7860),
            stream_port=wanted_port(environment, "HNTAI_STREAM_PORT", 7861),
            aws_port=wanted_port(environment, "HNTAI_AWS_PORT", 7862),
            ehr_port=wanted_port(environment, "HNTAI_EHR_PORT", 0),
            database_url=environment.get("DATABASE_URL") or None,
            redis_url=environment.get("REDIS_URL") or None,
            ehr_base_url=environment.get("EHR_BASE_URL") or None,
            cors_origins=tuple(origin.strip() for origin in origins.split(",") if origin.strip()),
            revive_after_s=_seconds(environment, "HNTAI_REVIVE_AFTER_S", 5.0),
        )
        require_free(
            {
                "HNTAI_PORT": settings.port,
                "HNTAI_STREAM_PORT": settings.stream_port,
                "HNTAI_AWS_PORT": settings.aws_port,
                "HNTAI_EHR_PORT": settings.ehr_port,
            }
        )
        return settings


def _seconds(environment: Mapping[str, str], setting: str, default: float) -> float:
    try:
        value = float(environment.get(setting, default))
    except ValueError:
        value = -1.0
    if not 0 <= value < 86_400:
        raise ConfigurationError(setting=setting, expected="a number of seconds")
    return value
