"""Peak memory of reading a record of 50 MB: `python -m tests.bench.ehr_memory [fhir|pages|visits]`.

The record comes over a socket from another process, as many laboratory results of one patient.
Printed are the memory before, the peak while it was read, and the time it took.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

from hntai.adapters.ehr_budget import MAX_RECORD_BYTES
from hntai.adapters.ehr_fhir import FhirEhr
from hntai.adapters.ehr_visits import VisitsEhr
from hntai.ports import EhrCredentials

PAGES = 50


def peak_mb() -> float:
    """Of this process since it began."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def entry(number: int) -> str:
    """One result as a server of the usual kind writes it, some 1 kB."""
    coding = {"system": "http://loinc.org", "code": "2823-3", "display": "Potassium [Moles/volume] in Serum"}
    category = {"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}
    observation = {
        "resourceType": "Observation",
        "id": f"result-{number}",
        "meta": {"versionId": "1", "lastUpdated": "2026-05-20T08:15:30.000+00:00"},
        "text": {"status": "generated", "div": f"<div>Potassium {number}: 4.1 mmol/L é</div>"},
        "status": "final",
        "category": [{"coding": [category]}],
        "code": {"coding": [coding], "text": "Potassium"},
        "subject": {"reference": "Patient/p1"},
        "encounter": {"reference": f"Encounter/visit-{number // 20}"},
        "effectiveDateTime": "2026-05-20T08:15:30-05:00",
        "valueQuantity": {"value": 4.1, "unit": "mmol/L", "system": "http://unitsofmeasure.org"},
    }
    return json.dumps({"fullUrl": f"http://127.0.0.1/Observation/{number}", "resource": observation})


def lab(number: int) -> str:
    """One result of the visits form, with as much said as FHIR says of it."""
    said = {"id": f"result-{number}", "name": "Potassium", "loinc": "2823-3", "value": 4.1, "unit": "mmol/L"}
    told = {
        "low": 3.5,
        "high": 5.1,
        "flag": "normal",
        "status": "final",
        "taken": "2026-05-20T08:15:30-05:00",
    }
    return json.dumps(said | told | {"comment": "é" * 60})


def bodies(form: str) -> list[bytes]:
    """The pages of a record that just fits."""
    pages = PAGES if form == "pages" else 1
    made, size = [], (MAX_RECORD_BYTES - 500_000) // pages
    for page in range(1, pages + 1):
        one = lab if form == "visits" else entry
        count = size // (len(one(10_000_000)) + 2)
        many = ", ".join(one(page * 100_000 + number) for number in range(count))
        made.append(visits_page(many) if form == "visits" else bundle(many, page + 1 if page < pages else 0))
    return [text.encode() for text in made]


def bundle(entries: str, following: int) -> str:
    link = f'"link": [{{"relation": "next", "url": "?page={following}"}}], ' if following else ""
    patient = '{"resource": {"resourceType": "Patient", "id": "p1"}}'
    return f'{{"resourceType": "Bundle", "type": "searchset", {link}"entry": [{patient}, {entries}]}}'


def visits_page(labs: str) -> str:
    return f'{{"patient": {{"id": "p1"}}, "visits": [{{"date": "2026-05-20", "labs": [{labs}]}}]}}'


def serve(form: str) -> None:
    """Says its port, then gives every page once."""
    made = bodies(form)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        for body in made:
            line, _ = listener.accept()
            with line:
                line.recv(65536)
                head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
                line.sendall(f"{head}connection: close\r\n\r\n".encode() + body)
                line.shutdown(socket.SHUT_WR)
                line.recv(1)


def measure(form: str) -> None:
    command = [sys.executable, "-m", "tests.bench.ehr_memory", "serve", form]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{int(server.stdout.readline())}"
        ehr = VisitsEhr(url) if form == "visits" else FhirEhr(url)
        before, began = peak_mb(), time.monotonic()
        record = ehr.fetch("p1", EhrCredentials("t", "k"), 30)
        took = time.monotonic() - began
        memory = f"{before:.0f} MB before, {peak_mb():.0f} MB peak"
        sys.stdout.write(f"{form}: {len(record.resources)} resources, {memory}, {took:.2f} s\n")


if __name__ == "__main__":
    serve(sys.argv[2]) if sys.argv[1:2] == ["serve"] else measure((sys.argv[1:] or ["fhir"])[0])
