from __future__ import annotations

import fcntl
import json
import os
import socket
import stat
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest

from hntai.domain.errors import ConfigurationError
from hntai_local.__main__ import main
from hntai_local.ports_check import free_port, require_free, wanted_port
from hntai_local.secrets_file import local_secrets
from hntai_local.stack_environment import Addresses, function_environment
from hntai_local.stack_settings import StackSettings
from hntai_local.state_dir import PROJECT_ROOT, StateDir
from hntai_local.token import ALL_SCOPES, make_token, signing_secret

ADDRESSES = Addresses(
    "postgresql://d",
    "postgresql://o",
    "postgresql://a",
    "redis://r",
    "http://127.0.0.1:1",
    "http://127.0.0.1:2",
    "http://s",
)


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_state_lies_in_the_project_unless_a_setting_says_otherwise(tmp_path: Path) -> None:
    assert StateDir.for_environment({}).path == PROJECT_ROOT / ".hntai"
    assert StateDir.for_environment({"HNTAI_STATE_DIR": str(tmp_path)}).path == tmp_path


def test_a_second_stack_is_told_which_process_has_the_first(tmp_path: Path) -> None:
    state = StateDir(tmp_path / "state")
    refused = pytest.raises(ConfigurationError, match=f"process {os.getpid()}")
    with state.locked(), refused, state.locked():
        pass
    with state.locked():
        pass


def test_what_a_stack_said_of_itself_counts_only_while_it_runs(tmp_path: Path) -> None:
    state = StateDir(tmp_path)
    assert state.read_stack() is None
    with state.locked():
        facts = {"api_url": "http://127.0.0.1:1", "admin_database_url": "x", "environment": {}}
        state.write_stack(facts)
        assert permissions(state.stack_file) == 0o600
        with (tmp_path / "lock").open("a+") as file, pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        assert state.read_stack() == facts
    assert state.read_stack() is None


def test_a_place_that_cannot_be_written_is_named_by_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="HNTAI_STATE_DIR"):
        StateDir(tmp_path / "file" / "state").make()


def test_secrets_are_made_once_strong_and_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secrets.json"
    with ThreadPoolExecutor(8) as callers:
        found = set(callers.map(lambda _: local_secrets(path), range(16)))

    (secrets,) = found
    assert min(len(secrets.secret_key), len(secrets.jwt_secret_key)) >= 64
    assert secrets.secret_key != secrets.jwt_secret_key
    assert permissions(path) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secrets.json"]
    assert secrets.jwt_secret_key not in repr(secrets)


def test_a_foreign_secrets_file_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text("{}")
    with pytest.raises(ConfigurationError):
        local_secrets(path)
    assert path.read_text() == "{}"


def test_a_token_has_the_claims_the_contract_names() -> None:
    now = datetime.now(UTC)
    token = make_token("s" * 32, subject="anna", scopes=["scrub", "metrics", "scrub"], ttl_s=60, now=now)
    claims = jwt.decode(token, "s" * 32, algorithms=["HS256"], audience="hntai", issuer="hntai")
    assert claims["sub"] == "anna"
    assert claims["scope"] == "scrub metrics"
    assert claims["exp"] - claims["iat"] == 60
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}


@pytest.mark.parametrize(("scopes", "ttl_s"), [(["scrubs"], 60), (["SCRUB"], 60), (["scrub"], 0)])
def test_a_token_nobody_would_take_is_not_made(scopes: list[str], ttl_s: int) -> None:
    with pytest.raises(ConfigurationError):
        make_token("s" * 32, subject="anna", scopes=scopes, ttl_s=ttl_s)


def test_a_given_secret_signs_and_an_arn_does_not(tmp_path: Path) -> None:
    state = StateDir(tmp_path)
    own = local_secrets(state.secrets_file).jwt_secret_key
    assert signing_secret({"JWT_SECRET_KEY": "x" * 40}, state) == "x" * 40
    assert signing_secret({"JWT_SECRET_KEY": "arn:aws:secretsmanager:x"}, state) == own
    assert signing_secret({}, state) == own


def test_the_token_command_prints_the_token_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HNTAI_STATE_DIR", str(tmp_path))
    monkeypatch.delenv("JWT_SECRET_KEY", raising=False)
    assert main(["token"]) == 0
    printed, complaints = capsys.readouterr()
    secret = local_secrets(tmp_path / "secrets.json").jwt_secret_key
    claims = jwt.decode(printed.strip(), secret, algorithms=["HS256"], audience="hntai")
    assert (claims["scope"], complaints, printed.count("\n")) == (" ".join(ALL_SCOPES), "", 1)
    assert main(["token", "--scopes", "everything"]) == 1


def test_a_running_stack_says_how_it_is_administered_and_a_stopped_one_does_not(tmp_path: Path) -> None:
    state = StateDir(tmp_path / "state")
    facts = {
        "environment": {"SECRET_KEY": "s", "HNTAI_OWNER_DATABASE_URL": "postgresql://o", "PATH": "/bin"},
    }
    with state.locked():
        state.write_stack(facts)
        assert permissions(state.settings_file) == 0o600
        assert json.loads(state.settings_file.read_text("utf-8")) == {
            "SECRET_KEY": "s",
            "HNTAI_OWNER_DATABASE_URL": "postgresql://o",
        }
        state.forget_stack()
    assert not state.settings_file.exists()


@pytest.mark.parametrize("given", ["seven", "-1", "65536", "7.5", "٧"])
def test_a_port_that_is_none_is_named_by_its_setting(given: str) -> None:
    with pytest.raises(ConfigurationError, match="HNTAI_PORT"):
        wanted_port({"HNTAI_PORT": given}, "HNTAI_PORT", 7860)


def test_ports_come_from_settings_with_defaults() -> None:
    assert wanted_port({}, "HNTAI_PORT", 7860) == 7860
    assert wanted_port({"HNTAI_PORT": "9000"}, "HNTAI_PORT", 7860) == 9000
    assert wanted_port({"HNTAI_PORT": "0"}, "HNTAI_PORT", 7860) > 0


def test_a_taken_port_is_named_with_its_setting() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"HNTAI_AWS_PORT.*{port} is taken"):
            require_free({"HNTAI_AWS_PORT": port})
    require_free({"HNTAI_AWS_PORT": port})


def test_two_settings_cannot_have_one_port() -> None:
    port = free_port()
    with pytest.raises(ConfigurationError, match="HNTAI_STREAM_PORT"):
        require_free({"HNTAI_PORT": port, "HNTAI_STREAM_PORT": port})


@pytest.mark.parametrize("given", ["soon", "-1", "nan", "inf"])
def test_a_time_that_is_none_is_named_by_its_setting(given: str) -> None:
    ports = dict.fromkeys(("HNTAI_PORT", "HNTAI_STREAM_PORT", "HNTAI_AWS_PORT"), "0")
    with pytest.raises(ConfigurationError, match="HNTAI_REVIVE_AFTER_S"):
        StackSettings.from_environment({**ports, "HNTAI_REVIVE_AFTER_S": given})


@pytest.mark.parametrize(
    ("caller", "name", "value"),
    [
        ({}, "HNTAI_STAGE", "local"),
        ({"HNTAI_STAGE": "mine"}, "HNTAI_STAGE", "mine"),
        ({"HNTAI_MAX_TEXT_CHARS": "10"}, "HNTAI_MAX_TEXT_CHARS", "10"),
        ({"HNTAI_STREAM_URL": "http://elsewhere"}, "HNTAI_STREAM_URL", "http://s"),
        ({"HNTAI_KMS_KEY_ID": "mine"}, "HNTAI_KMS_KEY_ID", "alias/hntai"),
        ({"AWS_SECRET_ACCESS_KEY": "real"}, "AWS_SECRET_ACCESS_KEY", "local"),
        ({"JWT_ISSUER": "https://issuer"}, "JWT_ISSUER", "https://issuer"),
        ({"HOME": "/home/anna"}, "HOME", None),
        ({"GITHUB_TOKEN": "x"}, "GITHUB_TOKEN", None),
    ],
)
def test_functions_see_our_settings_and_nothing_else_of_the_callers(
    caller: Mapping[str, str], name: str, value: str | None
) -> None:
    environment = function_environment(caller, ADDRESSES, {"HNTAI_KMS_KEY_ID": "alias/hntai"})
    assert environment.get(name) == value
