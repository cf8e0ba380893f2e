"""The door before the transcription's state machine, asked over HTTP."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

import pytest

from hntai.domain.jobs import JobId, JobState
from hntai.services.file_store import owner_part
from tests.recordings import recording, tone, wav
from tests.workflow.transcription.conftest import CALLER, SAID, House, visit


def _event(path: str, body: bytes, content_type: str, query: str = "") -> dict[str, Any]:
    http = {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": ""}
    return {
        "version": "2.0",
        "routeKey": f"POST {path}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"host": "test", "content-type": content_type, "authorization": f"Bearer {_token()}"},
        "requestContext": {"http": http, "requestId": "r-1", "stage": "$default", "domainName": "test"},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def _token() -> str:
    from hntai_local.token import make_token

    return make_token("j" * 48, subject="anna", scopes=("transcribe", "extract"), ttl_s=600)


def _form(content: bytes, field: str = "file") -> tuple[bytes, str]:
    head = f'--b\r\nContent-Disposition: form-data; name="{field}"; filename="Secretpatient.wav"\r\n\r\n'
    return head.encode() + content + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"


@pytest.fixture
def ask(house: House, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Asks functions/transcribe/app.py as Lambda does."""
    import importlib
    import sys

    sys.modules.pop("functions.transcribe.app", None)
    app = importlib.import_module("functions.transcribe.app")

    def asked(path: str, body: bytes, content_type: str, query: str = "") -> tuple[int, dict[str, Any], Any]:
        answer = app.handler(_event(path, body, content_type, query), None)
        text = answer["body"]
        text = base64.b64decode(text) if answer["isBase64Encoded"] else text
        return answer["statusCode"], answer["headers"], json.loads(text)

    yield asked
    app.parts.close()
    sys.modules.pop("functions.transcribe.app", None)


def test_a_form_with_a_memo_is_answered_at_once(house: House, ask: Any) -> None:
    house.model.says = SAID
    status, _, answer = ask("/transcribe", *_form(recording("m4a", tone(4))), "scrub=true")
    assert status == 200, answer
    assert set(answer) == {"text", "segments", "language", "duration_s", "model_used", "timing"}
    assert answer["text"] == "Patient [REDACTED], SSN [REDACTED]."
    assert house.objects() == []


def test_a_long_recording_is_202_with_a_job(house: House, ask: Any) -> None:
    status, headers, answer = ask("/transcribe", *_form(visit()))
    assert (status, answer["state"]) == (202, "queued")
    assert headers["location"] == f"/jobs/{answer['job_id']}"
    assert house.ended(JobId(uuid.UUID(answer["job_id"]))).state is JobState.SUCCEEDED


def test_the_door_of_extraction_answers_data(house: House, ask: Any) -> None:
    house.model.says = SAID
    path = "/api/extract_medical_data_from_audio"
    status, _, answer = ask(path, *_form(recording("mp3", tone(3))))
    assert (status, answer["data"]["medications"]) == (200, [])
    assert "Doe" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        (_form(b"#EXTM3U\nfile:///etc/hostname\n"), 415, "audio-type-unknown"),
        (_form(b""), 415, "audio-type-unknown"),
        (_form(wav(b"")), 422, "audio-unreadable"),
        (_form(wav(bytes(3200), claimed=1 << 26)), 422, "audio-unreadable"),
        (_form(bytes((4 << 20) + 1)), 413, "upload-too-large"),
        (_form(b"x", field="other"), 400, "malformed-form"),
        ((b"no form at all", "multipart/form-data; boundary=b"), 400, "malformed-form"),
        ((b"no form at all", "multipart/form-data"), 400, "malformed-form"),
        ((b"{", "application/json"), 400, "malformed-request"),
        ((b'{"s3_key": 7}', "application/json"), 422, "invalid-request"),
        ((b'{"s3_key": "uploads/x/y", "Secretpatient": 1}', "application/json"), 422, "invalid-request"),
        ((b'{"s3_key": "uploads/x/Secretpatient"}', "application/json"), 404, "unknown-resource"),
        ((b'{"s3_key": "audit/1"}', "application/json"), 404, "unknown-resource"),
    ],
)
def test_what_cannot_be_transcribed_is_a_clear_problem_without_an_echo(
    house: House, ask: Any, body: tuple[bytes, str], status: int, slug: str
) -> None:
    answered, headers, problem = ask("/transcribe", *body)
    assert (answered, problem["type"]) == (status, f"urn:hntai:problem:{slug}")
    assert headers["content-type"] == "application/problem+json"
    assert "Secretpatient" not in json.dumps(problem)
    assert house.objects() == []


def test_an_upload_that_never_came_is_409(house: House, ask: Any) -> None:
    key = f"uploads/{owner_part(house.parts.digests, CALLER.identity)}/{'0' * 32}"
    status, _, problem = ask("/transcribe", json.dumps({"s3_key": key}).encode(), "application/json")
    assert (status, problem["type"]) == (409, "urn:hntai:problem:upload-missing")
