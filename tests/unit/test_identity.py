"""Who calls: tokens by secret and by key set, API keys, and every forgery refused."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from hntai.adapters.identity import CallerVerifier, KeySet, TokenRules
from hntai.domain.errors import UnauthenticatedError
from hntai.domain.identity import Identity

SECRET = b"a secret for tests only, 32 bytes or more"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
OTHER_RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class StaticKeySet(KeySet):
    """A key set that was read already."""

    def __init__(self) -> None:
        super().__init__("https://issuer.example/keys")
        self._keys = (
            json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(RSA_KEY.public_key())),
            json.loads(jwt.algorithms.ECAlgorithm.to_jwk(EC_KEY.public_key())),
            {"kty": "RSA", "n": "not a key"},
        )
        self._read_at = time.monotonic()


class NoApiKeys:
    def verify(self, api_key: str) -> Identity:
        if api_key != "good":
            raise UnauthenticatedError
        return Identity("default", "key-owner", frozenset({"scrub"}))


def claims(**changes: Any) -> dict[str, Any]:
    base = {"sub": "anna", "exp": time.time() + 60, "aud": "hntai", "iss": "hntai", "scope": "scrub metrics"}
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


def verifier() -> CallerVerifier:
    return CallerVerifier(TokenRules("hntai", "hntai"), lambda: SECRET, StaticKeySet(), NoApiKeys())


def by_secret(**changes: Any) -> str:
    return jwt.encode(claims(**changes), SECRET, "HS256")


def unsigned(header: dict[str, Any], body: dict[str, Any]) -> str:
    parts = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, body)
    )
    return ".".join(parts) + "."


def test_a_token_gives_tenant_subject_and_scopes() -> None:
    identity = verifier().verify(f"Bearer {by_secret(tenant='clinic')}", None)
    assert identity == Identity("clinic", "anna", frozenset({"scrub", "metrics"}))


@pytest.mark.parametrize(("key", "algorithm"), [(RSA_KEY, "RS256"), (EC_KEY, "ES256")])
def test_a_token_of_the_issuer_is_verified_by_its_key_set(key: Any, algorithm: str) -> None:
    token = jwt.encode(claims(), key, algorithm, headers={"kid": "whatever"})
    assert verifier().verify(f"bearer {token}", None).subject == "anna"


def test_an_api_key_is_asked_for_where_there_is_no_token() -> None:
    assert verifier().verify(None, "good").subject == "key-owner"


PUBLIC_PEM = RSA_KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


def confused_with_public_key() -> str:
    """HS256 over the RSA public key: what a verifier that trusts `alg` would accept."""
    import hmac

    head = unsigned({"alg": "HS256"}, claims())[:-1]
    signature = base64.urlsafe_b64encode(hmac.digest(PUBLIC_PEM, head.encode(), "sha256")).rstrip(b"=")
    return f"{head}.{signature.decode()}"


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer not.a.token",
        f"Bearer {unsigned({'alg': 'none'}, claims())}",
        f"Bearer {unsigned({'alg': 'None'}, claims())}",
        f"Bearer {unsigned({'alg': 'HS256'}, claims())}",
        f"Bearer {unsigned({'alg': ['HS256']}, claims())}",
        f"Bearer {confused_with_public_key()}",
        f"Bearer {jwt.encode(claims(), b'another secret of thirty-two bytes!!', 'HS256')}",
        f"Bearer {jwt.encode(claims(), SECRET * 2, 'HS512')}",
        f"Bearer {jwt.encode(claims(), OTHER_RSA_KEY, 'RS256')}",
        f"Bearer {by_secret(exp=time.time() - 1)}",
        f"Bearer {by_secret(aud='other')}",
        f"Bearer {by_secret(iss='other')}",
        f"Bearer {by_secret(nbf=time.time() + 60)}",
        *(f"Bearer {by_secret(**{name: None})}" for name in ("sub", "exp", "aud", "iss")),
        f"Bearer {by_secret(sub='')}",
        f"Bearer {by_secret(tenant=7)}",
        f"Bearer {by_secret(scope=['scrub'])}",
    ],
)  # fmt: skip
def test_any_other_token_is_refused_whatever_key_comes_beside_it(authorization: str | None) -> None:
    with pytest.raises(UnauthenticatedError):
        verifier().verify(authorization, None if authorization is None else "good")


def test_scopes_are_whole_words_in_their_own_case() -> None:
    identity = verifier().verify(f"Bearer {by_secret(scope='Scrub scrubber')}", None)
    assert "scrub" not in identity.scopes
