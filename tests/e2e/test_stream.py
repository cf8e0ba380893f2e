"""Server-sent events on the streaming URL: as they are made, resumable, to the owner only."""

from __future__ import annotations

import time
from itertools import pairwise

import httpx
import pytest

from tests.e2e.conftest import Fault, RunningStack, patient_id, sse_events, summary_request

pytestmark = pytest.mark.e2e
URL = "/generate_patient_summary?stream=true"


def test_events_come_as_they_are_made_and_end_with_the_whole_answer(stack: RunningStack) -> None:
    with (
        stack.client("patient-summary", base="stream_url") as client,
        client.stream("POST", URL, json=summary_request()) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        job_id = answer.headers["x-job-id"]
        events = list(sse_events(answer.iter_lines()))
    assert events[0]["data"]["job_id"] == job_id
    assert {event["event"] for event in events[:-1]} <= {"progress", "heartbeat"}
    assert all(event["data"]["type"] == event["event"] for event in events)
    assert events[-1]["event"] == "complete"
    assert events[-1]["data"]["summary"].startswith("## Clinical Assessment")
    percents = [event["data"]["percent"] for event in events if event["event"] == "progress"]
    assert percents[0] == 0
    sections = {event["data"].get("section") for event in events} - {None}
    assert len(sections) == 4
    ids = [event["id"] for event in events if "id" in event]
    assert ids == sorted(ids, key=lambda one: tuple(map(int, one.split("-"))))


def test_the_first_event_comes_while_the_run_still_goes_on(stack: RunningStack) -> None:
    """How soon it comes is measured by make bench."""
    stack.ehr.faults[patient_id(0)] = Fault(delay_s=6, times=1)
    with (
        stack.client("patient-summary") as api,
        stack.client("patient-summary", base="stream_url") as client,
        client.stream("POST", URL, json=summary_request()) as answer,
    ):
        first = next(sse_events(answer.iter_lines()))
        state = api.get(f"/jobs/{first['data']['job_id']}").json()["state"]
    assert first["data"]["stage"] == "queued"
    assert state in ("queued", "running")


def test_resuming_neither_loses_nor_repeats_an_event_even_after_the_end(stack: RunningStack) -> None:
    with stack.client("patient-summary", base="stream_url") as client:
        with client.stream("POST", URL, json=summary_request()) as answer:
            job_id = answer.headers["x-job-id"]
            whole = [event for event in sse_events(answer.iter_lines()) if "id" in event]
        for place in (0, len(whole) // 2, len(whole) - 2):
            headers = {"Last-Event-ID": whole[place]["id"]}
            with client.stream("GET", f"/jobs/{job_id}/events", headers=headers) as answer:
                rest = [event for event in sse_events(answer.iter_lines()) if "id" in event]
            assert rest == whole[place + 1 :]
        with client.stream("GET", f"/jobs/{job_id}/events") as answer:
            assert [event for event in sse_events(answer.iter_lines()) if "id" in event] == whole


def test_a_client_that_leaves_does_not_stop_the_run(stack: RunningStack) -> None:
    stack.ehr.faults[patient_id(0)] = Fault(delay_s=1.5, times=1)
    with (
        stack.client("patient-summary", base="stream_url") as client,
        client.stream("POST", URL, json=summary_request()) as answer,
    ):
        job_id = answer.headers["x-job-id"]
        next(sse_events(answer.iter_lines()))
    with stack.client("patient-summary") as client:
        deadline = time.monotonic() + 20
        while client.get(f"/jobs/{job_id}").json()["state"] != "succeeded":
            assert time.monotonic() < deadline
            time.sleep(0.2)


def test_a_quiet_run_sends_heartbeats(stack: RunningStack) -> None:
    stack.ehr.faults[patient_id(0)] = Fault(delay_s=14, times=1)
    with stack.client("patient-summary", base="stream_url") as client:
        arrivals = []
        with client.stream("POST", URL, json=summary_request(timeout_mode="extended")) as answer:
            for event in sse_events(answer.iter_lines()):
                arrivals.append((time.monotonic(), event["event"]))
    assert "heartbeat" in {name for _, name in arrivals}
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(arrivals)]
    assert max(gaps) <= 10


def test_a_failed_run_ends_with_an_error_event(stack: RunningStack) -> None:
    stack.ehr.faults[patient_id(2)] = Fault(status=401)
    with (
        stack.client("patient-summary", base="stream_url") as client,
        client.stream("POST", URL, json=summary_request(2)) as answer,
    ):
        last = list(sse_events(answer.iter_lines()))[-1]
    assert (last["event"], last["data"]["status"]) == ("error", 502)
    assert last["data"]["problem"] == "urn:hntai:problem:ehr-refused"


def test_unknown_jobs_and_event_ids_are_refused_before_the_stream(stack: RunningStack) -> None:
    with stack.client("patient-summary", base="stream_url") as client:
        with client.stream("POST", URL, json=summary_request()) as answer:
            job_id = answer.headers["x-job-id"]
            list(sse_events(answer.iter_lines()))
        unknown_id = client.get(f"/jobs/{job_id}/events", headers={"Last-Event-ID": "1-1"})
        assert (unknown_id.status_code, unknown_id.json()["type"]) == (
            400,
            "urn:hntai:problem:unknown-event-id",
        )
        malformed = client.get(f"/jobs/{job_id}/events", headers={"Last-Event-ID": "'; DROP"})
        assert malformed.status_code in (400, 422)
        unknown = client.get("/jobs/00000000-0000-4000-8000-000000000001/events")
        assert unknown.status_code == 404
    with stack.client("patient-summary", subject="stranger", base="stream_url") as stranger:
        assert stranger.get(f"/jobs/{job_id}/events").status_code == 404


@pytest.mark.parametrize("body", [b"{", b'{"patientid": 7}', b'{"patientid": "x", "Secretpatient": 1}', b""])
def test_a_bad_request_is_a_problem_and_no_stream(stack: RunningStack, body: bytes) -> None:
    with stack.client("patient-summary", base="stream_url") as client:
        answer = client.post(URL, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Secretpatient" not in answer.text


def test_streams_overlap(stack: RunningStack) -> None:
    clients = [stack.client("patient-summary", base="stream_url") for _ in range(3)]
    streams = [
        client.stream("POST", URL, json=summary_request(place)) for place, client in enumerate(clients)
    ]
    opened: list[httpx.Response] = [stream.__enter__() for stream in streams]
    lasts = [list(sse_events(answer.iter_lines()))[-1]["event"] for answer in opened]
    for stream, client in zip(streams, clients, strict=True):
        stream.__exit__(None, None, None)
        client.close()
    assert lasts == ["complete"] * 3
