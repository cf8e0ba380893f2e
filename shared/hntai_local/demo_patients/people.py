"""Who stands in a demo record: names that are plainly invented, and all identifiers a record carries."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hntai_local.demo_patients.record import Record

if TYPE_CHECKING:
    from hntai_local.demo_patients.stories import Story

_STREETS = ("Invention Lane", "Example Road", "Placeholder Street")
_TOWNS = (("Sampleton", "01999"), ("Mockbury", "05901"), ("Testford", "06599"))


@dataclass(frozen=True, slots=True)
class People:
    """The identifiers of one record, as its note writes them."""

    given: str
    family: str
    mrn: str
    phone: str
    street: str
    town: str
    postal_code: str
    email: str
    relative: str
    relative_phone: str
    doctor: str
    hospital: str
    ssn: str
    birth_date: str

    def as_written(self, record: Record) -> dict[str, str]:
        """The fields of a note's text."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        month, day, year = (record.day(0).strftime(part) for part in ("%m", "%d", "%Y"))
        return fields | {"today": f"{month}/{day}/{year}", "next": record.day(-28).strftime("%B %d, %Y")}


def invented_people(story: Story, record: Record, chance: random.Random) -> People:
    """The people of one story, put into its record with their resources."""
    town, postal_code = chance.choice(_TOWNS)
    people = People(
        given=story.given,
        family="Testpatient",
        mrn=f"MRN{chance.randrange(10_000_000, 99_999_999)}",
        phone=_phone(chance),
        street=f"{chance.randrange(10, 999)} {chance.choice(_STREETS)}",
        town=town,
        postal_code=postal_code,
        email=f"{story.given.lower()}.testpatient@example.org",
        relative=f"{story.relative} Testpatient",
        relative_phone=_phone(chance),
        doctor="Dora Testdoctor",
        hospital="Example Valley Hospital",
        ssn=f"9{chance.randrange(10, 99)}-{chance.randrange(10, 99)}-{chance.randrange(1000, 9999)}",
        birth_date=story.birth_date,
    )
    record.patient = f"Patient/{story.patient_id}"
    record.add(_patient(story, people))
    record.add(_relative(story, people))
    record.add(_practitioner(record, people))
    record.add(
        {"resourceType": "Organization", "id": f"{record.prefix}-organization", "name": people.hospital}
    )
    return people


def _patient(story: Story, people: People) -> dict[str, object]:
    return {
        "resourceType": "Patient",
        "id": story.patient_id,
        "identifier": [
            {
                "type": {
                    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]
                },
                "system": "urn:example:mrn",
                "value": people.mrn,
            },
            {"system": "http://hl7.org/fhir/sid/us-ssn", "value": people.ssn},
        ],
        "name": [{"use": "official", "family": people.family, "given": [people.given]}],
        "telecom": [
            {"system": "phone", "value": people.phone, "use": "home"},
            {"system": "email", "value": people.email},
        ],
        "gender": story.gender,
        "birthDate": people.birth_date,
        "address": [_address(people)],
    }


def _relative(story: Story, people: People) -> dict[str, object]:
    given, family = people.relative.split(" ")
    return {
        "resourceType": "RelatedPerson",
        "id": f"{story.prefix}-relative",
        "patient": {"reference": f"Patient/{story.patient_id}"},
        "name": [{"family": family, "given": [given]}],
        "telecom": [{"system": "phone", "value": people.relative_phone}],
    }


def _practitioner(record: Record, people: People) -> dict[str, object]:
    given, family = people.doctor.split(" ")
    return {
        "resourceType": "Practitioner",
        "id": f"{record.prefix}-practitioner",
        "name": [{"family": family, "given": [given], "prefix": ["Dr."]}],
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}],
    }


def _address(people: People) -> dict[str, object]:
    return {
        "line": [people.street],
        "city": people.town,
        "state": "MA",
        "postalCode": people.postal_code,
        "country": "US",
    }


def _phone(chance: random.Random) -> str:
    """A number of the range kept free for fiction (555-0100 to 555-0199)."""
    return f"(617) 555-01{chance.randrange(100):02}"
