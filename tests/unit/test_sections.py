"""The four sections: what comes first, what is never claimed, and how it is written."""

from __future__ import annotations

import re

from hntai.domain.dates import DateStyle
from hntai.domain.grounding import verify
from hntai.domain.sections import to_markdown
from hntai.domain.statements import Section
from tests.unit.chart_records import (
    PATIENT,
    allergy,
    chart_of,
    drug,
    encounter,
    lab,
    pressure,
    problem,
    statements_of,
    texts_of,
)

ASSESSMENT, TRENDS, PLAN, GUIDANCE = Section
VISITS = (encounter("2026-01-10", "e0"), encounter())
SICK = (
    *VISITS,
    lab("2823-3", 6.4, "mmol/L"),
    drug("Lisinopril 10 MG Oral Tablet"),
    drug("Amoxicillin 500 MG Oral Capsule"),
    allergy("Penicillin", reaction=[{"manifestation": [{"text": "Anaphylaxis"}]}]),
    problem("Hypertension"),
)


def test_the_four_headings_stand_in_order_even_where_nothing_is_said() -> None:
    headings = re.findall(r"^## .*$", to_markdown(()), re.MULTILINE)
    assert headings == [
        "## Clinical Assessment",
        "## Key Trends & Changes",
        "## Plan & Suggested Actions",
        "## Direct Guidance for Physician",
    ]
    assert to_markdown(()).count("\n- ") == 4


def test_every_line_of_the_markdown_is_a_heading_or_a_bullet() -> None:
    markdown = to_markdown(statements_of(chart_of(*SICK)))
    assert all(line.startswith(("## ", "- ")) for line in markdown.split("\n") if line)


def test_critical_values_then_safety_conflicts_stand_on_top_of_assessment_and_guidance() -> None:
    for section in (ASSESSMENT, GUIDANCE):
        lines = texts_of(chart_of(*SICK), section).split("\n")
        assert lines[0].startswith("Critical: Potassium 6.4 mmol/L (2026-05-20) is critically high")
        assert lines[1].startswith("Safety conflict: Amoxicillin")
        assert lines[2].startswith("Safety conflict: Potassium 6.4 mmol/L (2026-05-20) on Lisinopril")


def test_more_than_two_safety_conflicts_are_told_in_full_once_and_named_by_their_drugs_in_the_guidance() -> (
    None
):
    chart = chart_of(*SICK, drug("Naproxen 500 MG Oral Tablet"), lab("33914-3", 34, "mL/min/{1.73_m2}"))
    assert texts_of(chart, ASSESSMENT).count("Safety conflict: ") > 2
    assert (
        "Safety conflicts, told at the top, to settle first: Amoxicillin, Lisinopril, Naproxen."
        in texts_of(chart, GUIDANCE)
    )
    assert texts_of(chart, GUIDANCE).startswith("Critical: Potassium")


def test_the_plan_suggests_with_reason_source_and_urgency_most_urgent_first() -> None:
    lines = texts_of(chart_of(*SICK, pressure(142, 88, "2026-01-10"), pressure(144, 88)), PLAN).split("\n")
    assert [line.split(":")[0] for line in lines] == sorted(line.split(":")[0] for line in lines)
    assert all(re.match(r"(Now|This visit|Routine): .*\(.+\)\.$", line) for line in lines)
    assert not any(re.search(r": (start|stop|give|prescribe)\b", line, re.IGNORECASE) for line in lines)


def test_every_statement_refers_to_the_chart_and_never_to_the_patients_id() -> None:
    for statement in statements_of(chart_of(*SICK)):
        assert statement.references
        assert not any(reference.startswith("Patient/") for reference in statement.references)


def test_missing_allergies_are_not_recorded_never_none() -> None:
    text = texts_of(chart_of(*VISITS))
    assert "Allergies: not recorded." in text
    assert "no known" not in text.lower()


def test_none_known_is_said_only_where_recorded() -> None:
    assert "Allergies: No known allergy, as recorded." in texts_of(
        chart_of(*VISITS, allergy("No known allergy"))
    )


def test_ages_from_ninety_are_not_shown() -> None:
    text = texts_of(chart_of(*VISITS, patient={**PATIENT, "birthDate": "1931-02-03"}))
    assert "Female, 90+ years old" in text
    assert "95" not in text


def test_death_is_said_first_of_the_patient() -> None:
    text = texts_of(chart_of(*VISITS, patient={**PATIENT, "deceasedDateTime": "2026-05-25"}), ASSESSMENT)
    assert "recorded as deceased on 2026-05-25" in text


def test_a_first_visit_is_said_plainly() -> None:
    text = texts_of(chart_of(encounter(), lab("2823-3", 4.2, "mmol/L")))
    assert "first visit on record" in text
    assert "First visit on record: nothing earlier to compare with." in text


def test_an_abnormal_result_carries_value_unit_date_range_and_what_was_before() -> None:
    chart = chart_of(*VISITS, lab("2823-3", 4.8, "mmol/L", "2026-01-10"), lab("2823-3", 5.4, "mmol/L"))
    assert texts_of(chart, TRENDS) == (
        "Potassium 5.4 mmol/L (2026-05-20): high, reference 3.5-5; up from 4.8 mmol/L (2026-01-10)."
    )


def test_an_old_abnormal_result_is_called_old() -> None:
    chart = chart_of(*VISITS, lab("2823-3", 5.4, "mmol/L", "2024-01-10"), lab("2951-2", 140, "mmol/L"))
    assert "Abnormal, but over 12 months old: Potassium 5.4 mmol/L (2024-01-10, high)." in texts_of(
        chart, TRENDS
    )


def test_preliminary_and_comparator_results_keep_their_mark() -> None:
    quantity = {"value": 6.9, "unit": "mmol/L", "comparator": ">"}
    chart = chart_of(*VISITS, lab("2823-3", 0, "", valueQuantity=quantity, status="preliminary"))
    assert "Potassium >6.9 mmol/L (2026-05-20, preliminary): high" in texts_of(chart, TRENDS)


def test_a_normal_result_is_not_a_trend() -> None:
    assert texts_of(chart_of(*VISITS, lab("2823-3", 4.2, "mmol/L")), TRENDS) == ""


def test_a_result_that_came_back_into_range_is_told() -> None:
    chart = chart_of(*VISITS, lab("2823-3", 5.8, "mmol/L", "2026-01-10"), lab("2823-3", 4.2, "mmol/L"))
    assert texts_of(chart, TRENDS).startswith("Back in range: Potassium 4.2 mmol/L (2026-05-20)")


def test_social_findings_are_not_listed_as_problems() -> None:
    text = texts_of(chart_of(*VISITS, problem("Full-time employment (finding)"), problem("Gout")), ASSESSMENT)
    assert "Active problems: Gout (since 2020-01-01)." in text
    assert "Other findings: Full-time employment (since 2020-01-01)." in text


def test_drugs_are_listed_with_dose_and_start_and_stopped_ones_are_not() -> None:
    chart = chart_of(
        *VISITS, drug("Lisinopril 10 MG", "2025-02-03"), drug("Naproxen 500 MG", status="stopped")
    )
    assert "Current drugs: Lisinopril 10 MG (since 2025-02-03)." in texts_of(chart, ASSESSMENT)
    assert "Naproxen" not in texts_of(chart, ASSESSMENT)


def test_in_relative_style_no_calendar_date_shows_anywhere() -> None:
    every = (*SICK, lab("2823-3", 4.2, "mmol/L", "2024-01-10", own="old"), problem("Asthma", "2020"))
    statements = statements_of(chart_of(*every, style=DateStyle.RELATIVE))
    assert not re.search(r"\b20[12]\d-", str(statements))
    assert "day 0" in str(statements)


def test_a_record_of_long_ago_puts_its_age_before_every_suggestion() -> None:
    old = "2023-05-20"
    chart = chart_of(encounter(old), lab("2823-3", 6.4, "mmol/L", old), drug("Lisinopril 10 MG", old))
    assert "2023-05-20, more than 12 months ago" in texts_of(chart, ASSESSMENT)
    assert all(line.startswith("Now, if still current: ") for line in texts_of(chart, PLAN).split("\n"))


def test_in_a_long_plan_the_routine_suggestions_share_one_statement_at_its_end() -> None:
    many = (
        *(problem("Diabetes"), problem("Coronary Heart Disease"), problem("Atrial Fibrillation")),
        *(lab("2823-3", 5.8, "mmol/L"), lab("98979-8", 28, "mL/min/{1.73_m2}"), lab("718-7", 10.9, "g/dL")),
        *(drug("Naproxen 500 MG"), drug("Metformin 500 MG"), drug("Lisinopril 10 MG"), drug("Diazepam 5 MG")),
        *(drug("Spironolactone 25 MG"), drug("Levothyroxine 50 MCG")),
    )
    lines = texts_of(chart_of(*VISITS, *many), PLAN).split("\n")
    assert [line.startswith("Routine: ") for line in lines].count(True) == 1
    assert lines[-1].startswith("Routine: ")
    assert lines[-1].count("; ") >= 2
    assert verify(statements_of(chart_of(*VISITS, *many)), chart_of(*VISITS, *many)).removed == 0


def test_a_routine_caution_about_drugs_stands_in_the_plan_alone() -> None:
    chart = chart_of(*VISITS, drug("Sertraline 50 MG"), drug("Sumatriptan 50 MG"))
    assert "serotonin" in texts_of(chart, PLAN)
    assert "serotonin" not in texts_of(chart, ASSESSMENT, GUIDANCE)


def test_a_drug_in_conflict_is_not_named_by_the_beers_list_again() -> None:
    told = drug("Naproxen 500 MG"), lab("98979-8", 28, "mL/min/{1.73_m2}")
    assert "Beers list" not in texts_of(chart_of(*VISITS, *told), PLAN)
    assert "Beers list" in texts_of(chart_of(*VISITS, told[0]), PLAN)
