"""What every reader of a resource needs: references resolved, texts scrubbed, omissions counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hntai.domain.chart.values import Fact
from hntai.domain.dates import Moment
from hntai.domain.fhir import Resource, displays, mapping, mappings, reference, string

LONGEST_NAME = 160
"""Characters; a longer display is a sentence somebody typed, not a name."""
_LIKE_AN_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|previous|above|prior|rule|prompt|warning)"
    r"|\bsystem\s*(?:prompt|message|:)|\byou\s+(?:are|must|should)\b"
    r"|\b(?:as an|dear)\s+(?:ai|assistant|model)\b"
    r"|\b(?:summari[sz]e|output|respond|reply|write|say|tell)\b.{0,30}\b(?:patient|only|that|instead)\b",
    re.IGNORECASE,
)
_KIND_OF_CODE = re.compile(
    r"\s*\((?:disorder|finding|situation|procedure|substance|product|event)\)\s*\Z", re.IGNORECASE
)
_DATE_IN_AN_ID = re.compile(r"(?<!\w)(?:19|20)\d\d-?(?:0[1-9]|1[0-2])(?:-?(?:0[1-9]|[12]\d|3[01]))?(?!\w)")
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
    hides_dates: bool = False
    """Whether calendar dates must not show, not even inside a resource id."""
    _names: dict[str, str] = field(default_factory=dict)
    _references: dict[str, str] = field(default_factory=dict)

    def leave_out(self, reason: str) -> None:
        """Count a resource that is not taken over, under a reason from chart/warnings.py."""
        self.left_out[reason] += 1

    def name(self, concept: object, otherwise: str = "") -> str:
        """What a CodeableConcept is called: the first of its displays that reads like a name, scrubbed."""
        for display in displays(concept):
            if name := self.text(display):
                return name
        return otherwise

    def text(self, written: str) -> str:
        """A short text from the record, scrubbed and made harmless; nothing if it is no name."""
        if written not in self._names:
            self._names[written] = self._harmless(written)
        return self._names[written]

    def _harmless(self, written: str) -> str:
        if len(written) > LONGEST_NAME or _LIKE_AN_INSTRUCTION.search(written):
            self.leave_out("text_withheld")
            return ""
        plain = _KIND_OF_CODE.sub("", " ".join(_MARKDOWN.sub(" ", self.scrub(written)).split()))
        return plain.strip(" -.;,")

    def fact(self, resource: Resource, at: Moment | None) -> Fact:
        """What every value of the chart carries, for this resource."""
        encounter = reference(resource.get("encounter")) or reference(resource.get("context"))
        return Fact((self.evidence(resource),), at, self.resolved(encounter))

    def resolved(self, written: str) -> str:
        """`Type/id` for a reference, whether it was written by type or as a URN; as evidence may show it."""
        target = self.by_reference.get(written)
        return self.evidence(target) if target else ""

    def evidence(self, resource: Resource) -> str:
        """`Type/id`; an id that holds an identifier of the patient is replaced by a number of our own."""
        kind, own = string(resource.get("resourceType")), string(resource.get("id"))
        written = f"{kind}/{own}"
        if written not in self._references:
            tells = self._tells(own.casefold())
            self._references[written] = f"{kind}/entry-{len(self._references) + 1}" if tells else written
        return self._references[written]

    def _tells(self, own: str) -> bool:
        words, values = self.identifiers
        parts = frozenset(re.split(r"[^a-z0-9]+", own))
        is_dated = self.hides_dates and _DATE_IN_AN_ID.search(own) is not None
        return is_dated or bool(words & parts) or any(value in own for value in values) or not own

    def target(self, resource: Resource, field_name: str) -> Resource:
        """The resource a reference leads to, contained ones included; empty where there is none."""
        written = reference(resource.get(field_name))
        if written.startswith("#"):
            contained = mappings(resource.get("contained"))
            return next((c for c in contained if string(c.get("id")) == written[1:]), {})
        return mapping(self.by_reference.get(written))
