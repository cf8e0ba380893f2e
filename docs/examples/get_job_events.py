import os

import httpx

headers = {"Authorization": f"Bearer {os.environ['HNTAI_TOKEN']}"}
asked = {"patientid": "demo-1", "token": "demo-ehr-token", "key": "demo-ehr-key", "generation_mode": "rule"}
stream_url = os.environ["HNTAI_STREAM_URL"]
last = ""
with httpx.stream(
    "POST", f"{stream_url}/generate_patient_summary?stream=true", json=asked, headers=headers, timeout=60
) as stream:
    stream.raise_for_status()
    job_id = stream.headers["X-Job-Id"]
    for line in stream.iter_lines():
        if line.startswith("id:"):
            last = line.removeprefix("id:").strip()
            break  # the connection is lost here
headers["Last-Event-ID"] = last
with httpx.stream("GET", f"{stream_url}/jobs/{job_id}/events", headers=headers, timeout=60) as rest:
    rest.raise_for_status()
    for line in rest.iter_lines():
        if line.startswith("event:"):
            print(line)
