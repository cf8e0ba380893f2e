"""python -m hntai_local: run the local stack; python -m hntai administers it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence

from hntai.domain.errors import HntaiError
from hntai_local.progress import Progress
from hntai_local.state_dir import StateDir

_FORCED = 130


class _StopRequestedError(BaseException):
    """Ctrl-C or SIGTERM while the stack was still starting; nobody below may take it for a failure."""


class _Stopping:
    """The first signal asks for a clean stop, the second ends this process (and the leash all others)."""

    def __init__(self) -> None:
        self.is_starting = True
        self._asked = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def end_of_start(self) -> None:
        """From here on a signal is waited for; one that a library swallowed meanwhile counts."""
        self.is_starting = False
        if self._asked.is_set():
            raise _StopRequestedError

    def wait(self) -> None:
        self._asked.wait()

    def _on_signal(self, *_: object) -> None:
        if self._asked.is_set():
            os._exit(_FORCED)
        self._asked.set()
        if self.is_starting:
            raise _StopRequestedError


def _run(_: argparse.Namespace) -> int:
    from hntai_local.stack import Stack
    from hntai_local.stack_settings import StackSettings

    state = StateDir.for_environment(os.environ)
    progress = Progress()
    stopping = _Stopping()
    try:
        with state.locked():
            stack = Stack(StackSettings.from_environment(os.environ), state, progress, os.environ)
            try:
                stack.start()
                stopping.end_of_start()
                progress.block(f"HNTAI is ready after {progress.elapsed_s:.1f} s.", stack.addresses)
                progress.say("Ctrl-C stops it")
                stopping.wait()
                progress.say("stopping (Ctrl-C again: at once)")
            finally:
                stopping.is_starting = False
                stack.close()
    except _StopRequestedError:
        progress.say("stopped before it was ready")
    return 0


def _token(arguments: argparse.Namespace) -> int:
    from hntai_local.token import make_token, signing_secret

    secret = signing_secret(os.environ, StateDir.for_environment(os.environ))
    print(make_token(secret, subject=arguments.sub, scopes=arguments.scopes.split(), ttl_s=arguments.ttl))
    return 0


def _demo(_: argparse.Namespace) -> int:
    from hntai_local.demo import main as demo

    return int(demo() or 0)


def _openapi(_: argparse.Namespace) -> int:
    from hntai_local.openapi import write

    return write()


def _api_docs(_: argparse.Namespace) -> int:
    from hntai_local.api_reference import write

    return write()


def _migrations_digest(_: argparse.Namespace) -> int:
    from hntai_local.migrations_digest import write

    return write()


def _workflow_graph(_: argparse.Namespace) -> int:
    from hntai_local.workflow_graph import write

    return write()


def _parser() -> argparse.ArgumentParser:
    from hntai_local.token import ALL_SCOPES

    parser = argparse.ArgumentParser(prog="python -m hntai_local", description="HNTAI on this machine.")
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, action: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(action_=action)
        return command

    add("run", _run, "Start the whole stack and keep it until Ctrl-C.")
    token = add("token", _token, "Print a bearer token for the local stack, and nothing else.")
    token.add_argument("--scopes", default=" ".join(ALL_SCOPES), help="space-separated; all by default")
    token.add_argument("--sub", default="local-developer", help="whom the token is for")
    token.add_argument("--ttl", type=int, default=8 * 3600, help="seconds it is valid; 8 hours by default")
    add("demo", _demo, "Load synthetic patients, scrub a note, run a summary, show what it left.")
    add("openapi", _openapi, "Write the API's description from the functions' routes.")
    add("api-docs", _api_docs, "Write docs/api.md from that description and docs/examples.")
    add("workflow-graph", _workflow_graph, "Draw each state machine into docs/.")
    add("migrations-digest", _migrations_digest, "Write the migrations' digest into template.yaml.")
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """The exit code of one command; errors of ours are one line on standard error."""
    arguments = _parser().parse_args(words)
    try:
        return int(arguments.action_(arguments))
    except HntaiError as error:
        print(f"hntai: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _FORCED


if __name__ == "__main__":
    sys.exit(main())
