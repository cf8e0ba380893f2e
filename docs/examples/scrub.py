import os

import httpx

api = httpx.Client(
    base_url=os.environ["HNTAI_URL"], headers={"Authorization": f"Bearer {os.environ['HNTAI_TOKEN']}"}
)
note = "Mary Poe came on 3 May 2026; Ms Poe returns on 10 May 2026."
answer = api.post("/phi/scrub", json={"text": note, "operator": "surrogate", "patient_key": "p-17"})
answer.raise_for_status()
print(answer.json()["scrubbed_text"])
for entity in answer.json()["entities"]:
    print(entity["type"], note[entity["start"] : entity["end"]])
