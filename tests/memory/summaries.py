"""Summarizing over memory, and an invented note to summarize."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from hntai.adapters.digests import KeyedDigests
from hntai.contracts.summary import SummaryAnswer, SummaryRequest
from hntai.domain.audit import Outcome
from hntai.domain.identity import Caller, Identity
from hntai.services.summaries.extract import Extract
from hntai.services.summaries.generate import Generate
from hntai.services.summarize_text import SummarizeText
from tests.memory.models import MemoryAnswers, MemoryShelf, MemoryWriter
from tests.memory.runs import MemoryAuditLog, SteppingClock

CALLER = Caller(Identity("default", "anna", frozenset({"summarize"})), "request-1")
NOTE = (
    "Testpatient, Anna, is a 67-year-old woman with type 2 diabetes and hypertension. "
    "She reports fatigue for three weeks. "
    "She denies chest pain. Blood pressure is 148/92 mmHg and HbA1c is 8.4 %. "
    "Metformin 500 mg twice daily is continued. "
    "Lisinopril 20 mg daily is increased to 40 mg. The weather was discussed. She returns in six weeks."
)
LONG = " ".join(NOTE.replace("67", str(40 + year)) for year in range(50))


@dataclass
class Desk:
    pool: ThreadPoolExecutor
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    audit: MemoryAuditLog = field(default_factory=MemoryAuditLog)
    answers: MemoryAnswers = field(default_factory=MemoryAnswers)
    max_chars: int = 500_000
    budget_s: float = 20.0

    def __call__(self, text: str = NOTE, caller: Caller = CALLER, **options: Any) -> SummaryAnswer:
        extract = Extract(self.shelf, self.pool, self.pool)
        summarize = SummarizeText(
            audit=self.audit,
            digests=KeyedDigests(lambda: b"k" * 32),
            clock=SteppingClock(),
            max_chars=self.max_chars,
            shelf=self.shelf,
            extract=extract,
            generate=Generate(extract, self.pool),
            answers=self.answers,
            budget_s=self.budget_s,
        )
        return summarize(SummaryRequest.model_validate({"text": text, **options}), caller)

    def outcomes(self) -> list[Outcome]:
        return [row.outcome for row in self.audit.rows.values()]


def writing(text: str, **options: Any) -> MemoryShelf:
    return MemoryShelf([MemoryWriter(lambda _: text, **options)])
