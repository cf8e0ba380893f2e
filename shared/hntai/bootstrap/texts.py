"""What is done with one text at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hntai.adapters.clock import utc_now
from hntai.bootstrap.files import FileParts

if TYPE_CHECKING:
    from hntai.services.extract_data import ExtractData
    from hntai.services.scrub_text import ScrubText
    from hntai.services.summarize_text import SummarizeText


class TextParts(FileParts):
    """Built when asked for, as all parts are."""

    def scrub_text(self) -> ScrubText:
        from hntai.services.scrub_text import ScrubText

        return ScrubText(self.audit, self.digests, utc_now, self.settings.max_text_chars)

    def extract_data(self) -> ExtractData:
        from hntai.services.extract_data import ExtractData

        return ExtractData(
            self.audit, self.digests, utc_now, self.document_store, self.settings.max_text_chars
        )

    def summarize_text(self) -> SummarizeText:
        from concurrent.futures import ThreadPoolExecutor

        from hntai.adapters.kept_answers import ValkeyAnswers
        from hntai.services.summaries.extract import Extract
        from hntai.services.summaries.generate import Generate
        from hntai.services.summarize_text import SummarizeText

        readers, desk, writers = (ThreadPoolExecutor(4, name) for name in ("read", "desk", "write"))
        extract = Extract(self.models, readers, desk)
        return SummarizeText(
            audit=self.audit,
            digests=self.digests,
            clock=utc_now,
            max_chars=self.settings.max_text_chars,
            shelf=self.models,
            extract=extract,
            generate=Generate(extract, writers),
            answers=ValkeyAnswers(self.cache, self.sealer, "summary"),
        )
