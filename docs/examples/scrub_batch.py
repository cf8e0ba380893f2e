import os

import httpx

api = httpx.Client(
    base_url=os.environ["HNTAI_URL"], headers={"Authorization": f"Bearer {os.environ['HNTAI_TOKEN']}"}
)
documents = [{"id": str(place), "text": f"Jane Roe, visit {place}."} for place in range(3)]
answer = api.post("/phi/scrub/batch", json={"documents": documents, "entities": False})
answer.raise_for_status()
for result in answer.json()["results"]:
    print(result["id"], result.get("scrubbed_text", result.get("error")))
