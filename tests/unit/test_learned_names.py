"""Names nothing announces and no list holds, and the words that look just like them."""

import math
from pathlib import Path

import pytest

from hntai.domain.deidentification import DeidentificationOptions, Recall, find_phi
from hntai.domain.name_candidates import name_candidates
from hntai.domain.name_evidence import name_evidence
from hntai.domain.recognizers.learned_names import BIAS, learned_name, log_odds
from hntai.domain.recognizers.uncued_names import uncued_names
from hntai.domain.word_kinds import word_kinds
from hntai_local import name_training
from hntai_local.name_training import Example, examples, fit, written
from tests.unit.marked_notes import marked, unmarked

NAMES = (
    "Spoke with {NAME Thandeka} about the biopsy; she wants to wait.",
    "Family meeting: {NAME Bukola}, her brother {NAME Femi} and aunt {NAME Ngozi Eze} all present.",
    "Thanks, {NAME Ioana}",
    "Let {NAME Xiomara} know the culture is back.",
    "Handed over to {NAME Priyanka} at 1900.",
    "Overnight: {NAME Abdelrahman} called for low urine output.",
    "{NAME Zbigniew Wrobel} asks whether he can fly next week.",
    "Her cousin {NAME Lindiwe Dube} had the same tumour.",
    "Why is {NAME Siobhan} so tired after radiation?",
)
NEAR_MISSES = (
    "Parkinson disease stable on Sinemet.",
    "Started Rinvoq after Humira failed; Otezla not covered.",
    "Consequently, he declined. Afebrile overnight.",
    "Schatzker II fracture, Weber B ankle.",
    "Tresiba 20 units, Ozempic weekly.",
    "Kocher clamp and Bovie used.",
    "Significant for TIAs in his mother; EKGs and CVAs reviewed.",
    "Constitutional\nPleasant.\n\nIntegumentary\nSkin is intact.",
)


@pytest.mark.parametrize("row", [*NAMES, *NEAR_MISSES])
def test_rows(row: str) -> None:
    assert marked(unmarked(row)) == row


def test_high_recall_finds_all_that_balanced_finds() -> None:
    for row in NAMES:
        text = unmarked(row)
        high = find_phi(text, DeidentificationOptions(recall=Recall.high))
        for span in find_phi(text):
            assert any(wide.start <= span.start and span.end <= wide.end for wide in high)


def test_evidence_names_no_word_of_the_candidate() -> None:
    text = "Then Quillabronne left."
    part = next(part for part in name_candidates(text, word_kinds()) if text[part[0][0]] == "Q")
    facts = name_evidence(text, part)
    assert facts == name_evidence(text, part)
    assert not any("quillabronne" in fact.lower() for fact in facts)
    assert any(fact.startswith("word before then") for fact in facts)


def test_initials_alone_are_no_candidate() -> None:
    text = "Vitamin D. helps."
    parts = [part for part in name_candidates(text, word_kinds()) if all(token[2].initial for token in part)]
    assert parts
    for part in parts:
        assert log_odds(text, part, {BIAS: 50.0}) == -math.inf
        assert learned_name(text, part, {BIAS: 50.0}, 0.0) is None


def test_the_weights_given_decide() -> None:
    text = "Then Quillabronne left."
    assert [text[s.start : s.end] for s in uncued_names(text, {BIAS: 9.0}, 9.0, 2.0)] == ["Quillabronne"]
    assert list(uncued_names(text, {BIAS: -9.0}, 9.0, 2.0)) == []


def test_training_teaches_and_repeats_itself() -> None:
    spans = [{"start": 5, "end": 12, "type": "NAME"}]
    rows = [
        example
        for _ in range(6)
        for document in (
            {"text": "Tell Quillba now.", "spans": spans},
            {"text": "Took Quillba now.", "spans": []},
        )
        for example in examples(document)
    ]
    weights = fit(rows)
    assert written(weights) == written(fit(rows))
    text = "Tell Zorvanne now."
    part = next(part for part in name_candidates(text, word_kinds()) if text[part[0][0]] == "Z")
    other = "Took Zorvanne now."
    assert log_odds(text, part, weights) > log_odds(other, part, weights)


def test_identifiers_of_another_type_teach_nothing() -> None:
    document = {"text": "Lives in Quillba now.", "spans": [{"start": 9, "end": 16, "type": "LOCATION"}]}
    assert [row for row in examples(document) if isinstance(row, Example) and row.is_name] == []
    assert len(list(examples(document))) < len(list(examples({**document, "spans": []})))


def test_without_marked_notes_nothing_is_learned_and_the_weights_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = name_training.TARGET.read_bytes()
    monkeypatch.setenv("HNTAI_SHARED", str(tmp_path))
    with pytest.raises(SystemExit, match="no marked notes"):
        name_training.main()
    assert name_training.TARGET.read_bytes() == before
