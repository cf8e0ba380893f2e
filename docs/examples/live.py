import os

import httpx

answer = httpx.get(f"{os.environ['HNTAI_URL']}/live")
answer.raise_for_status()
print(answer.text)
