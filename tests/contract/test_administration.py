"""python -m hntai, over PostgreSQL and AWS as moto answers it: what it does, leaves and shows."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import boto3
import psycopg
import pytest

from hntai.adapters.api_keys import PostgresApiKeys
from hntai.adapters.audit import to_message
from hntai.adapters.digests import KeyedDigests
from hntai.adapters.postgres import PostgresSession
from hntai.admin.commands import main
from hntai.domain.audit import AuditId, AuditRow, Operation, Outcome
from hntai.domain.errors import UnauthenticatedError
from tests.contract.conftest import SECRET, Command

pytestmark = [pytest.mark.postgres, pytest.mark.aws]


def rows(database: Callable[[str], str]) -> list[tuple[str, str]]:
    with psycopg.connect(database("postgres")) as connection:
        found = connection.execute("SELECT operation, actor FROM phi_audit_log ORDER BY recorded_at")
        return [(str(operation), str(actor)) for operation, actor in found.fetchall()]


def subject_of(database: Callable[[str], str], key: str) -> str:
    """Whom the functions take the key for."""
    digests = KeyedDigests(lambda: SECRET.encode())
    session = PostgresSession(lambda: database("hntai_app"))
    try:
        return PostgresApiKeys(session, digests, lambda: datetime.now(UTC)).verify(key).subject
    finally:
        session.close()


def test_a_key_is_made_shown_once_listed_and_revoked_and_each_act_is_recorded(
    hntai: Command, database: Callable[[str], str]
) -> None:
    code, key, told = hntai("keys", "create", "--sub", "integration", "--scopes", "scrub metrics")
    assert (code, re.fullmatch(r"hntai_[0-9a-f]{16}_[\w-]{43}\n", key) is not None) == (0, True)
    key_id, secret = key.strip().split("_", 2)[1:]
    assert key_id in told
    assert subject_of(database, key.strip()) == "integration"
    code, listed, _ = hntai("keys", "list")
    assert code == 0
    assert key_id in listed
    assert "metrics scrub" in listed
    assert secret not in listed + told
    assert hntai("keys", "revoke", key_id)[0] == 0
    with pytest.raises(UnauthenticatedError):
        subject_of(database, key.strip())
    assert key_id not in hntai("keys", "list")[1]
    assert "revoked" in hntai("keys", "list", "--all")[1]
    acts = ["api_key_issued", "api_keys_listed", "api_key_revoked", "api_keys_listed", "api_keys_listed"]
    assert [operation for operation, _ in rows(database)] == acts
    assert all(actor.startswith("arn:aws:") for _, actor in rows(database))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("keys", "revoke", "0" * 16), "unknown-resource"),
        (("keys", "create", "--sub", "x", "--scopes", "everything"), "patient-summary"),
        (("keys", "create", "--sub", "x", "--scopes", ""), "patient-summary"),
        (("keys", "create", "--sub", "x", "--scopes", "scrub", "--days", "0"), "limit_days"),
        (("keys", "create", "--sub", "x", "--scopes", "scrub", "--days", "4000"), "limit_days"),
    ],
)
def test_what_cannot_be_done_leaves_no_key_and_no_row(
    hntai: Command, database: Callable[[str], str], words: tuple[str, ...], said: str
) -> None:
    code, printed, told = hntai(*words)
    assert (code, printed) == (1, "")
    assert said in told
    assert rows(database) == []


def test_a_key_without_its_row_is_no_key(hntai: Command, database: Callable[[str], str]) -> None:
    with psycopg.connect(database("postgres"), autocommit=True) as connection:
        connection.execute("DROP TABLE phi_audit_head")
    code, printed, told = hntai("keys", "create", "--sub", "x", "--scopes", "scrub")
    assert (code, printed) == (1, "")
    assert told == "hntai: failed: UndefinedTable\n"
    with psycopg.connect(database("postgres")) as connection:
        assert connection.execute("SELECT count(*) FROM api_keys").fetchone() == (0,)


def test_who_is_unknown_to_aws_administers_nothing(
    hntai: Command, database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hntai.adapters.administrator.client", lambda _: boto3.client(
        "sts", endpoint_url="http://127.0.0.1:9", region_name="us-east-1"
    ))  # fmt: skip
    code, printed, told = hntai("keys", "create", "--sub", "x", "--scopes", "scrub")
    assert (code, printed, "unauthenticated" in told) == (1, "", True)
    with psycopg.connect(database("postgres")) as connection:
        assert connection.execute("SELECT count(*) FROM api_keys").fetchone() == (0,)


def test_the_audit_is_verified_and_a_change_in_it_has_an_exit_code_of_its_own(
    hntai: Command, database: Callable[[str], str]
) -> None:
    for _ in range(3):
        hntai("keys", "list")
    code, said, _ = hntai("audit", "verify")
    assert (code, "holds: 3 rows" in said) == (0, True)
    assert hntai("audit", "recent", "--rows", "2")[1].count("api_keys_listed") == 2
    with psycopg.connect(database("postgres"), autocommit=True) as connection:
        connection.execute("ALTER TABLE phi_audit_log DISABLE TRIGGER USER")
        connection.execute("UPDATE phi_audit_log SET actor = 'someone else'")
    code, said, told = hntai("audit", "verify")
    assert (code, said, "audit-chain-broken" in told) == (3, "", True)


def test_waiting_rows_are_drained_and_what_is_no_row_stays(
    hntai: Command, database: Callable[[str], str]
) -> None:
    sqs, queue = boto3.client("sqs"), os.environ["HNTAI_AUDIT_QUEUE_URL"]
    for _ in range(23):
        sqs.send_message(QueueUrl=queue, MessageBody=to_message(_row()))
    sqs.send_message(QueueUrl=queue, MessageBody="Secretpatient")
    code, said, told = hntai("audit", "drain")
    assert (code, said) == (1, "23 rows drained, 1 messages are no rows and were left\n")
    assert "Secretpatient" not in said + told
    assert len(rows(database)) == 23
    left = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessagesNotVisible"] == "1"
    other = sqs.create_queue(QueueName="dead")["QueueUrl"]
    sqs.send_message(QueueUrl=other, MessageBody=to_message(_row()))
    assert hntai("audit", "drain", "--queue-url", other)[:2] == (
        0,
        "1 rows drained, 0 messages are no rows and were left\n",
    )


def _row() -> AuditRow:
    return AuditRow(
        AuditId(uuid.uuid4()), datetime.now(UTC), "default", "anna", Operation.SCRUB, Outcome.SUCCEEDED,
        {"NAME": 1}, bytes(32), 3, "m", "r",
    )  # fmt: skip


def test_runs_are_listed_and_the_newest_is_shown(hntai: Command, aws: Mapping[str, str]) -> None:
    assert hntai("runs", "show", "nobody")[0] == 1
    boto3.client("stepfunctions").start_execution(
        stateMachineArn=aws["HNTAI_STATE_MACHINE_ARN"], name="one", input="{}"
    )
    assert "one" in hntai("runs", "list")[1]
    code, said, _ = hntai("runs", "show")
    assert code == 0
    assert said.startswith("run one of summary: ")
    assert "ExecutionStarted" in hntai("runs", "show", "one", "--events")[1]


@pytest.mark.parametrize(
    "words", [(), ("keys",), ("keys", "create"), ("keys", "list"), ("keys", "revoke"), ("audit",),
              ("audit", "verify"), ("audit", "recent"), ("audit", "drain"), ("runs",), ("runs", "list"),
              ("runs", "show"), ("bulk",), ("bulk", "estimate"), ("bulk", "start"), ("bulk", "resume"),
              ("bulk", "show"), ("bulk", "results")],
    ids=" ".join,
)  # fmt: skip
def test_every_command_has_help(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    assert "usage: hntai" in capsys.readouterr().out


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["keys", "steal"])
    assert (ended.value.code, capsys.readouterr().out) == (2, "")


@pytest.mark.parametrize(
    "words",
    [
        ("keys", "create", "--sub", " ", "--scopes", "scrub"),
        ("bulk", "estimate", "x.csv", "--concurrency", "0"),
        ("bulk", "estimate", "x.csv", "--requests-per-s", "-1"),
        ("bulk", "estimate", "x.csv", "--requests-per-s", "nan"),
        ("bulk", "start", "x.csv", "--batch-rows", "101"),
        ("bulk", "start", "x.csv", "--tolerated-failure", "101"),
    ],
)
def test_what_is_out_of_bounds_is_no_command(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert words[-2] in capsys.readouterr().err or "--sub" in words


def test_the_schema_is_migrated_by_hand_where_no_deployment_does_it(hntai: Command) -> None:
    assert hntai("schema", "migrate")[:2] == (0, "nothing to apply\n")
