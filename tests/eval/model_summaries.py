"""Summaries of evaluation bundles as production makes them, each sentence with who wrote it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import Chart, build_chart, chart_from_json, chart_to_json, known_values
from hntai.domain.deidentification import DeidentificationOptions, Policy, deidentify
from hntai.domain.delta import build_delta
from hntai.domain.errors import ModelError, ModelUnknownError
from hntai.domain.facts import FactSheet, fact_sheet
from hntai.domain.grounding import verify
from hntai.domain.jobs import GenerationMode
from hntai.domain.sections import section_statements, to_markdown
from hntai.domain.statements import Section, Statement
from hntai.services.run_steps.model_sections import ModelSections, WantedModel, Written
from tests.eval.kept_writing import KeptShelf

TODAY: Final = date(2026, 10, 20)
"""The same day at each run: prompts name ages of results, and what was written for them is kept."""


class Author(StrEnum):
    """Who wrote a statement."""

    MODEL = "model"
    PUT_BACK = "put back"
    """By rule, in a section of the model's: critical, or left out, or told wrongly."""
    RULE = "by rule"
    """In a section that fell to the rules, or was asked of them."""


@dataclass(frozen=True, slots=True)
class Told:
    statement: Statement
    author: Author
    is_copied: bool
    """Whether a rule says it with the very same words."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One patient's, in one mode."""

    name: str
    path: Path
    resources: list[dict[str, Any]]
    chart: Chart
    sheet: FactSheet
    told: tuple[Told, ...]
    unsupported_removed: int
    fallbacks: tuple[str, ...]
    """Causes, one for each section or call that fell to the rules."""
    seconds: tuple[float, ...]
    """Of each call of the model, when it was made."""

    @property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(one.statement for one in self.told)

    @property
    def markdown(self) -> str:
        return to_markdown(self.statements)

    @property
    def words(self) -> int:
        return len(self.markdown.split())


@dataclass(frozen=True, slots=True)
class Summaries:
    """Writes them, the model asked only for what it has not written before."""

    shelf: KeptShelf
    wanted: WantedModel
    budget_s: float

    def __call__(self, path: Path, mode: GenerationMode) -> Summary:
        resources = [entry["resource"] for entry in json.loads(path.read_text("utf-8"))["entry"]]
        chart = chart_of(resources)
        by_rule = _by_rule(chart)
        before = self._seconds()
        parts = [self._part(sections, by_rule, chart) for sections in _calls(mode)]
        if not parts:
            parts = [_part_by_rule(tuple(Section), by_rule, "")]
        told = [one for part in parts for one in part.told]
        verified = verify([one.statement for one in told], chart)
        kept = {id(statement) for statement in verified.kept}
        return Summary(
            name=path.stem,
            path=path,
            resources=resources,
            chart=chart,
            sheet=fact_sheet(by_rule, chart),
            told=tuple(one for one in told if id(one.statement) in kept),
            unsupported_removed=verified.removed + sum(part.removed for part in parts),
            fallbacks=tuple(part.cause for part in parts if part.cause),
            seconds=tuple(self._seconds()[len(before) :]),
        )

    def _part(self, sections: tuple[Section, ...], by_rule: Sequence[Statement], chart: Chart) -> _Part:
        told: list[Statement] = []
        write = ModelSections(self.shelf, self.budget_s)
        try:
            written = write(self.wanted, sections, by_rule, chart, told.append)
        except (ModelError, ModelUnknownError) as error:
            return _part_by_rule(sections, by_rule, str(error.details.get("cause", "failed")))
        return _part_by_model(written, by_rule, chart)

    def _seconds(self) -> list[float]:
        return [writing.seconds for model in self.shelf.opened.values() for writing in model.written]


@dataclass(frozen=True, slots=True)
class _Part:
    told: tuple[Told, ...]
    removed: int
    cause: str


def _calls(mode: GenerationMode) -> list[tuple[Section, ...]]:
    """The sections each call of the model is for."""
    if mode is GenerationMode.RULE:
        return []
    return [tuple(Section)] if mode is GenerationMode.FAST else [(section,) for section in Section]


def _part_by_rule(sections: Sequence[Section], by_rule: Sequence[Statement], cause: str) -> _Part:
    own = [statement for statement in by_rule if statement.section in sections]
    return _Part(tuple(Told(statement, Author.RULE, True) for statement in own), 0, cause)


def _part_by_model(written: Written, by_rule: Sequence[Statement], chart: Chart) -> _Part:
    rules = {s.text for s in by_rule} | {fact.statement.text for fact in fact_sheet(by_rule, chart).facts}
    told = [
        Told(s, Author.MODEL if s in written.by_model else Author.PUT_BACK, s.text in rules)
        for s in written.statements
    ]
    return _Part(tuple(told), written.unsupported_removed, "")


def chart_of(resources: list[dict[str, Any]]) -> Chart:
    """As the states of a run hand it on: scrubbed, through JSON."""
    patient_id = next(r["id"] for r in resources if r["resourceType"] == "Patient")
    options = DeidentificationOptions(
        policy=Policy.limited_dataset, known=known_values(resources, patient_id)
    )
    chart = build_chart(
        resources,
        patient_id=patient_id,
        today=TODAY,
        scrub=lambda text: deidentify(text, options).scrubbed_text,
    )
    return chart_from_json(json.loads(json.dumps(chart_to_json(chart))))


def _by_rule(chart: Chart) -> tuple[Statement, ...]:
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    return tuple(s for section in Section for s in section_statements(section, chart, baseline, delta))


def bundles(folder: Path) -> list[Path]:
    """The patients, then the traps."""
    found = [
        p for part in ("patients", "traps") for p in sorted((folder / part).glob("[a-z][0-9][0-9]*.json"))
    ]
    return [path for path in found if ".expect." not in path.name]
