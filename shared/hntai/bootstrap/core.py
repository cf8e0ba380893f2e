"""What every function stands on: settings, servers, the audit, models, the web entry."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from hntai.adapters.audit import DurableAuditLog, PostgresAuditLog, SqsAuditQueue
from hntai.adapters.cache import Cache
from hntai.adapters.clock import utc_now
from hntai.adapters.digests import KeyedDigests
from hntai.adapters.metrics import EmfMetrics, MetricSinks, ValkeyMetrics
from hntai.adapters.postgres import PostgresSession
from hntai.adapters.secrets import secret, secret_bytes
from hntai.config import Settings, read_settings, required
from hntai.ports import EntryPorts, Gate, IdentityVerifier, ModelShelf, SpeechModel

if TYPE_CHECKING:
    from hntai.adapters.jobs import PostgresJobs
    from hntai.adapters.run_events import ValkeyRunEvents
    from hntai.adapters.sealing import KmsSealer
    from hntai.adapters.speech_shelf import SpeechShelf
    from hntai.ports.speech import SpeechModel
    from hntai.services.run_steps.step import StepPorts
    from hntai.services.run_workspace import RunWorkspace


class CoreParts:
    """The parts of one environment, each built once, when first asked for.

    A part whose setting is missing raises ConfigurationError by the setting's name.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or read_settings()

    @cached_property
    def session(self) -> PostgresSession:
        return self._session("database_url")

    def _session(self, setting: str) -> PostgresSession:
        url = secret(required(self.settings, setting))
        if not self.settings.database_iam:
            return PostgresSession(url)
        from hntai.adapters.rds_sign_in import signed_in

        return PostgresSession(signed_in(url))

    @cached_property
    def cache(self) -> Cache:
        return Cache(secret(required(self.settings, "redis_url")))

    @cached_property
    def digests(self) -> KeyedDigests:
        return KeyedDigests(secret_bytes(required(self.settings, "secret_key")))

    @cached_property
    def sealer(self) -> KmsSealer:
        from hntai.adapters.sealing import KmsSealer

        return KmsSealer(required(self.settings, "kms_key_id"))

    @cached_property
    def audit(self) -> DurableAuditLog:
        queue_url = self.settings.audit_queue_url
        queue = None if queue_url is None else SqsAuditQueue(queue_url)
        return DurableAuditLog(PostgresAuditLog(self.session), queue)

    @cached_property
    def jobs(self) -> PostgresJobs:
        from hntai.adapters.jobs import PostgresJobs

        return PostgresJobs(self.session)

    @cached_property
    def run_events(self) -> ValkeyRunEvents:
        from hntai.adapters.run_events import ValkeyRunEvents

        return ValkeyRunEvents(self.cache, self.sealer)

    @cached_property
    def workspace(self) -> RunWorkspace:
        from hntai.adapters.jobs import PostgresRunDocuments
        from hntai.services.run_workspace import RunWorkspace

        return RunWorkspace(self.jobs, PostgresRunDocuments(self.session), self.sealer)

    @cached_property
    def step(self) -> StepPorts:
        from hntai.services.run_steps.step import StepPorts

        return StepPorts(self.jobs, self.workspace, self.run_events, utc_now)

    @cached_property
    def models(self) -> ModelShelf:
        """The models baked into this image, reported for GET /ready; an empty shelf where there are none."""
        from hntai.adapters.baked_shelf import baked_shelf, model_states
        from hntai.adapters.health import ReportedModels

        shelf = baked_shelf(self.settings.models_dir, self.settings.model_threads)
        function = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
        if function:
            ReportedModels(self.cache, utc_now).report(function, model_states(self.settings.models_dir))
        return shelf

    @cached_property
    def speech_shelf(self) -> SpeechShelf:
        from hntai.adapters.baked_shelf import threads_used
        from hntai.adapters.speech_shelf import SpeechShelf

        return SpeechShelf(self.settings.models_dir, threads_used(self.settings.model_threads))

    def speech_model(self, name: str | None = None) -> SpeechModel:
        """A recogniser of this image, loaded; the default without a name.

        Raises:
            ModelUnknownError: none is baked, or none of that name.
            ModelFailedError: it is baked in part, or cannot be loaded.
        """
        return self.speech_shelf.speech_model(name)

    def close(self) -> None:
        """Gives connections back; the parts connect again when next used."""
        for name in ("session", "cache"):
            if name in self.__dict__:
                self.__dict__[name].close()

    def verifier(self) -> IdentityVerifier:
        """Callers by JWT or API key."""
        from hntai.adapters.api_keys import PostgresApiKeys
        from hntai.adapters.identity import CallerVerifier, KeySet, TokenRules

        settings = self.settings
        rules = TokenRules(settings.jwt_audience, settings.jwt_issuer)
        hs256 = None if settings.jwt_secret_key is None else secret_bytes(settings.jwt_secret_key)
        key_set = None if settings.jwt_jwks_url is None else KeySet(settings.jwt_jwks_url)
        if hs256 is None and key_set is None:
            required(settings, "jwt_secret_key")
        return CallerVerifier(rules, hs256, key_set, PostgresApiKeys(self.session, self.digests, utc_now))

    def entry(self, function: str) -> EntryPorts:
        """What the web entry of a guarded function stands on."""
        from hntai.adapters.idempotency import PostgresIdempotencyRecords
        from hntai.adapters.rate_limit import ValkeyRateLimiter

        limit = self.settings.rate_limit_per_minute
        gate = Gate(
            self.verifier(),
            ValkeyRateLimiter(self.cache, self.digests, utc_now, limit),
            PostgresIdempotencyRecords(self.session, self.digests, lambda: self.sealer, utc_now),
        )
        metrics = MetricSinks(ValkeyMetrics(self.cache), EmfMetrics())
        return EntryPorts(function, metrics, self.settings.origins, gate)

    def open_entry(self, function: str) -> EntryPorts:
        """The same for a function outside the VPC, whose routes check nothing themselves."""
        return EntryPorts(function, EmfMetrics(), self.settings.origins)
