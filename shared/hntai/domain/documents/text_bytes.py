"""Bytes as text: the encoding they declare, or the one they must be in."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Final

from hntai.domain.documents.document import PageWarning

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Longest first where one begins like another."""
_KNOWN: Final = tuple(
    codecs.lookup(name).name
    for name in (
        *(
            "utf-8",
            "latin-1",
            "koi8-r",
            "koi8-u",
            "shift_jis",
            "euc_jp",
            "euc_kr",
            "gb18030",
            "gbk",
            "gb2312",
        ),
        *("big5", "cp437", "cp850", "cp852", "cp866", "cp932", "cp936", "cp949", "cp950", "mac_roman"),
        *(f"iso8859_{number}" for number in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)),
        *(f"cp{number}" for number in range(1250, 1259)),
        *(encoding for _, encoding in _MARKS),
    )
)
"""Loaded with this module: a confined process cannot load them later, and reads no others."""
_CONTROLS: Final = frozenset(range(32)) - {7, 8, 9, 10, 11, 12, 13, 26, 27}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Line ends are newlines; the byte order mark is gone."""

    text: str
    warnings: tuple[PageWarning, ...] = ()


def is_text(content: bytes) -> bool:
    """Whether it can be text: no control characters but those that lay out."""
    encoding, rest = _marked(content)
    if encoding is None:
        return bool(content.strip()) and _CONTROLS.isdisjoint(rest)
    return "\x00" not in rest.decode(encoding, "ignore")


def decoded(content: bytes, declared: str | None = None) -> Decoded:
    """The text. declared: an encoding the document names; counts where the bytes are no UTF-8 and fit it."""
    encoding, rest = _marked(content)
    if encoding is not None:
        return Decoded(_lines(rest.decode(encoding, "replace")))
    for candidate in ("utf-8", known_encoding(declared or "")):
        text = _strictly(rest, candidate)
        if text is not None:
            return Decoded(_lines(text))
    return _line_by_line(rest)


def known_encoding(name: str) -> str | None:
    """An encoding by any of its names; None for one that is not read here."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, OSError, ValueError):
        return None
    return found if found in _KNOWN else None


def _marked(content: bytes) -> tuple[str | None, bytes]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding, content[len(mark) :]
    pairs = content[:4096]
    for encoding, zeros in (("utf-16-le", pairs[1::2]), ("utf-16-be", pairs[::2])):
        if len(zeros) >= 4 and zeros.count(0) > 0.7 * len(zeros):
            return encoding, content
    return None, content


def _strictly(content: bytes, encoding: str | None) -> str | None:
    try:
        return None if encoding is None else content.decode(encoding)
    except UnicodeError:
        return None


def _line_by_line(content: bytes) -> Decoded:
    """Each line as UTF-8 where it is that, else as Windows-1252: exports are glued together of both."""
    lines, has_utf8 = [], False
    for line in content.split(b"\n"):
        text = _strictly(line, "utf-8")
        has_utf8 = has_utf8 or (text is not None and not text.isascii())
        lines.append(_western(line) if text is None else text)
    warning = PageWarning.MIXED_ENCODINGS if has_utf8 else PageWarning.ENCODING_GUESSED
    return Decoded(_lines("\n".join(lines)), (warning,))


def _western(line: bytes) -> str:
    text = _strictly(line, "cp1252")
    return line.decode("latin-1") if text is None else text


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
