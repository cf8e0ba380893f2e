"""What schedules, deployments and health checks ask for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from hntai.adapters.audit import PostgresAuditLog, PostgresAuditReader, from_message
from hntai.adapters.clock import utc_now
from hntai.adapters.postgres import PostgresSession
from hntai.adapters.secrets import secret
from hntai.bootstrap.core import CoreParts
from hntai.config import required
from hntai.ports import HealthProbe

if TYPE_CHECKING:
    from hntai.adapters.migrations import PostgresSchema
    from hntai.services.drain_audit import DrainAudit
    from hntai.services.migrate_schema import MigrateSchema
    from hntai.services.verify_audit import AnchorAudit, VerifyAudit


class ChoreParts(CoreParts):
    """Built when asked for, as all parts are."""

    def probes(self) -> Sequence[HealthProbe]:
        from hntai.adapters.health import PostgresProbe, ReportedModels, ValkeyProbe

        return (PostgresProbe(self.session), ValkeyProbe(self.cache), ReportedModels(self.cache, utc_now))

    def drain_audit(self) -> DrainAudit:
        """Into PostgreSQL only: a row must not go round in the queue."""
        from hntai.services.drain_audit import DrainAudit

        return DrainAudit(PostgresAuditLog(self.session), from_message)

    def anchor_audit(self) -> AnchorAudit:
        from hntai.adapters.anchors import S3AuditAnchors
        from hntai.services.verify_audit import AnchorAudit

        anchors = S3AuditAnchors(required(self.settings, "audit_anchor_bucket"), self.digests)
        return AnchorAudit(PostgresAuditReader(self.session), anchors, utc_now)

    @cached_property
    def auditor_session(self) -> PostgresSession:
        """As the role that may read the audit; the functions' own may not."""
        return self._session("auditor_database_url")

    def verify_audit(self) -> VerifyAudit:
        from hntai.adapters.anchors import S3AuditAnchors
        from hntai.services.verify_audit import VerifyAudit

        anchors = S3AuditAnchors(required(self.settings, "audit_anchor_bucket"), self.digests)
        return VerifyAudit(PostgresAuditReader(self.auditor_session), anchors, utc_now)

    def migrate_schema(self) -> MigrateSchema:
        from hntai.services.migrate_schema import MigrateSchema

        return MigrateSchema(self.schema())

    def schema(self) -> PostgresSchema:
        """As its owner sees it."""
        from hntai.adapters.migrations import PostgresSchema
        from hntai.adapters.named_sql import sql_folder

        owner_url = secret(required(self.settings, "owner_database_url"))
        return PostgresSchema(owner_url, sql_folder() / "migrations")
