"""Blood count and thyroid, as tables with near misses."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.rules import Urgency
from tests.unit.chart_records import drug, lab, problem
from tests.unit.rule_tables import OLD, ROUTINE, VISIT, advice, fired, person

HB, MCV, FERRITIN, TSH = "718-7", "787-2", "2276-4", "3016-3"
NONE: list[Urgency] = []


@pytest.mark.parametrize(
    ("before", "day", "now", "urgencies"),
    [
        (13.4, "2026-01-10", 11.4, VISIT), (13.3, "2026-01-10", 11.4, NONE),
        (13.4, "2025-04-10", 11.4, NONE), (134, "2026-01-10", 11.4, NONE),
    ],
)  # fmt: skip
def test_fall_of_hemoglobin(before: float, day: str, now: float, urgencies: list[Urgency]) -> None:
    assert fired("hemoglobin-fall", lab(HB, before, "g/dL", day), lab(HB, now, "g/dL")) == urgencies


def test_a_fall_of_hemoglobin_needs_final_values_of_one_method() -> None:
    before = lab(HB, 14, "g/dL", "2026-01-10")
    assert fired("hemoglobin-fall", before, lab(HB, 11, "g/dL", status="preliminary")) == []
    assert fired("hemoglobin-fall", before, lab("20509-6", 11, "g/dL")) == []
    assert fired("hemoglobin-fall", lab(HB, 140, "g/L", "2026-01-10"), lab(HB, 11, "g/dL")) == VISIT


@pytest.mark.parametrize(
    ("sex", "value", "urgencies"),
    [
        ("female", 11.9, ROUTINE), ("female", 12.0, NONE), ("male", 12.9, ROUTINE), ("male", 13.0, NONE),
        ("other", 10.0, NONE), ("female", 6.8, NONE),
    ],
)  # fmt: skip
def test_anemia_by_sex(sex: str, value: float, urgencies: list[Urgency]) -> None:
    assert fired("anemia", lab(HB, value, "g/dL"), patient=person(sex)) == urgencies


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ([], "consider measuring ferritin"),
        (
            [lab(MCV, 74, "fL")],
            "consider measuring ferritin, because Hemoglobin 10.8 g/dL (2026-05-20) is low beside MCV 74 fL",
        ),
        ([lab(MCV, 104, "fL")], "vitamin B levels"),
        ([lab(FERRITIN, 44, "ng/mL")], "iron deficiency is likely"),
        ([lab(FERRITIN, 44, "ug/L")], "iron deficiency is likely"),
        ([lab(FERRITIN, 45, "ng/mL")], "consider iron studies"),
        ([lab(FERRITIN, 12, "ng/mL", OLD)], "consider measuring ferritin"),
        ([problem("Anemia"), lab(FERRITIN, 90, "ng/mL")], ""),
        ([problem("Anemia")], "Anemia is active"),
    ],
)
def test_work_up_of_anemia(more: list[dict[str, Any]], word: str) -> None:
    told = advice("anemia", lab(HB, 10.8, "g/dL"), *more)
    assert word in told
    assert bool(told) is bool(word)


def test_anemia_is_not_judged_in_children_pregnancy_or_without_a_believable_unit() -> None:
    assert fired("anemia", lab(HB, 10.8, "g/dL"), patient=person(age=9)) == []
    carried = problem("Normal pregnancy", "2026-03-01")
    assert fired("anemia", lab(HB, 10.8, "g/dL"), carried, patient=person(age=30)) == []
    assert fired("anemia", lab(HB, 10.8, "mmol/L")) == []
    assert fired("anemia", lab(HB, 10.8, "g/dL", OLD), lab(MCV, 90, "fL")) == []


@pytest.mark.parametrize(
    ("value", "drugs", "word"),
    [
        (6.1, [], "repeating TSH with free thyroxine"),
        (0.2, [], "repeating TSH with free thyroxine"),
        (6.1, ["Levothyroxine 50 MCG"], "consider a higher dose"),
        (0.2, ["Levothyroxine 50 MCG"], "consider a lower dose"),
        (2.1, ["Levothyroxine 50 MCG"], ""),
        (2.1, [], ""),
    ],
)
def test_tsh_out_of_range(value: float, drugs: list[str], word: str) -> None:
    told = advice("tsh-level", lab(TSH, value, "m[IU]/L"), *map(drug, drugs))
    assert word in told
    assert bool(told) is bool(word)


@pytest.mark.parametrize(
    "reading",
    [lab(TSH, 9, "m[IU]/L", OLD), lab(TSH, 9, "ng/dL"), lab(TSH, 9, "m[IU]/L", status="preliminary")],
)
def test_an_old_preliminary_or_unitless_tsh_is_not_acted_on(reading: dict[str, Any]) -> None:
    assert fired("tsh-level", reading, lab(HB, 13, "g/dL")) == []


CHANGED = drug("Levothyroxine 50 MCG", "2025-11-01", "completed"), drug("Levothyroxine 75 MCG", "2026-04-01")


@pytest.mark.parametrize(
    ("drugs", "day", "urgencies"),
    [
        (CHANGED, None, ROUTINE),
        (CHANGED, "2026-03-01", ROUTINE),
        (CHANGED, "2026-04-20", ROUTINE),
        (CHANGED, "2026-05-20", NONE),
        ((drug("Levothyroxine 50 MCG"),), None, ROUTINE),
        ((drug("Levothyroxine 50 MCG"),), OLD, ROUTINE),
        ((drug("Levothyroxine 50 MCG"),), "2026-01-10", NONE),
        ((drug("Levothyroxine 50 MCG", "2020-01-10"),), None, NONE),
        ((drug("Metformin 500 MG"),), None, NONE),
    ],
)
def test_tsh_is_due_after_a_change_of_dose_and_every_year(
    drugs: tuple[dict[str, Any], ...], day: str | None, urgencies: list[Urgency]
) -> None:
    results = [lab(TSH, 2.0, "m[IU]/L", day)] if day else []
    assert fired("tsh-due", *drugs, *results) == urgencies


def test_a_tsh_from_before_the_change_says_nothing_of_the_new_dose() -> None:
    assert fired("tsh-level", *CHANGED, lab(TSH, 9.0, "m[IU]/L", "2026-03-01")) == []


def test_a_tsh_given_as_a_bound_after_the_change_counts_as_measured() -> None:
    bound = {"value": 0.01, "unit": "m[IU]/L", "comparator": "<"}
    assert fired("tsh-due", *CHANGED, lab(TSH, 0, "", valueQuantity=bound)) == []
