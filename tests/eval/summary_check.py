"""Whether a summary says what its record says: each sentence against the raw JSON of what it refers to.

By other means than hntai.domain.grounding: figures are supported if a raw figure, rounded to as many places,
is the same; days, drugs and doses if they stand in the raw text; diagnoses if a Condition bears the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hntai.domain.chart.drugs import CLASSES
from hntai.domain.rules import RULES
from hntai.domain.statements import Section, Statement
from tests.eval import record_facts as record
from tests.eval.record_facts import DAY, FIGURE, Resource

_OWN_RANGE = re.compile(r"reference (?:up to |from )?[\d.]+(?:-[\d.]+)?")
_PHRASES = sorted(
    {phrase for rule in RULES for phrase in (rule.source, *rule.declared)}, key=lambda phrase: -len(phrase)
)
_OURS = re.compile(
    "|".join(map(re.escape, _PHRASES))
    + r"|over 12 months old|more than 12 months ago|within 12 months of|CKD-EPI 2021|last 13 months"
)
_DRUGS = re.compile(
    r"\b(?:" + "|".join(sorted({d.replace("-", " ") for d in " ".join(CLASSES.values()).split()})) + r")\b"
)
_DOSE = re.compile(
    r"(?<![\d.])(\d+(?:\.\d+)?) ?(mg|mcg|ug|g|units|unt|meq|iu)\b(?!/d|/L|/g|/m)", re.IGNORECASE
)
_PROBLEMS = re.compile(r"(?:Active|New|Resolved) problems: ")
_ENTRY = re.compile(r"[A-Z]\w+/entry-\d+\Z")
_LIST_END = re.compile(r" \((?:since|onset|resolved) [^()]*\)$")


def unsupported(
    statements: Iterable[Statement], resources: Sequence[Resource], of_patient: Iterable[str]
) -> Iterator[str]:
    """What does not stand in the record, one line each. of_patient: figures of the patient and the counts."""
    raw = {f"{r['resourceType']}/{r.get('id')}": list(record.texts(r)) for r in resources}
    raw["Patient"] = list(of_patient)
    for statement in statements:
        known = [text for reference in statement.references for text in raw.get(reference, ())]
        for kind, fact in _strange(statement.text, known, resources):
            yield f"{kind} {fact} in: {statement.text[:90]}"


def _strange(said: str, known: list[str], resources: Sequence[Resource]) -> Iterator[tuple[str, str]]:
    text = _OWN_RANGE.sub(" ", _OURS.sub(" ", said))
    everything = " ".join(known).casefold()
    figures = {figure for one in known for figure in FIGURE.findall(one)}
    yield from (("date", day) for day in DAY.findall(text) if day not in everything)
    yield from (("number", f) for f in FIGURE.findall(text) if not any(_agree(f, k) for k in figures))
    yield from (("drug", drug) for drug in _DRUGS.findall(text.lower()) if not _spelled(drug, everything))
    for value, unit in _DOSE.findall(text):
        if not (_agrees_with_any(value, figures) and unit.casefold() in _units(everything)):
            yield "dose", f"{value} {unit}"
    if _PROBLEMS.match(said):
        named = {
            n for r in resources if r["resourceType"] == "Condition" for n in record.names(r.get("code"))
        }
        for item in _PROBLEMS.sub("", said).rstrip(".").split("; "):
            name = record.plain(_LIST_END.sub("", item))
            if name not in named and not name.startswith("none are recorded"):
                yield "diagnosis", name


def uncovered(markdown: str, resources: list[Resource]) -> dict[str, tuple[int, list[str]]]:
    """For each kind of fact a summary must tell: how many there are, and those it leaves out."""
    told = record.plain(markdown)
    lists = {
        "problems": record.active_problems(resources),
        "drugs": record.current_drugs(resources),
        "allergies": record.allergies(resources),
    }
    missing = {kind: (len(f), sorted(n for n in f if n not in told)) for kind, f in lists.items()}
    abnormal = record.abnormal_latest(resources)
    silent = [f"{m.code} of {m.day}" for m in abnormal if not _is_told(m, markdown)]
    return {**missing, "abnormal": (len(abnormal), silent)}


def without_evidence(statements: Iterable[Statement], resources: Iterable[Resource]) -> Iterator[str]:
    """Sentences that refer to nothing, or to what the record does not hold."""
    held = {f"{r['resourceType']}/{r.get('id')}" for r in resources} | {"Patient"}
    for statement in statements:
        if not statement.references or any(
            r not in held and not _ENTRY.match(r) for r in statement.references
        ):
            yield f"no evidence: {statement.text[:90]}"


def identifiers(told: str, patient: Mapping[str, object]) -> Iterator[str]:
    """Identifiers of the patient that stand in a text, by their length."""
    wanted = ("name", "address", "telecom", "identifier")
    values = {str(patient.get("birthDate", "")), str(patient["id"])}
    for text in (t for kind in wanted for t in _values(patient.get(kind))):
        values.add(text)
    for value in {value for value in values if len(value) > 2}:
        if re.search(rf"(?<!\w){re.escape(value)}(?!\w)", told, re.IGNORECASE):
            yield f"identifier of {len(value)} characters"


def headings(markdown: str) -> Iterator[str]:
    """A line if the four headings are not those of the contract, in its order."""
    if re.findall(r"^#+ (.*)$", markdown, re.MULTILINE) != [section.value for section in Section]:
        yield "headings are not the four, in order"


def _values(entries: object) -> Iterator[str]:
    for entry in entries if isinstance(entries, list) else ():
        for field in ("given", "family", "line", "city", "postalCode", "value"):
            found = entry.get(field, "")
            yield from found if isinstance(found, list) else [found]


def _is_told(measured: record.Measured, markdown: str) -> bool:
    lines = (line for line in markdown.splitlines() if measured.day in line)
    return any(
        all(any(_agree(f, repr(v)) for f in FIGURE.findall(DAY.sub(" ", line))) for v in measured.figures)
        for line in lines
    )


def _agree(shown: str, raw: str) -> bool:
    if shown == raw:
        return True
    decimals = len(shown.split(".")[1]) if "." in shown else 0
    return any(round(float(raw), places) == float(shown) for places in {decimals, decimals + 1})


def _agrees_with_any(shown: str, figures: Iterable[str]) -> bool:
    return any(_agree(shown, figure) for figure in figures)


def _spelled(drug: str, everything: str) -> bool:
    return drug in everything or drug[:5] in everything


def _units(everything: str) -> set[str]:
    found = set(re.findall(r"[a-zµ]+", everything))
    return found | ({"units"} if found & {"iu", "u", "unt", "unit"} else set())
