"""Problems from Condition resources: status obeyed, repeats merged, social findings told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from hntai.domain.chart.context import Reading
from hntai.domain.chart.values import Problem
from hntai.domain.dates import Moment, parse_moment
from hntai.domain.fhir import Resource, codes, displays, mapping, status

_ACTIVE = {"active", "recurrence", "relapse"}
_OVER = {"inactive", "remission", "resolved"}
_SOCIAL = re.compile(r"\((?:finding|situation)\)\s*\Z", re.IGNORECASE)
_NOT_A_DISEASE = re.compile(
    r"^(?:family|personal|past)?\s*history of\b|\bfamily history\b|^(?:f/?h|h/o)\b"
    r"|^(?:no|not|denies|without)\b|^(?:negative|absence) (?:for|of)\b|\bruled out\b"
    r"|\bscreening\b|^encounter for\b|^(?:at )?risk (?:of|for)\b",
    re.IGNORECASE,
)
"""Names of histories, absences, screenings and risks: told, but never as a disease the patient has."""
_EXAMINATION = re.compile(r"Z(?:0\d|1[0-3]|8[0-4])(?:\.\w+)?\Z")
"""ICD-10-CM 2025: examinations and screenings Z00-Z13, family histories Z80-Z84."""
_SUSPECTED = re.compile(r"^(?:rule out|r/o|suspected|possible|probable|query)\b|^\?|\?\Z", re.IGNORECASE)
_STANDARD_CODE = re.compile(r"(?:\d{6,18}|[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)\Z")
"""SNOMED CT and ICD-10-CM, by their shape."""
_UNCONFIRMED = {"unconfirmed", "provisional", "differential"}


def read_problem(resource: Resource, reading: Reading) -> Problem | None:
    """The problem, unless it was refuted or bears no name."""
    if status(resource, "verificationStatus") in ("refuted", "entered-in-error"):
        reading.leave_out("refuted")
        return None
    concept = resource.get("code")
    name = reading.name(concept) or reading.coded("Diagnosis", concept)
    if not name:
        reading.leave_out("nameless")
        return None
    recorded = parse_moment(resource.get("recordedDate"))
    onset = parse_moment(resource.get("onsetDateTime")) or parse_moment(
        mapping(resource.get("onsetPeriod")).get("start")
    )
    ended = parse_moment(resource.get("abatementDateTime")) or parse_moment(
        mapping(resource.get("abatementPeriod")).get("end")
    )
    state = status(resource, "clinicalStatus")
    fact = reading.fact(resource, onset or recorded)
    return Problem(
        references=fact.references,
        at=fact.at,
        encounter=fact.encounter,
        name=name,
        codes=tuple(code for _, code in codes(concept)),
        is_active=state in _ACTIVE or (state not in _OVER and not _is_abated(resource)),
        is_confirmed=status(resource, "verificationStatus") not in _UNCONFIRMED
        and not _SUSPECTED.search(name),
        is_status_recorded=state in _ACTIVE | _OVER,
        is_social=_is_no_disease(name, concept),
        recorded=recorded,
        resolved=ended,
    )


def _is_no_disease(name: str, concept: object) -> bool:
    return (
        any(_SOCIAL.search(display) for display in displays(concept))
        or _NOT_A_DISEASE.search(name) is not None
        or any(_EXAMINATION.match(code) for _, code in codes(concept))
    )


def _is_abated(resource: Resource) -> bool:
    """Whether the record says that it is over, be it by a date, an age, a range or in words."""
    said = [value for name, value in resource.items() if name.startswith("abatement")]
    return any(value is not False and value not in (None, "", {}) for value in said)


def merged_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Oldest first; an active problem stands once, with the oldest onset of its repeats."""
    by_name: dict[str, Problem] = {}
    for problem in sorted(problems, key=_by_onset):
        key = _what(problem) if problem.is_active else problem.references[0]
        earlier = by_name.get(key)
        by_name[key] = _joined(earlier, problem) if earlier else problem
    return tuple(sorted(by_name.values(), key=_by_onset))


def _what(problem: Problem) -> str:
    """What makes two entries one problem: the code; where it is a local one, its name as well.

    Local codes such as `OTHER` or `1` stand for anything, and what they hide must not be lost.
    """
    code = problem.codes[0] if problem.codes else ""
    return code if _STANDARD_CODE.match(code) else f"{code} {problem.name.casefold()}"


def _joined(first: Problem, again: Problem) -> Problem:
    return replace(
        first,
        references=(*first.references, *again.references),
        is_confirmed=first.is_confirmed or again.is_confirmed,
        is_status_recorded=first.is_status_recorded or again.is_status_recorded,
        resolved=again.resolved or first.resolved,
    )


def _by_onset(problem: Problem) -> tuple[Moment, str]:
    return problem.at or Moment(0, ""), problem.references[0]
