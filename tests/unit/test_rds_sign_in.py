"""Signing in by IAM: a fresh token at each connection, TLS checked, nothing else of the URL changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import boto3
import pytest
from psycopg import conninfo

from hntai.adapters import rds_sign_in
from hntai.adapters.rds_sign_in import signed_in

URL = "postgresql://hntai_app@proxy.example:5433/hntai?application_name=x"


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, object]:
    session = boto3.Session("AKIAEXAMPLE", "example", region_name="eu-central-1")
    monkeypatch.setattr(rds_sign_in, "client", session.client)
    return conninfo.conninfo_to_dict(signed_in(lambda: URL)())


def test_the_password_is_a_token_for_this_host_port_and_role(parts: Mapping[str, object]) -> None:
    token = str(parts["password"])
    assert token.startswith("proxy.example:5433/?Action=connect&DBUser=hntai_app")
    assert "X-Amz-Signature=" in token
    assert "X-Amz-Expires=900" in token


def test_the_servers_certificate_and_name_are_checked(parts: Mapping[str, object]) -> None:
    assert parts["sslmode"] == "verify-full"
    assert "BEGIN CERTIFICATE" in Path(str(parts["sslrootcert"])).read_text("ascii")


def test_the_rest_of_the_url_stays(parts: Mapping[str, object]) -> None:
    kept = {name: parts[name] for name in ("user", "host", "port", "dbname", "application_name")}
    assert kept == {
        "user": "hntai_app",
        "host": "proxy.example",
        "port": "5433",
        "dbname": "hntai",
        "application_name": "x",
    }
