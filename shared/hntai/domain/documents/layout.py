"""Text being laid out: lines, pages, and the rows of tables."""

from __future__ import annotations

import re
from typing import Final

from hntai.domain.errors import DocumentTooLongError

CELL_GAP: Final = " | "
"""Between the cells of a row."""
_BLANKS: Final = re.compile(r"[ \t\r\n\f\v\u00a0]+")


class Layout:
    """Takes words, line ends, cells and page ends in order; gives pages.

    A table inside a cell ends the outer row where it begins: its rows are lines of their own. A row with one
    filled cell keeps that cell's lines.

    Raises:
        DocumentTooLongError: more than max_chars were written, or more than max_pages.
    """

    def __init__(self, *, max_chars: int, max_pages: int) -> None:
        self._max_chars, self._max_pages, self._left = max_chars, max_pages, max_chars
        self._pages: list[str] = []
        self._lines: list[str] = []
        self._line: list[str] = []
        self._cells: list[str] = []
        self._cell: list[str] = []
        self._is_in_row = False

    def words(self, text: str, *, is_verbatim: bool = False) -> None:
        """Inline text. Runs of blanks count as one, but where it is verbatim."""
        self._left -= len(text)
        if self._left < 0:
            raise DocumentTooLongError(limit_chars=self._max_chars)
        if not is_verbatim:
            self._line.append(_BLANKS.sub(" ", text))
            return
        first, *rest = text.split("\n")
        self._line.append(first)
        for line in rest:
            self.end_line()
            self._line.append(line)

    def end_line(self) -> None:
        """Ends the line, if there is one."""
        line = re.sub(r" {2,}", " ", "".join(self._line)) if self._is_in_row else "".join(self._line)
        self._line = []
        if line.strip():
            (self._cell if self._is_in_row else self._lines).append(line.strip())

    def begin_row(self) -> None:
        self.end_row()
        self._is_in_row = True

    def end_cell(self) -> None:
        if not self._is_in_row:
            self.end_line()
            return
        self.end_line()
        self._cells.append("\n".join(self._cell))
        self._cell = []

    def end_row(self) -> None:
        self.end_line()
        if not self._is_in_row:
            return
        if self._cell:
            self.end_cell()
        self._is_in_row = False
        cells, self._cells = self._cells, []
        filled = [cell for cell in cells if cell]
        if len(filled) == 1:
            self._lines += filled[0].split("\n")
        elif filled:
            self._lines.append(CELL_GAP.join(" ".join(cell.split("\n")) for cell in cells))

    def end_page(self) -> None:
        """Ends the page, if anything stands on it."""
        self.end_row()
        if not self._lines:
            return
        if len(self._pages) == self._max_pages:
            raise DocumentTooLongError(limit_pages=self._max_pages)
        self._pages.append("\n".join(self._lines))
        self._lines = []

    def pages(self) -> list[str]:
        """All that was laid out."""
        self.end_page()
        return self._pages
