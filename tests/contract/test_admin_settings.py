"""Where the settings of python -m hntai come from."""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
import pytest

from hntai.adapters import aws_clients
from hntai.admin import places
from hntai_local.state_dir import PROJECT_ROOT
from tests.contract.conftest import Command
from tests.template.cloudformation import PARAMETERS, TEMPLATE

pytestmark = [pytest.mark.postgres, pytest.mark.aws]


def test_a_missing_setting_is_named(hntai: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HNTAI_OWNER_DATABASE_URL")
    code, _, told = hntai("keys", "list")
    assert (code, "HNTAI_OWNER_DATABASE_URL" in told) == (1, True)


def test_settings_come_from_a_file(hntai: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.json"
    name = "HNTAI_OWNER_DATABASE_URL"
    file.write_text(json.dumps({name: os.environ[name]}))
    monkeypatch.setenv(name, "postgresql://nobody@127.0.0.1:1/nothing")
    assert hntai("--settings", str(file), "keys", "list")[0] == 0
    code, _, told = hntai("--settings", str(tmp_path / "none"), "keys", "list")
    assert (code, "make run" in told) == (1, True)


@pytest.fixture
def cloudformation(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """CloudFormation on the wire, for moto's needs more than is installed here; takes the owner's secret."""
    owner = {"arn": ""}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["content-length"])).decode()
            is_known = "Action=DescribeStacks" in asked and "StackName=deployed" in asked
            body = _STACK.format(arn=owner["arn"]) if is_known else _NO_STACK
            self.send_response(200 if is_known else 400)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", f"http://127.0.0.1:{server.server_address[1]}")
    aws_clients._client.cache_clear()
    yield lambda arn: owner.update(arn=arn)
    server.shutdown()
    server.server_close()
    thread.join()
    aws_clients._client.cache_clear()


_STACK = """<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>deployed</StackName>
<CreationTime>2026-11-26T12:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Parameters><member>
<ParameterKey>OwnerDatabaseUrlSecretArn</ParameterKey><ParameterValue>{arn}</ParameterValue></member></Parameters>
<Outputs><member><OutputKey>AuditQueueUrl</OutputKey><OutputValue>http://other</OutputValue></member></Outputs>
</member></Stacks></DescribeStacksResult></DescribeStacksResponse>"""
_NO_STACK = """<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>none</Message>
</Error></ErrorResponse>"""


def test_settings_come_from_a_stack_where_the_environment_has_none(
    hntai: Command,
    database: Callable[[str], str],
    cloudformation: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret = boto3.client("secretsmanager").create_secret(
        Name=f"owner-{uuid.uuid4().hex}", SecretString=database("postgres")
    )
    cloudformation(secret["ARN"])
    given = os.environ["HNTAI_AUDIT_QUEUE_URL"]
    monkeypatch.setenv("HNTAI_OWNER_DATABASE_URL", "")
    monkeypatch.delenv("HNTAI_OWNER_DATABASE_URL")
    code, _, told = hntai("--stack", "deployed", "keys", "list")
    assert (code, told) == (0, "")
    assert os.environ["HNTAI_OWNER_DATABASE_URL"] == secret["ARN"]
    assert os.environ["HNTAI_AUDIT_QUEUE_URL"] == given
    code, _, told = hntai("--stack", "nowhere", "keys", "list")
    assert (code, "--stack" in told) == (1, True)


def test_the_stack_has_every_parameter_and_output_that_is_looked_for() -> None:
    assert places.OF_PARAMETERS.keys() <= PARAMETERS.keys()
    assert places.OF_OUTPUTS.keys() <= TEMPLATE["Outputs"].keys()
    environment = (PROJECT_ROOT / "shared/hntai/config.py").read_text("utf-8")
    settings = {*places.OF_PARAMETERS.values(), *places.OF_OUTPUTS.values()}
    assert all(f'alias="{setting}"' in environment for setting in settings)
