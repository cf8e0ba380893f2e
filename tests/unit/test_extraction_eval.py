"""How extraction is counted in the eval: overlaps, scores in order, codes read by eye."""

from __future__ import annotations

from pathlib import Path

from hntai.domain.extraction.entities import Assertion
from tests.eval.extraction_codes import judged
from tests.eval.extraction_counts import SETS, Counts, found_counts, said_counts
from tests.eval.extraction_left_out import _Left
from tests.eval.extraction_scores import is_ordered

_LONGEST_TERM = 60


def test_a_finding_that_overlaps_a_mark_is_found_and_one_beside_it_is_extra() -> None:
    document = {
        "entities": [{"start": 0, "end": 4, "type": "Chemical"}, {"start": 9, "end": 12, "type": "Other"}]
    }
    assert found_counts([document], [[(3, 6), (9, 12)]], SETS[1]) == Counts(hit=1, extra=1, missed=0)
    assert found_counts([document], [[]], SETS[1]) == Counts(hit=0, extra=0, missed=1)


def test_only_what_annotators_denied_counts_as_denied() -> None:
    concepts = [{"negation": "negated"}, {"negation": "affirmed"}, {"negation": "negated"}]
    counts = said_counts(concepts, ["negated", "negated", "present"], Assertion.NEGATED)
    assert counts == Counts(hit=1, extra=1, missed=1)
    assert counts.f1 == 0.5


def test_scores_are_in_order_where_shares_fall_and_small_bins_are_not_judged() -> None:
    assert is_ordered([(95, 100), (80, 100), (70, 100)])
    assert not is_ordered([(80, 100), (95, 100), (70, 100)])
    assert is_ordered([(95, 100), (19, 19), (70, 100)])


def test_what_only_one_set_has_leaves_the_lists(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text('{"text": "denies cough, has gout"}\n', encoding="utf-8")
    (tmp_path / "two.jsonl").write_text('{"text": "no gout"}\n', encoding="utf-8")
    lines = _Left(tmp_path, "one").ordered("problem_terms")
    terms = {term for line in lines for term in line.partition("\t")[2].split("|")}
    assert "cough" not in terms
    assert "gout" in terms


def test_codes_were_judged_two_hundred_at_a_time_and_no_text_is_kept() -> None:
    lists = judged()
    rounds = {one.round_ for one in lists}
    assert {one.verdict for one in lists} <= {"right", "wrong", "vague"}
    assert all(sum(one.round_ == round_ for one in lists) == 200 for round_ in rounds)
    assert all(len(one.term) <= _LONGEST_TERM for one in lists)
