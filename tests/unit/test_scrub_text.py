"""Scrubbing as a use case: an answer only with its row, failures audited, documents failing alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from hntai.adapters.digests import KeyedDigests
from hntai.contracts.scrub import BatchFailed, BatchScrubbed, ScrubBatchRequest, ScrubRequest
from hntai.domain.audit import Outcome
from hntai.domain.errors import AuditUnavailableError, RecognizerBudgetError, TextTooLongError
from hntai.domain.identity import Caller, Identity
from hntai.services.scrub_text import ScrubText
from tests.memory.runs import MemoryAuditLog, SteppingClock

CALLER = Caller(Identity("default", "anna", frozenset({"scrub"})), "request-1")
NOTE = "Patient John Doe, SSN 123-45-6789, diagnosed with diabetes."


@dataclass
class Desk:
    audit: MemoryAuditLog = field(default_factory=MemoryAuditLog)
    max_chars: int = 500_000
    budget_s: float = 20.0

    def scrub(self) -> ScrubText:
        return ScrubText(
            self.audit, KeyedDigests(lambda: b"k" * 32), SteppingClock(), self.max_chars, self.budget_s
        )

    def rows(self) -> list[tuple[Outcome, dict[str, int]]]:
        return [(row.outcome, dict(row.entity_counts)) for row in self.audit.rows.values()]


def request(text: str = NOTE, **options: Any) -> ScrubRequest:
    return ScrubRequest.model_validate({"text": text, **options})


def test_the_answer_names_its_row_and_the_row_holds_counts_and_no_text() -> None:
    desk = Desk()
    answer = desk.scrub()(request(), CALLER)
    row = desk.audit.rows[answer.audit_id]
    assert (row.actor, dict(row.entity_counts)) == ("anna", {"NAME": 1, "SSN": 1})
    assert "Doe" not in repr(row)
    assert answer.scrubbed_text == "Patient [REDACTED], SSN [REDACTED], diagnosed with diabetes."


def test_equal_texts_can_be_matched_and_different_ones_told_apart() -> None:
    desk = Desk()
    answers = [desk.scrub()(request(text), CALLER) for text in (NOTE, NOTE, NOTE + " ")]
    digests = [desk.audit.rows[answer.audit_id].input_hmac for answer in answers]
    assert digests[0] == digests[1] != digests[2]


def test_without_its_row_there_is_no_answer() -> None:
    desk = Desk(audit=MemoryAuditLog(failing=AuditUnavailableError()))
    with pytest.raises(AuditUnavailableError):
        desk.scrub()(request(), CALLER)


def test_a_text_over_the_limit_is_refused_untouched_and_unaudited() -> None:
    desk = Desk(max_chars=10)
    with pytest.raises(TextTooLongError) as raised:
        desk.scrub()(request("x" * 11), CALLER)
    assert raised.value.details == {"limit": 10, "length": 11}
    assert desk.rows() == []


def test_a_recognizer_over_its_budget_fails_the_call_with_a_row() -> None:
    desk = Desk(budget_s=0.0)
    with pytest.raises(RecognizerBudgetError):
        desk.scrub()(request(), CALLER)
    assert desk.rows() == [(Outcome.FAILED, {})]


def test_a_batch_answers_in_order_each_with_its_own_row() -> None:
    desk = Desk(max_chars=100)
    documents = [
        {"id": "a", "text": NOTE},
        {"id": "b", "text": "x" * 101},
        {"id": "a", "text": "Nothing here."},
    ]
    answer = desk.scrub().batch(ScrubBatchRequest.model_validate({"documents": documents}), CALLER)
    kinds = [type(result) for result in answer.results]
    assert kinds == [BatchScrubbed, BatchFailed, BatchScrubbed]
    assert [result.id for result in answer.results] == ["a", "b", "a"]
    failed = answer.results[1]
    assert isinstance(failed, BatchFailed)
    assert (failed.error.status, failed.error.limit) == (413, 100)
    assert len(desk.rows()) == 2


def test_entities_are_left_out_where_they_are_not_wanted() -> None:
    assert Desk().scrub()(request(entities=False), CALLER).entities is None


def test_surrogates_are_the_same_for_one_patient_key_and_differ_between_tenants() -> None:
    desk = Desk()
    other = Caller(Identity("other", "anna", frozenset()), "request-2")
    asked = request(operator="surrogate", patient_key="p1")
    one, two, theirs = (desk.scrub()(asked, caller).scrubbed_text for caller in (CALLER, CALLER, other))
    assert one == two != theirs
    assert "Doe" not in one


def test_values_known_from_the_record_are_hidden_in_other_forms() -> None:
    text = "Seen again: doe, called about 00482913."
    answer = Desk().scrub()(
        request(text, known={"names": ["John Doe"], "mrn": ["482-913", "00482913"]}), CALLER
    )
    assert "doe" not in answer.scrubbed_text.casefold()
    assert "482913" not in answer.scrubbed_text
