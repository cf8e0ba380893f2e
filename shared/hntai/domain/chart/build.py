"""The chart of one patient, built from the FHIR resources an EHR answered with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from hntai.domain.chart.admission import admitted, by_reference, newest_versions, own_patient
from hntai.domain.chart.context import Reading
from hntai.domain.chart.courses import courses_from
from hntai.domain.chart.events import (
    merged_allergies,
    read_allergy,
    read_encounter,
    read_immunization,
    read_note,
    read_patient,
    read_procedure,
)
from hntai.domain.chart.known import identifier_texts, naming_texts
from hntai.domain.chart.medications import read_order
from hntai.domain.chart.observations import read_results
from hntai.domain.chart.problems import merged_problems, read_problem
from hntai.domain.chart.results import settled_results
from hntai.domain.chart.timeline import newest_and_previous
from hntai.domain.chart.values import Chart, Doubt, Encounter, Fact, Patient, Result
from hntai.domain.chart.warnings import warning_sentences
from hntai.domain.dates import DateStyle
from hntai.domain.fhir import Resource, string
from hntai.domain.reference_ranges import ADULT_YEARS

_A_DAY = timedelta(days=1)
F = TypeVar("F", bound=Fact)


def build_chart(
    resources: Iterable[Mapping[str, object]],
    *,
    patient_id: str,
    today: date,
    scrub: Callable[[str], str],
    date_style: DateStyle = DateStyle.ABSOLUTE,
) -> Chart:
    """The chart of patient_id as it stands on today.

    resources: FHIR R4 resources, taken out of their bundles. scrub: removes identifiers from a text; applied
    to every display and text that is taken over. What is left out is counted in the chart's warnings.

    Raises:
        EhrWrongPatientError: the resources are another patient's.
        EhrAnswerInvalidError: the resources hold no patient.
    """
    left_out: Counter[str] = Counter()
    versions = newest_versions(resources, left_out)
    own = own_patient(versions, patient_id)
    index = by_reference(versions)
    entries = admitted(versions, patient_id, index, left_out)
    hides_dates = date_style is DateStyle.RELATIVE
    reading = Reading(
        patient_id,
        index,
        scrub,
        identifier_texts(versions, patient_id),
        left_out,
        naming_texts(versions, patient_id),
        hides_dates,
    )
    return _chart(_Entries(entries, reading), read_patient(own, today), today, date_style)


class _Entries:
    """The admitted resources, read kind by kind; what lies in the future of every encounter is left out."""

    def __init__(self, entries: Sequence[Resource], reading: Reading) -> None:
        self._reading = reading
        self._by_kind: dict[str, list[Resource]] = {}
        for entry in entries:
            self._by_kind.setdefault(string(entry.get("resourceType")), []).append(entry)
        self.horizon = date.max
        self.left_out = reading.left_out
        self.count = len(entries)

    def read(self, read: Callable[[Resource, Reading], F | None], *kinds: str) -> tuple[F, ...]:
        facts = (read(entry, self._reading) for kind in kinds for entry in self._by_kind.get(kind, ()))
        return tuple(self._until_horizon(fact for fact in facts if fact is not None))

    def results(self, patient: Patient) -> tuple[Result, ...]:
        observations = self._by_kind.get("Observation", ())
        found = (result for entry in observations for result in read_results(entry, self._reading, patient))
        return settled_results(self._until_horizon(found), is_adult=(patient.age or 0) >= ADULT_YEARS)

    def _until_horizon(self, facts: Iterable[F]) -> Iterator[F]:
        horizon = self.horizon.isoformat()
        for fact in facts:
            if fact.at is not None and fact.at.written > horizon:  # a partial date sorts before its days
                self.left_out["after_today"] += 1
            else:
                yield fact


def _chart(entries: _Entries, patient: Patient, today: date, date_style: DateStyle) -> Chart:
    encounters = tuple(sorted(entries.read(read_encounter, "Encounter"), key=_by_time))
    entries.horizon = max(
        [today + _A_DAY, *(moment.day for e in encounters for moment in (e.at, e.end) if moment)]
    )
    problems = merged_problems(entries.read(read_problem, "Condition"))
    orders = entries.read(read_order, "MedicationRequest", "MedicationStatement")
    allergies = merged_allergies(entries.read(read_allergy, "AllergyIntolerance"))
    results = entries.results(patient)
    immunizations = entries.read(read_immunization, "Immunization")
    procedures = entries.read(read_procedure, "Procedure")
    notes = entries.read(read_note, "DiagnosticReport", "DocumentReference", "Composition")
    facts: tuple[Fact, ...] = (*problems, *orders, *allergies, *results, *immunizations, *procedures)
    newest, previous = newest_and_previous(encounters, facts)
    _count(entries, encounters, results, today)
    return Chart(
        patient=patient,
        today=today,
        date_style=date_style,
        newest=newest,
        previous=previous,
        encounters=encounters,
        problems=problems,
        orders=orders,
        courses=courses_from(orders),
        allergies=allergies,
        results=results,
        immunizations=immunizations,
        procedures=procedures,
        notes=notes,
        warnings=warning_sentences(entries.left_out),
        counts={reason: count for reason, count in sorted(entries.left_out.items()) if count},
    )


def _count(
    entries: _Entries, encounters: Sequence[Encounter], results: Sequence[Result], today: date
) -> None:
    """What is kept but must be told of, counted beside what was left out."""
    doubts = Counter(str(result.doubt) for result in results if result.doubt is not Doubt.NONE)
    entries.left_out.update(doubts)
    entries.left_out["no_encounter"] = int(not encounters)
    entries.left_out["empty"] = int(entries.count == 0)
    entries.left_out["future_encounter"] = int(any(e.at and e.at.day > today + _A_DAY for e in encounters))


def _by_time(encounter: Encounter) -> tuple[int, tuple[str, ...]]:
    return encounter.at.instant if encounter.at else 0, encounter.references
