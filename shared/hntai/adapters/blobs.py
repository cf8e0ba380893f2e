"""Objects in an S3 bucket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from hntai.adapters.aws_clients import client
from hntai.domain.errors import BlobsUnavailableError, UploadMissingError
from hntai.ports import PresignedPost

_PIECE_BYTES: Final = 1 << 20
_AT_ONCE: Final = 1000
"""Keys of one deletion. Source: Amazon S3 API reference, DeleteObjects."""
_MISSING: Final = frozenset({"404", "NoSuchKey", "NotFound"})


class S3Blobs:
    """See hntai.ports.Blobs. What lies in the bucket is encrypted by the bucket's rule (template.yaml)."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def presigned_post(self, key: str, *, max_bytes: int, expires_in_s: int) -> PresignedPost:
        with _translated():
            post = _s3().generate_presigned_post(
                self._bucket, key, Conditions=[["content-length-range", 1, max_bytes]], ExpiresIn=expires_in_s
            )
        return PresignedPost(str(post["url"]), dict(post["fields"]))

    def put(self, key: str, body: bytes) -> None:
        with _translated():
            _s3().put_object(Bucket=self._bucket, Key=key, Body=body)

    def size(self, key: str) -> int:
        with _translated():
            return int(_s3().head_object(Bucket=self._bucket, Key=key)["ContentLength"])

    def read(self, key: str, *, first: int | None = None) -> Iterator[bytes]:
        wanted = {} if first is None else {"Range": f"bytes=0-{first - 1}"}
        with _translated():
            body = _s3().get_object(Bucket=self._bucket, Key=key, **wanted)["Body"]
            yield from body.iter_chunks(_PIECE_BYTES)

    def keys(self, prefix: str) -> Sequence[str]:
        with _translated():
            pages = _s3().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
            return sorted(str(item["Key"]) for page in pages for item in page.get("Contents", ()))

    def delete(self, keys: Sequence[str]) -> None:
        for place in range(0, len(keys), _AT_ONCE):
            objects = [{"Key": key} for key in keys[place : place + _AT_ONCE]]
            with _translated():
                answer = _s3().delete_objects(Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True})
            if answer.get("Errors"):
                raise BlobsUnavailableError(objects=len(answer["Errors"]))


def _s3() -> Any:
    return client("s3", read_timeout_s=20, attempts=3, signature_version="s3v4")


@contextmanager
def _translated() -> Iterator[None]:
    """S3's errors as ours."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _MISSING:
            raise UploadMissingError from None
        raise BlobsUnavailableError from error
    except BotoCoreError as error:
        raise BlobsUnavailableError from error
