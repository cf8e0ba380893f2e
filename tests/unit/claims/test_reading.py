"""Sentences and citations in whatever form a model writes them."""

from __future__ import annotations

import pytest

from hntai.domain.claims.reading import drafts_in, sentences_in
from hntai.domain.statements import Section


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Gout is active [F2].", [("Gout is active.", ("F2",))]),
        ("Gout is active. [F2]", [("Gout is active.", ("F2",))]),
        ("Gout is active [F2][F7]", [("Gout is active", ("F2", "F7"))]),
        ("Gout is active [F2, F7].", [("Gout is active.", ("F2", "F7"))]),
        ("Gout is active (F2)", [("Gout is active", ("F2",))]),
        ("Gout is active [f2] and old [F 3].", [("Gout is active and old.", ("F2", "F3"))]),
        ("- Gout [F1]\n- Asthma [F2]", [("Gout", ("F1",)), ("Asthma", ("F2",))]),
        ("1. Gout [F1]\n2) Asthma [F2]", [("Gout", ("F1",)), ("Asthma", ("F2",))]),
        ("* **Gout** [F1]", [("Gout", ("F1",))]),
        ("Gout [F1]. Asthma [F2].", [("Gout.", ("F1",)), ("Asthma.", ("F2",))]),
        ("Gout [F1] Asthma [F2]", [("Gout", ("F1",)), ("Asthma", ("F2",))]),
        ("```\nGout [F1]\n```", [("Gout", ("F1",))]),
        ("## Clinical Assessment\nGout [F1]", [("Gout", ("F1",))]),
        ("**Clinical Assessment:**\nGout [F1]", [("Gout", ("F1",))]),
        ("INR is 4.9 (2026-10-05) [F1].", [("INR is 4.9 (2026-10-05).", ("F1",))]),
        ("Sodium 134 -> 128 mmol/L [F1]", [("Sodium 134 to 128 mmol/L", ("F1",))]),
        ("[F1] Gout is active.", [("Gout is active.", ("F1",))]),
        ("[F2][F7] Gout, and asthma", [("Gout, and asthma", ("F2", "F7"))]),
        ("- [F2] Gout is active. It is old.", [("Gout is active.", ("F2",)), ("It is old.", ("F2",))]),
        ("[F2] Gout [F7]. Asthma.", [("Gout.", ("F7",)), ("Asthma.", ("F2",))]),
        ("Gout", [("Gout", ())]),
        ("[F1]", [("", ("F1",))]),
        ("", []),
        ("\n\n---\n", [("---", ())]),
    ],
)
def test_each_sentence_is_read_with_what_it_cites(
    text: str, sentences: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(one.text, one.cited) for one in sentences_in(text)] == sentences


def test_sentences_stand_under_their_headings() -> None:
    text = "## Clinical Assessment\n- Gout [F1]\n\n## Key Trends & Changes\n- Sodium is low [F2]\n"
    drafts = drafts_in(text)
    assert [draft.section for draft in drafts] == [Section.CLINICAL_ASSESSMENT, Section.KEY_TRENDS]
    assert [[one.text for one in draft.sentences] for draft in drafts] == [["Gout"], ["Sodium is low"]]
