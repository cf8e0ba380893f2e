"""Opening a way for a large file: a form that puts one object of a bounded size under a key of ours."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from hntai.contracts.upload import UploadAnswer, UploadRequest
from hntai.domain.errors import UploadTooLargeError
from hntai.domain.identity import Caller
from hntai.ports import Blobs, Digests
from hntai.services.file_store import UPLOADS, owner_part

DIRECT_BYTES: Final = 4 << 20
"""Of a file in a request. Source: SPEC.md; as base64 it fills a Lambda event."""
EXPIRES_IN_S: Final = 900
"""To begin the upload in; how long it takes is the caller's line's business."""


def check_direct(content: bytes) -> None:
    """Raises UploadTooLargeError where a file in a request ought to have been uploaded by a form."""
    if len(content) > DIRECT_BYTES:
        raise UploadTooLargeError(limit_bytes=DIRECT_BYTES, advice="POST /uploads takes larger files")


@dataclass(frozen=True, slots=True)
class StartUpload:
    """One form per call. Nothing of the file's name or type goes into its key."""

    blobs: Blobs
    digests: Digests
    max_bytes: int

    def __call__(self, request: UploadRequest, caller: Caller) -> UploadAnswer:
        """Raises UploadTooLargeError, BlobsUnavailableError."""
        if request.size > self.max_bytes:
            raise UploadTooLargeError(limit_bytes=self.max_bytes)
        key = f"{UPLOADS}{owner_part(self.digests, caller.identity)}/{uuid.uuid4().hex}"
        post = self.blobs.presigned_post(key, max_bytes=request.size, expires_in_s=EXPIRES_IN_S)
        return UploadAnswer(s3_key=key, url=post.url, fields=dict(post.fields), expires_in_s=EXPIRES_IN_S)
