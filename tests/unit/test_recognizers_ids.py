"""Record, plan, account, licence, vehicle, device and other numbers; and the numbers of the clinic."""

import pytest

from tests.unit.marked_notes import marked, unmarked

LABELLED = (
    "SSN {SSN 219-09-9999}; ssn {SSN 219099999}; last four {SSN 4320}; SSN {SSN 581 06 7763}",
    "MRN {MRN 00482913}; MR#{MRN 77-41-908}; CSN {MRN 100234567}; M.R.N.: {MRN 9890029}",
    "MRN {MRN 08-71-30}; medical record {MRN 611-3476}; record {MRN 127-5278}.",
    "| ID {MRN 602-40-466} |",
    "Member ID {HEALTH_PLAN WLX009182736} grp {HEALTH_PLAN 55120}; Medicaid CIN {HEALTH_PLAN AB12345C}",
    "Member number {HEALTH_PLAN 6Q00-L53-RU75}.",
    "acct {ACCOUNT V0099317742}; Acct # {ACCOUNT 404/3116}; invoice {ACCOUNT 20993}",
    "NPI {LICENSE 1245319599}; license {LICENSE G-48113}; DL {LICENSE D1234567}",
    "VIN {VEHICLE 1FTFW1ET5DFC10312}; vehicle plate {VEHICLE MGN-2502}; plate {VEHICLE 7XKR492}",
    "ICD serial {DEVICE BSX118823}; SN {DEVICE RNB482913H}; lot {DEVICE 61284417}; S/N {DEVICE KL-2081866}",
    "Retinal scan ID {BIOMETRIC RS-22817}.",
    "Trial ID {OTHER_ID CARD-22-0048}; accession {OTHER_ID S24-10023}; passport {OTHER_ID X1234567}",
    "Protocol ID {OTHER_ID NEA-544-4466}; inmate # {OTHER_ID 55-1023}",
    "UDI {DEVICE (01)00844588003288(17)141120(10)7654321D}",
)
WRONG_CHECKSUMS_BESIDE_LABELS = (
    "NPI {LICENSE 1234567890}",
    "DEA {LICENSE AB1234560}",
    "VIN {VEHICLE 1FTFW1ET5DFC10313}",
)
UNLABELLED = (
    "on file: {HEALTH_PLAN 1EG4-TE5-MK73}",
    "seen by {LICENSE 1245319599} today",
    "the car {VEHICLE 1HGCM82633A004352} left",
    "paid with {ACCOUNT 4111 1111 1111 1111} today",
    "{OTHER_ID E4471902} in the banner, {OTHER_ID 9471766} too",
)
NO_IDENTIFIERS = (
    "CPT 99213 billed; platelets 218000; WBC 8200; ward 7W-114; room 12",
    "NexGen size E, lower rate 60, NCT01234567, PMID 12345678, ICD-10 E11.9",
    "Na 141 K 3.9; BP 118/76; sat 97% on 2 L; COVID-19; vitamin B12 1000 mcg",
    "CFU 100000 per mL; viral load 1250000 copies",
    "Account of the illness: 3 days. Plan: 2 tabs. Group therapy x 12.",
)


@pytest.mark.parametrize("row", LABELLED)
def test_label_names_the_number_after_it(row: str) -> None:
    assert marked(unmarked(row)) == row


@pytest.mark.parametrize("row", WRONG_CHECKSUMS_BESIDE_LABELS)
def test_wrong_checksum_is_no_veto_beside_a_label(row: str) -> None:
    assert marked(unmarked(row)) == row


@pytest.mark.parametrize("row", UNLABELLED)
def test_checksum_or_shape_is_enough_without_a_label(row: str) -> None:
    assert marked(unmarked(row)) == row


@pytest.mark.parametrize("row", NO_IDENTIFIERS)
def test_codes_measures_and_public_numbers_stay(row: str) -> None:
    assert marked(row) == row
