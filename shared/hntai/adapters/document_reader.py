"""Documents read in a process of its own: what a file does to it, it does not do to the function."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hntai.adapters.child_process import ended, reported, started, taken, unnamed_file
from hntai.adapters.cpu_quota import thread_count
from hntai.adapters.document_child import KNOWN
from hntai.domain.documents.document import (
    PAGE_GAP,
    Page,
    PageSource,
    PageWarning,
    merged_page,
    page_from_json,
)
from hntai.domain.documents.sniffing import PICTURES, SHOWN, DocumentType, sniffed
from hntai.domain.errors import (
    DocumentTooLongError,
    DocumentTypeUnknownError,
    DocumentUnreadableError,
)
from hntai.ports import ReadDocument

COMMAND: Final = (sys.executable, "-m", "hntai.adapters.document_child")
MEMORY_BYTES: Final = 1 << 30
"""Of address space."""
RECOGNISING_BYTES: Final = 3 << 30
"""The same where pages are recognised: models, what runs them, and a page at 200 dpi take 2 GB of it."""
_LOADING_S: Final = 3.0
"""What is kept of the time for that, before pages are."""
_COUNTING_S: Final = 8.0
"""For counting the pages of a picture that could not be recognised in one go."""
_LAST_PAGE_S: Final = 1.0
MAX_PAGES: Final = 1_000
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""A compound file: an old Word document, or the wrapping of an encrypted new one. Source: MS-CFB, 2.2."""
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
"""Source: MS-OFFCRYPTO, 2.3.4.4."""
_ENDED_BY_A_PAGE: Final = frozenset({"crashed", "out_of_memory", "too_slow"})
"""Causes that one page of many may be the reason of."""
_REPORT_BYTES: Final = 4096
_CHAR_BYTES: Final = 12
"""Of one character in JSON, at most: two escapes."""
_PAGE_BYTES: Final = 300
"""Of a page's other fields."""


class ChildDocumentReader:
    """See hntai.ports.DocumentReader. One child a document, and one more where pages are pictures."""

    def __init__(
        self,
        *,
        max_chars: int,
        max_pages: int = MAX_PAGES,
        memory_bytes: int = MEMORY_BYTES,
        recognising_bytes: int = RECOGNISING_BYTES,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._max_chars, self._max_pages = max_chars, max_pages
        self._memory_bytes, self._command = memory_bytes, command
        self._recognising_bytes = recognising_bytes

    def read(self, content: bytes, *, deadline_s: float) -> ReadDocument:
        document_type, deadline = _type_of(content), time.monotonic() + deadline_s
        if document_type in PICTURES:
            return ReadDocument(document_type.value, self._pictured(content, document_type, deadline))
        pages = self._pages(content, document_type, self._memory_bytes, deadline)
        pictures = [page for page in pages if not page.confidence]
        if not pictures:
            return ReadDocument(document_type.value, pages)
        known = {page.number: page for page in self._first_tried(content, document_type, pictures, deadline)}
        merged = tuple(merged_page(page, known.get(page.number)) for page in pages)
        if len(PAGE_GAP.join(page.text for page in merged)) > self._max_chars:
            raise DocumentTooLongError(limit_chars=self._max_chars)
        return ReadDocument(document_type.value, merged)

    def said(self, content: bytes, *, deadline_s: float) -> ReadDocument:
        document_type, deadline = _type_of(content), time.monotonic() + deadline_s
        if document_type not in PICTURES:
            pages = self._pages(content, document_type, self._memory_bytes, deadline)
            return ReadDocument(document_type.value, pages)
        pages = self._pages(content, document_type, self._recognising_bytes, deadline, ("all", "-1"))
        return ReadDocument(document_type.value, pages)

    def recognised(self, content: bytes, numbers: Sequence[int], *, deadline_s: float) -> tuple[Page, ...]:
        deadline = time.monotonic() + deadline_s
        return self._recognised(content, _type_of(content), ",".join(map(str, numbers)), deadline)

    def _pictured(self, content: bytes, document_type: DocumentType, deadline: float) -> tuple[Page, ...]:
        """The pages of a picture; of several of which one ended the child, all are left for later."""
        try:
            return self._recognised(content, document_type, "all", deadline)
        except DocumentUnreadableError as error:
            if error.details.get("cause") not in _ENDED_BY_A_PAGE:
                raise
            pages = self.said(content, deadline_s=_COUNTING_S).pages
            if len(pages) == 1:
                raise
            return _left(pages)

    def _first_tried(
        self, content: bytes, document_type: DocumentType, pictures: Sequence[Page], deadline: float
    ) -> tuple[Page, ...]:
        """The pages as recognised; where one of them ended the child, all are left to be tried apart."""
        numbers = ",".join(str(page.number) for page in pictures)
        try:
            return self._recognised(content, document_type, numbers, deadline)
        except DocumentUnreadableError as error:
            if error.details.get("cause") not in _ENDED_BY_A_PAGE:
                raise
            return _left(pictures)

    def _recognised(
        self, content: bytes, document_type: DocumentType, numbers: str, deadline: float
    ) -> tuple[Page, ...]:
        budget_s = max(0.0, deadline - time.monotonic() - _LOADING_S - _LAST_PAGE_S)
        told = (numbers, f"{budget_s:.1f}")
        return self._pages(content, document_type, self._recognising_bytes, deadline, told)

    def _pages(
        self,
        content: bytes,
        document_type: DocumentType,
        memory_bytes: int,
        deadline: float,
        told: Sequence[str] = (),
    ) -> tuple[Page, ...]:
        cpu_s = math.ceil(max(1.0, deadline - time.monotonic())) * thread_count()
        limits = (memory_bytes, cpu_s, self._max_chars, self._max_pages)
        words = (*self._command, document_type.value, *map(str, limits), *told)
        return tuple(
            page_from_json(json.loads(line)) for line in self._lines(content, words, deadline).splitlines()
        )

    def _lines(self, content: bytes, words: Sequence[str], deadline: float) -> bytes:
        most = self._max_chars * _CHAR_BYTES + self._max_pages * _PAGE_BYTES
        with unnamed_file([content]) as file:
            file.seek(0)
            try:
                child = started(words, file)
            except OSError as error:
                raise DocumentUnreadableError(cause="reader_missing") from error
        try:
            assert child.stdout is not None
            assert child.stderr is not None
            lines = taken(child.stdout, deadline, most)
            if len(lines) == most:
                raise DocumentTooLongError(limit_chars=self._max_chars)
            _take_report(child, taken(child.stderr, deadline, _REPORT_BYTES))
        except TimeoutError:
            raise DocumentUnreadableError(cause="too_slow") from None
        finally:
            ended(child)
        return lines


def _left(pages: Sequence[Page]) -> tuple[Page, ...]:
    """As pages for which no time was left."""
    warnings = (PageWarning.OCR_OUT_OF_TIME,)
    return tuple(replace(page, source=PageSource.OCR, warnings=warnings) for page in pages)


def _type_of(content: bytes) -> DocumentType:
    """Raises DocumentTypeUnknownError; DocumentUnreadableError of nothing, and of what is encrypted."""
    if not content.strip():
        raise DocumentUnreadableError(cause="empty")
    if content.startswith(_OLE) and _ENCRYPTED in content:
        raise DocumentUnreadableError(cause="encrypted")
    document_type = sniffed(content)
    if document_type is None:
        raise DocumentTypeUnknownError(types=list(SHOWN))
    return document_type


def _take_report(child: subprocess.Popen[bytes], line: bytes) -> None:
    """Nothing where the child says that it came to the end."""
    ended_by = reported(child, line, KNOWN)
    if isinstance(ended_by, str):
        raise DocumentUnreadableError(cause=ended_by)
    if ended_by is not None:
        raise ended_by
