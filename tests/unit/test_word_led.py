"""Trying a pattern only where its words stand loses nothing: the same matches as trying it everywhere."""

import pytest

from hntai.domain.lexicons import ordered
from hntai.domain.recognizers import cued_names
from hntai.domain.word_led import WordLed, first_words, led_by

LED = {
    **{cue.recognizer: cue.led for cue in cued_names._CUES},
    "titled": cued_names._LOWER_TITLED,
    "related": cued_names._LOWER_RELATED,
    "initials": cued_names._INITIALS,
}
TITLES = (
    "Mr",
    "Mrs",
    "Ms",
    "Miss",
    "Mx",
    "Dr",
    "Drs",
    "Prof",
    "Nurse",
    "Rev",
    "Father",
    "Señor",
    "Señora",
    "Sra",
)
CUES = (
    *ordered("name_labels"),
    *ordered("name_acts"),
    *ordered("person_roles"),
    *TITLES,
    "spoke with",
    "d/w",
    "per",
)


@pytest.mark.parametrize("led", LED.values(), ids=LED)
def test_no_match_is_lost(led: WordLed) -> None:
    lines = [
        f"{written}{joint}{name}"
        for cue in CUES
        for written in (cue, cue.upper(), cue.capitalize())
        for joint in (" ", ": ", "s: ", ". ")
        for name in ("Anna Smith", "anna smith", "A.B.")
    ]
    text = " 7\n".join(lines)
    everywhere = [match.span() for match in led.pattern.finditer(text)]
    assert everywhere
    assert [match.span() for match in led.matches(text, led_by(text, led.words))] == everywhere


def test_a_list_whose_phrase_starts_with_no_letter_is_refused() -> None:
    with pytest.raises(ValueError, match="id_connectives"):
        list(first_words("id_connectives"))
