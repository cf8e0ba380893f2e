import os

import httpx

headers = {"Authorization": f"Bearer {os.environ['HNTAI_TOKEN']}"}
answer = httpx.get(f"{os.environ['HNTAI_URL']}/metrics", headers=headers, timeout=30)
answer.raise_for_status()
print(answer.text)
