"""GenerateSection: one section's statements, grounded before a word of them leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import chart_from_json
from hntai.domain.delta import build_delta
from hntai.domain.grounding import verify
from hntai.domain.jobs import GenerationMode, JobId
from hntai.domain.sections import section_statements
from hntai.domain.statements import Section, Statement
from hntai.services.run_steps.step import CHART, StepPorts

_PERCENT = dict(zip(Section, (60, 68, 76, 84), strict=True))


class GeneratedSection(TypedDict):
    """The state's output."""

    section: str
    statements: int
    removed: int
    fallbacks: list[str]


@dataclass(frozen=True, slots=True)
class GenerateSection:
    """Writes one section by rule. requested_mode tells whether rule was the plan or the way out."""

    step: StepPorts

    def __call__(self, job_id: JobId, section_name: str, mode: str, requested_mode: str) -> GeneratedSection:
        section = Section[section_name.upper()]
        assert GenerationMode(mode) is GenerationMode.RULE
        chart = chart_from_json(self.step.workspace.get(job_id, CHART))
        baseline = build_baseline(chart)
        written = section_statements(section, chart, baseline, build_delta(chart, baseline))
        verified = verify(written, chart)
        self.step.workspace.put(job_id, _kind(section), [_to_json(kept) for kept in verified.kept])
        shown = "\n".join((*self._stale(job_id, section), *(f"- {kept.text}" for kept in verified.kept)))
        self.step.tell(job_id, _PERCENT[section], "generate_section", section=section.value, delta=shown)
        return {
            "section": section_name,
            "statements": len(verified.kept),
            "removed": verified.removed,
            "fallbacks": [] if requested_mode == mode else ["section_by_rule"],
        }

    def _stale(self, job_id: JobId, section: Section) -> list[str]:
        """The warning that the record is a stored one stands before the first word of the first section."""
        is_first = section is Section.CLINICAL_ASSESSMENT
        warning = self.step.stale_warning(job_id) if is_first else ""
        return [stale_bullet(warning)] if warning else []


def stale_bullet(warning: str) -> str:
    """The warning as a bullet of the summary."""
    return f"- **{warning}**"


def read_statements(step: StepPorts, job_id: JobId) -> Sequence[Statement]:
    """What the four sections hold, in order."""
    return [
        _from_json(fields) for section in Section for fields in step.workspace.get(job_id, _kind(section))
    ]


def write_statements(step: StepPorts, job_id: JobId, statements: Sequence[Statement]) -> None:
    """Puts these in their sections' places."""
    for section in Section:
        own = [_to_json(statement) for statement in statements if statement.section is section]
        step.workspace.put(job_id, _kind(section), own)


def _kind(section: Section) -> str:
    return f"section/{section.name.lower()}"


def _to_json(statement: Statement) -> dict[str, Any]:
    return {
        "section": statement.section.value,
        "text": statement.text,
        "references": list(statement.references),
        "dates": list(statement.dates),
    }


def _from_json(fields: dict[str, Any]) -> Statement:
    return Statement(
        Section(fields["section"]), fields["text"], tuple(fields["references"]), tuple(fields["dates"])
    )
