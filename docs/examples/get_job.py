import os
import time

import httpx

headers = {"Authorization": f"Bearer {os.environ['HNTAI_TOKEN']}"}
asked = {"patientid": "demo-1", "token": "demo-ehr-token", "key": "demo-ehr-key", "generation_mode": "rule"}
start = f"{os.environ['HNTAI_STREAM_URL']}/generate_patient_summary?stream=true"
with httpx.stream("POST", start, json=asked, headers=headers, timeout=60) as stream:
    stream.raise_for_status()
    job_id = stream.headers["X-Job-Id"]  # and leave: the run goes on
while True:
    job = httpx.get(f"{os.environ['HNTAI_URL']}/jobs/{job_id}", headers=headers, timeout=30)
    job.raise_for_status()
    if job.json()["state"] not in ("queued", "running"):
        break
    time.sleep(1)
print(job.json()["state"], list(job.json()["result"]))
