"""The EHR client against a wire that answers as EHRs do: in pages, late, wrongly, half, or not at all."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator

import httpx
import pytest

from hntai.adapters import ehr_fhir
from hntai.adapters.ehr_fhir import FhirEhr
from hntai.domain.errors import (
    EhrAnswerInvalidError,
    EhrAnswerTooLargeError,
    EhrError,
    EhrPatientUnknownError,
    EhrRefusedError,
    EhrTimeoutError,
    EhrUnavailableError,
)
from hntai.ports import EhrCredentials

BASE = "https://ehr.example/fhir"
CREDENTIALS = EhrCredentials("t-1", "k-1")
PATIENT = {"resourceType": "Patient", "id": "p1"}
Answer = Callable[[httpx.Request], httpx.Response]


def fhir(content: object, status: int = 200, media_type: str = "application/fhir+json") -> httpx.Response:
    return httpx.Response(status, content=json.dumps(content), headers={"content-type": media_type})


def fhir_bytes(content: bytes) -> httpx.Response:
    return httpx.Response(200, content=content, headers={"content-type": "application/json"})


def redirect(place: str) -> httpx.Response:
    return httpx.Response(302, headers={"location": place})


def endless(request: httpx.Request) -> httpx.Response:
    """Every page leads to one more."""
    number = int(request.url.params.get("page", "1"))
    return fhir(bundle(PATIENT, following=f"{BASE}?page={number + 1}"))


def bundle(*resources: object, following: str | None = None) -> dict[str, object]:
    links = [{"relation": "self", "url": "x"}] + (
        [{"relation": "next", "url": following}] if following else []
    )
    return {"resourceType": "Bundle", "link": links, "entry": [{"resource": one} for one in resources]}


def ehr(answer: Answer) -> FhirEhr:
    return FhirEhr(BASE, httpx.MockTransport(answer), pause=lambda _: None)


def test_every_page_is_read_with_the_callers_credentials() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if "page=2" in str(request.url):
            return fhir(bundle({"resourceType": "Condition", "id": "c1"}))
        return fhir(bundle(PATIENT, following=f"{BASE}?page=2"))

    record = ehr(answer).fetch("p1", CREDENTIALS, 8)
    assert [resource["id"] for resource in record.resources] == ["p1", "c1"]
    assert str(asked[0].url).startswith(f"{BASE}/Patient/p1/$everything")
    assert {(r.headers["authorization"], r.headers["x-api-key"]) for r in asked} == {("Bearer t-1", "k-1")}
    assert record.requests == 2


def test_a_request_that_is_repeated_counts_each_time() -> None:
    answers = [httpx.Response(503), fhir(bundle(PATIENT))]
    assert ehr(lambda _: answers.pop(0)).fetch("p1", CREDENTIALS, 8).requests == 2


def test_an_id_cannot_leave_its_place_in_the_path() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path)
        return fhir(bundle(PATIENT))

    ehr(answer).fetch("../Admin?x=1#", CREDENTIALS, 8)
    assert asked[0].startswith(b"/fhir/Patient/..%2FAdmin%3Fx%3D1%23/$everything")
    with pytest.raises(EhrPatientUnknownError):
        ehr(answer).fetch("..", CREDENTIALS, 8)


def test_a_server_without_everything_is_searched_type_by_type() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("$everything"):
            return fhir({"resourceType": "OperationOutcome"}, 404)
        if path.endswith("/Patient/p1"):
            return fhir(PATIENT)
        name = path.rsplit("/", 1)[1]
        assert request.url.params["patient"] == "p1"
        return (
            fhir({}, 404)
            if name == "MedicationStatement"
            else fhir(bundle({"resourceType": name, "id": "1"}))
        )

    kinds = [resource["resourceType"] for resource in ehr(answer).fetch("p1", CREDENTIALS, 8).resources]
    assert kinds[0] == "Patient"
    assert set(kinds[1:]) == set(ehr_fhir.SEARCHED_TYPES) - {"MedicationStatement"}


def raise_connect(_request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def raise_half(_request: httpx.Request) -> httpx.Response:
    raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")


def raise_slow(_request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda _: fhir({}, 404), EhrPatientUnknownError),
        (lambda _: fhir({}, 401), EhrRefusedError),
        (lambda _: fhir({}, 403), EhrRefusedError),
        (lambda _: fhir({}, 500), EhrUnavailableError),
        (lambda _: fhir({}, 503), EhrUnavailableError),
        (lambda _: fhir({}, 429), EhrUnavailableError),
        (lambda _: fhir({}, 431), EhrRefusedError),
        (lambda _: fhir_bytes(rb'{"resourceType": "Bundle", "id": "\ud800"}'), EhrAnswerInvalidError),
        (lambda _: fhir({}, 400), EhrRefusedError),
        (lambda _: redirect("https://evil.example"), EhrRefusedError),
        (lambda _: fhir(bundle(PATIENT), media_type="text/html"), EhrAnswerInvalidError),
        (lambda _: fhir_bytes(b"{"), EhrAnswerInvalidError),
        (lambda _: fhir_bytes(b"[" * 100_000), EhrAnswerInvalidError),
        (lambda _: fhir([]), EhrAnswerInvalidError),
        (lambda _: fhir(PATIENT), EhrAnswerInvalidError),
        (lambda _: fhir(bundle(PATIENT, following="https://evil.example/?page=2")), EhrAnswerInvalidError),
        (lambda _: fhir(bundle(PATIENT, following="http://ehr.example/fhir?page=2")), EhrAnswerInvalidError),
        (lambda _: fhir(bundle(PATIENT, following="https://ehr.example:8443/fhir?p")), EhrAnswerInvalidError),
        (lambda _: fhir(bundle(PATIENT, following="https://me@ehr.example/fhir?p")), EhrAnswerInvalidError),
        (lambda _: fhir(bundle(PATIENT, following="https://ehr.example:x/fhir?p")), EhrAnswerInvalidError),
        (lambda _: fhir(bundle(PATIENT, following="//evil.example/fhir?p")), EhrAnswerInvalidError),
        (lambda _: fhir(bundle(PATIENT, following="https://[ehr.example/")), EhrAnswerInvalidError),
        (lambda _: fhir(bundle(PATIENT, following=f"{BASE}?again")), EhrAnswerInvalidError),
        (endless, EhrAnswerTooLargeError),
        (lambda _: fhir_bytes(json.dumps(bundle(PATIENT)).encode()[:-9]), EhrAnswerInvalidError),
        (lambda _: fhir_bytes(b'{"resourceType": "Bundle", "id": "\xff"}'), EhrAnswerInvalidError),
        (lambda _: fhir_bytes(b'{"resourceType": "Bundle", "id": "\xed\xa0\x80"}'), EhrAnswerInvalidError),
        (lambda _: fhir_bytes(b""), EhrAnswerInvalidError),
        (lambda _: fhir_bytes(b"1" * 5000), EhrAnswerInvalidError),
        (lambda _: fhir({}, 202), EhrRefusedError),
        (raise_connect, EhrUnavailableError),
        (raise_half, EhrUnavailableError),
        (raise_slow, EhrTimeoutError),
    ],
)  # fmt: skip
def test_each_way_to_fail_has_its_error(answer: Answer, error: type[EhrError]) -> None:
    with pytest.raises(error) as raised:
        ehr(answer).fetch("p1", CREDENTIALS, 8)
    assert "p1" not in str(raised.value)


class Endless(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b" " * 1_000_000


def test_an_endless_answer_is_cut_off() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Endless(), headers={"content-type": "application/fhir+json"})

    with pytest.raises(EhrAnswerTooLargeError):
        ehr(answer).fetch("p1", CREDENTIALS, 20)


def test_a_used_up_budget_is_a_timeout_without_a_request() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise AssertionError

    with pytest.raises(EhrTimeoutError):
        ehr(answer).fetch("p1", CREDENTIALS, 0)


def test_a_credential_that_is_no_header_is_refused_without_a_request() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise AssertionError

    with pytest.raises(EhrRefusedError):
        ehr(answer).fetch("p1", EhrCredentials("a\r\nx: y", ""), 8)


def zipped(_request: httpx.Request) -> httpx.Response:
    """Sixty megabytes of nothing, sent packed although that was not asked for."""
    packed = gzip.compress(b" " * 60 * 1024 * 1024)
    pieces = [packed[start : start + 1024] for start in range(0, len(packed), 1024)]
    headers = {"content-type": "application/fhir+json", "content-encoding": "gzip"}
    return httpx.Response(200, headers=headers, stream=Pieces(pieces))


class Pieces(httpx.SyncByteStream):
    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self.pieces


def test_a_packed_answer_is_measured_unpacked() -> None:
    with pytest.raises(EhrAnswerTooLargeError):
        ehr(zipped).fetch("p1", CREDENTIALS, 20)


def test_a_page_link_may_name_the_port_everybody_knows() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        following = None if "page=2" in str(request.url) else "https://EHR.example:443/fhir?page=2"
        return fhir(bundle(PATIENT, following=following))

    assert len(ehr(answer).fetch("p1", CREDENTIALS, 8).resources) == 1


def test_a_page_the_server_no_longer_keeps_is_not_an_unknown_patient() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return fhir({}, 410) if "page=2" in str(request.url) else fhir(bundle(PATIENT, following="?page=2"))

    with pytest.raises(EhrUnavailableError):
        ehr(answer).fetch("p1", CREDENTIALS, 8)


def test_a_mark_before_the_text_and_escaped_whole_characters_are_read() -> None:
    body = '\ufeff{"resourceType": "Bundle", "id": "\\ud83d\\ude00"}'.encode()
    assert list(ehr(lambda _: fhir_bytes(body)).fetch("p1", CREDENTIALS, 8).resources) == []


def test_a_record_of_too_many_resources_is_cut_off() -> None:
    many = bundle(*({"resourceType": "Observation", "id": str(number)} for number in range(100_001)))
    body = json.dumps(many).encode()
    with pytest.raises(EhrAnswerTooLargeError) as raised:
        ehr(lambda _: fhir_bytes(body)).fetch("p1", CREDENTIALS, 20)
    assert "limit_resources=100000" in str(raised.value)
