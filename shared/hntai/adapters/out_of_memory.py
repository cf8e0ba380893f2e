"""Whether what a library raised means that memory ran out: few of them raise MemoryError."""

from __future__ import annotations

from typing import Final

_WORDS: Final = ("bad allocation", "bad_alloc", "Failed to allocate", "out of memory")
"""Of ONNX Runtime and OpenCV, which have no exception of their own for it."""


def is_out_of_memory(error: BaseException) -> bool:
    """True where the error, or one it was raised from, is MemoryError or says so in a library's words."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError) or any(word in str(cause) for word in _WORDS):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
