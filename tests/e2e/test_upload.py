"""Documents on the running stack: read, scrubbed, kept for their owner; bad ones a problem and no more."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from tests.documents import ccda, docx, fhir, lines, paragraph, pdf, picture, saved, zipped
from tests.e2e.conftest import SECRET_WORD, RunningStack, alive, problem_of, sse_events

pytestmark = pytest.mark.e2e

PATH = "/upload"
LETTER = ("Dear colleague,", "Patient John Doe, SSN 123-45-6789, has diabetes.")
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (pdf(lines(*LETTER)), "application/pdf"),
        ("\n".join(LETTER).encode(), "text/plain"),
        (f"<html><p>{LETTER[0]}<p>{LETTER[1]}</html>".encode(), "text/html"),
        (f"{{\\rtf1 {LETTER[0]}\\par {LETTER[1]}}}".encode(), "application/rtf"),
        (
            docx(paragraph(LETTER[0]) + paragraph(LETTER[1])),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_a_letter_is_read_and_scrubbed_whatever_its_name_says(
    stack: RunningStack, content: bytes, media_type: str
) -> None:
    with stack.client("upload") as client:
        plain = client.post(PATH, files={"file": (f"{SECRET_WORD}.png", content, "image/png")}).json()
        scrubbed = client.post(f"{PATH}?scrub=true", files={"file": ("x", content)}).json()
    assert (plain["media_type"], plain["text"]) == (media_type, "\n".join(LETTER))
    assert plain["pages"][0]["source"] == "text"
    assert scrubbed["text"] == f"{LETTER[0]}\nPatient [REDACTED], SSN [REDACTED], has diabetes."
    assert plain["phi"] == scrubbed["phi"] == {"NAME": 1, "SSN": 1}
    assert plain["upload_id"] != scrubbed["upload_id"]
    row = stack.audit_rows()[-1]
    assert (row["operation"], row["entity_counts"]) == ("upload", {"NAME": 1, "SSN": 1})
    assert SECRET_WORD not in json.dumps(plain)


def test_a_scan_is_recognised_and_scrubbed(stack: RunningStack) -> None:
    scan = saved(picture("Patient John Doe has diabetes."), "PDF")
    with stack.client("upload") as client:
        answer = client.post(f"{PATH}?scrub=true", files={"file": ("scan.pdf", scan)}).json()
    assert answer["text"] == "Patient [REDACTED] has diabetes."
    assert (answer["pages"][0]["source"], answer["pages"][0]["warnings"]) == ("ocr", ["no_text_layer"])
    assert 0.9 < answer["pages"][0]["confidence"] < 1


def test_a_long_scan_becomes_a_job_and_is_used_by_its_upload_id(stack: RunningStack) -> None:
    pages = [picture("Patient John Doe.", f"Takes metformin {dose} mg daily.") for dose in range(500, 530)]
    with stack.client("upload", "extract") as client:
        accepted = client.post(
            f"{PATH}?scrub=true", files={"file": ("x", saved(pages[0], "PDF", *pages[1:]))}
        )
        assert accepted.status_code == 202, accepted.text
        assert accepted.headers["location"] == f"/jobs/{accepted.json()['job_id']}"
        deadline = time.monotonic() + 240
        while (job := client.get(accepted.headers["location"]).json())["state"] in ("queued", "running"):
            assert time.monotonic() < deadline
            time.sleep(1)
        assert job["state"] == "succeeded", job
        answer = job["result"]
        assert [page["number"] for page in answer["pages"]] == list(range(1, 31))
        assert {tuple(page["warnings"]) for page in answer["pages"]} == {("no_text_layer",)}
        assert answer["phi"] == {"NAME": 30}
        assert "Doe" not in answer["text"]
        found = client.post("/extract_medical_data", json={"upload_id": answer["upload_id"]}).json()
        assert [drug["dose"] for drug in found["medications"]] == [str(dose) for dose in range(500, 530)]
    with (
        stack.client("upload", base="stream_url") as client,
        client.stream("GET", f"{accepted.headers['location']}/events") as streamed,
    ):
        events = list(sse_events(streamed.iter_lines()))
    assert events[-1]["data"]["upload_id"] == answer["upload_id"]
    assert "recognise_pages" in {event["data"].get("stage") for event in events}
    assert [(row["operation"], row["outcome"]) for row in stack.audit_rows()].count(
        ("document_deleted", "succeeded")
    ) > 0
    assert "Doe" not in stack.logs()


def test_a_large_document_comes_by_a_form_and_is_gone_once_read(stack: RunningStack) -> None:
    content = pdf(*[lines(*[f"Line {line} of page {page}" for line in range(20)]) for page in range(60)])
    asked = {"filename": f"{SECRET_WORD}.pdf", "content_type": "application/pdf", "size": len(content)}
    with stack.client("upload") as client:
        ticket = client.post("/uploads", json=asked).json()
        httpx.post(ticket["url"], data=ticket["fields"], files={"file": content}, timeout=20)
        answer = client.post(PATH, json={"s3_key": ticket["s3_key"]})
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["pages"]) == 60
        problem_of(client.post(PATH, json={"s3_key": ticket["s3_key"]}), 409, "upload-missing")
    with stack.client("upload", subject="berta") as client:
        problem_of(client.post(PATH, json={"s3_key": ticket["s3_key"]}), 404, "unknown-resource")


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (b"", 422, "document-unreadable"),
        (b"MZ\x90\x00" + SECRET_WORD.encode() + bytes(99), 415, "document-type-unknown"),
        (pdf(lines(SECRET_WORD))[:300], 422, "document-unreadable"),
        (ccda((SECRET_WORD, "&e;"), prolog=XXE), 422, "document-unreadable"),
        (fhir({"resourceType": SECRET_WORD})[:-5], 422, "document-unreadable"),
        (zipped({f"../{SECRET_WORD}": "x", "word/document.xml": "<a/>"}), 422, "document-unreadable"),
        (f"{SECRET_WORD} ".encode() * 200_000, 413, "document-too-long"),
        (bytes((4 << 20) + 1), 413, "upload-too-large"),
    ],
)
def test_what_is_no_good_document_is_a_clear_problem(
    stack: RunningStack, content: bytes, status: int, slug: str
) -> None:
    with stack.client("upload") as client:
        problem_of(client.post(PATH, files={"file": (f"{SECRET_WORD}.pdf", content)}), status, slug)
    assert alive(stack)


def test_the_scope_is_asked_for(stack: RunningStack) -> None:
    with stack.client("transcribe") as client:
        problem_of(client.post(PATH, files={"file": ("x", b"Text.")}), 403, "scope-missing")


def test_an_uploaded_document_is_extracted_from_for_its_owner_alone(stack: RunningStack) -> None:
    with stack.client("upload", "extract") as client:
        uploaded = client.post(
            PATH, files={"file": ("x", pdf(lines("Takes metformin 500 mg daily.")))}
        ).json()
        asked = {"upload_id": uploaded["upload_id"]}
        (drug,) = client.post("/extract_medical_data", json=asked).json()["medications"]
        assert (drug["drug"], drug["dose"]) == ("metformin", "500")
        unknown = {"upload_id": "00000000-0000-4000-8000-000000000000"}
        problem_of(client.post("/extract_medical_data", json=unknown), 404, "unknown-resource")
        problem_of(client.post("/extract_medical_data", json={"upload_id": "x"}), 422, "invalid-request")
        problem_of(client.post("/extract_medical_data", json={}), 422, "invalid-request")
    with stack.client("extract", subject="berta") as client:
        problem_of(client.post("/extract_medical_data", json=asked), 404, "unknown-resource")
