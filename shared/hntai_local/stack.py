"""The local stack: every part of HNTAI on this machine, started in order and ended in reverse."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg

from hntai.domain.errors import DatabaseUnavailableError
from hntai_local.demo_patients import demo_bundles
from hntai_local.fhir_server import DEMO_CREDENTIALS, FhirServer
from hntai_local.gateway import Gateway
from hntai_local.leash import Leash
from hntai_local.ports_check import free_port
from hntai_local.postgres import PostgresServer
from hntai_local.progress import Progress
from hntai_local.secrets_file import local_secrets
from hntai_local.stack_environment import Addresses, function_environment
from hntai_local.stack_functions import WORKFLOWS, Functions
from hntai_local.stack_revival import Revival, Server
from hntai_local.stack_settings import StackSettings
from hntai_local.state_dir import PROJECT_ROOT, StateDir
from hntai_local.template import Template, read_template
from hntai_local.valkey import ValkeyServer

APP_ROLE = "hntai_app"
"""The least-privileged role the migrations make for the functions."""
AUDITOR_ROLE = "hntai_auditor"
"""The one they make for those who read the audit."""


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    close: Callable[[], None]


class Stack:
    """start(), then close(); the caller holds the state directory's lock meanwhile."""

    def __init__(
        self, settings: StackSettings, state: StateDir, progress: Progress, caller: Mapping[str, str]
    ) -> None:
        """caller: the environment the stack was started in."""
        self._settings = settings
        self._state = state
        self._progress = progress
        self._caller = caller
        self._parts: list[_Part] = []
        self._servers: dict[str, Server] = {}
        self._facts: dict[str, Any] = {}
        self._closing = threading.Event()

    def start(self) -> None:
        """Returns when every address answers; functions go on warming up.

        Raises:
            HntaiError: a part did not come up; those before it run until close().
        """
        template = read_template(PROJECT_ROOT / "template.yaml")
        leash = Leash()
        self._running("last processes", leash.close)
        with ThreadPoolExecutor(2) as both:
            database = both.submit(self._start_database, leash)
            cache = both.submit(self._start_cache, leash)
            functions = Functions(template, leash, self._state)
            provisioned = self._start_aws(functions)
            admin_url, database_url, auditor_url = database.result()
            redis_url = cache.result()
        ehr_url = self._start_ehr()
        stream_url = f"http://127.0.0.1:{self._settings.stream_port}"
        addresses = Addresses(
            database_url, admin_url, auditor_url, redis_url, functions.aws_url, ehr_url, stream_url
        )
        environment = function_environment(self._caller, addresses, provisioned)
        self._start_functions(functions, template, environment, leash)
        self._facts = {
            "api_url": f"http://127.0.0.1:{self._settings.port}",
            "stream_url": stream_url,
            "aws_url": functions.aws_url,
            "ehr_url": ehr_url,
            "database_url": database_url,
            "admin_database_url": admin_url,
            "redis_url": redis_url,
            "state_machine_arns": [provisioned[name] for name in WORKFLOWS if name in provisioned],
            "environment": environment,
        }
        self._write_facts()
        self._start_revival()
        self._prewarm(functions, template)

    def close(self) -> None:
        """Ends every part, last first, and says so. May be called again."""
        self._closing.set()
        while self._parts:
            part = self._parts.pop()
            try:
                part.close()
                self._progress.say(f"{part.name} stopped")
            except Exception as error:
                self._progress.say(f"{part.name} did not stop cleanly: {type(error).__name__}")
        self._state.forget_stack()

    @property
    def addresses(self) -> dict[str, str]:
        """What a user may want to copy, once started."""
        return {
            "HTTP API": self._facts["api_url"],
            "streaming URL": self._facts["stream_url"],
            "AWS endpoint": self._facts["aws_url"],
            "FHIR server": self._facts["ehr_url"],
            "PostgreSQL": self._facts["admin_database_url"],
            "logs": str(self._state.logs),
        }

    def _start_database(self, leash: Leash) -> tuple[str, str, str]:
        """URLs for the owner of the schema, for the functions and for the audit's readers, migrated."""
        from hntai.adapters.migrations import migrate

        if self._settings.database_url is not None:
            admin_url = database_url = auditor_url = self._settings.database_url
        else:
            server = PostgresServer(self._state.postgres, leash=leash, log=self._state.logs / "postgres.log")
            with self._progress.step("PostgreSQL"):
                server.start()
            self._running("PostgreSQL", server.stop)
            self._servers["PostgreSQL"] = server
            admin_url, database_url = server.url(), server.url(APP_ROLE)
            auditor_url = server.url(AUDITOR_ROLE)
        with self._progress.step("migrations"):
            try:
                migrate(admin_url, PROJECT_ROOT / "sql" / "migrations")
            except psycopg.OperationalError as error:
                raise DatabaseUnavailableError(setting="DATABASE_URL") from error
        return admin_url, database_url, auditor_url

    def _start_cache(self, leash: Leash) -> str:
        if self._settings.redis_url is not None:
            return self._settings.redis_url
        server = ValkeyServer(self._state.valkey, leash=leash, log=self._state.logs / "valkey.log")
        with self._progress.step("Valkey"):
            server.start()
        self._running("Valkey", server.stop)
        self._servers["Valkey"] = server
        return server.url

    def _start_aws(self, functions: Functions) -> Mapping[str, str]:
        kept = local_secrets(self._state.secrets_file)
        secrets = {
            "secret-key": _own_or(self._caller.get("SECRET_KEY"), kept.secret_key),
            "jwt-secret-key": _own_or(self._caller.get("JWT_SECRET_KEY"), kept.jwt_secret_key),
            "bulk-ehr": self._caller.get("HNTAI_BULK_EHR_CREDENTIALS") or DEMO_CREDENTIALS,
        }
        with self._progress.step("AWS endpoint"):
            self._running("AWS endpoint", functions.start_aws(self._settings.aws_port))
            return functions.provision(secrets)

    def _start_ehr(self) -> str:
        if self._settings.ehr_base_url is not None:
            return self._settings.ehr_base_url
        server = FhirServer(self._settings.ehr_port or free_port())
        self._running("FHIR server", server.close)
        with self._progress.step("FHIR server, with three synthetic patients"):
            for bundle in demo_bundles():
                server.store.load(bundle)
            server.start()
        return server.url

    def _start_functions(
        self, functions: Functions, template: Template, environment: Mapping[str, str], leash: Leash
    ) -> None:
        self._running("functions", functions.close)
        with self._progress.step("streaming URL"):
            functions.start(environment)
            close = functions.start_stream(self._settings.stream_port, self._settings.cors_origins, leash)
            self._running("streaming URL", close)
        gateway = Gateway(
            self._settings.port,
            template.routes,
            functions,
            cors_origins=self._settings.cors_origins,
            log=self._state.logs / "gateway.jsonl",
        )
        self._running("HTTP API", gateway.close)
        with self._progress.step("HTTP API"):
            gateway.start()
        self._running("event sources", functions.start_event_sources())

    def _start_revival(self) -> None:
        revival = Revival(
            self._servers,
            after_s=self._settings.revive_after_s,
            progress=self._progress,
            on_change=self._write_facts,
        )
        revival.start()
        self._running("watch over the servers", revival.close)

    def _prewarm(self, functions: Functions, template: Template) -> None:
        """In the background: functions with a route first, for they are waited for."""
        routed = dict.fromkeys(route.function for route in template.routes)
        others = [one.name for one in template.functions if not one.streaming and one.name not in routed]
        names = [*routed, *others]

        def warm() -> None:
            for name in names:
                if self._closing.is_set() or not functions.prewarm(name):
                    return

        threading.Thread(target=warm, name="prewarm", daemon=True).start()

    def _running(self, name: str, close: Callable[[], None]) -> None:
        self._parts.append(_Part(name, close))

    def _write_facts(self) -> None:
        pids = {name: server.pid for name, server in self._servers.items()}
        self._state.write_stack({**self._facts, "processes": pids})


def _own_or(given: str | None, kept: str) -> str:
    return given if given and not given.startswith("arn:") else kept
