"""docs/api.md out of the OpenAPI document, the errors and docs/examples, which tests run as they stand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from hntai_local import api_head
from hntai_local.openapi import TARGET as OPENAPI
from hntai_local.state_dir import PROJECT_ROOT

TARGET: Final = PROJECT_ROOT / "docs" / "api.md"
EXAMPLES: Final = PROJECT_ROOT / "docs" / "examples"
DOORS: Final = {
    "/phi/scrub": "scrub",
    "/phi/scrub/batch": "scrub_batch",
    "/api/generate_summary": "summarize",
    "/generate_patient_summary": "patient_summary",
    "/jobs/{job_id}": "get_job",
    "/jobs/{job_id}/events": "get_job_events",
    "/extract_medical_data": "extract",
    "/upload": "upload",
    "/uploads": "uploads",
    "/transcribe": "transcribe",
    "/api/extract_medical_data_from_audio": "extract_from_audio",
    "/live": "live",
    "/ready": "ready",
    "/metrics": "metrics",
}
"""Every path, in the order a reader meets them, and what its examples are called."""
Schema = Mapping[str, Any]


def written() -> str:
    """The whole reference."""
    described = json.loads(OPENAPI.read_text("utf-8"))
    schemas: dict[str, Schema] = described["components"]["schemas"]
    parts = [api_head.HEAD]
    for path, name in DOORS.items():
        for method, operation in described["paths"][path].items():
            parts.append(_door(method.upper(), path, operation, name))
    parts += [api_head.problems(), "# Types\n"]
    parts += [_type(name, schemas[name]) for name in sorted(schemas)]
    return "\n".join(parts)


def write() -> int:
    """Writes it; 0."""
    TARGET.write_text(written(), encoding="utf-8")
    print(f"wrote {TARGET.relative_to(PROJECT_ROOT)}")
    return 0


def _door(method: str, path: str, operation: Schema, name: str) -> str:
    scope = operation.get("x-hntai-scope")
    lines = [f"## {method} {path}\n", operation["description"], ""]
    lines.append(f"Scope: {' or '.join(f'`{one}`' for one in scope.split())}." if scope else "Open to all.")
    lines.append("")
    if parameters := operation.get("parameters"):
        rows = [(one["name"], f"{one['in']}, {_kind(one['schema'])}", _limits(one)) for one in parameters]
        lines += _table(("parameter", "is", "what"), rows)
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        lines += [f"Body, `{kind}`: {_kind(content['schema'])}", ""]
        if fields := content["schema"].get("properties"):
            rows = [(field, _kind(schema), _limits(schema)) for field, schema in fields.items()]
            lines += _table(("field", "is", "what"), rows)
    answers = {status: said for status, said in operation["responses"].items() if status != "default"}
    for status, said in answers.items():
        for kind, content in said.get("content", {}).items():
            lines += [f"Answer {status}, `{kind}`: {_kind(content['schema'])}", ""]
    return "\n".join([*lines, *_examples(name)])


def _examples(name: str) -> Iterator[str]:
    for ending, language in ((".sh", "sh"), (".py", "python")):
        text = (EXAMPLES / f"{name}{ending}").read_text("utf-8")
        yield f"```{language}\n{text}```\n"


def _type(name: str, schema: Schema) -> str:
    lines = [f"## {name}\n"]
    if schema.get("description"):
        lines += [schema["description"], ""]
    if "enum" in schema:
        lines += ["One of " + ", ".join(f"`{value}`" for value in schema["enum"]) + ".", ""]
    required = schema.get("required", ())
    rows = [
        (field, _kind(one), ", ".join(filter(None, ("required" if field in required else "", _limits(one)))))
        for field, one in schema.get("properties", {}).items()
    ]
    return "\n".join([*lines, *(_table(("field", "is", "what"), rows) if rows else [])])


def _table(heads: tuple[str, str, str], rows: list[tuple[str, str, str]]) -> list[str]:
    return [
        f"| {' | '.join(heads)} |",
        "|---|---|---|",
        *(f"| `{name}` | {kind} | {what} |" for name, kind, what in rows),
        "",
    ]


def _kind(schema: Schema) -> str:
    """A type in words: `list of [Entity](#entity)`."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if alternatives := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(map(_kind, alternatives)))
    if isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_kind(schema['additionalProperties'])}"
    return f"`{schema['const']}`" if "const" in schema else _plain_kind(schema)


def _plain_kind(schema: Schema) -> str:
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if schema.get("format") == "binary":
        return "file"
    return "nothing" if schema.get("type") == "null" else schema.get("type", "any JSON")


def _limits(schema: Schema) -> str:
    """What a value must keep to, its default, and what it means."""
    own = schema.get("schema", schema)
    named = {
        "minLength": "at least {} characters",
        "maxLength": "at most {} characters",
        "minItems": "at least {}",
        "maxItems": "at most {}",
        "minimum": "from {}",
        "maximum": "to {}",
        "format": "{}",
    }
    told = [text.format(own[key]) for key, text in named.items() if key in own and own[key] != "binary"]
    if own.get("default") not in (None, [], {}) and not isinstance(own.get("default"), dict):
        told.append(f"default `{json.dumps(own['default']).strip(chr(34))}`")
    if own.get("description"):
        told.append(own["description"].replace("|", "\\|").replace("\n", " "))
    return ", ".join(told)
