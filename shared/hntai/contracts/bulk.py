"""The manifest of a bulk: JSON lines or CSV, one patient a row."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from hntai.contracts.patient_summary import ModelWord, PatientId, PhiPolicy
from hntai.contracts.strict import Lenient
from hntai.domain.errors import InvalidRequestError
from hntai.domain.jobs import GenerationMode, TimeoutMode


class BulkRow(Lenient):
    """A request of POST /generate_patient_summary, without credentials: those of a bulk are a secret."""

    patientid: PatientId
    """The patient's id in the EHR."""
    patient_summarizer_model_name: ModelWord | None = None
    patient_summarizer_model_type: ModelWord | None = None
    generation_mode: GenerationMode = GenerationMode.RULE
    timeout_mode: TimeoutMode = TimeoutMode.EXTENDED
    phi_policy: PhiPolicy = PhiPolicy.LIMITED_DATASET


def read_manifest(lines: Iterable[str], *, is_csv: bool) -> Iterator[BulkRow]:
    """The rows in order; empty lines are passed over, in CSV empty cells too (the first line names columns).

    Raises:
        InvalidRequestError: a row is wrong; its line and the fields, never what stands in them.
    """
    for number, fields in _csv(lines) if is_csv else _json(lines):
        try:
            yield BulkRow.model_validate(fields)
        except ValidationError as error:
            wrong = sorted({str(one["loc"][0]) if one["loc"] else "row" for one in error.errors()})
            known = [name if name in {"row", *BulkRow.model_fields} else "unknown field" for name in wrong]
            raise InvalidRequestError(line=number, fields=known) from None


def _json(lines: Iterable[str]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError:
                raise InvalidRequestError(line=number, fields=["row"]) from None


def _csv(lines: Iterable[str]) -> Iterator[tuple[int, Any]]:
    reader = csv.DictReader(lines)
    for fields in reader:
        yield reader.line_num, {name: cell for name, cell in fields.items() if cell}
