"""The commands of bulks. Patient ids go from a file into sealed objects and back; none is printed."""

from __future__ import annotations

import argparse
import os
import sys
import uuid
from pathlib import Path

from hntai.adapters.administrator import administrator
from hntai.adapters.aws_clients import client
from hntai.adapters.bulk_starter import StepFunctionsBulkStarter
from hntai.adapters.clock import utc_now
from hntai.admin.acts import DONE, FAILED
from hntai.admin.measured_runs import measured_runs
from hntai.admin.parts import AdminParts
from hntai.bulk_parts import BulkParts
from hntai.config import required
from hntai.contracts.bulk import BulkRow, read_manifest
from hntai.domain.bulk import BulkId, BulkPlan
from hntai.domain.bulk_cost import estimate
from hntai.domain.errors import InvalidRequestError
from hntai.domain.identity import DEFAULT_TENANT
from hntai.services.bulk.run_bulk import RunBulk


def estimate_bulk(parts: AdminParts, asked: argparse.Namespace) -> int:
    print(_told(parts, asked, len(manifest_rows(Path(asked.manifest)))))
    return DONE


def start_bulk(parts: AdminParts, asked: argparse.Namespace) -> int:
    rows = manifest_rows(Path(asked.manifest))
    print(_told(parts, asked, len(rows)), file=sys.stderr)
    if not asked.yes:
        print("nothing is started; --yes starts it", file=sys.stderr)
        return FAILED
    plan = BulkPlan(
        tenant=DEFAULT_TENANT,
        actor=administrator(),
        rows=len(rows),
        batch_rows=asked.batch_rows,
        requests_per_s=asked.requests_per_s,
        concurrency=asked.concurrency,
        tolerated_failure_percentage=asked.tolerated_failure,
    )
    print(_run_bulk(parts).start(plan, rows))
    return DONE


def resume_bulk(parts: AdminParts, asked: argparse.Namespace) -> int:
    store, bulk_id = BulkParts(parts).store, _id(asked)
    plan = store.plan(bulk_id)
    pending = sum(1 for _ in store.pending(bulk_id, plan))
    if not pending:
        print("every row is done", file=sys.stderr)
        return DONE
    limits = argparse.Namespace(**{name: getattr(plan, name) for name in BulkPlan.__slots__})
    print(_told(parts, limits, pending), file=sys.stderr)
    if not asked.yes:
        print("nothing is started; --yes starts it", file=sys.stderr)
        return FAILED
    print(f"attempt {_run_bulk(parts).resume(bulk_id)} runs")
    return DONE


def show_bulk(parts: AdminParts, asked: argparse.Namespace) -> int:
    bulk, bulk_id = BulkParts(parts), _id(asked)
    counts, attempts = bulk.sum_up()(bulk_id), bulk.store.attempts(bulk_id)
    running = _starter(parts).is_running(str(bulk_id), max(1, attempts))
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    print(f"{'runs' if running else 'has ended'}, attempt {attempts}: {told}")
    return DONE


def write_results(parts: AdminParts, asked: argparse.Namespace) -> int:
    """Into a new file that only its owner can read: each line names a patient."""
    lines = _run_bulk(parts).lines(_id(asked))
    count = 0
    with os.fdopen(os.open(asked.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        for line in lines:
            file.write(line + "\n")
            count += 1
    print(f"{count} lines written")
    return DONE


def manifest_rows(path: Path) -> list[BulkRow]:
    """Raises InvalidRequestError: the file cannot be read, or a row is wrong."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(read_manifest(file, is_csv=path.suffix.lower() == ".csv"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequestError(field="manifest", cause=type(error).__name__) from None


def _told(parts: AdminParts, limits: argparse.Namespace, rows: int) -> str:
    """The estimate, in a few lines."""
    measured = measured_runs(client("stepfunctions"), required(parts.settings, "state_machine_arn"))
    found = estimate(
        rows,
        measured,
        concurrency=limits.concurrency,
        requests_per_s=limits.requests_per_s,
        batch_rows=limits.batch_rows,
    )
    held = {"concurrency": "as many patients at a time", "ehr": "as many requests a second to the EHR"}
    return "\n".join(
        (
            f"{rows} patients: {found.hours:.2f} hours, {found.dollars:.2f} dollars "
            f"({found.lambda_dollars:.2f} Lambda, {found.step_functions_dollars:.2f} Step Functions)",
            f"{found.rate:.2f} patients a second; what holds it down is {held[found.limit]}",
            f"from the {measured.runs} newest runs: {measured.total_s:.2f} s, "
            f"{measured.ehr_requests:.1f} requests to the EHR, {measured.transitions:.0f} states each; "
            "without S3, KMS, logs, servers, retries and cold starts; prices of us-east-1",
        )
    )


def _run_bulk(parts: AdminParts) -> RunBulk:
    store = BulkParts(parts).store
    return RunBulk(store, _starter(parts), parts.audit, parts.digests, utc_now, administrator)


def _starter(parts: AdminParts) -> StepFunctionsBulkStarter:
    return StepFunctionsBulkStarter(required(parts.settings, "bulk_machine_arn"))


def _id(asked: argparse.Namespace) -> BulkId:
    try:
        return BulkId(uuid.UUID(asked.id))
    except ValueError:
        raise InvalidRequestError(field="id") from None
