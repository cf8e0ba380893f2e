"""What an uploaded document says of the patient, as entries a chart can be built from.

A document is read by the extraction rules; only what it says is so, of the patient, becomes an entry. Of
what it says is not so, or over, problems, drugs and allergies are kept, to be held against the record. Of its
words only names of problems, drugs, substances, reactions and results are taken over, none that touch an
identifier.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from hntai.domain.chart.planted import is_order
from hntai.domain.chart.values import DocumentSource
from hntai.domain.dates import Moment, parse_moment
from hntai.domain.deidentification import DeidentificationOptions, Policy, find_phi
from hntai.domain.extraction.entities import Assertion, Entity, Kind
from hntai.domain.extraction.extract import extract
from hntai.domain.extraction.fhir_bundle import may_go_on, resource_of
from hntai.domain.known_values import KnownValues, known_spans
from hntai.domain.spans import PhiType, Span
from hntai.domain.uploaded.dating import DatedLines

MOST_ENTRIES: Final = 2_000
"""Of one document; those that stand first. A chart of more serves nobody, and takes time to hold together."""
Json = dict[str, Any]
TAKEN_FOR: Final = {
    Kind.PROBLEMS: "Condition",
    Kind.MEDICATIONS: "MedicationStatement",
    Kind.ALLERGIES: "AllergyIntolerance",
    Kind.VITALS: "Observation",
    Kind.LABS: "Observation",
    Kind.PROCEDURES: "Procedure",
    Kind.IMMUNIZATIONS: "Immunization",
}
"""The kinds that are taken over; family and social history stay in the document."""
_PRODUCTS: Final = frozenset(
    {"tablet", "capsule", "cream", "ointment", "gel", "lotion", "patch", "inhaler", "solution", "injection"}
)
"""Forms that tell one product of a drug from another."""
_NO_NAMES: Final = frozenset({PhiType.DATE, PhiType.AGE})


@dataclass(frozen=True, slots=True)
class UploadedText:
    """The text of a document as its upload was answered."""

    upload_id: str
    text: str
    uploaded: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing a document says; is_denied: it says that it is not so, or no longer."""

    resource: Json
    """FHIR R4, its id `<upload_id>#<start>-<end>` in code points of the text."""
    is_denied: bool


@dataclass(frozen=True, slots=True)
class UploadedDocument:
    """What was read of a document."""

    source: DocumentSource
    entries: tuple[Entry, ...]
    left_out: Mapping[str, int]
    """By reasons of chart/warnings.py."""
    names_patient: bool
    identifiers: Mapping[str, int]
    """How many of each type stand in it."""

    def to_json(self) -> Json:
        source = self.source
        return {
            "upload_id": source.upload_id,
            "at": source.at.written,
            "is_date_stated": source.is_date_stated,
            "entries": [[entry.resource, entry.is_denied] for entry in self.entries],
            "left_out": dict(self.left_out),
            "names_patient": self.names_patient,
            "identifiers": dict(self.identifiers),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> UploadedDocument:
        at = parse_moment(told["at"])
        assert at is not None  # as to_json wrote it
        return cls(
            DocumentSource(told["upload_id"], at, told["is_date_stated"]),
            tuple(Entry(resource, is_denied) for resource, is_denied in told["entries"]),
            told["left_out"],
            told["names_patient"],
            told["identifiers"],
        )


def read_document(
    uploaded: UploadedText,
    known: KnownValues,
    patient_names: Iterable[str],
    policy: Policy,
    has_time: Callable[[], bool],
) -> UploadedDocument:
    """What the document says of the patient.

    known: what the record knows of everyone in it. patient_names: of these, the patient's own.

    Raises:
        RecognizerBudgetError: time was up before all was read.
    """
    text, lines = uploaded.text, DatedLines(uploaded.text)
    spans = find_phi(text, DeidentificationOptions(policy=policy, known=known), has_time)
    stated = lines.written(uploaded.uploaded)
    at = stated or parse_moment(uploaded.uploaded.isoformat())
    assert at is not None
    left_out: Counter[str] = Counter()
    clean = _clean(extract(text, has_time).entities, spans, lines.line_at, left_out)
    reading = _Reading(uploaded.upload_id, at, lines, left_out)
    entries = list(filter(None, map(reading.entry, clean)))
    left_out["document_more"] = max(0, len(entries) - MOST_ENTRIES)
    own = KnownValues(names=tuple(patient_names))
    return UploadedDocument(
        source=DocumentSource(uploaded.upload_id, at, stated is not None),
        entries=tuple(entries[:MOST_ENTRIES]),
        left_out=left_out,
        names_patient=any(True for _ in known_spans(text, own)),
        identifiers=Counter(span.type.value for span in spans),
    )


def _clean(
    entities: Iterable[Entity],
    spans: Iterable[Span],
    line_at: Callable[[int], str],
    left_out: Counter[str],
) -> Iterator[Entity]:
    """The entities of which no word is part of a name or number of somebody, nor of an order to a writer."""
    taken = [(span.start, span.end) for span in spans if span.type not in _NO_NAMES]
    for one in entities:
        until = max(one.end, one.told_to)
        if any(start < until and one.start < end for start, end in taken):
            left_out["document_withheld"] += 1
        elif is_order(line_at(one.start)):
            left_out["document_order"] += 1
        else:
            yield one


@dataclass(frozen=True, slots=True)
class _Reading:
    upload_id: str
    at: Moment
    lines: DatedLines
    left_out: Counter[str]

    def entry(self, one: Entity) -> Entry | None:
        """The entity as an entry; nothing, and a count, where it is none."""
        is_denied = _is_denied(one)
        if one.kind not in TAKEN_FOR or not (is_denied or _is_so(one)):
            self.left_out["document_not_present"] += 1
            return None
        resource = self._resource(one, is_denied=is_denied)
        if not resource:
            self.left_out["document_undated"] += 1
            return None
        return Entry({**resource, "id": f"{self.upload_id}#{one.start}-{one.end}"}, is_denied)

    def _resource(self, one: Entity, *, is_denied: bool) -> Json:
        """The resource with its day; nothing of what has no day though it needs one."""
        resource = _said(one, is_denied=is_denied)
        told = self.lines.told(one.start, one.end)
        if one.kind in (Kind.PROBLEMS, Kind.ALLERGIES):
            onset = self.lines.onset(one.end) if one.kind is Kind.PROBLEMS and not is_denied else None
            began = {"onsetDateTime": onset.written} if onset and onset.written <= self.at.written else {}
            return {**resource, **began, "recordedDate": self.at.written}
        if one.kind in (Kind.VITALS, Kind.LABS):
            return {**resource, "status": "final", "effectiveDateTime": (told or self.at).written}
        if one.kind is Kind.MEDICATIONS:
            return resource
        field = "performedDateTime" if one.kind is Kind.PROCEDURES else "occurrenceDateTime"
        return {**resource, field: told.written} if told else {}


def _said(one: Entity, *, is_denied: bool) -> Json:
    """As a resource, without a sentence of the document and without its judgement of a figure."""
    details = {name: value for name, value in one.details.items() if name not in ("sig", "flag")}
    if is_denied:
        details["status"] = "active"
    is_kept = one.assertion is Assertion.POSSIBLE or may_go_on(one)
    assertion = one.assertion if is_kept else Assertion.PRESENT
    if details.get("form") in _PRODUCTS:
        details["drug"] = f"{details['drug']} {details['form']}"
    resource = resource_of(replace(one, assertion=assertion, details=details))
    for field in ("code", "medicationCodeableConcept", "vaccineCode"):
        if field in resource:
            name = resource[field]["text"]
            resource[field]["text"] = name[:1].upper() + name[1:]
    return resource


def _is_so(one: Entity) -> bool:
    """Whether it is said of the patient as so; of problems also what is only thought so, or may go on."""
    if one.kind is Kind.PROBLEMS and (one.assertion is Assertion.POSSIBLE or may_go_on(one)):
        return True
    return one.assertion is Assertion.PRESENT


def _is_denied(one: Entity) -> bool:
    """Whether a problem or allergies are said to be absent, or a drug not to be taken any more."""
    if one.kind is Kind.MEDICATIONS:
        return one.details.get("status") == "stopped" or one.assertion is Assertion.NEGATED
    return one.kind in (Kind.PROBLEMS, Kind.ALLERGIES) and one.assertion is Assertion.NEGATED
