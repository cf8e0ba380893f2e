"""HTML as text: what a reader sees, tables as rows."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

from hntai.domain.documents.document import Page
from hntai.domain.documents.layout import Layout
from hntai.domain.documents.text_bytes import decoded

_UNSEEN: Final = frozenset({"script", "style", "template", "title", "object", "iframe", "svg", "select"})
_NAMED: Final = """
    address article aside blockquote body br caption center dd details div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table
    tbody tfoot thead ul
"""
_BLOCKS: Final = frozenset(_NAMED.split())
_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,40})""", re.IGNORECASE)


def html_pages(content: bytes, layout: Layout) -> list[Page]:
    """All of it as one page; what scripts would write is not there."""
    declared = _CHARSET.search(content[:4096])
    found = decoded(content, declared[1].decode("ascii") if declared else None)
    feed_html(found.text, layout)
    return [Page(number, text, warnings=found.warnings) for number, text in enumerate(layout.pages(), 1)]


def feed_html(text: str, layout: Layout) -> None:
    """Lays out HTML, whole or a fragment."""
    reading = _Reading(layout)
    reading.feed(text)
    reading.close()
    layout.end_row()


class _Reading(HTMLParser):
    def __init__(self, layout: Layout) -> None:
        super().__init__(convert_charrefs=True)
        self._layout, self._unseen, self._preformatted = layout, "", 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if self._unseen:
            return
        if tag in _UNSEEN:
            self._unseen = tag
        elif tag == "tr":
            self._layout.begin_row()
        elif tag in _BLOCKS:
            self._begin_block(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def _begin_block(self, tag: str) -> None:
        if tag == "table":
            self._layout.end_row()
        self._layout.end_line()
        self._preformatted += tag == "pre"
        if tag == "li":
            self._layout.words("- ")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._unseen = "" if tag == self._unseen else self._unseen
        elif tag in ("td", "th"):
            self._layout.end_cell()
        elif tag in ("tr", "table"):
            self._layout.end_row()
        elif tag in _BLOCKS:
            self._layout.end_line()
            self._preformatted = max(0, self._preformatted - (tag == "pre"))

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._layout.words(data, is_verbatim=bool(self._preformatted))
