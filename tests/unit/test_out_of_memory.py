"""Memory that ran out, in the words of the libraries it ran out in."""

from __future__ import annotations

import pytest

from hntai.adapters.out_of_memory import is_out_of_memory


class ResizeError(Exception):
    """As a library hides what went wrong beneath."""


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("std::bad_alloc"),
        RuntimeError("Non-zero status code: Failed to allocate memory for requested buffer of size 9"),
        ValueError(
            "(-4:Insufficient memory) Failed to allocate 9142272 bytes in function 'OutOfMemoryError'"
        ),
    ],
)
def test_it_is_known_by_its_class_or_its_words_beneath_another_error_too(error: Exception) -> None:
    assert is_out_of_memory(error)
    hidden = ResizeError()
    hidden.__cause__ = error
    assert is_out_of_memory(hidden)


def test_other_errors_are_not_it() -> None:
    assert not is_out_of_memory(ValueError("a picture of no size"))
