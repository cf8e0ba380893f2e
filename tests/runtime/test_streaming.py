"""The streaming runtime, its bytes and their times, and the real emulator taking them."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from hntai.runtime.streaming_response import PRELUDE_END
from hntai_local.lambda_environment import emulator
from hntai_local.leash import Leash
from hntai_local.ports_check import free_port
from hntai_local.state_dir import PROJECT_ROOT
from tests.runtime.local_functions import ENVIRONMENT, SAMPLES
from tests.runtime.recording_api import dechunked, event, run

pytestmark = pytest.mark.runtime

NAME = "Testpatient, Anna"


def test_each_event_leaves_as_a_chunk_of_its_own_when_it_is_made(tmp_path: Path) -> None:
    api, _ = run("streamed:app", event(query="count=4&every_s=0.2"), log=tmp_path / "log")
    pieces = next(pieces for head, pieces in api.seen if "/response" in head)
    times = [
        (arrived, float(json.loads(part.split(b"data: ")[1].split(b"\n")[0])["made"]))
        for arrived, part in pieces
        if b"data: " in part
    ]
    assert len(times) == 4
    assert all(arrived - made < 0.1 for arrived, made in times)
    assert all(0.15 < later[0] - earlier[0] < 0.4 for earlier, later in pairwise(times))


def test_answer_is_a_prelude_eight_nuls_and_the_body_in_streaming_mode(tmp_path: Path) -> None:
    api, _ = run(
        "streamed:app", event("/echo", "POST", body="{}", cookies=["x=1", "y=2"]), log=tmp_path / "log"
    )
    head, raw = api.posts()[0]
    assert head.startswith("POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1")
    assert "Lambda-Runtime-Function-Response-Mode: streaming" in head
    assert "Content-Type: application/vnd.awslambda.http-integration-response" in head
    assert "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body" in head
    body, trailers = dechunked(raw)
    opening, _, rest = body.partition(PRELUDE_END)
    answer = json.loads(rest)
    assert trailers == b"\r\n"
    assert json.loads(opening) == {
        "statusCode": 201,
        "headers": {"content-type": "application/json", "x-twice": "one, two"},
        "cookies": ["a=1; Path=/; SameSite=lax", "b=2; Path=/; SameSite=lax"],
    }
    assert (answer["cookies"], answer["trace_id"], answer["deadline_ms"], answer["state"]) == (
        {"x": "1", "y": "2"},
        "Root=1-2-3",
        9,
        "here",
    )


def test_error_after_the_first_byte_is_a_trailer_with_the_class_name_and_no_message(tmp_path: Path) -> None:
    log = tmp_path / "log"
    api, _ = run("streamed:app", event(query="count=3&every_s=0&fails_at=2"), event("/echo", "POST"), log=log)
    _, trailers = dechunked(api.posts()[0][1])
    lines = dict(line.split(b": ", 1) for line in trailers.split(b"\r\n") if line)
    assert lines[b"Lambda-Runtime-Function-Error-Type"] == b"RuntimeError"
    assert json.loads(base64.b64decode(lines[b"Lambda-Runtime-Function-Error-Body"])) == {
        "errorType": "RuntimeError",
        "errorMessage": "",
        "stackTrace": [],
    }
    assert b'"statusCode": 201' in api.posts()[1][1], "the next invocation is fine"
    assert NAME not in log.read_text()


def test_error_before_the_first_byte_is_reported_as_an_error_without_its_message(tmp_path: Path) -> None:
    log = tmp_path / "log"
    api, _ = run("streamed:bare", event(), log=log)
    head, body = api.posts()[0]
    assert head.startswith("POST /2018-06-01/runtime/invocation/id-1/error ")
    assert "Lambda-Runtime-Function-Error-Type: LookupError" in head
    assert json.loads(body) == {"errorType": "LookupError", "errorMessage": "", "stackTrace": []}
    line = json.loads(log.read_text())
    assert (line["event"], line["error"]) == ("stream_failed", "LookupError")
    assert any("streamed.py" in frame for frame in line["frames"])


def test_application_that_returns_too_early_breaks_its_answer(tmp_path: Path) -> None:
    api, _ = run("streamed:half", event(), log=tmp_path / "log")
    assert b"Lambda-Runtime-Function-Error-Type: IncompleteAnswerError" in api.posts()[0][1]


@pytest.mark.parametrize(
    ("app", "error"),
    [
        ("broken:app", "ModuleNotFoundError"),
        ("streamed:nothing", "AttributeError"),
        ("streamed", "ValueError"),
        ("streamed:refuses", "StartupFailedError"),
    ],
)
def test_application_that_cannot_start_is_an_init_error(app: str, error: str, tmp_path: Path) -> None:
    api, code = run(app, log=tmp_path / "log")
    head, body = api.posts()[0]
    assert head.startswith("POST /2018-06-01/runtime/init/error ")
    assert json.loads(body)["errorType"] == error
    assert code == 1


def test_event_of_another_kind_is_refused_and_the_runtime_goes_on(tmp_path: Path) -> None:
    api, _ = run("streamed:app", {"Records": []}, event("/echo", "POST"), log=tmp_path / "log")
    assert json.loads(api.posts()[0][1])["errorType"] == "Runtime.InvalidEvent"
    assert b'"statusCode": 201' in api.posts()[1][1]


def test_runtime_whose_api_goes_away_exits(tmp_path: Path) -> None:
    _, code = run("streamed:app", log=tmp_path / "log")
    assert code == 1


def test_runtime_without_an_api_exits_soon() -> None:
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "hntai.runtime.streaming", f"{SAMPLES}.streamed:app"],
        env={**ENVIRONMENT, "PATH": os.defpath, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{free_port()}"},
        cwd=PROJECT_ROOT,
        timeout=20,
        check=False,
        capture_output=True,
    )
    assert ended.returncode == 1
    assert time.monotonic() - began < 10


def test_terminated_runtime_lets_its_application_shut_down(leash: Leash, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as api:
        process = leash.spawn(
            [sys.executable, "-m", "hntai.runtime.streaming", f"{SAMPLES}.streamed:app"],
            env={**ENVIRONMENT, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.getsockname()[1]}"},
            cwd=PROJECT_ROOT,
            log=tmp_path / "log",
        )
        api.settimeout(20)
        waiting, _ = api.accept()
        with waiting:
            assert waiting.recv(1000).startswith(b"GET /2018-06-01/runtime/invocation/next ")
            process.terminate()
            assert process.wait(timeout=5) == 0
    assert (tmp_path / "log").read_text() == "shut down\n"


@pytest.fixture
def real_emulator(leash: Leash, tmp_path: Path) -> Iterator[str]:
    """The address of the real emulator with the streaming runtime in it."""
    port = free_port()
    process = leash.spawn(
        [
            *(str(emulator()), "--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
            *("--runtime-api-address", f"127.0.0.1:{free_port()}", "--log-level", "error"),
            *(sys.executable, "-m", "hntai.runtime.streaming", f"{SAMPLES}.streamed:app"),
        ],
        env={**ENVIRONMENT, "PATH": os.defpath, "AWS_LAMBDA_FUNCTION_TIMEOUT": "10"},
        cwd=PROJECT_ROOT,
        log=tmp_path / "log",
    )
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.01)
    yield f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
    leash.stop(process.pid, grace_s=0.2)


def test_the_real_emulator_takes_our_streams(real_emulator: str) -> None:
    for _ in range(2):
        asked = urllib.request.Request(
            real_emulator, json.dumps(event(query="count=2&every_s=0.01")).encode(), method="POST"
        )
        with urllib.request.urlopen(asked, timeout=15) as answer:
            opening, _, body = answer.read().partition(PRELUDE_END)
        assert json.loads(opening)["statusCode"] == 200
        assert body.count(b"data: ") == 2
