"""Every setting there is, in one frozen place. A wrong one fails at cold start, by name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from hntai.domain.errors import ConfigurationError

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _secret(value: str) -> str:
    if value.startswith("arn:aws:secretsmanager:") or len(value.encode()) >= 32:
        return value
    raise ValueError("a Secrets Manager ARN, or at least 32 bytes")


def _https(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme == "https" and parts.hostname:
        return value
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return value
    raise ValueError("an https URL (plain http only to this machine)")


def _place(*schemes: str) -> AfterValidator:
    """An address of one of the schemes, or the ARN of a secret that holds it."""

    def check(value: str) -> str:
        if value.startswith(("arn:aws:secretsmanager:", *(f"{scheme}://" for scheme in schemes))):
            return value
        raise ValueError(f"a Secrets Manager ARN, or a URL that starts with {' or '.join(schemes)}")

    return AfterValidator(check)


Secret = Annotated[str, AfterValidator(_secret)]
HttpsUrl = Annotated[str, AfterValidator(_https)]


class Settings(BaseModel):
    """Read from the environment by bootstrap and nobody else. SPEC names them; each says what it is for.

    A function gets only the settings it needs: those it lacks are None here, and bootstrap says which
    one is missing when it builds a part that cannot be without it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_by_name=True)

    database_url: Annotated[str, _place("postgresql", "postgres")] | None = Field(None, alias="DATABASE_URL")
    """PostgreSQL of the least-privileged role, as a URL or the ARN of a secret that holds it."""
    database_iam: bool = Field(False, alias="HNTAI_DATABASE_IAM")
    """Sign in to PostgreSQL (RDS Proxy) by IAM; the URL then needs no password."""
    owner_database_url: Annotated[str, _place("postgresql", "postgres")] | None = Field(
        None, alias="HNTAI_OWNER_DATABASE_URL"
    )
    """The same database as the role that owns the schema: for migrations and API keys, never for requests."""
    auditor_database_url: Annotated[str, _place("postgresql", "postgres")] | None = Field(
        None, alias="HNTAI_AUDITOR_DATABASE_URL"
    )
    """The same database as the role that may read the audit."""
    redis_url: Annotated[str, _place("redis", "rediss", "unix")] | None = Field(None, alias="REDIS_URL")
    """Valkey or Redis, as a URL or the ARN of a secret that holds it."""
    secret_key: Secret | None = Field(None, alias="SECRET_KEY")
    """Root of every keyed digest; a Secrets Manager ARN, or at least 32 bytes."""
    jwt_secret_key: Secret | None = Field(None, alias="JWT_SECRET_KEY")
    """Verifies HS256 tokens; a Secrets Manager ARN, or at least 32 bytes."""
    jwt_jwks_url: HttpsUrl | None = Field(None, alias="JWT_JWKS_URL")
    """Key set of the OIDC issuer, for RS256 and ES256 tokens."""
    jwt_audience: str = Field("hntai", alias="JWT_AUDIENCE", min_length=1)
    jwt_issuer: str = Field("hntai", alias="JWT_ISSUER", min_length=1)
    ehr_base_url: HttpsUrl | None = Field(None, alias="EHR_BASE_URL")
    """The server records come from."""
    ehr_format: Literal["fhir", "visits"] = Field("fhir", alias="HNTAI_EHR_FORMAT")
    """What it speaks: FHIR R4, or the flat visits form of docs/visits.md."""

    kms_key_id: str | None = Field(None, alias="HNTAI_KMS_KEY_ID", min_length=1)
    """Wraps the data keys that seal stored text."""
    audit_queue_url: str | None = Field(None, alias="HNTAI_AUDIT_QUEUE_URL", min_length=1)
    """Where audit rows wait while PostgreSQL is down."""
    audit_anchor_bucket: str | None = Field(None, alias="HNTAI_AUDIT_ANCHOR_BUCKET", min_length=1)
    """Where signed heads of the audit chain are kept."""
    uploads_bucket: str | None = Field(None, alias="HNTAI_UPLOADS_BUCKET", min_length=1)
    """Where files and recordings lie while they wait."""
    max_upload_bytes: int = Field(1 << 30, alias="HNTAI_MAX_UPLOAD_BYTES", ge=1, le=5 << 30)
    """Of one upload; the ephemeral disk of what reads it must hold it. 5 GiB is the most a form may post."""
    retained_audio_days: int = Field(30, alias="HNTAI_RETAINED_AUDIO_DAYS", ge=1)
    """How long a recording is kept whose owner asked for it; the bucket's lifecycle rule ends it."""
    retained_document_days: int = Field(30, alias="HNTAI_RETAINED_DOCUMENT_DAYS", ge=1)
    """How long the text of an uploaded document is kept; the bucket's lifecycle rule ends it too."""
    transcription_machine_arn: str | None = Field(None, alias="HNTAI_TRANSCRIPTION_MACHINE_ARN", min_length=1)
    """The transcription's state machine."""
    document_machine_arn: str | None = Field(None, alias="HNTAI_DOCUMENT_MACHINE_ARN", min_length=1)
    """The state machine of documents with many scanned pages."""
    bulk_machine_arn: str | None = Field(None, alias="HNTAI_BULK_MACHINE_ARN", min_length=1)
    """The bulk's state machine."""
    bulk_ehr_credentials: Secret | None = Field(None, alias="HNTAI_BULK_EHR_CREDENTIALS")
    """What bulks show the EHR: the ARN of a secret with a JSON object of token, key or both."""
    state_machine_arn: str | None = Field(None, alias="HNTAI_STATE_MACHINE_ARN", min_length=1)
    """The patient summary's state machine."""
    run_events_function: str | None = Field(None, alias="HNTAI_RUN_EVENTS_FUNCTION", min_length=1)
    """The function the streaming relay starts runs and reads events through."""
    stream_url: str = Field("", alias="HNTAI_STREAM_URL")
    """The streaming Lambda URL, named to callers who ask the HTTP API to stream."""
    cors_origins: str = Field("", alias="HNTAI_CORS_ORIGINS")
    """Origins a browser may call from, comma-separated; none by default."""
    rate_limit_per_minute: int = Field(600, alias="HNTAI_RATE_LIMIT_PER_MINUTE", ge=1)
    """Requests one identity may make in a minute."""
    max_text_chars: int = Field(500_000, alias="HNTAI_MAX_TEXT_CHARS", ge=1, le=500_000)
    """Longest text of one document, in characters."""
    sync_wait_s: float = Field(25.0, alias="HNTAI_SYNC_WAIT_S", gt=0, le=28)
    """How long POST /generate_patient_summary waits for its run before it answers 202."""
    models_dir: Path | None = Field(None, alias="HNTAI_MODELS_DIR")
    """Where the baked models are (docs/models.md): /opt/models in images, .models beside a checkout."""
    model_threads: int | None = Field(None, alias="HNTAI_MODEL_THREADS", ge=1, le=64)
    """Of one model; without it what the function's memory, or else the group of processes, is given."""
    docs_enabled: bool = Field(False, alias="HNTAI_DOCS_ENABLED")
    """Serve /docs and /openapi.json."""
    stage: str = Field("dev", alias="HNTAI_STAGE")

    @property
    def origins(self) -> tuple[str, ...]:
        return tuple(origin.strip() for origin in self.cors_origins.split(",") if origin.strip())


def read_settings() -> Settings:
    """The settings of this environment.

    Raises:
        ConfigurationError: one is wrong; it names the setting and what was expected, never the value.
    """
    names = [field.alias for field in Settings.model_fields.values() if field.alias]
    try:
        return Settings.model_validate({name: os.environ[name] for name in names if name in os.environ})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise ConfigurationError(setting=str(first["loc"][0]), expected=first["msg"]) from None


def required(settings: Settings, field: str) -> str:
    """A setting this function cannot be without.

    Raises:
        ConfigurationError: it is not set.
    """
    value = getattr(settings, field)
    if not value:
        name = type(settings).model_fields[field].alias or field
        raise ConfigurationError(setting=name, expected="a value; this function needs it")
    return str(value)
