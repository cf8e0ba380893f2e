"""Streets, towns, ZIP codes and facilities; states, countries and departments stay."""

import pytest

from tests.unit.marked_notes import marked, unmarked

PLACES = (
    "{LOCATION 88 Larkspur Ct}, {LOCATION Duluth}, MN {LOCATION 55802}",
    "{LOCATION 4417 Quarry Hollow Rd, Apt 3B}, {LOCATION Yakima}, WA {LOCATION 98902}",
    "Hit at the corner of {LOCATION 5th and Main}; abrasion at the corner of the eye.",
    "{LOCATION PO Box 1180}; {LOCATION Fulton St and 9th Ave}; {LOCATION 30080-2214}",
    "Moved from {LOCATION Glens Falls} to {LOCATION Sault Ste. Marie}.",
    "Lives at {LOCATION 378 County Road 12 Rd, Apt 27C} in {LOCATION Natchitoches}.",
    "lives at {LOCATION 12 quarry hollow rd} with family",
    "Resident of {LOCATION Ottertail County}.",
)
FACILITIES = (
    "PCP DR {NAME FARROKHZAD} AT {FACILITY LAKEMOOR CLINIC}",
    "Transferred from {FACILITY Bayside Community Hospital}; PCP at {FACILITY Northgate Family Practice}.",
    "Seen at {FACILITY St. Renata's Hospital}.",
    "Facility: {FACILITY Willow Glen Nursing & Rehab}",
    "Employed by {FACILITY Reeves Brothers Roofing}.",
    "Works at {FACILITY Sault Ste. Marie Unified School District}.",
    "Seen at {FACILITY Johns Hopkins}; {FACILITY Mercy General} called.",
    "Care at {FACILITY Pinehaven Women's Center}.",
)
KEPT = (
    "Emergency Department visit; Intensive Care Unit; Physical Therapy; Primary Care Clinic.",
    "He moved from Texas to New York and from Mexico to Canada. Washington State.",
    "Left Knee Surgery. Mental Health. Hospital Course: stable. Home Health. Cardiology Clinic.",
    "15 minutes on Way to recovery; 3 St elevations; 10 Dr visits",
)


@pytest.mark.parametrize("row", PLACES)
def test_place_below_the_state_is_found(row: str) -> None:
    assert marked(unmarked(row)) == row


@pytest.mark.parametrize("row", FACILITIES)
def test_named_place_of_care_or_work_is_found(row: str) -> None:
    assert marked(unmarked(row)) == row


@pytest.mark.parametrize("row", KEPT)
def test_states_countries_and_departments_stay(row: str) -> None:
    assert marked(row) == row
