"""Where rules and the tagger meet: types and bounds are the rule's, and nothing that identifies is let go."""

import pytest

from hntai.domain.recognizers.tagged import TAGGER
from hntai.domain.rules_first import rules_first
from hntai.domain.spans import PhiType, Span


def _span(text: str, words: str, type_: PhiType, recognizer: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words), type_, 0.9, recognizer)


@pytest.mark.parametrize(
    ("text", "rule", "tagged", "left"),
    [
        ("MRN 00482913 noted", (PhiType.MRN, "00482913"), (PhiType.OTHER_ID, "MRN 00482913"), []),
        ("invoice 20993 paid", (PhiType.ACCOUNT, "20993"), (PhiType.LOCATION, "invoice 20993"), []),
        ("saw suresh 2/11", (PhiType.DATE, "2/11"), (PhiType.NAME, "suresh 2/11"), ["suresh"]),
        ("Maria Lowell came", (PhiType.LOCATION, "Lowell"), (PhiType.NAME, "Maria Lowell"), ["Maria"]),
        ("E4471902-77", (PhiType.OTHER_ID, "E4471902"), (PhiType.OTHER_ID, "E4471902-77"), ["77"]),
        ("the 9th of August", (PhiType.DATE, "9th of August"), (PhiType.DATE, "the 9th of August"), []),
        ("Duluth, MN 55802", (PhiType.LOCATION, "55802"), (PhiType.LOCATION, "MN 55802"), []),
    ],
)
def test_of_the_tagger_stays_what_else_identifies(
    text: str, rule: tuple[PhiType, str], tagged: tuple[PhiType, str], left: list[str]
) -> None:
    ruled = _span(text, rule[1], rule[0], "rule")
    spans = rules_first(text, [_span(text, tagged[1], tagged[0], TAGGER), ruled])
    assert spans[0] == ruled
    assert [text[span.start : span.end] for span in spans[1:]] == left


def test_a_tagged_span_no_rule_touches_stands_as_it_is() -> None:
    text = "saw suresh on 2/11"
    tagged = _span(text, "suresh", PhiType.NAME, TAGGER)
    ruled = _span(text, "2/11", PhiType.DATE, "rule")
    assert rules_first(text, [ruled, tagged]) == [ruled, tagged]
