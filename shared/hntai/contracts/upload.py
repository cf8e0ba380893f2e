"""POST /uploads."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict, StringConstraints

from hntai.contracts.strict import Lenient


class UploadRequest(Lenient):
    """What is to be uploaded. Name and type are not kept, and not trusted: the bytes say what they are."""

    filename: Annotated[str, StringConstraints(min_length=1, max_length=1024)]
    content_type: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    size: Annotated[int, Field(ge=1), Strict()]
    """In bytes; more than that the store will not take."""


class UploadAnswer(Lenient):
    """A form to post the file with: every field, then `file`. Source: Amazon S3, POST object."""

    s3_key: str
    """To be named in the call the file is for."""
    url: str
    fields: dict[str, str]
    expires_in_s: int
