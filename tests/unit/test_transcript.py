"""Segments are scrubbed with the whole text, and say together what it says."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hntai.domain.deidentification import DeidentificationOptions, Operator, deidentify
from hntai.domain.speech import SpeechSegment
from hntai.domain.transcript import Transcript, joined, scrubbed, times_of

NOTE = "Patient John Doe , SSN 123-45-6789, seen by Dr. Testdoctor on 03/04/2024, has diabetes."


def said(*texts: str) -> Transcript:
    return joined([SpeechSegment(float(n), n + 1.0, text, 0.9) for n, text in enumerate(texts)])


def test_a_text_is_the_words_of_its_segments() -> None:
    transcript = said(" Hello  there.", "", "  ", "How are you?")
    assert transcript.text == "Hello there. How are you?"
    assert [segment.start_s for segment in transcript.segments] == [0.0, 3.0]


def test_nothing_said_is_an_empty_transcript() -> None:
    assert said() == Transcript("", ())
    assert scrubbed(said())[0] == Transcript("", ())


def test_what_runs_over_two_segments_is_gone_from_both() -> None:
    done, found = scrubbed(said("Patient John", "Doe, SSN 123-45-6789, has", "diabetes."))
    assert [segment.text for segment in done.segments] == [
        "Patient [REDACTED]",
        ", SSN [REDACTED], has",
        "diabetes.",
    ]
    assert found.counts == {"NAME": 1, "SSN": 1}


def test_a_place_has_the_time_of_the_segments_it_begins_and_ends_in() -> None:
    transcript = said("He takes metformin", "500 mg", "twice a day.")
    when = times_of(transcript)
    whole = transcript.text
    for words, times in [
        ("He", (0.0, 1.0)),
        ("metformin", (0.0, 1.0)),
        ("500", (1.0, 2.0)),
        ("metformin 500 mg", (0.0, 2.0)),
        ("mg twice", (1.0, 3.0)),
        ("day.", (2.0, 3.0)),
    ]:
        start = whole.index(words)
        assert when(start, start + len(words)) == times


def test_the_operator_is_the_scrubbers() -> None:
    done, _ = scrubbed(
        said("Patient John Doe", "and Mr. Doe"), DeidentificationOptions(operator=Operator.tag)
    )
    assert "[NAME]" in done.text
    assert "Doe" not in done.text


@given(st.lists(st.sampled_from(range(1, len(NOTE.split()))), max_size=6))
def test_wherever_it_is_cut_nothing_seeded_is_left(cuts: list[int]) -> None:
    words = NOTE.split()
    places = sorted({0, len(words), *cuts})
    parts = [" ".join(words[a:b]) for a, b in pairwise(places)]
    done, _ = scrubbed(said(*parts))
    assert not [word for word in ("John", "Doe", "6789", "Testdoctor", "03/04") if word in done.text]
    whole = deidentify(said(*parts).text).scrubbed_text
    assert done.text.replace(" ", "") == whole.replace(" ", "")
    assert done.text == " ".join(segment.text for segment in done.segments)
