"""Dates, ages, and the numbers that only look like them."""

import pytest

from tests.unit.marked_notes import marked, unmarked

DATES = (
    "Seen {DATE 03/04/2024}, {DATE 11-02-24}, {DATE 14.02.2024}, {DATE 20240117}.",
    "Arrived {DATE 2023-12-30T08:15}; labs {DATE 2009/07/16}.",
    "The {DATE 9th of August}, {DATE Aug 14}, {DATE 8/19/'22}, {DATE Jan/2021}.",
    "On {DATE Christmas Eve} and in {DATE spring of 2019}; due on the {DATE 3rd}.",
    "DOB {DATE 5-6-61}; {DATE 07-FEB-17}; {DATE 28-Mar-2014}.",
    "f/u {DATE June 15th, 2024} with labs; {DATE September 28th}.",
    "up to 6000 in {DATE 04/2021}.",
    "Onset {DATE 10/12}, INR 2.3 on {DATE Oct 14}, prior CVA in 2011.",
    "Transcribed {DATE 10-SEP-25} by phone.",
)
NO_DATES = (
    "MMT 3/5 proximally, 4/5 distally; 2/5 strength; pain 3/10; 1/2 tab; grade 2/3; G3/2/0/1.",
    "pH 7.35/45/80, BP 120/80, Norco 5/325, FEV1/FVC 68, C5-6, L4-5, 24/7, T2N1M0.",
    "since 2011, seen on Monday, in March, 2/6 systolic murmur, vision 20/40.",
    "Firmware 5.5.0.14; take 1-2 tablets; 3-5 days; may 2 tabs.",
)
AGES = (
    "{AGE 95}yo F from home with BP 95/60.",
    "A 74-year-old man whose father lived to {AGE 97}.",
    "Father is {AGE 93} and healthy. Mother, {AGE 101}, is well.",
    "{AGE ninety-four} years old; a {AGE 102} year old; died in her {AGE 90s}.",
    "F/{AGE 92}; a woman of {AGE 93}; she'll be {AGE 94} in May.",
    "{AGE 92} F with cough",
)
NO_AGES = (
    "weight 91 kg, SBP in the 90s, SpO2 92%, HR 94, a 89-year-old, 90 mg, age 45",
    "Temp is 98 and pulse is 92.",
)


@pytest.mark.parametrize("row", DATES)
def test_date_finer_than_the_year_is_found(row: str) -> None:
    assert marked(unmarked(row)) == row


@pytest.mark.parametrize("row", NO_DATES)
def test_fraction_grade_ratio_level_and_bare_year_are_no_dates(row: str) -> None:
    assert marked(row) == row


@pytest.mark.parametrize("row", AGES)
def test_age_over_89_is_found(row: str) -> None:
    assert marked(unmarked(row)) == row


@pytest.mark.parametrize("row", NO_AGES)
def test_other_numbers_in_the_nineties_are_no_ages(row: str) -> None:
    assert marked(row) == row
