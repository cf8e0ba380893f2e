"""Files sent as multipart forms: one file in a field named `file`, held in memory and nowhere else."""

from __future__ import annotations

from typing import Any, Final, TypeVar, cast

from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from hntai.domain.errors import MalformedFormError
from hntai.web.task import parse_task

Model = TypeVar("Model", bound=BaseModel)

FORM: Final = "multipart/form-data"
FIELD: Final = "file"


class _InMemoryParser(MultiPartParser):
    spool_max_size = 1 << 30
    """Starlette writes what is larger to a disk; bodies are bounded before they come here."""


def is_form(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == FORM


async def file_of(request: Request) -> bytes:
    """The bytes of the form's one file; its name and declared type are not looked at.

    Raises:
        MalformedFormError: it is no such form.
    """
    parser = _InMemoryParser(request.headers, request.stream(), max_files=1, max_fields=0)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise MalformedFormError(field=FIELD) from error
    try:
        sent = form.get(FIELD)
        if not isinstance(sent, UploadFile):
            raise MalformedFormError(field=FIELD)
        return await sent.read()
    finally:
        await form.close()


async def file_or(request: Request, contract: type[Model]) -> bytes | Model:
    """The bytes of a form's file, or the JSON that stands for it.

    Raises:
        MalformedFormError, MalformedRequestError, InvalidRequestError: it is neither.
    """
    if is_form(request.headers.get("content-type", "")):
        return await file_of(request)
    return parse_task(contract, await request.json())


def without_boundary(request: Request, body: bytes) -> bytes:
    """The body as it is for every boundary: clients choose another one each time they send the same file."""
    named = request.headers.get("content-type", "").partition("boundary=")[2].partition(";")[0]
    boundary = named.strip().strip('"').encode("latin-1")
    return body.replace(boundary, b"") if boundary else body


def form_or_json(contract: type[BaseModel]) -> dict[str, Any]:
    """What OpenAPI says of such a body."""
    schema = contract.model_json_schema(ref_template="#/components/schemas/{model}")
    file = {
        "type": "object",
        "required": [FIELD],
        "properties": {FIELD: {"type": "string", "format": "binary"}},
    }
    return cast(
        "dict[str, Any]",
        {
            "required": True,
            "content": {FORM: {"schema": file}, "application/json": {"schema": schema}},
        },
    )
