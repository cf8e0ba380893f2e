"""Assemble: the answer, from the sections, the chart and what the earlier states counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import chart_from_json
from hntai.domain.chart.values import DOCUMENT
from hntai.domain.delta import build_delta
from hntai.domain.jobs import JobId
from hntai.domain.sections import to_markdown
from hntai.domain.statements import Statement
from hntai.services.run_steps.generate_section import read_statements, stale_bullet
from hntai.services.run_steps.read_documents import documents_missed
from hntai.services.run_steps.step import CHART, RECORD, StepPorts

RESULT = "result"


@dataclass(frozen=True, slots=True)
class StateCounts:
    """What the states before this one put out."""

    record: Mapping[str, Any]
    mode: Mapping[str, Any]
    sections: Sequence[Mapping[str, Any]]
    verified: Mapping[str, Any]

    @property
    def fallbacks(self) -> list[str]:
        """Each once, in order."""
        named = [*self.record["fallbacks"], *self.mode["fallbacks"]]
        named += [name for section in self.sections for name in section["fallbacks"]]
        return list(dict.fromkeys(named))

    @property
    def model_used(self) -> str:
        """What wrote the sections: a model, the rules, or both, each named once."""
        return " + ".join(dict.fromkeys(str(section["model"]) for section in self.sections))

    @property
    def removed(self) -> int:
        return int(self.verified["removed"]) + sum(int(section["removed"]) for section in self.sections)


@dataclass(frozen=True, slots=True)
class Assemble:
    """Puts the answer together and keeps it, sealed."""

    step: StepPorts

    def __call__(self, job_id: JobId, counts: StateCounts) -> dict[str, int]:
        workspace = self.step.workspace
        chart = chart_from_json(workspace.get(job_id, CHART))
        baseline = build_baseline(chart)
        statements = read_statements(self.step, job_id)
        record = workspace.get(job_id, RECORD)
        stale = self.step.stale_warning(job_id)
        missed, of_documents = documents_missed(self.step, job_id)
        warnings = [*filter(None, [stale]), *of_documents, *record["warnings"], *chart.warnings]
        summary = to_markdown(statements)
        answer = {
            "summary": _stale_first(summary, stale) if stale else summary,
            "baseline": baseline.to_json(),
            "delta": build_delta(chart, baseline).to_json(),
            "timing": self._timing(job_id, counts),
            "model_used": counts.model_used,
            "timeout_mode_used": workspace.request(job_id).timeout_mode,
            "evidence": [_evidence(statement) for statement in statements],
            "warnings": warnings,
            "fallbacks": [*counts.fallbacks, *missed],
            "unsupported_removed": counts.removed,
            "job_id": str(job_id),
        }
        workspace.put(job_id, RESULT, answer)
        self.step.tell(job_id, 95, "assemble")
        return {"statements": len(statements), "removed": counts.removed}

    def _timing(self, job_id: JobId, counts: StateCounts) -> dict[str, float]:
        now = self.step.clock()
        total = now - self.step.jobs.get(job_id).created_at
        return {
            "ehr_api": counts.record["ehr_ms"] / 1000,
            "generation": round(now.timestamp() - counts.mode["started_ms"] / 1000, 3),
            "total": round(total.total_seconds(), 3),
        }


def _stale_first(summary: str, warning: str) -> str:
    """The warning as the first bullet of the first section."""
    heading, _, rest = summary.partition("\n")
    return f"{heading}\n{stale_bullet(warning)}\n{rest.lstrip(chr(10))}"


def _evidence(statement: Statement) -> dict[str, Any]:
    places = [_place(reference) for reference in statement.references if reference.startswith(DOCUMENT)]
    return {
        "section": statement.section.value,
        "statement": statement.text,
        "references": list(statement.references),
        "dates": list(statement.dates),
        **({"documents": places} if places else {}),
    }


def _place(reference: str) -> dict[str, Any]:
    """Of `Document/<upload_id>#<start>-<end>`."""
    upload_id, _, place = reference.removeprefix(DOCUMENT).partition("#")
    start, _, end = place.partition("-")
    return {"upload_id": upload_id, "start": int(start), "end": int(end)}
