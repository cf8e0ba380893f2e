import os

import httpx

api = httpx.Client(
    base_url=os.environ["HNTAI_URL"],
    headers={"Authorization": f"Bearer {os.environ['HNTAI_TOKEN']}"},
    timeout=40,
)
note = (
    "Follow-up of type 2 diabetes. A1c 8.1 %, was 7.4 % in March. No hypoglycemia. Increase metformin "
    "to 1000 mg twice daily. Recheck A1c in three months."
)
answer = api.post("/api/generate_summary", json={"text": note, "min_length": 10, "max_length": 60})
answer.raise_for_status()
told = answer.json()
print(told["model_used"], told["unsupported_removed"])
print(told["summary"])
