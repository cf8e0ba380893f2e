"""Pages as pictures: of PDFs by PDFium, of PNG, JPEG and TIFF by Pillow. Runs in document_child alone."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from hntai.domain.errors import DocumentTooLongError, DocumentUnreadableError

SIDE: Final = 2_300
"""Pixels of the longer side that are read: 200 dpi of a letter."""
POINTS_AN_INCH: Final = 72
DPI: Final = 200
MAX_PIXELS: Final = 80_000_000
"""Before anything is unpacked: a page of A3 at 600 dpi has 70 million."""
FORMATS: Final = ("PNG", "JPEG", "TIFF")
Image.MAX_IMAGE_PIXELS = None
"""Ours is looked at first, and refuses; Pillow's own warns."""
Numbered = tuple[int, Callable[[], Any]]
"""A page's number, and its picture once it is asked for."""


def warmed_up() -> None:
    """Every format was written and read once: Pillow loads what it needs when it needs it."""
    for name in FORMATS:
        written = io.BytesIO()
        Image.new("RGB", (8, 8)).save(written, name)
        for _, picture in image_pictures(written.getvalue(), 1):
            picture()


def pdf_pictures(document: Any, numbers: Sequence[int]) -> Iterator[Numbered]:
    """The pages of these numbers, rendered when asked for."""
    for number in numbers:
        yield number, partial(_rendered, document, number)


def image_pictures(
    content: bytes, max_pages: int, numbers: Sequence[int] | None = None
) -> Iterator[Numbered]:
    """Every frame, or those of these numbers, unpacked when asked for.

    Raises:
        DocumentUnreadableError: cause `bomb` by its dimensions, `truncated` or `damaged`.
        DocumentTooLongError: more frames than that.
    """
    image = _opened(content)
    frames = getattr(image, "n_frames", 1)
    if frames > max_pages:
        raise DocumentTooLongError(limit_pages=max_pages, pages=frames)
    for frame in range(frames):
        if numbers is None or frame + 1 in numbers:
            yield frame + 1, partial(_frame, image, frame)


def _rendered(document: Any, number: int) -> Any:
    page = document[number - 1]
    try:
        side = max(page.get_size()) or 1.0
        picture = page.render(scale=min(DPI / POINTS_AN_INCH, SIDE / side), may_draw_forms=False)
        return np.ascontiguousarray(picture.to_numpy()[:, :, :3])
    finally:
        page.close()


def _opened(content: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError, TypeError) as error:
        raise DocumentUnreadableError(cause="damaged") from error
    _checked(image)
    return image


def _checked(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise DocumentUnreadableError(cause="bomb", limit_pixels=MAX_PIXELS)


def _frame(image: Image.Image, frame: int) -> Any:
    try:
        image.seek(frame)
        _checked(image)
        shown = _on_white(ImageOps.exif_transpose(image))
    except (OSError, EOFError, ValueError, SyntaxError, KeyError, TypeError, IndexError) as error:
        cause = "truncated" if "truncated" in str(error) else "damaged"
        raise DocumentUnreadableError(cause=cause, page=frame + 1) from error
    shown.thumbnail((2 * SIDE, 2 * SIDE))
    return np.ascontiguousarray(np.asarray(shown)[:, :, ::-1])


def _on_white(image: Image.Image) -> Image.Image:
    """What can be seen through, on paper."""
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image.convert("RGB")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    return paper.convert("RGB")
