"""What docs/api.md says of every call: who calls, repeats, limits, streams, and the table of problems."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hntai.web.problem import STATUS

HEAD: Final = """# The API

Made by `make api-docs` from `functions/status/openapi.json` and `docs/examples/`; tests hold it to both and
run every example against the local stack. With the stack running (`make run`), in another terminal:

```sh
export HNTAI_URL=http://127.0.0.1:7860 HNTAI_STREAM_URL=http://127.0.0.1:7861
export HNTAI_TOKEN=$(make -s token)
```

The Python examples need `httpx`. Fields that are not named here are refused. Offsets are half-open and
count code points. Errors are `application/problem+json`: `type`, `title`, `status`, `instance` (the
request's id), and what the kind of error adds; nothing of a request is repeated. [Problems](#problems) has
them all.

**Who calls.** `Authorization: Bearer <JWT>` or `x-api-key`; a token counts before a key. A token is signed
by HS256 (`JWT_SECRET_KEY`), RS256 or ES256 (`JWT_JWKS_URL`) and must have `sub`, `exp`, `aud`
(`JWT_AUDIENCE`, alone or in a list) and `iss` (`JWT_ISSUER`); anything else is 401. `scope` is one string
of scopes with a space between two, and a call without its scope is 403. `tenant` is optional. What one
`sub` of a `tenant` has made does not exist for others.

**Idempotency-Key.** Every POST takes one, of 1 to 255 characters. A repeat by the same caller, of the same
path, query and body, gets the first answer again for 24 hours, with `Idempotency-Replayed: true`. Another
body is 422 `idempotency-key-reused`, a repeat while the first call runs 409 `idempotency-in-progress` with
`Retry-After`. A call that failed (4xx, 5xx) is not remembered. The streaming URL remembers apart from the
HTTP API.

**Limits.** A caller (`tenant` and `sub`) may make `HNTAI_RATE_LIMIT_PER_MINUTE` (600) calls in a minute of
the clock; beyond it is 429 `rate-limited`, with `Retry-After` to the next. A 503 of a service that is away
has `Retry-After` too. What API Gateway itself refuses (all callers together beyond its rate, a body beyond
10 MB) is no problem document.

**Streams.** On the streaming URL `POST /generate_patient_summary` and `GET /jobs/{id}/events` answer
`text/event-stream`; on the HTTP API `?stream=true` and the second are 400 `streaming-elsewhere`, with
`stream_url`. `X-Job-Id` names the job; a stream that broke off (after 15 minutes it does) goes on behind
the `Last-Event-ID` it is asked with. An event's `data` is JSON whose `type` is the event's:

| `type` | fields | when |
|---|---|---|
| `progress` | `percent`, `stage`; by stage `job_id`, `resources`, `documents`, `mode`, `warning`, `section` \
and `delta` (its next words), `pages`, `scanned`, `range`, `ranges`, `pieces`, `duration_s`, `piece`, \
`windows` | at a state's start, end, or piece of work |
| `complete` | those of the answer | last |
| `error` | `problem` (the `type` of a problem), `title`, `status` | last, or the events cannot be read |
| `heartbeat` | none, and no id | after 5 s without another |
"""
_PROBLEMS: Final = """# Problems

`type` is `urn:hntai:problem:` and the word below. Beside them: `unknown-path` (404), `unknown-method` (405),
`bad-request` (400), `unforeseen` (500). `audit-chain-broken`, `audit-anchor-forged`, `bulk-running` and
`stack-unreachable` are of administration and deployment; no call is answered with them.

| type | status | title |
|---|---|---|
"""


def problems() -> str:
    """Every problem there is, by status."""
    return _PROBLEMS + "".join(f"{row}\n" for row in _rows())


def _rows() -> Iterator[str]:
    for error in sorted(STATUS, key=lambda leaf: (STATUS[leaf], leaf.slug)):
        yield f"| `{error.slug}` | {STATUS[error]} | {error.title} |"
