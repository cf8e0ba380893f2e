"""Medicines with how they are taken and what is being done with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from hntai.domain.extraction.assertion import Assertions
from hntai.domain.extraction.drug_habits import is_no_medicine
from hntai.domain.extraction.drug_table import Drug, find_drugs
from hntai.domain.extraction.entities import Assertion, Code, Detail, Entity, Kind, System
from hntai.domain.extraction.medication_course import is_over
from hntai.domain.extraction.medication_doses import dosed_later, parted
from hntai.domain.extraction.medication_items import Items, Told
from hntai.domain.extraction.medication_refusals import refused_before, untaken_behind
from hntai.domain.extraction.note import ClinicalNote
from hntai.domain.extraction.scores import Evidence, drug_score
from hntai.domain.extraction.short_forms import Named, short_form_uses
from hntai.domain.extraction.sig import Sig, last_figure, read_sig, read_strength
from hntai.domain.lexicons import ordered
from hntai.domain.note import word_set

_PLANNED: Final = re.compile(
    r"\b(?:consider(?:ing)?|may|might|could|if|would|recommend(?:ed)?|option of|"
    r"discuss(?:ed)?)\b[\w ,]{0,40}\Z",
    re.IGNORECASE,
)
_ONLY_IF: Final = re.compile(
    r"[\s,]*(?:only )?(?:if|once|when|pending|provided|unless)\b(?! (?:needed|necessary|"
    r"possible|tolerated|required|able))",
    re.IGNORECASE,
)
_LISTS: Final = frozenset({"medications"})
_BORNE: Final = re.compile(r"\btolerate[sd] (?:[a-z]+ ){0,2}\Z", re.IGNORECASE)
_WITHOUT_HARM: Final = re.compile(
    r"[\w ]{0,24} without (?:a |any |an )?(?:problem|reaction|issue|incident|difficult|"
    r"allergic)",
    re.IGNORECASE,
)
"""What was borne once says nothing of what is taken now."""
_CAUSE: Final = re.compile(
    r"[-‐‑ ](?:induced|resistant|responsive|refractory|sparing|naive|"
    r"dependent)\b",
    re.IGNORECASE,
)
"""`steroid-induced` names a cause: of a class nothing taken, of a drug one that may have been."""
_ABUSED: Final = word_set("abuse use user misuse dependence addiction withdrawal level")
_ROUTES_BEFORE: Final = {
    "iv": "intravenous",
    "intravenous": "intravenous",
    "po": "oral",
    "oral": "oral",
    "im": "intramuscular",
    "intramuscular": "intramuscular",
    "subcutaneous": "subcutaneous",
    "topical": "topical",
    "inhaled": "inhalation",
    "nebulized": "inhalation",
    "intranasal": "nasal",
    "rectal": "rectal",
}
_CLAUSE: Final = 60
"""Characters before a name in which it is spoken of."""
_WAS: Final = re.compile(
    r"\b(?:was|were|had been|has been|previously|formerly|used to|until|prior)\b", re.IGNORECASE
)
_CONTROLLED: Final = re.compile(
    r"\b(?:controlled|maintained|managed|stable) (?:with|on|by)\s+\Z", re.IGNORECASE
)
_STOPS: Final = re.compile(r"\n|;|\.\s|\.\Z")


def find_medications(note: ClinicalNote, assertions: Assertions) -> Iterator[Entity]:
    """Every medicine a text names, allergies not sorted out."""
    words = note.words
    listed = parted(words, list(_with_sigs(note, list(find_drugs(words)))))
    drugs = [drug for drug, _ in listed]
    items = Items(words, drugs, [sig for _, sig in listed])
    for place, (drug, sig) in enumerate(listed):
        yield _entity(note, assertions, (drug, sig), items.told(place))
    named = [Named(drug.first, drug.last, place) for place, drug in enumerate(drugs)]
    for use in short_form_uses(words, named):
        drug = drugs[use.key]._replace(first=use.first, last=use.last, evidence=Evidence.EXPLAINED)
        end = words.ends[use.last - 1]
        sig = read_sig(note.text, end, end + 80)
        alone = Items(words, [drug], [sig])
        yield _entity(note, assertions, (drug, sig), alone.told(0))


def _with_sigs(note: ClinicalNote, drugs: list[Drug]) -> Iterator[tuple[Drug, Sig]]:
    """Each with its sig; words that are a medicine only beside a dose, or a habit, left out."""
    words = note.words
    firsts = [drug.first for drug in drugs] + [len(words)]
    for place, drug in enumerate(drugs):
        end = words.ends[drug.last - 1]
        following = firsts[place + 1]
        stop = _sig_stop(
            note.text, end, words.starts[following] if following < len(words) else len(note.text)
        )
        sig = read_sig(note.text, end, stop)
        before = read_strength(note.text[max(0, words.starts[drug.first] - 24) : words.starts[drug.first]])
        if before and not sig.dose:
            sig = sig._replace(dose=before[0], unit=before[1])
        sig = dosed_later(note.text, sig, max(end, sig.end), stop)
        if not sig.dose and (figure := last_figure(note.text, end, drug.generic)):
            sig = sig._replace(dose=figure["dose"], end=max(sig.end, figure.end()))
        if not sig.route and drug.first:
            sig = sig._replace(route=_ROUTES_BEFORE.get(words.forms[drug.first - 1], ""))
        if drug.needs_dose and (not sig.dose or sig.unit in ("%",)):
            continue
        if drug.last < len(words) and words.forms[drug.last] in _ABUSED:
            continue
        if not (sig.dose or sig.strength) and is_no_medicine(
            note.text, words.starts[drug.first], end, drug.generic
        ):
            continue
        if drug.generic in _classes() and _CAUSE.match(note.text, end):
            continue
        yield drug, sig


def _sig_stop(text: str, end: int, following: int) -> int:
    """A sig ends before the next medicine and with its sentence; in a list the line may wrap once."""
    found = _STOPS.search(text, end, following)
    return found.start() if found else following


def _entity(
    note: ClinicalNote,
    assertions: Assertions,
    listed: tuple[Drug, Sig],
    told: Told,
) -> Entity:
    words, (drug, sig), status = note.words, listed, told.status
    start, end = words.starts[drug.first], words.ends[drug.last - 1]
    section = note.sections.at(start)
    own = words.starts[told.since] if told.since <= drug.first else 0
    clause = _clause_before(note, start, own)
    leader = words.starts[told.until]
    is_beside = note.text[leader:start].rstrip().lower().endswith(" with")
    shared = clause if sig.dose or is_beside else _clause_before(note, leader, own)
    assertion = _by_cues(assertions, drug, told, is_beside=is_beside)
    refusal = refused_before(clause) or refused_before(shared)
    if refusal:
        assertion, status = refusal
    elif told.is_refused or untaken_behind(note.text, max(end, sig.end)):
        assertion, status = Assertion.NEGATED, ""
    elif _CAUSE.match(note.text, end) or (
        not sig.dose and (_BORNE.search(clause) or _WITHOUT_HARM.match(note.text, end))
    ):
        assertion = Assertion.POSSIBLE
    elif assertion is Assertion.HYPOTHETICAL and status in ("stopped", "held", "changed"):
        assertion, status = Assertion.PRESENT, ""  # what is stopped on a condition is taken
    elif status in ("stopped", "held") and any(_ONLY_IF.match(note.text, at) for at in (end, sig.end)):
        status = ""  # taken, until what is told happens
    elif assertion is Assertion.PRESENT and is_over(note.text, max(own, start - _CLAUSE), max(end, sig.end)):
        assertion, status = Assertion.HISTORICAL, "stopped"
    elif status == "stopped" and assertion is Assertion.PRESENT:
        assertion = Assertion.HISTORICAL
    elif status == "started" and _ONLY_IF.match(note.text, sig.end):
        assertion, status = Assertion.HYPOTHETICAL, ""
    elif assertion in (Assertion.PRESENT, Assertion.POSSIBLE) and _PLANNED.search(clause):
        assertion = Assertion.HYPOTHETICAL
    elif assertion in (Assertion.HYPOTHETICAL, Assertion.POSSIBLE) and sig.dose and section == "medications":
        assertion = Assertion.PRESENT
    if assertion is Assertion.HISTORICAL and not refusal and _is_current(clause, status):
        assertion = Assertion.PRESENT
    status = _status(status, assertion, section)
    codes, written = codes_of(drug.generic) if drug.is_curated else (), note.text[start:end]
    score = drug_score(drug.evidence, written, assertion, is_coded=bool(codes), is_dosed=bool(sig.dose))
    return Entity(
        Kind.MEDICATIONS, written, start, end, section, assertion, score,
        codes, _details(note.text, end, drug, sig, status),
        told_to=sig.end if sig.end > end else 0,
    )  # fmt: skip


def _status(status: str, assertion: Assertion, section: str) -> str:
    if assertion is Assertion.HYPOTHETICAL and status == "started":
        return ""  # nobody has started what is only planned
    is_listed = section in _LISTS and assertion is Assertion.PRESENT
    return "active" if is_listed and not status else status


def _is_current(clause: str, status: str) -> bool:
    """Whether a medicine of a past problem is one of now: `hypertension on lisinopril`."""
    is_on = status == "continued" and not _WAS.search(clause)
    return is_on or _CONTROLLED.search(clause) is not None


def _by_cues(assertions: Assertions, drug: Drug, told: Told, *, is_beside: bool) -> Assertion:
    """is_beside: it stands behind another and `with`: a denial of that one is none of it."""
    assertion = assertions.of_drug(drug.first, told.since, told.until)
    return Assertion.PRESENT if is_beside and assertion is Assertion.NEGATED else assertion


def _clause_before(note: ClinicalNote, at: int, since: int) -> str:
    """What stands before an offset in its clause, from `since` on."""
    return re.split(r"[.;\n]", note.text[max(since, at - _CLAUSE) : at])[-1]


def _details(text: str, end: int, drug: Drug, sig: Sig, status: str) -> Mapping[str, Detail]:
    told: dict[str, Detail] = {
        "drug": drug.generic,
        "variant": drug.variant,
        "dose": sig.dose,
        "unit": sig.unit,
        "strength": sig.strength,
        "quantity": sig.quantity,
        "form": sig.form,
        "route": sig.route,
        "frequency": sig.frequency,
        "duration": sig.duration,
        "reason": sig.reason,
        "status": status,
        "sig": text[end : sig.end].strip(" ,;:"),
    }
    if sig.as_needed:
        told["as_needed"] = True
    return {name: value for name, value in told.items() if value != ""}


def codes_of(generic: str) -> tuple[Code, ...]:
    """RxNorm's concept of an ingredient, where it is one of the curated ones."""
    code = _rxnorm().get(generic)
    return (Code(System.RXNORM, code, generic),) if code else ()


@cache
def _classes() -> frozenset[str]:
    """Names that stand for no one drug: `steroid`."""
    return frozenset(line for line in ordered("drug_classes") if "\t" not in line)


@cache
def _rxnorm() -> dict[str, str]:
    return dict(line.split("\t") for line in ordered("rxnorm_ingredients"))
