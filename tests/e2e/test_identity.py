"""Who may call the running stack: forged, stale and narrow tokens, each with its clear refusal."""

from __future__ import annotations

import base64
import json
import time

import httpx
import jwt
import pytest

from hntai_local.token import make_token, signing_secret
from tests.e2e.conftest import (
    NOTE,
    RunningStack,
    problem_of,
    summary_request,
)

pytestmark = pytest.mark.e2e


def forged(stack: RunningStack) -> dict[str, str]:
    secret = signing_secret(stack.environment, stack.state)
    body = {"sub": "eve", "exp": time.time() + 60, "aud": "hntai", "iss": "hntai", "scope": "scrub"}
    none = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "none", "typ": "JWT"}, body)
    )
    return {
        "none": none + ".",
        "another secret": jwt.encode(body, "x" * 48, "HS256"),
        "another algorithm": jwt.encode(body, secret + secret, "HS512"),
        "expired": jwt.encode({**body, "exp": time.time() - 1}, secret, "HS256"),
        "another audience": jwt.encode({**body, "aud": "other"}, secret, "HS256"),
        "another issuer": jwt.encode({**body, "iss": "other"}, secret, "HS256"),
        "no subject": jwt.encode({k: v for k, v in body.items() if k != "sub"}, secret, "HS256"),
        "no end": jwt.encode({k: v for k, v in body.items() if k != "exp"}, secret, "HS256"),
        "garbage": "a.b.c",
        "empty": "-",
    }


@pytest.mark.parametrize(
    "kind",
    [
        "none",
        "another secret",
        "another algorithm",
        "expired",
        "another audience",
        "another issuer",
        "no subject",
        "no end",
        "garbage",
        "empty",
    ],
)
def test_a_forged_or_stale_token_is_a_401_and_leaves_no_row(stack: RunningStack, kind: str) -> None:
    before = len(stack.audit_rows())
    headers = {"Authorization": f"Bearer {forged(stack)[kind]}"}
    response = httpx.post(f"{stack.facts['api_url']}/phi/scrub", json=NOTE, headers=headers, timeout=20)
    problem_of(response, 401, "unauthenticated")
    assert len(stack.audit_rows()) == before


def test_without_a_token_it_is_a_401_on_every_guarded_route(stack: RunningStack) -> None:
    job = "00000000-0000-4000-8000-000000000001"
    for base, method, path in (
        ("api_url", "POST", "/phi/scrub"),
        ("api_url", "POST", "/phi/scrub/batch"),
        ("api_url", "POST", "/generate_patient_summary"),
        ("api_url", "GET", f"/jobs/{job}"),
        ("api_url", "GET", f"/jobs/{job}/events"),
        ("api_url", "GET", "/metrics"),
        ("stream_url", "POST", "/generate_patient_summary?stream=true"),
        ("stream_url", "GET", f"/jobs/{job}/events"),
    ):
        response = httpx.request(
            method, stack.facts[base] + path, json=NOTE if method == "POST" else None, timeout=20
        )
        problem_of(response, 401, "unauthenticated")


def test_the_right_identity_with_the_wrong_scope_is_a_403(stack: RunningStack) -> None:
    with stack.client("metrics") as client:
        problem_of(client.post("/phi/scrub", json=NOTE), 403, "scope-missing")
        problem_of(client.post("/generate_patient_summary", json=summary_request()), 403, "scope-missing")
    with stack.client("scrub") as client:
        problem_of(client.get("/metrics"), 403, "scope-missing")


def test_a_token_of_the_command_line_is_good(stack: RunningStack) -> None:
    secret = signing_secret(stack.environment, stack.state)
    token = make_token(secret, subject="x", scopes=("scrub",), ttl_s=60)
    headers = {"Authorization": f"Bearer {token}"}
    assert (
        httpx.post(f"{stack.facts['api_url']}/phi/scrub", json=NOTE, headers=headers, timeout=20).status_code
        == 200
    )
