"""Human speech through the running stack and a baked recogniser: at once, as a job, with its events."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from hntai_local.state_dir import PROJECT_ROOT
from tests.e2e.conftest import RunningStack, sse_events
from tests.recordings import recording

if TYPE_CHECKING:
    from tests.eval.speech_clips import Clip

pytestmark = [pytest.mark.e2e, pytest.mark.models]

PATH = "/transcribe"
EXTRACTION = "/api/extract_medical_data_from_audio"
NAME = "Dashwood"
"""Said in the first sentence of the recordings."""


@pytest.fixture(scope="module")
def human() -> tuple[Clip, ...]:
    if not (PROJECT_ROOT / ".models" / "whisper-base").is_dir():
        pytest.skip("NOT TESTED: whisper-base is not baked in .models; `make models` bakes it")
    from tests.eval.speech_clips import clips

    found = clips()
    if not found:
        pytest.skip("NOT TESTED: Debian's pocketsphinx-testdata cannot be had here")
    return found


def said(clips: tuple[Clip, ...], seconds: float, kind: str) -> tuple[bytes, str]:
    from tests.eval.speech_clips import joined

    clip = joined(clips, seconds)
    return recording(kind, clip.samples[None, :], rate_hz=16_000), clip.words


def errors(words: str, heard: str) -> int:
    from tests.eval.speech_words import spoken, word_errors

    return word_errors(spoken(words), spoken(heard))


def finished(client: httpx.Client, accepted: httpx.Response) -> dict[str, Any]:
    assert accepted.status_code == 202, accepted.text
    assert accepted.headers["location"] == f"/jobs/{accepted.json()['job_id']}"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        job: dict[str, Any] = client.get(accepted.headers["location"]).json()
        if job["state"] in ("succeeded", "failed"):
            assert job["state"] == "succeeded", job
            return dict(job["result"])
        time.sleep(0.5)
    raise AssertionError("the job did not end")


def post(stack: RunningStack, content: bytes, path: str = PATH) -> httpx.Response:
    with stack.client("transcribe", "extract") as client:
        return client.post(path, files={"file": ("memo", content)})


@pytest.mark.parametrize("kind", ["wav", "mp3", "m4a", "flac", "ogg-opus", "webm"])
def test_a_memo_is_written_at_once_whatever_its_form(
    stack: RunningStack, human: tuple[Clip, ...], kind: str
) -> None:
    content, words = said(human, 20, kind)
    answer = post(stack, content)
    assert answer.status_code == 200, answer.text
    transcript = answer.json()
    assert errors(words, transcript["text"]) <= 4
    assert NAME in transcript["text"]
    assert " ".join(segment["text"] for segment in transcript["segments"]) == transcript["text"]
    assert NAME not in stack.logs()


def test_a_name_that_is_said_is_not_told(stack: RunningStack, human: tuple[Clip, ...]) -> None:
    content, _ = said(human, 10, "m4a")
    scrubbed = post(stack, content, f"{PATH}?scrub=true").json()
    extracted = post(stack, content, EXTRACTION).json()
    for text in (scrubbed["text"], extracted["transcript"], str(scrubbed["segments"]), str(extracted)):
        assert NAME not in text
    assert "[REDACTED]" in scrubbed["text"]
    assert set(extracted["data"]) >= {"problems", "medications", "labs", "vitals"}


def test_a_long_recording_is_a_job_whose_events_tell_its_pieces(
    stack: RunningStack, human: tuple[Clip, ...]
) -> None:
    content, words = said(human, 320, "m4a")
    accepted = post(stack, content)
    with stack.client("transcribe") as client:
        result = finished(client, accepted)
    assert errors(words, result["text"]) <= len(words.split()) // 50
    with (
        stack.client("transcribe", base="stream_url") as client,
        client.stream("GET", f"{accepted.headers['location']}/events") as stream,
    ):
        events = list(sse_events(stream.iter_lines()))
    told = [event["data"]["stage"] for event in events if event["event"] == "progress"]
    assert {"queued", "prepare_audio", "transcribe_windows", "assemble_transcript"} <= set(told)
    assert events[-1]["event"] == "complete"
    assert events[-1]["data"]["text"] == result["text"]


def processes_of(stack: RunningStack, function: str) -> list[int]:
    """Of a function of this stack, by its name in their environment."""
    found, own = [], f"AWS_ENDPOINT_URL={stack.facts['aws_url']}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            environment = (folder / "environ").read_bytes().split(b"\0")
            names = [line for line in environment if line.startswith(b"AWS_LAMBDA_FUNCTION_NAME=")]
            if own in environment and any(name.endswith(function.encode()) for name in names):
                found.append(int(folder.name))
    return found


def test_a_process_that_is_killed_in_the_middle_costs_no_recording(
    stack: RunningStack, human: tuple[Clip, ...]
) -> None:
    content, words = said(human, 320, "m4a")
    accepted = post(stack, content)
    with (
        stack.client("transcribe", base="stream_url") as client,
        client.stream("GET", f"{accepted.headers['location']}/events") as stream,
    ):
        events = sse_events(stream.iter_lines())
        next(event for event in events if event["data"].get("stage") == "transcribe_windows")
        killed = processes_of(stack, "TranscribeStepFunction")
        for process_id in killed:
            os.kill(process_id, signal.SIGKILL)
    with stack.client("transcribe") as client:
        result = finished(client, accepted)
    assert killed
    assert errors(words, result["text"]) <= len(words.split()) // 50


def test_an_upload_is_transcribed_once_and_deleted_with_proof(
    stack: RunningStack, human: tuple[Clip, ...]
) -> None:
    content, words = said(human, 20, "wav")
    before = len(stack.audit_rows())
    with stack.client("transcribe") as client:
        asked = {"filename": "memo.wav", "content_type": "audio/wav", "size": len(content)}
        ticket = client.post("/uploads", json=asked).json()
        httpx.post(ticket["url"], data=ticket["fields"], files={"file": content}).raise_for_status()
        first = client.post(PATH, json={"s3_key": ticket["s3_key"]})
        second = client.post(PATH, json={"s3_key": ticket["s3_key"]})
    assert first.status_code == 200, first.text
    assert errors(words, first.json()["text"]) <= 4
    assert second.status_code == 409
    operations = [row["operation"] for row in stack.audit_rows()[before:]]
    assert "audio_deleted" in operations
