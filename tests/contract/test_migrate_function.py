"""The custom resource that migrates: what CloudFormation is told, and that it is always told in time."""

from __future__ import annotations

import json
import re
import shutil
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest

from functions.migrate import app
from hntai.adapters import migrations
from hntai.adapters.migrations import migrate, migrations_digest
from hntai.adapters.named_sql import sql_folder
from hntai.domain.errors import StackUnreachableError
from hntai.web import custom_resource
from hntai_local.postgres import PostgresServer
from hntai_local.state_dir import PROJECT_ROOT

pytestmark = pytest.mark.postgres
MIGRATIONS = sql_folder() / "migrations"
EVENT = json.loads((PROJECT_ROOT / "events" / "migrate_task.json").read_text("utf-8"))


@dataclass
class Waiting:
    """CloudFormation, waiting. refusals: how many answers it refuses first."""

    url: str = ""
    answers: list[dict[str, Any]] = field(default_factory=list)
    content_types: list[str | None] = field(default_factory=list)
    refusals: int = 0


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    waiting = Waiting()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if waiting.refusals:
                waiting.refusals -= 1
                self.send_response(503)
            else:
                waiting.answers.append(json.loads(body))
                waiting.content_types.append(self.headers["content-type"])
                self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    waiting.url = f"http://127.0.0.1:{server.server_address[1]}/answer"
    yield waiting
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def database(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database of its own, known to the function as its owner."""
    name = f"deploy_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    monkeypatch.setenv("HNTAI_OWNER_DATABASE_URL", postgres.url(database=name))
    return postgres.url(database=name)


class Context:
    aws_request_id = "request-1"

    def __init__(self, left_s: float = 300.0) -> None:
        self._left_s = left_s

    def get_remaining_time_in_millis(self) -> int:
        return int(self._left_s * 1000)


def asked(waiting: Waiting, kind: str = "Create", digest: str | None = None, **more: Any) -> dict[str, Any]:
    """The answer to a request, having checked what every answer must hold."""
    event = {**EVENT, "RequestType": kind, "ResponseURL": waiting.url, **more}
    event["ResourceProperties"] = {"Digest": migrations_digest(MIGRATIONS) if digest is None else digest}
    if kind == "Create":
        del event["PhysicalResourceId"]
    app.handler(event, Context(more.get("left_s", 300.0)))
    answer = waiting.answers.pop()
    for name in ("StackId", "RequestId", "LogicalResourceId"):
        assert answer[name] == EVENT[name]
    assert answer["PhysicalResourceId"] == EVENT["PhysicalResourceId"]
    assert waiting.content_types.pop() == ""
    return answer


def versions(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM schema_migrations").fetchone()
        assert row is not None
        return int(row[0])


def test_a_deployment_migrates_and_the_next_finds_nothing_to_do(waiting: Waiting, database: str) -> None:
    first, second = asked(waiting, "Create"), asked(waiting, "Update")
    count = str(len(list(MIGRATIONS.glob("*.sql"))))
    assert (first["Status"], first["Data"]) == ("SUCCESS", {"Applied": count})
    assert (second["Status"], second["Data"]) == ("SUCCESS", {"Applied": "0"})
    assert versions(database) == int(count)


def test_a_deletion_leaves_the_schema_alone(waiting: Waiting, database: str) -> None:
    asked(waiting, "Create")
    before = versions(database)
    assert asked(waiting, "Delete", digest="whatever")["Status"] == "SUCCESS"
    assert versions(database) == before


def test_an_image_of_other_migrations_is_refused_untouched(waiting: Waiting, database: str) -> None:
    answer = asked(waiting, "Create", digest="0" * 64)
    assert answer["Status"] == "FAILED"
    assert "template.yaml" in answer["Reason"]
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT to_regclass('schema_migrations')").fetchone() == (None,)


def test_a_changed_migration_is_refused(waiting: Waiting, database: str) -> None:
    asked(waiting, "Create")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE schema_migrations SET sha256 = 'other' WHERE version = 2")
    answer = asked(waiting, "Update")
    assert answer["Status"] == "FAILED"
    assert "0002_phi_audit_log.sql" in answer["Reason"]


def test_a_wrong_setting_fails_the_deployment_by_its_name(
    waiting: Waiting, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HNTAI_OWNER_DATABASE_URL", "swordfish")
    answer = asked(waiting, "Create")
    assert answer["Status"] == "FAILED"
    assert "HNTAI_OWNER_DATABASE_URL" in answer["Reason"]
    assert "swordfish" not in answer["Reason"]


def test_a_statement_the_database_refuses_is_told_by_class_only(
    waiting: Waiting, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "sql" / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    number = len(list(folder.glob("*.sql"))) + 1
    (folder / f"{number:04}_wrong.sql").write_text("INSERT INTO nowhere VALUES ('Secretpatient');")
    monkeypatch.setattr("hntai.adapters.named_sql.sql_folder", lambda: tmp_path / "sql")
    answer = asked(waiting, "Create", digest=migrations_digest(folder))
    assert answer["Status"] == "FAILED"
    assert "UndefinedTable" in answer["Reason"]
    assert "Secretpatient" not in json.dumps(answer)
    assert versions(database) == number - 1


def test_another_caller_that_does_not_end_fails_the_deployment_in_time(
    waiting: Waiting, database: str
) -> None:
    left_s = custom_resource.ANSWER_RESERVE_S + 1
    with psycopg.connect(database, autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (migrations._LOCK,))
        started = time.monotonic()
        answer = asked(waiting, "Create", left_s=left_s)
        assert time.monotonic() - started < 3
    assert answer["Status"] == "FAILED"
    assert "database-unavailable" in answer["Reason"]
    deadline = time.monotonic() + 10
    while True:  # the waiting session is gone and did not take the lock with it
        if migrate(database, MIGRATIONS, budget_s=5) >= 0 or time.monotonic() > deadline:
            break
    assert versions(database) == len(list(MIGRATIONS.glob("*.sql")))


def test_work_that_never_comes_back_is_answered_for(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    monkeypatch.setattr(custom_resource, "_GRACE_S", 0.1)
    event = {**EVENT, "ResponseURL": waiting.url}
    context = Context(custom_resource.ANSWER_RESERVE_S + 0.1)
    custom_resource.answer_stack(
        event, context, physical_id="x", work=lambda *_: {"done": str(released.wait(20))}
    )
    released.set()
    assert waiting.answers[0]["Status"] == "FAILED"


def test_an_answer_is_sent_again_and_its_loss_is_an_error(waiting: Waiting, database: str) -> None:
    waiting.refusals = 2
    assert asked(waiting, "Delete")["Status"] == "SUCCESS"
    waiting.refusals = 3
    with pytest.raises(StackUnreachableError):
        app.handler({**EVENT, "RequestType": "Delete", "ResponseURL": waiting.url}, Context())
    with pytest.raises(StackUnreachableError):
        app.handler({**EVENT, "RequestType": "Delete", "ResponseURL": "http://elsewhere.example/"}, Context())


def test_the_template_names_the_migrations_there_are() -> None:
    (named,) = re.findall(
        r"(?m)^      Digest: ([0-9a-f]{64})\b", (PROJECT_ROOT / "template.yaml").read_text()
    )
    assert named == migrations_digest(MIGRATIONS), "make migrations-digest"
