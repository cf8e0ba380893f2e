"""The parts of administration. They stand on roles no function has: the schema's owner, the auditor."""

from __future__ import annotations

from functools import cached_property

from hntai.adapters.administrator import administrator
from hntai.adapters.api_keys import PostgresApiKeys
from hntai.adapters.audit import PostgresAuditLog, PostgresAuditReader
from hntai.adapters.audit_messages import SqsAuditMessages
from hntai.adapters.clock import utc_now
from hntai.adapters.postgres import PostgresSession
from hntai.adapters.secrets import secret
from hntai.bootstrap import Parts
from hntai.config import required
from hntai.services.empty_audit_queue import EmptyAuditQueue
from hntai.services.manage_keys import ManageKeys


class AdminParts(Parts):
    """Those of a function, and what only an administrator needs."""

    @cached_property
    def owner_session(self) -> PostgresSession:
        return PostgresSession(secret(required(self.settings, "owner_database_url")))

    def audit_reader(self) -> PostgresAuditReader:
        return PostgresAuditReader(self.auditor_session)

    def manage_keys(self) -> ManageKeys:
        session = self.owner_session
        keys = PostgresApiKeys(session, self.digests, utc_now)
        audit = PostgresAuditLog(session)
        return ManageKeys(keys, audit, self.digests, utc_now, session.transaction, administrator)

    def empty_audit_queue(self, queue_url: str | None = None) -> EmptyAuditQueue:
        """queue_url: another queue of rows, as the dead-letter queue is."""
        messages = SqsAuditMessages(queue_url or required(self.settings, "audit_queue_url"))
        return EmptyAuditQueue(messages, self.drain_audit())

    @property
    def machine_arns(self) -> tuple[str, ...]:
        """Of the state machines there are settings for.

        Raises:
            ConfigurationError: for none.
        """
        required(self.settings, "state_machine_arn")
        found = self.settings
        known = (
            found.state_machine_arn,
            found.transcription_machine_arn,
            found.document_machine_arn,
            found.bulk_machine_arn,
        )
        return tuple(arn for arn in known if arn)

    def close(self) -> None:
        super().close()
        for name in ("owner_session", "auditor_session"):
            if name in self.__dict__:
                self.__dict__[name].close()
