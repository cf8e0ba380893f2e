import os

import httpx

api = httpx.Client(
    base_url=os.environ["HNTAI_URL"], headers={"Authorization": f"Bearer {os.environ['HNTAI_TOKEN']}"}
)
note = "c/o SOB, denies chest pain. Metformin 500 mg BID. K 5.8 mmol/L. Mother had breast cancer."
answer = api.post("/extract_medical_data", json={"text": note})
answer.raise_for_status()
for kind, found in answer.json().items():
    for one in found if isinstance(found, list) else []:
        print(kind, one["text"], one["assertion"], [code["code"] for code in one["codes"]])
