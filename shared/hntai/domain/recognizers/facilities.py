"""Hospitals, practices, schools, employers: a capitalised name that ends in what it is, or follows its label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hntai.domain.lexicons import lexicon
from hntai.domain.name_shapes import GAP, START, UPPER, folded
from hntai.domain.spans import PhiType, Span, span_of

_PIECE: Final = rf"(?:(?:St|Ste|Mt|Ft|Dr)\.|[{UPPER}][\w]{{0,24}}(?:['’&-][\w]{{1,24}}){{0,3}}|&)"
_LINK: Final = rf"(?:(?:of|and|at|the|for|de|del|la|on){GAP}){{0,2}}"
_NAME: Final = rf"{_PIECE}(?:{GAP}{_LINK}{_PIECE}){{0,6}}"
_CLEAR: Final = (
    "Hospital|Hospitals|Medical Center|Med Center|Medical Centre|Health Center|Healthcare Center|Healthcare System|Health System|Clinic|Clinics|"
    "Infirmary|Hospice|Nursing Home|Care Center|Care Centre|Family Practice|Urgent Care|Family Medicine|Medical Group|"
    "Dialysis Center|Dialysis|Cancer Center|Treatment Center|Surgery Center|Surgical Center|Women['’]s Center|Wellness Center|Rehabilitation Center|"
    "Rehab Center|Imaging Center|Birth Center|Recovery Center|Community Center|Senior Center|Senior Living|Assisted Living|Living Center|"
    "Medical Associates|Health Services|Healthcare|University|College|Elementary School|Elementary|Middle School|High School|"
    "School District|School|Academy|Fire Department|Police Department|Sheriff['’]s Office|Department of Corrections|Correctional Facility|"
    "Correctional Institution|Prison|Jail|Penitentiary|Church|Synagogue|Mosque|Temple|Foundation|Institute|Nursing & Rehab|Nursing and Rehab|"
    "Rehab|Rehabilitation|Skilled Nursing|Memory Care|Retirement Community|Retirement Village|Pharmacy|Laboratories|Labs|Shelter|Daycare|Preschool"
)
_RISKY: Final = (
    "Health|Surgery|Imaging|Radiology|Pediatrics|Orthopedics|Orthopaedics|Cardiology|Oncology|Neurology|Dermatology|Gastroenterology|Urology|Physicians|"
    "Associates|Partners|Specialists|Practice|Medical|Medicine|Manor|Home|House|Village|Lodge|Place|Center|Centre|Laboratory|Logistics|Roofing|"
    "Printing|Construction|Brothers|Bank|Industries|Manufacturing|Trucking|Plumbing|Electric|Motors|Foods|Bakery|Restaurant|Hotel|Farms|Services|"
    "Solutions|Consulting|Insurance|Group|Company|Corporation|Corp|Inc|LLC|Ltd|Co|& Sons|and Sons|& Co|Warehouse|Market|Therapy|Dental|Dentistry|Optical"
)
_RUN = re.compile(rf"{START}{_NAME}")
_ENDING = re.compile(rf"(?:^|{GAP})(?:(?P<clear>{_CLEAR})|(?P<risky>{_RISKY}))(?![^\W_])\.?(?:,? (?:Inc|LLC|PC|PLLC|PA|Ltd)\b\.?)?")
_SAINTLY = re.compile(rf"{START}(?:Sacred Heart|Our Lady|Mount|Mt\.|Saint|St\.|Holy|Good|Mercy|Providence|Mayo|Kaiser|Cleveland)(?:{GAP}{_LINK}{_PIECE}){{1,5}}")
_SAINTLY_KEEP = re.compile(r"(?:Sacred Heart|Our Lady) of |(?:Good Samaritan|Mayo Clinic|Cleveland Clinic|Kaiser Permanente)\b|.*\b(?:Health|Hospital|Clinic|Center)\Z")
_LABELLED = re.compile(
    rf"{START}(?i:facility(?: name)?|hospital|employer|employed (?:by|at)|works (?:at|for)|worked (?:at|for)|working (?:at|for)|school|agency|place of employment|"
    rf"occupation|company|workplace|pharmacy|student at|attends|teaches at|retired from|hospitalized at|treated at|seen at|transferred (?:from|to)|"
    rf"admitted (?:to|at)|discharged (?:to|from)|referred to|care at|followed at|resident of|performing lab|clinic|practice|organization|location)(?:[ ]?[:=][ ]{{0,4}}|[ ]{{1,2}}(?:the )?)\"?(?P<name>{_NAME})"
)
_OWN_WORDS: Final = frozenset(
    "emergency urgent primary outpatient inpatient pain wound sleep general community regional memorial veterans local rural public private "
    "home mental behavioral women womens children childrens cancer heart stroke trauma birth skilled acute long term family internal intensive "
    "physical occupational speech respiratory cardiac pulmonary rehabilitation rehab medical surgical nursing day adult senior assisted same the "
    "a an our this that his her their your county state city national federal university college high middle elementary school referring outside other "
    "another previous prior current new old patient patients specialty walk in on off and of at for anticoagulation coumadin diabetes eye ear dental "
    "orthopedic orthopedics neurology cardiology oncology dermatology urology gi gu ent ob gyn obgyn pediatric pediatrics surgery medicine clinic hospital "
    "center health care dialysis hospice pharmacy imaging radiology laboratory lab psychiatric psychiatry hand foot spine joint fracture vascular "
    "continue follow refer referral consult course discharge discharged admit admitted transfer to from with by per see seen visit during while post pre "
    "bone breast endocrine renal liver transplant infusion travel allergy weight memory breathing headache bariatric sexual reproductive maternal "
    "prenatal postnatal recovery wellness fitness treatment detox methadone needle church he she they mr mrs ms dr no yes good bad left right "
    "facility name address phone date attends works retired i it if when after before history past social chief complaint assessment plan elementary".split()
)


def recognize_facilities(text: str) -> Iterator[Span]:
    """FACILITY spans: named places of care, work and learning; the Emergency Department stays."""
    for run in _RUN.finditer(text):
        yield from _named(run)
    for match in _SAINTLY.finditer(text):
        if _SAINTLY_KEEP.match(match.group()):
            yield span_of(match, PhiType.FACILITY, 0.85, "facility_saint")
    for match in _LABELLED.finditer(text):
        if _is_name(match["name"].split()):
            yield span_of(match, PhiType.FACILITY, 0.7, "facility_labelled", "name")


def _named(run: re.Match[str]) -> Iterator[Span]:
    """The part of a run up to its last ending, without ordinary words in front."""
    endings = list(_ENDING.finditer(run.group()))
    if not endings:
        return
    ending = endings[-1]
    words = list(re.finditer(r"\S+", run.group()[: ending.start()]))
    while words and _is_front(words[0].group()):
        words.pop(0)
    names = [word.group() for word in words]
    enough = _is_particular(names) if ending["clear"] else _is_name(names)
    if words and enough:
        start = run.start() + words[0].start()
        yield Span(start, run.start() + ending.end(), PhiType.FACILITY, 0.9 if ending["clear"] else 0.7, "facility")


def _is_front(word: str) -> bool:
    """Words that only lead to the name: At, The, Discharged."""
    return folded(word) in _FRONT


_FRONT: Final = frozenset("at the a to from he she they seen discharged admitted transferred referred hospital clinic facility attends works and of for on with by patient referring cc agency practice".split())


def _is_particular(words: list[str]) -> bool:
    """True where a word is not one of the clinic's own: Northgate Family, not Outpatient Wound."""
    return any(folded(word) not in _OWN_WORDS and not word.isdigit() for word in words)


def _is_name(words: list[str]) -> bool:
    """True where a word is no ordinary word at all."""
    rest = [folded(word) for word in words if folded(word) not in _OWN_WORDS]
    common, drugs = lexicon("common_words"), lexicon("drugs")
    return any(word and not word.isdigit() and word not in common and word not in drugs and len(word) > 2 for word in rest)
