"""Medicines with how they are taken and what is being done with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from hntai.domain.extraction.assertion import Assertions
from hntai.domain.extraction.drug_table import Drug, find_drugs
from hntai.domain.extraction.entities import Assertion, Code, Detail, Entity, Kind, System
from hntai.domain.extraction.medication_course import dosed_at, is_over
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
_ILLICIT: Final = word_set("cocaine heroin methamphetamine marijuana cannabis phencyclidine mdma lsd")
"""Habits, unless a dose says otherwise or nobody says that they are used."""
_HABIT: Final = re.compile(
    r"\b(?:us(?:es|ed|ing)|snort(?:s|ed|ing)|smok(?:es|ed|ing)|inject(?:s|ed|ing)|abus(?:es|ed|ing)|tried|took|denie[sd]|"
    r"endorses|admit(?:s|ted)|positive for|relapsed on|addict(?:ed|ion) to|crack|"
    r"illicit|recreational|street)\b"
    r"[^.;\n]*\Z",
    re.IGNORECASE,
)
_HABIT_BEHIND: Final = re.compile(
    r"[\s,(-]*(?:(?:and|or|/) ?[a-z]+ )?(?:use|user|abuse|positive|addict|habit|daily|weekly|on weekends)\b",
    re.IGNORECASE,
)
_SCREEN: Final = re.compile(
    r"\b(?:u ?tox|utox|uds|toxicology|(?:urine|serum|blood) (?:drug|tox)[a-z]*|(?:tox|drug) screen)\b"
    r"[^.;\n]*\Z",
    re.IGNORECASE,
)
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
_STOPS: Final = re.compile(r"\n|;|\.\s|\.\Z")


def find_medications(note: ClinicalNote, assertions: Assertions) -> Iterator[Entity]:
    """Every medicine a text names, allergies not sorted out."""
    words = note.words
    listed = list(_with_sigs(note, list(find_drugs(words))))
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
        if not sig.dose:
            sig = _dosed_later(note.text, sig, max(end, sig.end), stop)
        if not sig.dose and (figure := last_figure(note.text, end, drug.generic)):
            sig = sig._replace(dose=figure["dose"], end=max(sig.end, figure.end()))
        if not sig.route and drug.first:
            sig = sig._replace(route=_ROUTES_BEFORE.get(words.forms[drug.first - 1], ""))
        if drug.needs_dose and (not sig.dose or sig.unit in ("%",)):
            continue
        if drug.last < len(words) and words.forms[drug.last] in _ABUSED:
            continue
        if not (sig.dose or sig.strength) and _is_no_medicine(note.text, words.starts[drug.first], end, drug):
            continue
        if drug.generic in _classes() and _CAUSE.match(note.text, end):
            continue
        yield drug, sig


def _is_no_medicine(text: str, start: int, end: int, drug: Drug) -> bool:
    """Whether it is taken for no disease, or is what a screen of urine looks for."""
    if _SCREEN.search(text, max(0, start - _CLAUSE), start):
        return True
    return drug.generic in _ILLICIT and bool(
        _HABIT.search(text, max(0, start - _CLAUSE), start) or _HABIT_BEHIND.match(text, end)
    )


def _dosed_later(text: str, sig: Sig, end: int, stop: int) -> Sig:
    """With the dose it has now, where a later word gives it; where its sig ends stays as it is."""
    at = dosed_at(text, end, stop)
    later = read_sig(text, at, stop) if at is not None else None
    return later._replace(end=sig.end) if later is not None and later.dose else sig


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
    if refusal := refused_before(clause) or refused_before(shared):
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
    if assertion is Assertion.HYPOTHETICAL and status == "started":
        status = ""  # nobody has started what is only planned
    if not status and section in _LISTS and assertion is Assertion.PRESENT:
        status = "active"
    codes, written = codes_of(drug.generic) if drug.is_curated else (), note.text[start:end]
    score = drug_score(drug.evidence, written, assertion, is_coded=bool(codes), is_dosed=bool(sig.dose))
    return Entity(
        Kind.MEDICATIONS, written, start, end, section, assertion, score,
        codes, _details(note.text, end, drug, sig, status),
        told_to=sig.end if sig.end > end else 0,
    )  # fmt: skip


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
