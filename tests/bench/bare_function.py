"""The least a web function can be: what every cold start is measured against."""

from __future__ import annotations

from fastapi import FastAPI
from mangum import Mangum

app = FastAPI()


@app.post("/phi/scrub")
def answer() -> dict[str, str]:
    return {"status": "bare"}


handler = Mangum(app, lifespan="off")
