"""A record in the making: short words for FHIR resources, ids counted by type, days counted backwards."""

from __future__ import annotations

import base64
import random
from datetime import date, timedelta
from typing import Any

Resource = dict[str, Any]

_HL7 = "http://terminology.hl7.org/CodeSystem"
_LABS = {
    "sodium": ("2951-2", "Sodium", "mmol/L"),
    "potassium": ("2823-3", "Potassium", "mmol/L"),
    "creatinine": ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL"),
    "egfr": ("98979-8", "eGFR (CKD-EPI 2021)", "mL/min/{1.73_m2}"),
    "a1c": ("4548-4", "Hemoglobin A1c", "%"),
    "ldl": ("13457-7", "LDL cholesterol (calculated)", "mg/dL"),
    "acr": ("14959-1", "Microalbumin/Creatinine [Ratio] in Urine", "mg/g"),
    "hemoglobin": ("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL"),
    "inr": ("6301-6", "INR in Platelet poor plasma", "{INR}"),
    "tsh": ("3016-3", "Thyrotropin", "m[IU]/L"),
    "weight": ("29463-7", "Body weight", "kg"),
    "heart_rate": ("8867-4", "Heart rate", "/min"),
    "oxygen": ("59408-5", "Oxygen saturation by pulse oximetry", "%"),
}
_VITAL = ("weight", "heart_rate", "oxygen")


class Record:
    """Collects the resources of one patient and hands them over as a transaction bundle."""

    def __init__(self, prefix: str, newest: date, chance: random.Random) -> None:
        self.prefix = prefix
        self.patient = ""
        self._newest = newest
        self._chance = chance
        self._resources: list[Resource] = []
        self._encounters: dict[int, str] = {}

    def day(self, days_before: int) -> date:
        """The day so many days before the newest encounter."""
        return self._newest - timedelta(days=days_before)

    def add(self, resource: Resource) -> str:
        """Keep a resource; its reference. An id is given where it has none."""
        kind = resource["resourceType"]
        if "id" not in resource:
            number = 1 + sum(1 for known in self._resources if known["resourceType"] == kind)
            resource = {"resourceType": kind, "id": f"{self.prefix}-{kind.lower()}-{number:03}", **resource}
        self._resources.append(resource)
        return f"{kind}/{resource['id']}"

    def encounter(self, on: int, name: str, reason: str, kind: str = "AMB") -> None:
        """An encounter; what is recorded on the same day belongs to it."""
        self._encounters[on] = self.add(
            {
                "resourceType": "Encounter",
                "status": "finished",
                "class": {"system": f"{_HL7}/v3-ActCode", "code": kind},
                "type": [{"text": name}],
                "reasonCode": [{"text": reason}],
                "subject": {"reference": self.patient},
                "period": {"start": self._time(on, 9), "end": self._time(on, 10)},
                "participant": [{"individual": {"reference": f"Practitioner/{self.prefix}-practitioner"}}],
            }
        )

    def problem(self, name: str, code: str, onset: int, resolved: int | None = None) -> None:
        """A Condition with its ICD-10-CM code."""
        state = "active" if resolved is None else "resolved"
        ended = {} if resolved is None else {"abatementDateTime": self.day(resolved).isoformat()}
        self.add(
            {
                "resourceType": "Condition",
                "clinicalStatus": {"coding": [{"system": f"{_HL7}/condition-clinical", "code": state}]},
                "verificationStatus": {
                    "coding": [{"system": f"{_HL7}/condition-ver-status", "code": "confirmed"}]
                },
                "code": {
                    "coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}],
                    "text": name,
                },
                "onsetDateTime": self.day(onset).isoformat(),
                **ended,
                **self._context(onset),
            }
        )

    def order(
        self, name: str, times_per_day: int, on: int, *, until: int | None = None, replaced: bool = False
    ) -> None:
        """A MedicationRequest; until is the day it ended, replaced says a later order took its place."""
        repeat: Resource = {"frequency": times_per_day, "period": 1, "periodUnit": "d"}
        if until is not None:
            repeat["boundsPeriod"] = {"start": self.day(on).isoformat(), "end": self.day(until).isoformat()}
        self.add(
            {
                "resourceType": "MedicationRequest",
                "status": "stopped" if until is not None else "completed" if replaced else "active",
                "intent": "order",
                "medicationCodeableConcept": {"text": name},
                "authoredOn": self._time(on, 9),
                "requester": {"reference": f"Practitioner/{self.prefix}-practitioner"},
                "dosageInstruction": [
                    {"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": {"value": 1}}]}
                ],
                **self._context(on),
            }
        )

    def allergy(self, name: str, reaction: str, on: int, *, is_severe: bool = False) -> None:
        self.add(
            {
                "resourceType": "AllergyIntolerance",
                "clinicalStatus": {
                    "coding": [{"system": f"{_HL7}/allergyintolerance-clinical", "code": "active"}]
                },
                "criticality": "high" if is_severe else "low",
                "code": {"text": name},
                "patient": {"reference": self.patient},
                "recordedDate": self.day(on).isoformat(),
                "reaction": [{"manifestation": [{"text": reaction}]}],
            }
        )

    def results(self, on: int, **values: float) -> None:
        """Laboratory results and vital signs of one day, by short name; last digits vary with the seed."""
        for name, value in values.items():
            code, display, unit = _LABS[name]
            category = "vital-signs" if name in _VITAL else "laboratory"
            quantity = {
                "value": self._varied(value),
                "unit": unit,
                "system": "http://unitsofmeasure.org",
                "code": unit,
            }
            self._observation(on, category, {"code": code, "display": display}, {"valueQuantity": quantity})

    def pressure(self, on: int, systolic: int, diastolic: int) -> None:
        def part(code: str, value: int) -> Resource:
            quantity = {
                "value": value,
                "unit": "mmHg",
                "system": "http://unitsofmeasure.org",
                "code": "mm[Hg]",
            }
            return {
                "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
                "valueQuantity": quantity,
            }

        shift = self._chance.randrange(-1, 2)
        parts = [part("8480-6", systolic + shift), part("8462-4", diastolic + shift)]
        self._observation(
            on, "vital-signs", {"code": "85354-9", "display": "Blood pressure panel"}, {"component": parts}
        )

    def vaccine(self, name: str, code: str, on: int) -> None:
        self.add(
            {
                "resourceType": "Immunization",
                "status": "completed",
                "vaccineCode": {
                    "coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": code}],
                    "text": name,
                },
                "patient": {"reference": self.patient},
                "occurrenceDateTime": self.day(on).isoformat(),
            }
        )

    def note(self, text: str, on: int) -> None:
        """A clinical note as DocumentReference, base64 of plain text."""
        self.add(
            {
                "resourceType": "DocumentReference",
                "status": "current",
                "type": {
                    "coding": [{"system": "http://loinc.org", "code": "11506-3", "display": "Progress note"}]
                },
                "subject": {"reference": self.patient},
                "date": self._time(on, 10),
                "content": [
                    {
                        "attachment": {
                            "contentType": "text/plain",
                            "data": base64.b64encode(text.encode()).decode(),
                        }
                    }
                ],
                "context": {"encounter": [{"reference": self._encounters[on]}]},
            }
        )

    def bundle(self) -> Resource:
        """Everything kept so far, each entry to be put under its own id."""
        entries = []
        for resource in self._resources:
            url = f"{resource['resourceType']}/{resource['id']}"
            entries.append({"resource": resource, "request": {"method": "PUT", "url": url}})
        return {"resourceType": "Bundle", "type": "transaction", "entry": entries}

    def _observation(self, on: int, category: str, coding: Resource, value: Resource) -> None:
        self.add(
            {
                "resourceType": "Observation",
                "status": "final",
                "category": [{"coding": [{"system": f"{_HL7}/observation-category", "code": category}]}],
                "code": {"coding": [{"system": "http://loinc.org", **coding}], "text": coding["display"]},
                "effectiveDateTime": self._time(on, 9),
                **value,
                **self._context(on),
            }
        )

    def _context(self, on: int) -> Resource:
        encounter = {"encounter": {"reference": self._encounters[on]}} if on in self._encounters else {}
        return {"subject": {"reference": self.patient}, **encounter}

    def _time(self, on: int, hour: int) -> str:
        return f"{self.day(on).isoformat()}T{hour:02}:00:00-05:00"

    def _varied(self, value: float) -> float:
        """The value, moved by up to one unit of its last digit."""
        decimals = len(str(value).split(".")[1]) if "." in str(value) else 0
        return round(value + self._chance.randrange(-1, 2) * float(10**-decimals), decimals)
