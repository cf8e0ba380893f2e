"""Pictures of pages as text, by RapidOCR's models on ONNX Runtime. Runs in document_child alone."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median
from typing import Any, Final

import numpy as np
from rapidocr import RapidOCR

from hntai.adapters.out_of_memory import is_out_of_memory
from hntai.domain.documents.document import Page, PageSource, PageWarning
from hntai.domain.documents.page_layout import Piece, page_text
from hntai.domain.errors import DocumentError

Picture = Any
"""(height, width, 3), unsigned bytes, blue first."""
DETECTED_SIDE: Final = 960
"""Pixels of the longer side when lines are looked for; they are read at full size."""
SURE: Final = 0.85
"""A page read with less may stand on its head."""
LONG_LINE: Final = 10
"""Times its height: the box of a shorter line is drawn too coarsely to say how a page lies."""
ENOUGH: Final = 3
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 32, 0x3002: 46}
"""East Asian forms of ASCII, which the models mix in. Source: Unicode, Halfwidth and Fullwidth Forms."""


class Recognizer:
    """Loads both models; the first picture loads what else there is."""

    def __init__(self, threads: int) -> None:
        self._read: Any = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Det.limit_type": "max",
                "Det.limit_side_len": DETECTED_SIDE,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        sample = np.full((64, 320, 3), 255, np.uint8)
        sample[24:40, 20:300:6] = 0
        self._read(sample)

    def page(self, number: int, picture: Picture) -> Page:
        """The page, turned until it can be read."""
        found = self._read(picture)
        if _is_sideways(found):
            picture = np.ascontiguousarray(np.rot90(picture))
            found = self._read(picture)
        if found.txts and _confidence(found) < SURE:
            turned = self._read(np.ascontiguousarray(np.rot90(picture, 2)))
            found = max(found, turned, key=_confidence)
        if not found.txts:
            return Page(number, "", PageSource.OCR, 0.0, (PageWarning.NOTHING_RECOGNISED,))
        return Page(number, page_text(_pieces(found)), PageSource.OCR, _confidence(found))


def recognised(
    recognizer: Recognizer, pictures: Iterable[tuple[int, Callable[[], Picture]]], budget_s: float
) -> Iterator[Page]:
    """A page each, as long as there is time; the rest is empty and says so."""
    until, longest_s = time.monotonic() + budget_s, 0.0
    for number, picture in pictures:
        began = time.monotonic()
        if began + longest_s > until:
            yield Page(number, "", PageSource.OCR, 0.0, (PageWarning.OCR_OUT_OF_TIME,))
            continue
        yield _page_or_failed(recognizer, number, picture)
        longest_s = max(longest_s, time.monotonic() - began)


def _page_or_failed(recognizer: Recognizer, number: int, picture: Callable[[], Picture]) -> Page:
    """The page; empty and saying so where what renders or recognises it failed at it."""
    try:
        return recognizer.page(number, picture())
    except DocumentError:
        raise
    except Exception as error:
        if is_out_of_memory(error):
            raise MemoryError from error
        return Page(number, "", PageSource.OCR, 0.0, (PageWarning.OCR_FAILED,))


def _confidence(found: Any) -> float:
    """Of the recogniser, a letter as much as the other."""
    if not found.txts:
        return 0.0
    lengths = [len(text) for text in found.txts]
    scores = zip(lengths, found.scores, strict=True)
    return float(sum(length * score for length, score in scores) / max(1, sum(lengths)))


def _is_sideways(found: Any) -> bool:
    sides = [(_length(box[0], box[1]), _length(box[0], box[3])) for box in _boxes(found)]
    return bool(sides) and sum(width < height for width, height in sides) > len(sides) / 2


def _pieces(found: Any) -> list[Piece]:
    """The boxes on a page that lies straight."""
    boxes = _boxes(found)
    angle = _askew(boxes)
    return [_piece(box, text, angle) for box, text in zip(boxes, found.txts, strict=True)]


def _askew(boxes: Sequence[Any]) -> float:
    """What the page is askew by: long lines say it, else how cells lie beside each other."""
    angles = [_angle(*box[:2]) for box in boxes if _length(*box[:2]) > LONG_LINE * _length(box[0], box[3])]
    if len(angles) >= ENOUGH:
        return median(angles)
    beside = [angle for box in boxes if (angle := _angle_to_next(box, boxes)) is not None]
    if len(beside) >= ENOUGH:
        return median(beside)
    return median(_angle(*box[:2]) for box in boxes)


def _angle_to_next(box: Any, boxes: Sequence[Any]) -> float | None:
    """Up or down to the next cell on its right, where there is one."""
    (x, y), height = _middle(box), _length(box[0], box[3])
    middles = [_middle(other) for other in boxes]
    right = [(ox, oy) for ox, oy in middles if ox - x > height and abs(oy - y) < height * 0.75]
    return _angle((x, y), min(right)) if right else None


def _piece(box: Sequence[Sequence[float]], text: str, angle: float) -> Piece:
    """The blank in front: two boxes are two words at least."""
    x, y = _middle(box)
    x, y = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
    width, height = _length(box[0], box[1]), _length(box[0], box[3])
    said = " " + text.translate(_FULL_WIDTH)
    return Piece(x - width / 2, y - height / 2, x + width / 2, y + height / 2, said)


def _boxes(found: Any) -> list[Any]:
    return [] if found.boxes is None else [box.tolist() for box in found.boxes]


def _middle(box: Sequence[Sequence[float]]) -> tuple[float, float]:
    return sum(corner[0] for corner in box) / 4, sum(corner[1] for corner in box) / 4


def _angle(start: Sequence[float], end: Sequence[float]) -> float:
    return math.atan2(end[1] - start[1], end[0] - start[0])


def _length(start: Sequence[float], end: Sequence[float]) -> float:
    return math.hypot(end[0] - start[0], end[1] - start[1])
