"""What a rule is: a question to the chart, with its source and urgency; its answer is a suggestion."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from hntai.domain.chart.values import Chart
from hntai.domain.dates import Moment

CHART_PARTS = frozenset(
    {"age", "sex", "encounters", "problems", "drugs", "allergies", "results", "immunizations", "procedures"}
)


class Urgency(IntEnum):
    """In the order a plan is read."""

    NOW = 0
    THIS_VISIT = 1
    ROUTINE = 2

    @property
    def label(self) -> str:
        return ("Now", "This visit", "Routine")[self]


class Concern(StrEnum):
    """What a finding is about, which decides where it stands in the summary."""

    CRITICAL = "critical value"
    """On top of the assessment and of the guidance, and in the plan."""
    SAFETY = "safety conflict"
    """Likewise, after the critical values; where its finding is only routine, in the plan alone."""
    CARE = "care"
    """In the plan."""
    DATA = "data"
    """In the guidance: what the record lacks, contradicts, or cannot tell."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired. fact says what is so, in values of the chart; advice suggests what to consider."""

    fact: str
    advice: str
    references: tuple[str, ...]
    moments: tuple[Moment | None, ...]
    urgency: Urgency | None = None
    """Where it differs from the rule's."""


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    title: str
    source: str
    """Guideline or label, and its year; to be reviewed by a clinician."""
    concern: Concern
    urgency: Urgency
    find: Callable[[Chart], Iterable[Finding]]
    declared: tuple[str, ...] = ()
    """Phrases of its wording whose numbers come from the source, not from the chart."""
    inputs: tuple[str, ...] = ()
    """What it reads: keys of analytes, or the parts of a chart in `CHART_PARTS`."""
    may_be: tuple[Urgency, ...] = ()
    """Other urgencies its findings may have."""
    is_long_term: bool = False
    """Prevention and long-term treatment, which waits while a critical value stands."""

    @property
    def urgency_label(self) -> str:
        """`This visit, or Now`: its urgency, and those its findings may have instead."""
        return ", or ".join(urgency.label for urgency in (self.urgency, *self.may_be))


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding with the rule that made it."""

    rule: Rule
    finding: Finding

    @property
    def urgency(self) -> Urgency:
        return self.rule.urgency if self.finding.urgency is None else self.finding.urgency
