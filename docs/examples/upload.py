import os

import httpx

api = httpx.Client(
    base_url=os.environ["HNTAI_URL"],
    headers={"Authorization": f"Bearer {os.environ['HNTAI_TOKEN']}"},
    timeout=40,
)
letter = b"Date of visit: 2026-05-10\n\nAsthma since 2009. Salbutamol as needed.\n"
answer = api.post("/upload", files={"file": ("letter.txt", letter)})
answer.raise_for_status()
upload_id = answer.json()["upload_id"]
found = api.post("/extract_medical_data", json={"upload_id": upload_id})
found.raise_for_status()
print([problem["text"] for problem in found.json()["problems"]])
asked = {"patientid": "demo-1", "token": "demo-ehr-token", "key": "demo-ehr-key", "generation_mode": "rule"}
summary = api.post("/generate_patient_summary", json={**asked, "documents": [upload_id]})
summary.raise_for_status()
print("per an uploaded document" in summary.json()["summary"])
