"""The listing for reviewers, and what every rule owes them."""

from __future__ import annotations

import re

import pytest

from hntai.domain.chart.analytes import BLOOD_PRESSURE, BY_KEY
from hntai.domain.rules import RULES, Rule
from hntai.domain.rules.model import CHART_PARTS
from hntai_local.rules_listing import listing


def test_every_rule_stands_in_the_listing_once_with_title_urgency_and_source() -> None:
    lines = list(listing())
    for rule in RULES:
        (row,) = (line for line in lines if line.startswith(f"{rule.id} "))
        assert rule.urgency_label.split(",")[0] in row
        assert rule.title.split()[0] in row
        assert rule.source.split()[0] in row


def test_the_listing_counts_the_rules_of_each_concern() -> None:
    counts = [int(found[1]) for line in listing() if (found := re.match(r"[A-Z][a-z ]+: (\d+) rules$", line))]
    assert sum(counts) == len(RULES)


def test_a_long_cell_goes_on_in_the_next_line_under_its_heading() -> None:
    assert all(len(line) <= 160 for line in listing())


def test_the_listing_says_which_other_urgency_a_rule_may_have() -> None:
    (rule,) = (rule for rule in RULES if rule.id == "hyperkalaemia-drugs")
    assert rule.urgency_label == "This visit, or Now"
    lines = list(listing())
    (place,) = (n for n, line in enumerate(lines) if line.startswith("hyperkalaemia-drugs "))
    assert "This visit," in lines[place]
    assert "or Now" in lines[place + 1]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_what_it_reads(rule: Rule) -> None:
    assert rule.inputs
    assert set(rule.inputs) <= {*CHART_PARTS, *BY_KEY, BLOOD_PRESSURE}


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.source != "record review"], ids=lambda r: r.id
)
def test_every_guideline_carries_its_year_and_every_other_source_is_a_label_or_list(rule: Rule) -> None:
    assert re.search(r"\b20\d\d\b|FDA .*label|CAP critical-value lists", rule.source)
