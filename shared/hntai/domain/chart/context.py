"""What every reader of a resource needs: references resolved, texts scrubbed, omissions counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hntai.domain.chart.analyte_names import is_name_of_a_result
from hntai.domain.chart.coded_names import said_code
from hntai.domain.chart.planted import is_planted
from hntai.domain.chart.values import Fact
from hntai.domain.dates import Moment, parse_moment
from hntai.domain.fhir import Resource, codes, displays, mapping, mappings, reference, string

T = TypeVar("T")
LONGEST_NAME = 160
"""Characters; a longer display is a sentence somebody typed, not a name."""
_KIND_OF_CODE = re.compile(
    r"\s*\((?:disorder|finding|situation|procedure|substance|product|event)\)\s*\Z", re.IGNORECASE
)
_TERMINOLOGIES = (
    "http://snomed.info/sct", "http://loinc.org", "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/cvx", "http://hl7.org/fhir/sid/ndc",
    "http://www.whocc.no/atc", "http://fdasis.nlm.nih.gov",
)  # fmt: skip
_PERSONAL = re.compile(
    r"@|\d{7}|\d{3}[-.]\d{2,4}[-.]\d{3,4}|\b(?:19|20)\d\d-\d\d|\b\d{1,2}/\d{1,2}/\d{2,4}"
    r"|\b(?:mr|mrs|ms|miss|dr|mrn|ssn|dob|phone|tel|name[ds]?|called)\b",
    re.IGNORECASE,
)
"""What no terminology writes: numbers of a person, dates, titles, labels of identifiers."""
_DATE_IN_AN_ID = re.compile(r"(?<!\w)(?:19|20)\d\d-?(?:0[1-9]|1[0-2])(?:-?(?:0[1-9]|[12]\d|3[01]))?(?!\w)")
_PLAIN_WORDS = re.compile(r"[a-z0-9]+")
_MARKDOWN = re.compile(r"[#*`|~]|<(?!=?\s*\d)|>(?!=?\s*\d)")
"""What could shape a page. `<` and `>` before a number stay: they are comparators, and no tag begins so."""


@dataclass(slots=True)
class Reading:
    """The state of one build: mutable inside build_chart, gone after it."""

    patient_id: str
    by_reference: Mapping[str, Resource]
    scrub: Callable[[str], str]
    identifiers: tuple[frozenset[str], tuple[str, ...]]
    left_out: Counter[str]
    naming: tuple[frozenset[str], tuple[str, ...]] = (frozenset(), ())
    """Words of the names of everyone in the record, and all their other identifiers, in lower case."""
    hides_dates: bool = False
    """Whether calendar dates must not show, not even inside a resource id."""
    _names: dict[object, str] = field(default_factory=dict)
    """By text, or by all that is read of a concept: a record says the same few things thousands of times."""
    _references: dict[str, str] = field(default_factory=dict)
    _resolved: dict[str, str] = field(default_factory=dict)
    _moments: dict[str, Moment | None] = field(default_factory=dict)
    _once: dict[tuple[Callable[..., object], str], Any] = field(default_factory=dict)

    def once(self, read: Callable[[object, Reading], T], value: object) -> T:
        """read(value, self), worked out once for all values written alike in this record."""
        key = (read, str(value))
        if key not in self._once:
            self._once[key] = read(value, self)
        told: T = self._once[key]
        return told

    def moment(self, value: object) -> Moment | None:
        """What parse_moment says; the results of one sample share one."""
        if not isinstance(value, str):
            return None
        if value not in self._moments:
            self._moments[value] = parse_moment(value)
        return self._moments[value]

    def leave_out(self, reason: str) -> None:
        """Count a resource that is not taken over, under a reason from chart/warnings.py."""
        self.left_out[reason] += 1

    def name(self, concept: object, otherwise: str = "") -> str:
        """What a CodeableConcept is called: its first display that reads like a name and needs no scrubbing.

        A display that comes with the code of a terminology is that terminology's word unless it names someone
        of the record: what a scrubber takes for a name there (`Dyslipidemia`, `Errin 28 Day Pack`) is none.
        Where every display needed scrubbing, the first one, scrubbed.
        """
        said = _said(concept)
        if said not in self._names:
            self._names[said] = self._named(concept)
        return self._names[said] or otherwise

    def _named(self, concept: object) -> str:
        official = self._official(concept)
        names = [
            (self._plain(display), True)
            if display in official
            else (self.text(display), self.text(display) == self._plain(display))
            for display in displays(concept)
        ]
        whole = [name for name, is_whole in names if name and is_whole]
        return next((name for name in (*whole, *(name for name, _ in names)) if name), "")

    def result_name(self, concept: object) -> str:
        """What a result is called: as `name`, but words of the laboratory (`Kalium`) are nobody's name."""
        first = next(iter(displays(concept)), "")
        if first and is_name_of_a_result(first) and not self._names_someone(first):
            return self._plain(first)
        return self.name(concept)

    def coded(self, what: str, concept: object) -> str:
        """What to call an entry that has a code and no name; nothing where it has no code."""
        values = self.naming[1]
        kept = [(system, code) for system, code in codes(concept) if code.casefold() not in values]
        return said_code(what, kept)

    def _official(self, concept: object) -> frozenset[str]:
        """The displays a terminology gives, and one word beside its code, where they name nobody."""
        codings = [
            coding
            for coding in mappings(mapping(concept).get("coding"))
            if coding.get("code") and string(coding.get("system")).startswith(_TERMINOLOGIES)
        ]
        own = string(mapping(concept).get("text"))
        given = {string(coding.get("display")) for coding in codings}
        given |= {own} if codings and own.isalpha() else set()
        return frozenset(display for display in given if display and not self._names_someone(display))

    def _names_someone(self, display: str) -> bool:
        words, values = self.naming
        lowered = display.casefold()
        is_withheld = len(display) > LONGEST_NAME or is_planted(display)
        parts = frozenset(re.split(r"[\W_]+", lowered))
        return (
            is_withheld
            or _PERSONAL.search(display) is not None
            or bool(words & parts)
            or any(value in lowered for value in values)
        )

    def text(self, written: str) -> str:
        """A short text from the record, scrubbed and made harmless; nothing if it is no name."""
        if written not in self._names:
            self._names[written] = self._harmless(written)
        return self._names[written]

    def _harmless(self, written: str) -> str:
        if len(written) > LONGEST_NAME or is_planted(written):
            self.leave_out("text_withheld")
            return ""
        return self._plain(self.scrub(written))

    def _plain(self, written: str) -> str:
        plain = _KIND_OF_CODE.sub("", " ".join(_MARKDOWN.sub(" ", written).split()))
        return plain.strip(" -.;,")

    def fact(self, resource: Resource, at: Moment | None) -> Fact:
        """What every value of the chart carries, for this resource."""
        encounter = self._resolved_reference(resource.get("encounter"))
        return Fact(
            (self.evidence(resource),), at, encounter or self._resolved_reference(resource.get("context"))
        )

    def _resolved_reference(self, value: object) -> str:
        """`Type/id` for a Reference, whether it was written by type or as a URN; as evidence may show it."""
        written = mapping(value).get("reference")
        if not isinstance(written, str):
            return ""
        if written not in self._resolved:
            target = self.by_reference.get(reference(value))
            self._resolved[written] = self.evidence(target) if target else ""
        return self._resolved[written]

    def evidence(self, resource: Resource) -> str:
        """`Type/id`; an id that holds an identifier of the patient is replaced by a number of our own."""
        kind, own = string(resource.get("resourceType")), string(resource.get("id"))
        written = f"{kind}/{own}"
        if written not in self._references:
            tells = self._tells(own.casefold())
            self._references[written] = f"{kind}/entry-{len(self._references) + 1}" if tells else written
        return self._references[written]

    def _tells(self, own: str) -> bool:
        """Whether an id, in lower case, holds a word of a name, another identifier, or a day to be hidden."""
        words, values = self.identifiers
        parts = _PLAIN_WORDS.findall(own)
        is_dated = self.hides_dates and _DATE_IN_AN_ID.search(own) is not None
        is_told = not words.isdisjoint(parts) or any(value in own for value in values)
        return is_dated or not own or is_told or (not own.isascii() and self._tells_of(own))

    def _tells_of(self, own: str) -> bool:
        """The same for words that an id of other letters may hold."""
        whole = (rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])" for word in self.identifiers[0])
        return any(re.search(word, own) for word in whole)

    def target(self, resource: Resource, field_name: str) -> Resource:
        """The resource a reference leads to, contained ones included; empty where there is none."""
        written = reference(resource.get(field_name))
        if written.startswith("#"):
            contained = mappings(resource.get("contained"))
            return next((c for c in contained if string(c.get("id")) == written[1:]), {})
        return mapping(self.by_reference.get(written))


def _said(concept: object) -> tuple[object, ...]:
    """All that decides what a concept is called."""
    read = mapping(concept)
    codings = ((c.get("system"), c.get("code"), c.get("display")) for c in mappings(read.get("coding")))
    return tuple(
        string(part) for part in (read.get("text"), *(part for coding in codings for part in coding))
    )
