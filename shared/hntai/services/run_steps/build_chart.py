"""BuildChart: the record as a chart, every text of it scrubbed on the way in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from hntai.contracts.patient_summary import PhiPolicy
from hntai.domain.chart import build_chart, chart_to_json, known_values
from hntai.domain.dates import DateStyle
from hntai.domain.deidentification import DeidentificationOptions, deidentify
from hntai.domain.jobs import JobId
from hntai.domain.known_values import KnownValues
from hntai.domain.uploaded.merge import with_documents
from hntai.ports import Digests, StoredRecord, StoredRecords
from hntai.services.run_steps.fetch_record import patient_key
from hntai.services.run_steps.read_documents import POLICIES, documents_read
from hntai.services.run_steps.step import CHART, KNOWN, PHI_COUNTS, RECORD, StepPorts
from hntai.services.run_workspace import RunRequest

_STYLES = {PhiPolicy.LIMITED_DATASET: DateStyle.ABSOLUTE, PhiPolicy.SAFE_HARBOR: DateStyle.RELATIVE}


@dataclass(frozen=True, slots=True)
class BuildChart:
    """Builds the chart of a run, uploaded documents beside the record.

    A record that proved to be the patient's is kept for the next outage.
    """

    step: StepPorts
    stored_records: StoredRecords
    digests: Digests

    def __call__(self, job_id: JobId) -> dict[str, int]:
        """How many resources went in and warnings came out.

        Raises:
            EhrWrongPatientError, EhrAnswerInvalidError: it is not this patient's record.
        """
        workspace = self.step.workspace
        request = workspace.request(job_id)
        record = workspace.get(job_id, RECORD)
        policy = PhiPolicy(request.phi_policy)
        known = known_values(record["resources"], request.patient_id)
        scrubber = _Scrubber(DeidentificationOptions(policy=POLICIES[policy], known=known))
        chart = build_chart(
            record["resources"],
            patient_id=request.patient_id,
            today=datetime.fromisoformat(record["retrieved_at"]).date(),
            scrub=scrubber,
            date_style=_STYLES[policy],
        )
        documents = documents_read(self.step, job_id)
        for document in documents:
            scrubber.counts.update(document.identifiers)
        chart = with_documents(
            chart,
            documents,
            resources=record["resources"],
            patient_id=request.patient_id,
            scrub=scrubber,
        )
        workspace.put(job_id, CHART, chart_to_json(chart))
        workspace.put(job_id, KNOWN, asdict(known))
        workspace.put(job_id, PHI_COUNTS, dict(scrubber.counts))
        if not record["is_stored"]:
            self._store(job_id, request, record)
        self.step.tell(job_id, 45, "build_chart", resources=len(record["resources"]))
        return {"resources": len(record["resources"]), "warnings": len(chart.warnings)}

    def _store(self, job_id: JobId, request: RunRequest, record: Mapping[str, Any]) -> None:
        key = patient_key(self.digests, self.step.jobs.get(job_id), request.patient_id)
        sealed = self.step.workspace.seal_record(key, record["resources"], record["warnings"])
        retrieved_at = datetime.fromisoformat(record["retrieved_at"])
        self.stored_records.put(key, StoredRecord(sealed, retrieved_at))


def known_from_json(fields: dict[str, list[str]]) -> KnownValues:
    return KnownValues(**{name: tuple(values) for name, values in fields.items()})


@dataclass(slots=True)
class _Scrubber:
    """Scrubs a text once, however often the record repeats it, and counts what it found."""

    options: DeidentificationOptions
    counts: Counter[str] = field(default_factory=Counter)
    seen: dict[str, str] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        if text not in self.seen:
            found = deidentify(text, self.options)
            self.counts.update(found.counts)
            self.seen[text] = found.scrubbed_text
        return self.seen[text]
