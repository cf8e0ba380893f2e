"""The eighteen identifiers of the safe harbor, and what its rules and the limited data set let stay.

Source: 45 CFR 164.514(b)(2)(i) and 164.514(e)(2). Beyond the law, by our policy: names of clinicians,
hospitals and employers go too; states, countries, bare years, weekdays and ages under 90 stay.
"""

from __future__ import annotations

from typing import Final

from hntai.domain.spans import PhiType, Span

IDENTIFIERS: Final[dict[PhiType, str]] = {
    PhiType.NAME: "A",
    PhiType.LOCATION: "B",
    PhiType.FACILITY: "B",
    PhiType.DATE: "C",
    PhiType.AGE: "C",
    PhiType.PHONE: "D",
    PhiType.FAX: "E",
    PhiType.EMAIL: "F",
    PhiType.SSN: "G",
    PhiType.MRN: "H",
    PhiType.HEALTH_PLAN: "I",
    PhiType.ACCOUNT: "J",
    PhiType.LICENSE: "K",
    PhiType.VEHICLE: "L",
    PhiType.DEVICE: "M",
    PhiType.URL: "N",
    PhiType.IP: "O",
    PhiType.BIOMETRIC: "P",
    PhiType.OTHER_ID: "R",
}
"""Letter of each in 45 CFR 164.514(b)(2)(i). Q, full-face photographs, has no form in text but a link."""

RESTRICTED_ZIP3: Final = frozenset(
    (
        "036",
        "059",
        "063",
        "102",
        "203",
        "556",
        "692",
        "790",
        "821",
        "823",
        "830",
        "831",
        "878",
        "879",
        "884",
        "890",
        "893",
    )
)
"""Three-digit ZIP areas of 20,000 people or fewer. Source: HHS guidance on 164.514(b), Census 2000 ZCTAs."""

OLDEST_AGE_KEPT: Final = 89
"""Source: 45 CFR 164.514(b)(2)(i)(C); ages over 89 become one category."""

OLDEST_CATEGORY: Final = "90+"

TOWN: Final = "town"
ZIP: Final = "zip"
"""Recognizer names by which the policies below tell coarse places from street addresses."""

TAGGED_TOWN: Final = "tagger_town"
"""A town of the lists, found by the tagger."""

_COARSE_PLACES: Final = frozenset((TOWN, ZIP, TAGGED_TOWN))


def kept_in_limited_data_set(span: Span) -> bool:
    """True for dates, ages, town and ZIP. Source: 45 CFR 164.514(e)(2)(ii) and (b)(2)(i)(B), (C)."""
    if span.type is PhiType.LOCATION:
        return span.recognizer in _COARSE_PLACES
    return span.type in (PhiType.DATE, PhiType.AGE)


def generalised_zip(zip_code: str) -> str:
    """The three digits that may stay and stars for the other two: 30080-2214 gives 300**, 03601 gives 000**.

    Source: 45 CFR 164.514(b)(2)(i)(B)(1) and (2).
    """
    area = zip_code[:3]
    return ("000" if area in RESTRICTED_ZIP3 else area) + "**"
