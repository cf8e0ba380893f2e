"""GET /live, /ready, /metrics, and the API's own documentation."""

from __future__ import annotations

from pathlib import Path

from fastapi import HTTPException, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from functions.status.docs_page import docs_page
from hntai.bootstrap import Parts
from hntai.domain.identity import Scope
from hntai.web.app import create_app, lambda_handler, observed
from hntai.web.guard import scoped

OPENAPI = Path(__file__).with_name("openapi.json")

parts = Parts()
probes = parts.probes()
ports = parts.entry("status")
api = create_app(ports)


@api.get("/live")
def live() -> dict[str, str]:
    """200 while the process answers."""
    return {"status": "live"}


@api.get("/ready")
def ready() -> Response:
    """200 where every part answers; 503 with those that do not."""
    parts_ready = {probe.name: probe() for probe in probes}
    is_ready = all(parts_ready.values())
    body = {
        "status": "ready" if is_ready else "not ready",
        "parts": {name: "ready" if answers else "not ready" for name, answers in parts_ready.items()},
    }
    return JSONResponse(body, 200 if is_ready else 503)


@api.get("/metrics", response_class=PlainTextResponse, **scoped(Scope.METRICS))
def metrics() -> Response:
    """Counters and latency histograms of all functions, in Prometheus text."""
    return PlainTextResponse(ports.metrics.render(), media_type="text/plain; version=0.0.4")


@api.get("/openapi.json", include_in_schema=False)
def openapi() -> Response:
    """The whole API's description."""
    return Response(_described(), media_type="application/json")


@api.get("/docs", include_in_schema=False)
def docs() -> Response:
    """The same for a person."""
    return HTMLResponse(
        docs_page(_described()),
        headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"},
    )


def _described() -> bytes:
    if not parts.settings.docs_enabled:
        raise HTTPException(404)
    return OPENAPI.read_bytes()


app = observed(api)
handler = lambda_handler(app)
