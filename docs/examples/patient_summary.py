import json
import os

import httpx

asked = {"patientid": "demo-2", "token": "demo-ehr-token", "key": "demo-ehr-key", "generation_mode": "rule"}
stream = httpx.Client(
    base_url=os.environ["HNTAI_STREAM_URL"],
    headers={"Authorization": f"Bearer {os.environ['HNTAI_TOKEN']}"},
    timeout=60,
)
with stream.stream("POST", "/generate_patient_summary?stream=true", json=asked) as answer:
    answer.raise_for_status()
    print("job", answer.headers["X-Job-Id"])
    for line in answer.iter_lines():
        if not line.startswith("data:"):
            continue
        event = json.loads(line.removeprefix("data:"))
        if event["type"] == "progress":
            print(event["percent"], event["stage"])
        elif event["type"] == "complete":
            print(event["summary"][:60], len(event["evidence"]), "statements with evidence")
        elif event["type"] == "error":
            raise SystemExit(event["title"])
