"""Signed heads of the audit chain in S3: what the database cannot take back."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hntai.adapters.aws_clients import client
from hntai.domain.audit import ChainHead
from hntai.domain.errors import AuditAnchorForgedError
from hntai.ports import Digests

_PREFIX = "anchors/"


class S3AuditAnchors:
    """One object per anchor, named by time, so that the newest is the last by name."""

    def __init__(self, bucket: str, digests: Digests) -> None:
        self._bucket = bucket
        self._digests = digests

    def put(self, heads: Sequence[ChainHead], made_at: datetime) -> str:
        """The key the anchor was written to. botocore's errors pass through: this runs on a schedule."""
        listed = [[head.shard, head.row_count, head.row_hash.hex()] for head in heads]
        body = json.dumps({"made_at": made_at.isoformat(), "heads": listed}).encode()
        signed = json.dumps({"body": body.decode(), "signature": self._sign(body)})
        key = f"{_PREFIX}{made_at:%Y/%m/%d/%H%M%S%f}.json"
        client("s3").put_object(Bucket=self._bucket, Key=key, Body=signed.encode())
        return key

    def latest(self) -> Sequence[ChainHead] | None:
        key = self._latest_key()
        if key is None:
            return None
        signed: dict[str, Any] = json.loads(
            client("s3").get_object(Bucket=self._bucket, Key=key)["Body"].read()
        )
        body = signed["body"].encode()
        if not hmac.compare_digest(signed["signature"], self._sign(body)):
            raise AuditAnchorForgedError
        return [
            ChainHead(shard, count, bytes.fromhex(digest))
            for shard, count, digest in json.loads(body)["heads"]
        ]

    def _sign(self, body: bytes) -> str:
        return self._digests("audit-anchor", body).hex()

    def _latest_key(self) -> str | None:
        pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=_PREFIX)
        return max((item["Key"] for page in pages for item in page.get("Contents", ())), default=None)
