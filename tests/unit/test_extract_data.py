"""Extraction as a use case and as its function answers: a row for every answer, both forms of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

import pytest
from pydantic import ValidationError

from hntai.adapters.digests import KeyedDigests
from hntai.contracts.extraction import ExtractionRequest, answer_of
from hntai.domain.audit import Operation, Outcome
from hntai.domain.errors import (
    AuditUnavailableError,
    RecognizerBudgetError,
    ResourceUnknownError,
    TextTooLongError,
)
from hntai.domain.identity import Caller, Identity
from hntai.services.extract_data import ExtractData
from tests.memory.documents import ANNA, BERTA, Documents
from tests.memory.runs import MemoryAuditLog, SteppingClock

CALLER = Caller(Identity("default", "anna", frozenset({"extract"})), "request-1")
NOTE = "Testpatient with HTN. Denies fever. Lisinopril 20 mg po daily."


@dataclass
class Desk:
    audit: MemoryAuditLog = field(default_factory=MemoryAuditLog)
    house: Documents = field(default_factory=Documents)
    max_chars: int = 500_000
    budget_s: float = 20.0

    def extract(self) -> ExtractData:
        return ExtractData(
            audit=self.audit,
            digests=KeyedDigests(lambda: b"k" * 32),
            clock=SteppingClock(),
            documents=self.house.store,
            max_chars=self.max_chars,
            budget_s=self.budget_s,
        )


def test_the_answer_names_its_row_and_the_row_holds_counts_and_no_text() -> None:
    desk = Desk()
    found = desk.extract()(ExtractionRequest(text=NOTE), CALLER)
    row = desk.audit.rows[found.audit_id]
    assert (row.operation, dict(row.entity_counts)) == (Operation.EXTRACT, {"problems": 2, "medications": 1})
    assert "HTN" not in repr(row)
    answer = answer_of(found.extraction, found.audit_id)
    assert [one.assertion for one in answer.problems] == ["present", "negated"]
    assert answer.medications[0].frequency == "once daily"


def test_all_that_is_told_of_a_medicine_is_in_the_answer() -> None:
    note = "Amoxicillin 400 mg/5 mL suspension 5 mL po bid. Metoprolol succinate ER 50 mg prn palpitations."
    found = Desk().extract()(ExtractionRequest(text=note), CALLER)
    amoxicillin, metoprolol = answer_of(found.extraction, found.audit_id).medications
    assert (amoxicillin.strength, amoxicillin.dose, amoxicillin.unit) == ("400 mg/5 mL", "5", "mL")
    assert (metoprolol.drug, metoprolol.variant, metoprolol.as_needed) == ("metoprolol", "succinate er", True)


def test_without_its_row_there_is_no_answer() -> None:
    desk = Desk(audit=MemoryAuditLog(failing=AuditUnavailableError()))
    with pytest.raises(AuditUnavailableError):
        desk.extract()(ExtractionRequest(text=NOTE), CALLER)


def test_a_text_too_long_is_refused_before_it_is_touched() -> None:
    desk = Desk(max_chars=10)
    with pytest.raises(TextTooLongError):
        desk.extract()(ExtractionRequest(text=NOTE), CALLER)
    assert not desk.audit.rows


def test_a_text_that_takes_too_long_leaves_a_row_that_says_so() -> None:
    desk = Desk(budget_s=-1.0)
    with pytest.raises(RecognizerBudgetError):
        desk.extract()(ExtractionRequest(text=NOTE), CALLER)
    assert [row.outcome for row in desk.audit.rows.values()] == [Outcome.FAILED]


def test_an_uploaded_document_is_read_by_its_owner_with_offsets_in_its_text() -> None:
    desk = Desk()
    uploaded = desk.house.answered(b"Testpatient with HTN.\nDenies fever.", ANNA)
    request = ExtractionRequest(upload_id=uploaded.upload_id)
    found = desk.extract()(request, ANNA)
    answer = answer_of(found.extraction, found.audit_id)
    assert [uploaded.text[one.start : one.end] for one in answer.problems] == ["HTN", "fever"]
    with pytest.raises(ResourceUnknownError):
        desk.extract()(request, BERTA)
    with pytest.raises(ResourceUnknownError):
        desk.extract()(ExtractionRequest(upload_id=uuid.uuid4()), ANNA)
    assert len(desk.audit.rows) == 1


@pytest.mark.parametrize("body", [{}, {"text": "a", "upload_id": "00000000-0000-0000-0000-000000000000"}])
def test_a_request_names_a_text_or_a_document(body: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as raised:
        ExtractionRequest.model_validate(body)
    assert [error["type"] for error in raised.value.errors()] == ["one_of"]
