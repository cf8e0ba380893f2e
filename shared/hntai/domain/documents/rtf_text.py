"""RTF as text.

Source: Microsoft, Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from hntai.domain.documents.document import Page
from hntai.domain.documents.layout import Layout
from hntai.domain.documents.text_bytes import known_encoding
from hntai.domain.errors import DocumentUnreadableError

MAX_DEPTH: Final = 1_000
_TOKEN: Final = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_NAMED: Final = """
    fonttbl colortbl stylesheet info pict object themedata datastore listtable listoverridetable rsidtbl
    generator xmlnstbl fldinst filetbl revtbl latentstyles colorschememapping bkmkstart bkmkend
    nonshppict
"""
_SILENT: Final = frozenset(_NAMED.split())
"""Groups that hold no text of the document."""
_CHARACTERS: Final = {
    **{"emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’"},
    **{"ldblquote": "“", "rdblquote": "”", "tab": " ", "emspace": " ", "enspace": " "},
}
_SYMBOLS: Final = {b"~": " ", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}


@dataclass(frozen=True, slots=True)
class _Group:
    is_silent: bool = False
    fallback_chars: int = 1
    """How many characters follow a \\u for those who do not know it."""


def rtf_pages(content: bytes, layout: Layout) -> list[Page]:
    """The text, rows of tables as rows, pages where they are asked for.

    Raises:
        DocumentUnreadableError: groups are not closed, or too deep.
    """
    _Reading(content, layout).read()
    return [Page(number, text) for number, text in enumerate(layout.pages(), 1)]


class _Reading:
    def __init__(self, content: bytes, layout: Layout) -> None:
        self._content, self._layout = content, layout
        self._groups: list[_Group] = []
        self._group, self._codepage = _Group(), "cp1252"
        self._bytes, self._high, self._skipped, self._at = bytearray(), 0, 0, 0

    def read(self) -> None:
        while self._at < len(self._content):
            found = _TOKEN.match(self._content, self._at)
            if found is None:
                self._at += 1
                continue
            self._at = found.end()
            word, number, code, symbol, brace, text = found.groups()
            if code is not None:
                self._coded(int(code, 16))
            elif text is not None:
                self._plain(text)
            else:
                self._end_bytes()
                if brace is not None:
                    self._braced(brace)
                    if not self._groups:
                        return
                elif word is not None:
                    self._told(word.decode("ascii"), int(number) if number else None)
                elif symbol is not None:
                    self._symbol(symbol)
        raise DocumentUnreadableError(cause="truncated")

    def _braced(self, brace: bytes) -> None:
        self._skipped = 0
        if brace == b"{":
            if len(self._groups) == MAX_DEPTH:
                raise DocumentUnreadableError(cause="too_deep", limit=MAX_DEPTH)
            self._groups.append(self._group)
        else:
            self._group = self._groups.pop()

    def _told(self, word: str, number: int | None) -> None:
        if word in _SILENT:
            self._group = replace(self._group, is_silent=True)
        elif word == "bin":
            self._at += max(0, number or 0)
        elif word == "uc":
            self._group = replace(self._group, fallback_chars=max(0, number or 0))
        elif word == "ansicpg":
            self._codepage = known_encoding(f"cp{number}") or "cp1252"
        elif not self._group.is_silent:
            self._written(word, number)

    def _written(self, word: str, number: int | None) -> None:
        layout = self._layout
        if word == "u" and number is not None:
            self._unicode(number & 0xFFFF)
        elif word in _CHARACTERS:
            layout.words(_CHARACTERS[word])
        elif word in ("par", "line", "sect"):
            layout.end_line()
        elif word in ("page", "pagebb"):
            layout.end_page()
        elif word == "trowd":
            layout.begin_row()
        elif word in ("cell", "nestcell"):
            layout.end_cell()
        elif word in ("row", "nestrow"):
            layout.end_row()

    def _unicode(self, unit: int) -> None:
        """A UTF-16 code unit; halves of a pair come one after the other."""
        self._skipped = self._group.fallback_chars
        if 0xD800 <= unit < 0xDC00:
            self._high = unit
        elif 0xDC00 <= unit < 0xE000:
            if self._high:
                self._layout.words(chr(0x10000 + ((self._high - 0xD800) << 10) + unit - 0xDC00))
            self._high = 0
        else:
            self._layout.words(chr(unit))

    def _coded(self, byte: int) -> None:
        if self._skipped:
            self._skipped -= 1
        else:
            self._bytes.append(byte)

    def _plain(self, text: bytes) -> None:
        left = text[self._skipped :]
        self._skipped = max(0, self._skipped - len(text))
        self._bytes += left

    def _end_bytes(self) -> None:
        if self._bytes and not self._group.is_silent:
            self._layout.words(self._bytes.decode(self._codepage, "replace"))
        self._bytes.clear()

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._group = replace(self._group, is_silent=True)
        elif symbol in (b"\r", b"\n"):
            self._layout.end_line()
        elif symbol in _SYMBOLS and not self._group.is_silent:
            self._layout.words(_SYMBOLS[symbol])
