"""Objects by key: one suite over memory and S3 as moto answers it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hntai.adapters import aws_clients
from hntai.adapters.blobs import S3Blobs
from hntai.domain.errors import BlobsUnavailableError, UploadMissingError
from hntai.ports import Blobs
from hntai_local.aws_endpoint import AwsEndpoint
from hntai_local.lambda_answer import Invocation
from tests.memory.audio import MemoryBlobs


class _NoFunctions:
    def invoke(
        self,
        name: str,
        payload: bytes,
        *,
        wait_s: float | None = None,
        trace_id: str = "",
        client_context: str = "",
    ) -> Invocation:
        raise AssertionError


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    import boto3

    endpoint = AwsEndpoint(0, _NoFunctions(), state_dir=Path(tmp_path_factory.mktemp("aws")))
    endpoint.start()
    before = dict(os.environ)
    os.environ.update(
        AWS_ENDPOINT_URL=endpoint.url,
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        AWS_DEFAULT_REGION="us-east-1",
    )
    aws_clients._client.cache_clear()
    boto3.client("s3").create_bucket(Bucket="uploads")
    yield "uploads"
    endpoint.close()
    os.environ.clear()
    os.environ.update(before)
    aws_clients._client.cache_clear()


@pytest.fixture(params=["memory", pytest.param("s3", marks=pytest.mark.aws)])
def blobs(request: pytest.FixtureRequest) -> Blobs:
    if request.param == "memory":
        return MemoryBlobs()
    return S3Blobs(request.getfixturevalue("bucket"))


def test_what_was_put_is_read_and_measured(blobs: Blobs) -> None:
    body = os.urandom(3 << 20)
    blobs.put("a/1", body)
    assert b"".join(blobs.read("a/1")) == body
    assert b"".join(blobs.read("a/1", first=10)) == body[:10]
    assert blobs.size("a/1") == len(body)


def test_the_head_of_a_short_object_is_all_of_it(blobs: Blobs) -> None:
    blobs.put("a/short", b"abc")
    assert b"".join(blobs.read("a/short", first=4096)) == b"abc"


def test_what_is_not_there_is_missing(blobs: Blobs) -> None:
    with pytest.raises(UploadMissingError):
        blobs.size("nothing")
    with pytest.raises(UploadMissingError):
        list(blobs.read("nothing"))


def test_keys_are_listed_by_prefix_and_deleted_for_good(blobs: Blobs) -> None:
    for key in ("b/2", "b/1", "c/1"):
        blobs.put(key, b"x")
    assert blobs.keys("b/") == ["b/1", "b/2"]
    blobs.delete(["b/1", "b/2", "b/never"])
    blobs.delete([])
    assert blobs.keys("b/") == []
    assert blobs.keys("c/") == ["c/1"]


@pytest.mark.aws
def test_a_form_posted_as_presigned_lands_under_its_key(bucket: str) -> None:
    blobs = S3Blobs(bucket)
    post = blobs.presigned_post("uploads/owner/one", max_bytes=100, expires_in_s=60)
    assert "content-length-range" in _policy(post.fields)
    assert post.fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    answer = httpx.post(post.url, data=dict(post.fields), files={"file": ("name.wav", b"RIFF")})
    assert answer.status_code in (200, 204), answer.text
    assert b"".join(blobs.read("uploads/owner/one")) == b"RIFF"


def _policy(fields: object) -> str:
    import base64

    assert isinstance(fields, dict)
    return base64.b64decode(fields["policy"]).decode()


@pytest.mark.aws
def test_a_store_that_does_not_answer_is_said_to_be_away(bucket: str) -> None:
    blobs = S3Blobs("no-such-bucket")
    for call in (lambda: blobs.put("a", b""), lambda: blobs.keys("a"), lambda: blobs.delete(["a"])):
        with pytest.raises(BlobsUnavailableError):
            call()
