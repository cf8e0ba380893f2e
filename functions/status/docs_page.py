"""The API's description as one page without scripts: it works offline and under the strictest policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a2a33}"
    "pre{background:#f3f6f7;padding:.8rem;overflow-x:auto;font-size:13px}h2{margin-top:2rem}"
    "code{background:#f3f6f7;padding:.1rem .3rem}details{margin:.3rem 0}"
)


def docs_page(described: bytes) -> str:
    """HTML. described: an OpenAPI 3.1 document as JSON."""
    api: dict[str, Any] = json.loads(described)
    title = f"{api['info']['title']} {api['info']['version']}"
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title>"
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>"
        "<p>Machine-readable: <a href=openapi.json>openapi.json</a></p>"
        f"{''.join(_operations(api))}<h2>Schemas</h2>{''.join(_schemas(api))}</html>"
    )


def _operations(api: dict[str, Any]) -> Iterator[str]:
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            yield f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
            yield f"<p>{escape(operation.get('description', ''))}</p>"
            scope = operation.get("x-hntai-scope")
            yield f"<p>Scope: <code>{escape(scope)}</code></p>" if scope else "<p>Open.</p>"
            yield _folded(
                "Request and answers",
                {k: operation[k] for k in ("requestBody", "parameters", "responses") if k in operation},
            )


def _schemas(api: dict[str, Any]) -> Iterator[str]:
    for name, schema in sorted(api["components"]["schemas"].items()):
        yield _folded(name, schema)


def _folded(title: str, content: object) -> str:
    shown = escape(json.dumps(content, indent=2, ensure_ascii=False))
    return f"<details><summary>{escape(title)}</summary><pre>{shown}</pre></details>"
