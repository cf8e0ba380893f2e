import io
import os
import wave

import httpx

api = httpx.Client(
    base_url=os.environ["HNTAI_URL"],
    headers={"Authorization": f"Bearer {os.environ['HNTAI_TOKEN']}"},
    timeout=60,
)
recording = io.BytesIO()
with wave.open(recording, "wb") as file:  # two seconds of silence, in the place of a memo
    file.setparams((1, 2, 16_000, 0, "NONE", ""))
    file.writeframes(bytes(64_000))
answer = api.post("/transcribe?scrub=true", files={"file": ("memo.wav", recording.getvalue())})
answer.raise_for_status()
print(answer.json()["model_used"], repr(answer.json()["text"]), answer.json()["segments"])
