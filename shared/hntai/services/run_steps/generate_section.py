"""GenerateSection: a section's statements, by a model or by rule, grounded before a word of them leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import Chart, chart_from_json
from hntai.domain.delta import build_delta
from hntai.domain.errors import ModelError, ModelUnknownError
from hntai.domain.grounding import verify
from hntai.domain.jobs import GenerationMode, JobId
from hntai.domain.sections import section_statements
from hntai.domain.statements import Section, Statement
from hntai.domain.uploaded.marks import marked
from hntai.services.run_steps.model_sections import ModelSections, WantedModel, Written
from hntai.services.run_steps.step import CHART, StepPorts

ALL_SECTIONS = "all"
"""The name under which the Map asks for all four sections in one call: mode `fast`."""
RULES = "hntai-rules@1"
"""The model name of sections written by rule."""
_PERCENT = dict(zip(Section, (60, 68, 76, 84), strict=True))


class GeneratedSection(TypedDict):
    """The state's output."""

    section: str
    statements: int
    removed: int
    fallbacks: list[str]
    model: str


@dataclass(frozen=True, slots=True)
class GenerateSection:
    """Writes one section, or all four. requested_mode tells whether rule was the plan or the way out."""

    step: StepPorts
    models: ModelSections

    def __call__(self, job_id: JobId, section_name: str, mode: str, requested_mode: str) -> GeneratedSection:
        sections = tuple(Section) if section_name == ALL_SECTIONS else (Section[section_name.upper()],)
        chart = chart_from_json(self.step.workspace.get(job_id, CHART))
        fallbacks = [] if requested_mode == mode else ["section_by_rule"]
        teller = _Teller(self.step, job_id, self.step.stale_warning(job_id))
        try:
            if GenerationMode(mode) is GenerationMode.RULE:
                written = _by_rule(sections, chart)
            else:
                written = self._by_model(job_id, sections, chart, teller)
        except (ModelError, ModelUnknownError) as error:
            fallbacks = [f"model_{error.details.get('cause', 'failed')}", "section_by_rule"]
            written = _by_rule(sections, chart)
        verified = verify([marked(chart, statement) for statement in written.statements], chart)
        for section in sections:
            own = [kept for kept in verified.kept if kept.section is section]
            self.step.workspace.put(job_id, _kind(section), [_to_json(kept) for kept in own])
            teller.tell_rest(section, own)
        return {
            "section": section_name,
            "statements": len(verified.kept),
            "removed": verified.removed + written.unsupported_removed,
            "fallbacks": fallbacks,
            "model": written.model if written.by_model else RULES,
        }

    def _by_model(self, job_id: JobId, sections: Sequence[Section], chart: Chart, teller: _Teller) -> Written:
        request = self.step.workspace.request(job_id)
        wanted = WantedModel(request.model_name, request.model_type)

        def tell_grounded(statement: Statement) -> None:
            told = marked(chart, statement)
            if verify((told,), chart).kept:
                teller.tell(told)

        return self.models(wanted, sections, _statements(Section, chart), chart, tell_grounded)


@dataclass(slots=True)
class _Teller:
    """Progress events with the sentences of a section, each once."""

    step: StepPorts
    job_id: JobId
    stale_warning: str
    """Stands before the first word of the first section where the record is a stored one."""
    _told: set[str] = field(default_factory=set)

    def tell(self, statement: Statement) -> None:
        self._told.add(statement.text)
        self._send(statement.section, f"- {statement.text}\n")

    def tell_rest(self, section: Section, statements: Sequence[Statement]) -> None:
        """In one event what was not told yet; a section of which all was told needs none."""
        rest = [statement for statement in statements if statement.text not in self._told]
        if rest or not statements:
            self._send(section, "\n".join(f"- {statement.text}" for statement in rest))

    def _send(self, section: Section, delta: str) -> None:
        if self.stale_warning and section is Section.CLINICAL_ASSESSMENT:
            delta, self.stale_warning = f"{stale_bullet(self.stale_warning)}\n{delta}", ""
        percent = _PERCENT[section]
        self.step.tell(self.job_id, percent, "generate_section", section=section.value, delta=delta)


def _by_rule(sections: Sequence[Section], chart: Chart) -> Written:
    return Written(_statements(sections, chart), 0, RULES)


def _statements(sections: Iterable[Section], chart: Chart) -> tuple[Statement, ...]:
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    return tuple(s for section in sections for s in section_statements(section, chart, baseline, delta))


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
