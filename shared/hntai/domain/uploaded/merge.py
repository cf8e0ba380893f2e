"""A chart with what uploaded documents say beside what the record says.

The record comes first: what it says too is told once, as the record's; where a document says otherwise, the
record stays as it is and the conflict is told; what only a document says is added and keeps its mark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from hntai.domain.chart.admission import newest_versions
from hntai.domain.chart.context import Reading
from hntai.domain.chart.courses import courses_from
from hntai.domain.chart.events import read_allergy, read_immunization, read_procedure
from hntai.domain.chart.known import identifier_texts, naming_texts
from hntai.domain.chart.medications import read_order
from hntai.domain.chart.observations import read_results
from hntai.domain.chart.problems import merged_problems, read_problem
from hntai.domain.chart.results import settled_results
from hntai.domain.chart.timeline import is_stale
from hntai.domain.chart.values import DOCUMENT, Chart, DocumentSource, Event, Fact
from hntai.domain.chart.warnings import warning_sentences
from hntai.domain.fhir import Resource, string
from hntai.domain.reference_ranges import ADULT_YEARS
from hntai.domain.uploaded.against import Against, Held
from hntai.domain.uploaded.entries import Entry, UploadedDocument

_A_DAY: Final = timedelta(days=1)
_READERS: Final[Mapping[str, Callable[[Resource, Reading], Fact | None]]] = {
    "Condition": read_problem,
    "MedicationStatement": read_order,
    "AllergyIntolerance": read_allergy,
    "Procedure": read_procedure,
    "Immunization": read_immunization,
}


class DocumentReading(Reading):
    """Reads a document's entries as a record's are read: scrubbed, and held to the names the record knows."""

    def evidence(self, resource: Resource) -> str:
        """The document and the place in it; ids of ours, which tell nothing of anyone."""
        return f"{DOCUMENT}{string(resource.get('id'))}"


def with_documents(
    chart: Chart,
    documents: Sequence[UploadedDocument],
    *,
    resources: Iterable[Mapping[str, object]],
    patient_id: str,
    scrub: Callable[[str], str],
) -> Chart:
    """The chart with what the documents add. resources, patient_id, scrub: those it was built with."""
    if not documents:
        return chart
    left_out: Counter[str] = Counter()
    versions = newest_versions(resources, Counter())
    reading = DocumentReading(
        patient_id,
        {},
        scrub,
        identifier_texts(versions, patient_id),
        left_out,
        naming_texts(versions, patient_id),
    )
    sources = tuple(document.source for document in documents)
    addition = _Addition(replace(chart, documents=sources), reading)
    for document in documents:
        left_out.update(document.left_out)
        for entry in document.entries:
            addition.take(entry, document.source)
    return addition.chart(documents)


@dataclass(slots=True)
class _Addition:
    """What is added to a chart, entry by entry."""

    base: Chart
    reading: DocumentReading
    held: Held = field(default_factory=Held)

    def take(self, entry: Entry, source: DocumentSource) -> None:
        """Reads the entry, and holds it against the record and what was added before it."""
        against = Against(self.base, self.held, source)
        if entry.resource["resourceType"] == "Observation":
            for result in read_results(entry.resource, self.reading, self.base.patient):
                if self._is_in_time(result):
                    against.result(result)
            return
        fact = _READERS[entry.resource["resourceType"]](entry.resource, self.reading)
        if fact is None or not self._is_in_time(fact):
            return
        if entry.resource["resourceType"] == "MedicationStatement" and is_stale(self.base, source.at):
            self.reading.left_out["document_old_drug"] += 1
            return
        if isinstance(fact, Event):
            is_procedure = entry.resource["resourceType"] == "Procedure"
            listed = self.base.procedures if is_procedure else self.base.immunizations
            against.event(fact, listed, self.held.procedures if is_procedure else self.held.immunizations)
        else:
            against.fact(fact, is_denied=entry.is_denied)

    def _is_in_time(self, fact: Fact) -> bool:
        """As build_chart has it: nothing of after today and every encounter."""
        if fact.at is not None and fact.at.written > _horizon(self.base).isoformat():
            self.reading.leave_out("after_today")
            return False
        return True

    def chart(self, documents: Sequence[UploadedDocument]) -> Chart:
        base, held, left_out = self.base, self.held, self.reading.left_out
        left_out["document_conflicts"] += held.untold
        orders = tuple(held.confirmed(order) for order in base.orders) + tuple(held.orders)
        results = (*(held.confirmed(result) for result in base.results), *held.results)
        problems = (*(held.confirmed(problem) for problem in base.problems), *held.problems)
        allergies = (*(held.confirmed(allergy) for allergy in base.allergies), *held.allergies)
        return replace(
            base,
            problems=tuple(sorted(merged_problems(problems), key=lambda p: p.references[0] in held.added)),
            orders=orders,
            courses=courses_from(orders),
            allergies=allergies,
            results=settled_results(results, is_adult=(base.patient.age or 0) >= ADULT_YEARS),
            immunizations=(*base.immunizations, *held.immunizations),
            procedures=(*base.procedures, *held.procedures),
            conflicts=tuple(held.conflicts),
            warnings=(
                *base.warnings,
                *(_told_of(base, document) for document in documents),
                *(conflict.text for conflict in held.conflicts),
                *warning_sentences(left_out),
            ),
            counts={**base.counts, **_added(base.counts, left_out)},
        )


def _added(counts: Mapping[str, int], left_out: Mapping[str, int]) -> dict[str, int]:
    return {reason: counts.get(reason, 0) + count for reason, count in sorted(left_out.items()) if count}


def _horizon(chart: Chart) -> date:
    ends = (moment.day for e in chart.encounters for moment in (e.at, e.end) if moment)
    return max([chart.today + _A_DAY, *ends])


def _told_of(chart: Chart, document: UploadedDocument) -> str:
    """Which document, what it is dated by, and whether it names the patient."""
    source = document.source
    day = chart.day(source.at)
    dated = f"dated {day} by itself" if source.is_date_stated else f"without a date, as of its upload {day}"
    doubt = "" if document.names_patient else "; it does not name this patient, check whose it is"
    return f"Uploaded document {source.upload_id}: {dated}{doubt}."
