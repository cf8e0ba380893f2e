"""Uploads and transcriptions on the running stack, into which these tests have baked no model for speech."""

from __future__ import annotations

import json
import uuid

import httpx
import pytest

from tests.e2e.conftest import SECRET_WORD, RunningStack, alive, problem_of
from tests.recordings import recording, tone, wav

pytestmark = pytest.mark.e2e

PATH = "/transcribe"
DOORS = [(PATH, "transcribe"), ("/api/extract_medical_data_from_audio", "extract")]


def uploaded(stack: RunningStack, content: bytes, *, subject: str = "e2e") -> str:
    """The key, once a form has put the content under it."""
    asked = {"filename": f"{SECRET_WORD}.wav", "content_type": "audio/wav", "size": len(content)}
    with stack.client("transcribe", subject=subject) as client:
        ticket = client.post("/uploads", json=asked).json()
    assert set(ticket) == {"s3_key", "url", "fields", "expires_in_s"}
    assert SECRET_WORD not in json.dumps(ticket)
    posted = httpx.post(ticket["url"], data=ticket["fields"], files={"file": content}, timeout=20)
    assert posted.status_code in (200, 204), posted.text
    return str(ticket["s3_key"])


@pytest.mark.parametrize(("path", "scope"), DOORS)
def test_a_good_recording_without_a_model_is_told_which_to_bake(
    stack: RunningStack, path: str, scope: str
) -> None:
    with stack.client(scope) as client:
        answer = client.post(path, files={"file": (f"{SECRET_WORD}.m4a", recording("m4a", tone(2)))})
    if answer.status_code == 200:
        return  # a model is baked beside this checkout
    assert "make models" in problem_of(answer, 422, "model-unknown")["advice"]


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (f"{SECRET_WORD} is a text, renamed".encode() * 20, 415, "audio-type-unknown"),
        (b"#EXTM3U\nfile:///etc/hostname\n", 415, "audio-type-unknown"),
        (b"ffconcat version 1.0\nfile /etc/hostname\n", 415, "audio-type-unknown"),
        (wav(b""), 422, "audio-unreadable"),
        (recording("mp3", tone(20))[:50_000], 422, "audio-unreadable"),
        (bytes(5_000_000), 413, "event-too-large"),
        (bytes((4 << 20) + 1), 413, "upload-too-large"),
    ],
)
def test_what_is_no_good_recording_is_a_clear_problem(
    stack: RunningStack, content: bytes, status: int, slug: str
) -> None:
    with stack.client("transcribe") as client:
        problem_of(client.post(PATH, files={"file": (f"{SECRET_WORD}.wav", content)}), status, slug)
    assert alive(stack)


def test_a_bad_upload_is_a_problem_once_and_then_gone_with_proof(stack: RunningStack) -> None:
    key, before = uploaded(stack, wav(bytes(320_000), claimed=1 << 26)), len(stack.audit_rows())
    with stack.client("transcribe") as client:
        problem_of(client.post(PATH, json={"s3_key": key}), 422, "audio-unreadable")
        problem_of(client.post(PATH, json={"s3_key": key}), 409, "upload-missing")
    (row,) = stack.audit_rows()[before:]
    assert (row["operation"], row["entity_counts"]) == ("audio_deleted", {"AUDIO_OBJECT": 1})


def test_an_upload_of_someone_else_does_not_exist(stack: RunningStack) -> None:
    key = uploaded(stack, wav(bytes(320_000)), subject="berta")
    with stack.client("transcribe") as client:
        problem_of(client.post(PATH, json={"s3_key": key}), 404, "unknown-resource")
        problem_of(client.post(PATH, json={"s3_key": "uploads/x/y"}), 404, "unknown-resource")


def test_bad_requests_for_an_upload_repeat_nothing(stack: RunningStack) -> None:
    asked = {"filename": f"{SECRET_WORD}.wav", "content_type": "audio/wav", "size": 10}
    with stack.client("transcribe") as client:
        problem_of(client.post("/uploads", json={**asked, "size": 1 << 40}), 413, "upload-too-large")
        problem_of(client.post("/uploads", json={**asked, "size": 0}), 422, "invalid-request")
        problem_of(client.post("/uploads", json={**asked, SECRET_WORD: 1}), 422, "invalid-request")
        problem_of(client.post("/uploads", json={"size": 10}), 422, "invalid-request")


def test_a_misspelt_option_or_a_bare_file_is_a_clear_problem(stack: RunningStack) -> None:
    with stack.client("transcribe") as client:
        misspelt = client.post(f"{PATH}?scrubb=true", files={"file": ("x.wav", wav(bytes(3200)))})
        assert problem_of(misspelt, 422, "invalid-request")["parameters"] == ["keep", "retain", "scrub"]
        bare = client.post(PATH, content=wav(bytes(3200)), headers={"Content-Type": "audio/wav"})
        assert problem_of(bare, 400, "malformed-form")["field"] == "file"
        assert problem_of(client.post(PATH), 400, "malformed-form")["field"] == "file"


def test_the_scopes_are_asked_for(stack: RunningStack) -> None:
    form = {"file": ("x.wav", wav(bytes(3200)))}
    with stack.client("scrub") as client:
        for path, _ in DOORS:
            problem_of(client.post(path, files=form), 403, "scope-missing")
        problem_of(client.post("/uploads", json={}), 403, "scope-missing")
        problem_of(client.get(f"/jobs/{uuid.uuid4()}"), 403, "scope-missing")
    with stack.client("transcribe") as client:
        problem_of(client.get(f"/jobs/{uuid.uuid4()}"), 404, "unknown-resource")


def test_the_same_file_under_the_same_key_is_the_same_call_whatever_its_boundary(stack: RunningStack) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    with stack.client("transcribe") as client:
        answers = [
            client.post(PATH, files={"file": ("x.wav", content)}, headers=headers)
            for content in (wav(b""), wav(b""))
        ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert {answer.json()["type"] for answer in answers} == {"urn:hntai:problem:audio-unreadable"}


def test_no_log_names_a_file(stack: RunningStack) -> None:
    assert SECRET_WORD not in stack.logs()
