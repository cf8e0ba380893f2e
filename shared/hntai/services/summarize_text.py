"""Summarizing: text in, a summary that says nothing the text does not out, one audit row."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Final

from hntai.contracts.summary import SummaryAnswer, SummaryMode, SummaryRequest, SummaryTiming
from hntai.domain.audit import AuditId, AuditRow, Operation, Outcome
from hntai.domain.errors import InvalidRequestError, ModelFailedError, ModelUnknownError, TextTooLongError
from hntai.domain.generation import ModelIdentity, ModelType
from hntai.domain.identity import Caller
from hntai.ports import Answers, AuditLog, Clock, Digests, ModelShelf, TextModel
from hntai.services.summaries.draft import Asked, Deadline, Draft
from hntai.services.summaries.extract import WORDS, Extract
from hntai.services.summaries.generate import Generate

BUDGET_S: Final = 24.0
"""Of the API's 30 s: the rest is for a cold start, the audit row and the cache."""
FORM: Final = b"2"
"""Of kept answers; raise it when summaries of the same text by the same model come out otherwise."""


@dataclass(frozen=True, slots=True)
class SummarizeText:
    """Summarizes one text."""

    audit: AuditLog
    digests: Digests
    clock: Clock
    max_chars: int
    shelf: ModelShelf
    extract: Extract
    generate: Generate
    answers: Answers
    budget_s: float = BUDGET_S

    def __call__(self, request: SummaryRequest, caller: Caller) -> SummaryAnswer:
        """Raises TextTooLongError, ModelUnknownError; AuditUnavailableError: then there is no answer."""
        started = time.perf_counter()
        if len(request.text) > self.max_chars:
            raise TextTooLongError(limit=self.max_chars, length=len(request.text))
        deadline = Deadline.after(self.budget_s)
        reasons: tuple[str, ...] = ()
        try:
            model = self._chosen(request)
        except ModelFailedError:
            model = None
            reasons = ("model-failed",)
        identity = model.identity if model else self.extract.encoder().identity
        key = self._key(request, caller, identity)
        kept = self.answers.get(key)
        try:
            answer = (
                self._kept(kept, started) if kept else self._made(request, model, reasons, deadline, started)
            )
        except BaseException:
            self.audit.append([self._row(request, identity.shown, Outcome.FAILED, started, caller)])
            raise
        self.audit.append([self._row(request, answer.model_used, Outcome.SUCCEEDED, started, caller)])
        if not kept and not answer.fallbacks:
            self.answers.put(key, answer.model_dump_json().encode())
        return answer

    def _chosen(self, request: SummaryRequest) -> TextModel | None:
        """The generator asked for; None: extraction.

        Raises:
            ModelUnknownError: with the names there are.
            ModelFailedError: it is there and cannot be loaded.
        """
        name, kind = request.model_name, request.model_type
        own = {
            WORDS.identity.name,
            self.extract.encoder().identity.name,
            *self.shelf.names(ModelType.EXTRACTIVE),
        }
        if name in own or (name is None and kind in (None, ModelType.EXTRACTIVE)):
            if name in own and kind not in (None, ModelType.EXTRACTIVE):
                raise ModelUnknownError(models=self._names(own))
            return self._best(request) if kind is None and name is None else None
        if request.mode is SummaryMode.RULE:
            raise InvalidRequestError(fields=["mode: rule takes no generator"])
        if kind is ModelType.EXTRACTIVE:
            raise ModelUnknownError(models=self._names(own))
        try:
            return self.shelf.text_model(name, kind)
        except ModelUnknownError:
            raise ModelUnknownError(models=self._names(own)) from None

    def _best(self, request: SummaryRequest) -> TextModel | None:
        """Where only a mode was given: `hq` and `fast` mean the first generator, if there is one."""
        if request.mode in (None, SummaryMode.RULE):
            return None
        try:
            return self.shelf.text_model(None, None)
        except ModelUnknownError:
            raise ModelFailedError(model="generator", cause="missing") from None

    def _names(self, own: set[str]) -> list[str]:
        return list(dict.fromkeys((*self.shelf.names(), *sorted(own))))

    def _made(
        self,
        request: SummaryRequest,
        model: TextModel | None,
        reasons: tuple[str, ...],
        deadline: Deadline,
        started: float,
    ) -> SummaryAnswer:
        asked = Asked(request.text, request.max_length, request.shortest)
        began = time.perf_counter()
        if model is None:
            draft = self.extract(asked, deadline)
        else:
            reads_all = request.mode is not SummaryMode.FAST
            draft = self.generate(model, asked, deadline, reads_all=reads_all)
        generation_s = time.perf_counter() - began - draft.chunking_s
        return _answer(
            draft,
            reasons,
            SummaryTiming(
                chunking=round(draft.chunking_s, 4), generation=round(generation_s, 4), total=_since(started)
            ),
        )

    def _kept(self, kept: bytes, started: float) -> SummaryAnswer:
        answer = SummaryAnswer.model_validate_json(kept)
        timing = SummaryTiming(chunking=0.0, generation=0.0, total=_since(started))
        return answer.model_copy(update={"cached": True, "timing": timing})

    def _key(self, request: SummaryRequest, caller: Caller, identity: ModelIdentity) -> bytes:
        options = f"{request.max_length}/{request.shortest}/{request.mode or ''}"
        parts = (caller.identity.tenant, request.text, options, identity.shown)
        return self.digests("summary", FORM, *(part.encode() for part in parts))

    def _row(
        self, request: SummaryRequest, model: str, outcome: Outcome, started: float, caller: Caller
    ) -> AuditRow:
        return AuditRow(
            id=AuditId(uuid.uuid4()),
            occurred_at=self.clock(),
            tenant=caller.identity.tenant,
            actor=caller.identity.subject,
            operation=Operation.SUMMARIZE,
            outcome=outcome,
            entity_counts={},
            input_hmac=self.digests("audit-input", request.text.encode()),
            duration_ms=round((time.perf_counter() - started) * 1000),
            model=model,
            request_id=caller.request_id,
        )


def _answer(draft: Draft, reasons: tuple[str, ...], timing: SummaryTiming) -> SummaryAnswer:
    return SummaryAnswer(
        summary=draft.text,
        model_used=draft.model.shown,
        model_type=draft.model.model_type,
        chunks=draft.chunks,
        chunks_unread=draft.chunks_unread,
        input_tokens=draft.input_tokens,
        output_tokens=draft.output_tokens,
        timing=timing,
        cached=False,
        unsupported_removed=draft.unsupported_removed,
        fallbacks=(*reasons, *draft.fallbacks),
    )


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 4)
