"""Signing in to PostgreSQL by IAM: a token that lasts minutes stands where a password would."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from psycopg import conninfo

from hntai.adapters.aws_clients import client

_PORT = 5432


def signed_in(url: Callable[[], str]) -> Callable[[], str]:
    """What gives, at each call, the URL with a fresh token and TLS whose certificate is checked.

    A token is good for 15 minutes and needed only while connecting. Making one is a signature here, without a
    call to AWS. RDS Proxy shows a certificate of Amazon's public authorities, which certifi has.
    Source: Amazon Aurora user guide, IAM authentication; Using TLS/SSL with RDS Proxy.
    """

    def with_token() -> str:
        parts = conninfo.conninfo_to_dict(url())
        port = int(parts.get("port") or _PORT)
        token = client("rds").generate_db_auth_token(
            DBHostname=str(parts["host"]), Port=port, DBUsername=str(parts["user"])
        )
        return conninfo.make_conninfo(
            "", **{**parts, "password": token, "sslmode": "verify-full", "sslrootcert": _authorities()}
        )

    return with_token


@cache
def _authorities() -> str:
    import certifi

    return certifi.where()
