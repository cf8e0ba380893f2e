"""What holds for every text: offsets, coverage, nothing seeded survives, twice equals once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hntai.domain.deidentification import (
    DeidentificationOptions,
    KnownValues,
    Operator,
    Policy,
    Recall,
    deidentify,
    find_phi,
)
from hntai.domain.spans import PhiType
from hntai.domain.surrogates import date_offset_days
from hntai.domain.written_dates import read_date

FEW = settings(max_examples=60, derandomize=True, deadline=None)
WORDS = (
    "Patient",
    "Anna",
    "Testpatient",
    "Dr.",
    "Foley",
    "catheter",
    "seen",
    "on",
    "03/04/2024",
    "MRN",
    "00482913",
    "age",
    "94",
    "SSN",
    "219-09-9999",
    "lives",
    "in",
    "Yakima",
    ",",
    "WA",
    "98902",
    ".",
    "\n",
    "call",
    "(415) 555-0139",
    "[REDACTED]",
    "BP",
    "120/80",
    "Mr.",
    "O'Brien",
    "is",
    "a",
    "93-year-old",
    "b@example.org",
    "José",
    "e\u0301",
    "\u200b",
    "\u202e",
    "שלום",
    "患者",
    "👩‍⚕️",
    "-",
    "/",
    ":",
    "May",
    "3rd",
    "Signed:",
    "MD",
    "St. Mary's Hospital",
    "note",
    "stable",
    "1.5",
    "mg",
)
NOTES = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
OPTIONS = st.builds(
    DeidentificationOptions,
    operator=st.sampled_from(Operator),
    policy=st.sampled_from(Policy),
    recall=st.sampled_from(Recall),
    surrogate_key=st.sampled_from((b"", b"key", b"another key")),
)
SEEDS = (
    ("Patient {}, seen today.", "Anna Testpatient"),
    ("Mr. {} ate.", "Quibble"),
    ("SSN {} on file", "219-09-9999"),
    ("MRN: {}.", "00482913"),
    ("Call {} with results", "(415) 555-0139"),
    ("Email {} now", "b.test@example.org"),
    ("seen {} here", "03/04/2024"),
    ("born {}", "May 6, 1961"),
    ("Login from {};", "198.51.100.23"),
    ("see {} please", "https://portal.example.org/x/7"),
    ("a {}-year-old", "94"),
    ("Lives at {}.", "88 Larkspur Ct"),
    ("NPI {}", "1245319599"),
    ("VIN {}", "1FTFW1ET5DFC10312"),
    ("zip code {}", "55802"),
    ("Seen at {}.", "Bayside Community Hospital"),
    ("Acct # {}", "404/3116"),
    ("on {} we", "Christmas Eve"),
)


@FEW
@given(NOTES, OPTIONS)
def test_spans_point_into_the_text_and_never_overlap(text: str, options: DeidentificationOptions) -> None:
    position = 0
    for span in find_phi(text, options):
        assert position <= span.start < span.end <= len(text)
        assert 0 < span.score <= 1
        position = span.end


@FEW
@given(NOTES, OPTIONS)
def test_text_outside_the_spans_is_unchanged(text: str, options: DeidentificationOptions) -> None:
    result = deidentify(text, options)
    pieces, position = [], 0
    for span in result.spans:
        pieces.append(text[position : span.start])
        position = span.end
    pieces.append(text[position:])
    assert re.fullmatch(".*".join(map(re.escape, pieces)), result.scrubbed_text, re.DOTALL)


@FEW
@given(NOTES, st.sampled_from(SEEDS), NOTES, OPTIONS.filter(lambda o: o.policy is Policy.safe_harbor))
def test_seeded_identifier_never_survives(
    before: str, seed: tuple[str, str], after: str, options: DeidentificationOptions
) -> None:
    carrier, value = seed
    before, after = (part.replace(value, "") for part in (before, after))
    text = f"{before}\n{carrier.format(value)}\n{after}"
    scrubbed = deidentify(text, options).scrubbed_text
    assert carrier.format(value) not in scrubbed
    assert len(value) < 3 or value not in scrubbed


@FEW
@given(NOTES, st.sampled_from(Recall))
def test_scrubbing_twice_equals_once(text: str, recall: Recall) -> None:
    options = DeidentificationOptions(recall=recall)
    once = deidentify(text, options).scrubbed_text
    assert deidentify(once, options).scrubbed_text == once


@FEW
@given(
    st.dates(date(1951, 1, 1), date(2048, 12, 31)),
    st.integers(0, 700),
    st.sampled_from(("%m/%d/%Y", "%Y-%m-%d", "%B %d, %Y", "%d %b %Y", "%m-%d-%y", "%Y%m%d")),
    st.binary(max_size=8),
)
def test_shifted_dates_keep_their_distance(first: date, days: int, form: str, key: bytes) -> None:
    second = min(first + timedelta(days=days), date(2048, 12, 31))
    note = f"seen {first.strftime(form)}; then {second.strftime(form)}; end"
    options = DeidentificationOptions(operator=Operator.surrogate, surrogate_key=key)
    moved = deidentify(note, options).scrubbed_text
    values = re.fullmatch(r"seen (.*?); then (.*?); end", moved)
    assert values is not None
    one, two = read_date(values[1]), read_date(values[2])
    assert one is not None
    assert two is not None
    assert (two.day - one.day).days == (second - first).days
    assert (one.day - first).days == date_offset_days(key)


@FEW
@given(NOTES)
def test_known_name_never_survives_in_any_case(text: str) -> None:
    options = DeidentificationOptions(known=KnownValues(names=("Zyxan Quibblewort",)))
    note = f"{text}\nquibblewort; ZYXAN QUIBBLEWORT; Quibblewort, Zyxan\n{text}"
    scrubbed = deidentify(note, options).scrubbed_text.casefold()
    assert "quibblewort" not in scrubbed
    assert "zyxan" not in scrubbed


PLAIN = st.lists(
    st.sampled_from(
        ("stable", "no acute distress.", "BP 120/80", "4/5 strength", "continue metformin 500 mg")
    ),
    max_size=6,
).map(" ".join)


@FEW
@given(PLAIN, st.sampled_from(SEEDS), PLAIN)
def test_offsets_cut_exactly_the_identifier(before: str, seed: tuple[str, str], after: str) -> None:
    carrier, value = seed
    text = f"{before}\n{carrier.format(value)}\n{after}"
    (span,) = find_phi(text)
    assert text[span.start : span.end] == value


SAMPLED = OPTIONS.filter(lambda options: options.policy is Policy.safe_harbor)


@FEW
@given(PLAIN, st.sampled_from(SEEDS), SAMPLED)
def test_what_is_allowed_stays(before: str, seed: tuple[str, str], options: DeidentificationOptions) -> None:
    carrier, value = seed
    text = f"{before}\n{carrier.format(value)}"
    assert value in deidentify(text, replace(options, allow=(value.upper(),))).scrubbed_text


@FEW
@given(NOTES, NOTES, OPTIONS, st.sampled_from(("metformin", "stable", "Zq-7 x", "120/80")))
def test_what_is_denied_never_survives(
    before: str, after: str, options: DeidentificationOptions, value: str
) -> None:
    before, after = (part.replace(value, "") for part in (before, after))
    options = replace(options, deny=(value,), types=frozenset({PhiType.SSN}))
    scrubbed = deidentify(f"{before}\n{value}\n{after}", options).scrubbed_text
    assert f"\n{value}\n" not in scrubbed


NAMED = ("Mr. {} ate.", "Spoke with {} today.", "Patient: {}\nStable.", "Dr. {} agreed; BP 120/80.")


@FEW
@given(
    st.sampled_from(("Quibble", "Anna Testpatient", "O'Hara", "van der Zwaluw", "NGUYEN, LAN")),
    st.sampled_from(NAMED),
    st.sampled_from(NAMED),
    st.binary(min_size=1, max_size=8),
)
def test_a_patients_surrogate_is_the_same_in_every_note_and_never_the_name(
    name: str, first: str, second: str, key: bytes
) -> None:
    options = DeidentificationOptions(operator=Operator.surrogate, surrogate_key=key)
    given_ = []
    for carrier in (first, second):
        note = carrier.format(name)
        (span,) = find_phi(note, options)
        scrubbed = deidentify(note, options).scrubbed_text
        given_.append(scrubbed[span.start : len(scrubbed) - (len(note) - span.end)])
    assert given_[0] == given_[1]
    assert given_[0].casefold() != name.casefold()
