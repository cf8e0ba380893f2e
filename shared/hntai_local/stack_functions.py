"""The functions of the local stack and what calls them: AWS endpoint, streaming URL, queue and schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from hntai.domain.errors import ConfigurationError, FunctionUnavailableError
from hntai_local.leash import Leash
from hntai_local.state_dir import PROJECT_ROOT, StateDir
from hntai_local.template import Template

if TYPE_CHECKING:
    from hntai_local.lambda_pool import Invocation, LambdaPool

WORKFLOWS = {
    "HNTAI_STATE_MACHINE_ARN": PROJECT_ROOT / "functions" / "patient_summary" / "workflow.asl.json",
    "HNTAI_BULK_MACHINE_ARN": PROJECT_ROOT / "functions" / "bulk" / "workflow.asl.json",
    "HNTAI_TRANSCRIPTION_MACHINE_ARN": PROJECT_ROOT / "functions" / "transcribe" / "workflow.asl.json",
    "HNTAI_DOCUMENT_MACHINE_ARN": PROJECT_ROOT / "functions" / "upload" / "workflow.asl.json",
}
"""By the setting that names each state machine."""


class Functions:
    """Invokes by name, as soon as start() gave the functions their environment.

    The AWS endpoint needs somewhere to send Lambda calls before that: the functions' environment names
    what the endpoint provisions. moto is imported here, not at the top: it takes most of a second.
    """

    def __init__(self, template: Template, leash: Leash, state: StateDir) -> None:
        self._template = template
        self._leash = leash
        self._state = state
        self._pool: LambdaPool | None = None
        self._environment: Mapping[str, str] = {}
        self.aws_url = ""
        """Known after start_aws()."""

    def invoke(
        self,
        name: str,
        payload: bytes,
        *,
        wait_s: float | None = None,
        trace_id: str = "",
        client_context: str = "",
    ) -> Invocation:
        """As LambdaPool.invoke(); before start() no function is available."""
        if self._pool is None:
            raise FunctionUnavailableError(function=name)
        return self._pool.invoke(
            name, payload, wait_s=wait_s, trace_id=trace_id, client_context=client_context
        )

    def prewarm(self, name: str) -> bool:
        """True if the function has a warm environment now; its own faults are left to its first caller."""
        try:
            if self._pool is not None:
                self._pool.prewarm(name)
        except Exception:
            return False
        return self._pool is not None

    def start_aws(self, port: int) -> Callable[[], None]:
        """Starts the AWS endpoint; returns what ends it.

        Raises:
            ConfigurationError: the port is taken.
        """
        from hntai_local.aws_endpoint import AwsEndpoint

        endpoint = AwsEndpoint(port, self, state_dir=self._state.path)
        try:
            endpoint.start()
        except OSError as error:
            raise ConfigurationError(setting="HNTAI_AWS_PORT", expected=f"a free port, not {port}") from error
        self.aws_url = endpoint.url
        return endpoint.close

    def provision(self, secrets: Mapping[str, str]) -> Mapping[str, str]:
        """Makes keys, secrets, queues, buckets and the state machines; their names by setting."""
        from hntai_local.aws_resources import provision

        return provision(
            self.aws_url,
            state_dir=self._state.path,
            secrets=secrets,
            definitions=WORKFLOWS,
            functions=[one.name for one in self._template.functions],
        )

    def start(self, environment: Mapping[str, str]) -> None:
        """From now on functions can be invoked."""
        from hntai_local.lambda_pool import LambdaPool

        self._environment = environment
        plain = [one for one in self._template.functions if not one.streaming]
        self._pool = LambdaPool(plain, environment=environment, leash=self._leash, log_dir=self._state.logs)

    def start_stream(self, port: int, cors_origins: Sequence[str], leash: Leash) -> Callable[[], None]:
        """Starts the URL of the streaming function; returns what ends it."""
        from hntai_local.function_url import FunctionUrl

        streaming = next(one for one in self._template.functions if one.streaming)
        url = FunctionUrl(
            port,
            streaming,
            environment=self._environment,
            leash=leash,
            log_dir=self._state.logs,
            cors_origins=cors_origins,
        )
        url.start()
        return url.close

    def start_event_sources(self) -> Callable[[], None]:
        """Starts the audit queue's poller and the anchor schedule; returns what ends them."""
        from hntai_local.event_sources import EventSources

        sources = EventSources(self, self.aws_url, self._environment["HNTAI_AUDIT_QUEUE_URL"])
        sources.start()
        return sources.close

    def close(self) -> None:
        """Ends every environment."""
        if self._pool is not None:
            self._pool.close()
