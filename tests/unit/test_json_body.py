"""JSON in: what is strict passes, all else is refused without being repeated."""

from __future__ import annotations

import pytest

from hntai.domain.errors import MalformedRequestError
from hntai.web.json_body import parse


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": 1}', {"a": 1}),
        ('{"a": "ä😀"}'.encode(), {"a": "ä😀"}),
        (rb'{"a": "\ud83d\ude00"}', {"a": "😀"}),
        (rb'{"a": "\\ud83d"}', {"a": r"\ud83d"}),
        (b'[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
    ],
)
def test_strict_json_is_parsed(body: bytes, value: object) -> None:
    assert parse(body) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"secret": 1, "secret": 2}',
        b'{"x": [{"secret": 1, "secret": 2}]}',
        rb'{"a": "\ud83d"}',
        rb'{"a": "\ude00\ud83d"}',
        b'{"a": "\xff"}',
        b'\xef\xbb\xbf{"a": 1}',
        b"[" * 100_000,
        b"1" * 5000,
    ],
)
def test_anything_else_is_refused_without_an_echo(body: bytes) -> None:
    with pytest.raises(MalformedRequestError) as raised:
        parse(body)
    assert "secret" not in str(raised.value)
