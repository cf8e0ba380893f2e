"""JSON as it must be: no doubled keys, no NaN, no lone surrogates, no invalid UTF-8."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from hntai.domain.errors import MalformedRequestError

_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def parse(body: bytes) -> Any:
    """The value of a request body.

    Raises:
        MalformedRequestError: it is not strict JSON (RFC 8259 with I-JSON's limits, RFC 7493).
    """
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse)
        if _ESCAPED_SURROGATE.search(body):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except MalformedRequestError:
        raise
    except (ValueError, RecursionError):
        raise MalformedRequestError from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedRequestError(reason="a key appears twice in one object")
    return members


def _refuse(_constant: str) -> NoReturn:
    raise MalformedRequestError(reason="NaN and Infinity are not JSON")
