"""Verifying who calls: a JWT by secret or by the issuer's key set, or an API key."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hntai.domain.errors import KeySetUnavailableError, UnauthenticatedError
from hntai.domain.identity import DEFAULT_TENANT, Identity

_ASYMMETRIC = {"RS256": "RSA", "ES256": "EC"}
"""Algorithms allowed for keys of the issuer's set, by the key type each needs."""
_KEY_SET_LIFE_S = 300.0
_KEY_SET_RETRY_S = 10.0
"""An unknown signature may mean rotated keys: the set is read again, but no more often than this."""


class ApiKeyVerifier(Protocol):
    def verify(self, api_key: str) -> Identity: ...


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What a token must say."""

    audience: str
    issuer: str


class KeySet:
    """The issuer's public keys, read over HTTPS from the one address configured."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._keys: tuple[Mapping[str, Any], ...] = ()
        self._read_at = float("-inf")

    def keys(self, key_type: str, *, fresh: bool = False) -> Sequence[Any]:
        """Public keys of one type ("RSA", "EC").

        Raises:
            KeySetUnavailableError: it was never read, and cannot be now.
        """
        from jwt import PyJWK, PyJWTError

        with self._lock:
            age = time.monotonic() - self._read_at
            if age > _KEY_SET_LIFE_S or (fresh and age > _KEY_SET_RETRY_S):
                self._refresh()
            found = []
            for key in self._keys:
                if key.get("kty") == key_type and key.get("use", "sig") == "sig":
                    try:
                        found.append(PyJWK(dict(key)).key)
                    except PyJWTError:
                        continue
            return found

    def _refresh(self) -> None:
        import httpx

        try:
            answer = httpx.get(self._url, timeout=3.0, follow_redirects=False)
            answer.raise_for_status()
            self._keys = tuple(key for key in answer.json()["keys"] if isinstance(key, dict))
            self._read_at = time.monotonic()
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            if not self._keys:
                raise KeySetUnavailableError from error


class CallerVerifier:
    """See hntai.ports.IdentityVerifier."""

    def __init__(
        self,
        rules: TokenRules,
        secret: Callable[[], bytes] | None,
        key_set: KeySet | None,
        api_keys: ApiKeyVerifier,
    ) -> None:
        self._rules = rules
        self._secret = secret
        self._key_set = key_set
        self._api_keys = api_keys

    def verify(self, authorization: str | None, api_key: str | None) -> Identity:
        """A bearer token counts before an API key; a wrong one is not made good by the other."""
        if authorization is not None:
            scheme, _, token = authorization.partition(" ")
            if scheme.lower() != "bearer" or not token:
                raise UnauthenticatedError
            return _identity(self._claims(token.strip()))
        if api_key is not None:
            return self._api_keys.verify(api_key)
        raise UnauthenticatedError

    def _claims(self, token: str) -> Mapping[str, Any]:
        """The claims, if one of the keys allowed for the token's algorithm verifies it.

        Nothing else of the token's header is looked at: no jku, x5u, jwk or kid.
        """
        import jwt

        try:
            algorithm = jwt.get_unverified_header(token).get("alg")
        except jwt.PyJWTError:
            raise UnauthenticatedError from None
        if algorithm == "HS256" and self._secret is not None:
            return self._decoded(token, [self._secret()], "HS256")
        if isinstance(algorithm, str) and algorithm in _ASYMMETRIC and self._key_set is not None:
            key_type = _ASYMMETRIC[algorithm]
            try:
                return self._decoded(token, self._key_set.keys(key_type), algorithm)
            except UnauthenticatedError:
                return self._decoded(token, self._key_set.keys(key_type, fresh=True), algorithm)
        raise UnauthenticatedError

    def _decoded(self, token: str, keys: Sequence[Any], algorithm: str) -> Mapping[str, Any]:
        import jwt

        for key in keys:
            try:
                claims: Mapping[str, Any] = jwt.decode(
                    token,
                    key,
                    algorithms=[algorithm],
                    audience=self._rules.audience,
                    issuer=self._rules.issuer,
                    options={"require": ["sub", "exp", "aud", "iss"]},
                )
            except jwt.PyJWTError:
                continue
            return claims
        raise UnauthenticatedError


def _is_storable(text: str) -> bool:
    """Printable throughout: no control character, no lone surrogate."""
    return text.isprintable()


def _identity(claims: Mapping[str, Any]) -> Identity:
    """Raises UnauthenticatedError where a claim is not the text it should be."""
    subject, tenant, scope = claims["sub"], claims.get("tenant", DEFAULT_TENANT), claims.get("scope", "")
    texts = (subject, tenant, scope)
    if (
        not all(isinstance(claim, str) and _is_storable(claim) for claim in texts)
        or not subject
        or not tenant
    ):
        raise UnauthenticatedError
    return Identity(tenant, subject, frozenset(scope.split(" ")) - {""})
