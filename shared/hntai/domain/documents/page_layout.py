"""The reading order of what stands on a page: lines, rows of tables, columns one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from hntai.domain.documents.layout import CELL_GAP

SAME_LINE: Final = 0.5
"""Of the lower one's height, what two pieces of one line share at least."""
CELL_BLANK: Final = 1.2
"""Of the height of a line: a wider blank stands between cells, a narrower one between words."""
WORD_BLANK: Final = 0.12
"""The same for the blank between two words."""
MIN_COLUMN_LINES: Final = 4
MIN_COLUMN_WORDS: Final = 3.5
"""On average a line; what is shorter is a column of a table, to be read row by row."""
_PLACES: Final = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text and its box, y downwards."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def height(self) -> float:
        return self.bottom - self.top


Line = list[Piece]
"""Left to right; pieces are cells."""


def page_text(pieces: Iterable[Piece]) -> str:
    """The page's lines in the order they are read."""
    lines = _lines([piece for piece in pieces if piece.text.strip() and piece.height > 0])
    return "\n".join(CELL_GAP.join(cell.text for cell in line) for line in _in_order(lines))


def _lines(pieces: Sequence[Piece]) -> list[Line]:
    """Pieces that stand beside each other, top to bottom, glued to cells."""
    rows: list[Line] = []
    for piece in sorted(pieces, key=lambda one: (one.top + one.bottom, one.left)):
        row = next((row for row in reversed(rows[-3:]) if _is_beside(row[0], piece)), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    return [_cells(sorted(row, key=lambda one: one.left)) for row in rows]


def _is_beside(first: Piece, piece: Piece) -> bool:
    shared = min(first.bottom, piece.bottom) - max(first.top, piece.top)
    return shared > SAME_LINE * min(first.height, piece.height)


def _cells(row: Line) -> Line:
    cells: Line = []
    for piece in row:
        text = " ".join(piece.text.split())
        last = cells[-1] if cells else None
        height = max(piece.height, last.height) if last else 0
        if last is None or piece.left - last.right > CELL_BLANK * height:
            cells.append(Piece(piece.left, piece.top, piece.right, piece.bottom, text))
            continue
        is_word = piece.left - last.right > WORD_BLANK * height or piece.text[:1].isspace()
        blank = " " if is_word or last.text.endswith(" ") else ""
        cells[-1] = Piece(
            last.left,
            min(last.top, piece.top),
            max(last.right, piece.right),
            max(last.bottom, piece.bottom),
            last.text + blank + text,
        )
    return cells


def _in_order(lines: Sequence[Line]) -> list[Line]:
    """The lines; of a stretch in two columns, first those of the left one."""
    gutter = _gutter([cell for line in lines for cell in line])
    if gutter is None:
        return list(lines)
    ordered: list[Line] = []
    stretch: list[Line] = []
    for line in [*lines, []]:
        if line and not any(_crosses(cell, gutter) for cell in line):
            stretch.append(line)
            continue
        ordered += _columns(stretch, gutter)
        stretch = []
        ordered += [line] if line else []
    return ordered


def _gutter(cells: Sequence[Piece]) -> float | None:
    """Where the fewest cells stand in the middle of the page; None where too many do."""
    if not cells:
        return None
    left, right = min(cell.left for cell in cells), max(cell.right for cell in cells)
    width, middle = right - left, (left + right) / 2
    places = [left + width * (0.25 + 0.5 * place / _PLACES) for place in range(_PLACES + 1)]
    crossed = {place: sum(_crosses(cell, place) for cell in cells) for place in places}
    best = min(places, key=lambda place: (crossed[place], abs(place - middle)))
    return best if crossed[best] < len(cells) / 2 else None


def _crosses(cell: Piece, place: float) -> bool:
    return cell.left < place < cell.right


def _columns(stretch: Sequence[Line], gutter: float) -> list[Line]:
    halves = [
        [half for line in stretch if (half := [cell for cell in line if (cell.left < gutter) == is_left])]
        for is_left in (True, False)
    ]
    if all(len(half) >= MIN_COLUMN_LINES and _is_prose(half) for half in halves):
        return halves[0] + halves[1]
    return list(stretch)


def _is_prose(lines: Sequence[Line]) -> bool:
    cells = [cell for line in lines for cell in line]
    words = [len(cell.text.split()) for cell in cells]
    return sum(words) / len(words) >= MIN_COLUMN_WORDS and median(words) >= MIN_COLUMN_WORDS - 0.5
