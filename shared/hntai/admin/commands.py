"""The command line: what there is to ask for, and the exit codes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from hntai.admin import acts, bulk_acts
from hntai.admin.parts import AdminParts
from hntai.admin.places import use_file, use_stack
from hntai.domain.errors import AuditError, HntaiError
from hntai.domain.identity import DEFAULT_TENANT, Scope

AUDIT_BROKEN = 3
_EPILOG = """\
Settings come from the environment (DATABASE_URL, SECRET_KEY, HNTAI_...: shared/hntai/config.py names them);
--stack takes those that are not there from a deployed stack, --settings from a file, as the local stack
writes one. Keys and migrations need HNTAI_OWNER_DATABASE_URL, reading the audit HNTAI_AUDITOR_DATABASE_URL.

exit codes: 0 done; 1 could not be done, standard error says why; 2 a command that does not exist;
3 the audit does not hold
"""
Number = TypeVar("Number", int, float)
Act = Callable[[AdminParts, argparse.Namespace], int]


def main(words: Sequence[str] | None = None) -> int:
    """The exit code of one command; errors of ours are one line on standard error."""
    asked = parser().parse_args(words)
    try:
        if asked.settings:
            use_file(Path(asked.settings))
        if asked.stack:
            use_stack(asked.stack)
        parts = AdminParts()
        try:
            return int(asked.act(parts, asked))
        finally:
            parts.close()
    except HntaiError as error:
        print(f"hntai: {error}", file=sys.stderr)
        return AUDIT_BROKEN if isinstance(error, AuditError) else acts.FAILED
    except Exception as error:  # drivers put values into their messages
        print(f"hntai: failed: {type(error).__name__}", file=sys.stderr)
        return acts.FAILED


def parser() -> argparse.ArgumentParser:
    """Every command there is, with its help."""
    root = argparse.ArgumentParser(
        prog="hntai",
        description="Administration of HNTAI.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--stack", metavar="NAME", help="a deployed CloudFormation stack")
    root.add_argument("--settings", metavar="FILE", help="a JSON object of settings")
    groups = root.add_subparsers(required=True, metavar="command")
    _add_keys(_group(groups, "keys", "API keys; every act leaves an audit row."))
    _add_audit(_group(groups, "audit", "The audit log."))
    _add_runs(_group(groups, "runs", "Runs of the state machines."))
    schema = _group(groups, "schema", "The database's schema.")
    _command(schema, "migrate", acts.migrate_schema, "Apply the migrations that are not applied yet.")
    _add_bulk(_group(groups, "bulk", "Patient summaries of a whole manifest."))
    return root


def _add_keys(keys: Any) -> None:
    scopes = " ".join(Scope)
    create = _command(keys, "create", acts.create_key, "Issue a key, and print it this once.")
    create.add_argument("--sub", required=True, type=_named, help="whom the key is for")
    create.add_argument("--scopes", required=True, help=f"space-separated, of: {scopes}")
    create.add_argument("--days", type=int, default=90, help="days it is valid; 90 by default")
    create.add_argument("--tenant", default=DEFAULT_TENANT, help="the key's tenant")
    listing = _command(keys, "list", acts.list_keys, "List the keys that are valid.")
    listing.add_argument("--all", action="store_true", help="expired and revoked ones too")
    revoke = _command(keys, "revoke", acts.revoke_key, "Refuse a key from now on.")
    revoke.add_argument("id", help="the key's id, the middle part of hntai_<id>_<secret>")


def _add_audit(audit: Any) -> None:
    _command(
        audit, "verify", acts.verify_audit, "Check every link and the newest anchor; leave a new anchor."
    )
    recent = _command(audit, "recent", acts.recent_audit, "Show the newest rows, in counts.")
    recent.add_argument("--rows", type=int, default=10, help="how many; 10 by default")
    drain = _command(audit, "drain", acts.drain_audit, "Take waiting rows into the log now.")
    drain.add_argument("--queue-url", help="another queue than the stack's, as its dead-letter queue")


def _add_runs(runs: Any) -> None:
    _command(runs, "list", acts.list_runs, "List the newest runs.")
    show = _command(runs, "show", acts.show_run, "Show a run state by state.")
    show.add_argument("id", nargs="?", help="a run's id; the newest by default")
    show.add_argument("--events", action="store_true", help="every event of its history instead")


def _add_bulk(bulk: Any) -> None:
    told = "JSON lines, or CSV with names in its first line: patientid, and options of a request"
    asking = _command(bulk, "estimate", bulk_acts.estimate_bulk, "Tell what a manifest would take.")
    starting = _command(bulk, "start", bulk_acts.start_bulk, "Tell what it takes and, with --yes, start it.")
    for command in (asking, starting):
        command.add_argument("manifest", help=told)
        command.add_argument(
            "--requests-per-s", type=_between(0.01, 10_000.0), default=5.0, help="to the EHR, at most; 5"
        )
        command.add_argument("--concurrency", type=_between(1, 1000), default=5, help="patients at a time; 5")
        command.add_argument(
            "--batch-rows", type=_between(1, 100), default=25, help="rows of a batch; 25, 100 at most"
        )
    starting.add_argument(
        "--tolerated-failure", type=_between(0, 100), default=10, help="percent of batches; 10"
    )
    resume = _command(bulk, "resume", bulk_acts.resume_bulk, "Go on with the rows that have no success yet.")
    for command in (starting, resume):
        command.add_argument("--yes", action="store_true", help="the estimate is read: go")
    show = _command(bulk, "show", bulk_acts.show_bulk, "Tell how far a bulk has come.")
    results = _command(bulk, "results", bulk_acts.write_results, "Write what a bulk made, as JSON lines.")
    for command in (resume, show, results):
        command.add_argument("id", help="what start printed")
    results.add_argument("file", help="a new file; it will name patients")


def _between(least: Number, most: Number) -> Callable[[str], Number]:
    """A number of the bounds' kind; anything else is a command that does not exist."""

    def read(word: str) -> Number:
        value = type(least)(word)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{word} is not between {least} and {most}")
        return value

    read.__name__ = type(least).__name__
    return read


def _named(word: str) -> str:
    if not word.strip():
        raise argparse.ArgumentTypeError("a name, not blank")
    return word.strip()


def _group(groups: Any, name: str, text: str) -> Any:
    group = groups.add_parser(name, help=text, description=text)
    return group.add_subparsers(required=True, metavar="what")


def _command(group: Any, name: str, act: Act, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=text, description=text)
    command.set_defaults(act=act)
    return command
