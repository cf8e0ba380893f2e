import os

import httpx

api = httpx.Client(
    base_url=os.environ["HNTAI_URL"],
    headers={"Authorization": f"Bearer {os.environ['HNTAI_TOKEN']}"},
    timeout=40,
)
letter = b"Date of visit: 2026-05-10\n\nGout. Allopurinol 100 mg daily.\n"
asked = {"filename": "letter.txt", "content_type": "text/plain", "size": len(letter)}
form = api.post("/uploads", json=asked)
form.raise_for_status()
ticket = form.json()
httpx.post(ticket["url"], data=ticket["fields"], files={"file": letter}).raise_for_status()
answer = api.post("/upload", json={"s3_key": ticket["s3_key"]})
answer.raise_for_status()
print(answer.json()["upload_id"], answer.json()["text"])
