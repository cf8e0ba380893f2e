"""Merging and cutting of spans, checksums, the letters of the law."""

from hntai.domain.checksums import dea_holds, iban_holds, luhn_holds, npi_holds, vin_holds
from hntai.domain.safe_harbor import IDENTIFIERS, RESTRICTED_ZIP3
from hntai.domain.spans import PhiType, Span, merged, without


def _span(start: int, end: int, type_: PhiType = PhiType.NAME, score: float = 0.5) -> Span:
    return Span(start, end, type_, score, "test")


def test_longest_of_overlapping_spans_gives_the_type_and_all_are_covered() -> None:
    found = merged([_span(3, 8), _span(0, 20, PhiType.EMAIL), _span(18, 24, PhiType.URL), _span(30, 31)])
    assert [(span.start, span.end, span.type) for span in found] == [(0, 24, "EMAIL"), (30, 31, "NAME")]


def test_score_decides_between_spans_of_one_length() -> None:
    found = merged([_span(0, 5, PhiType.MRN, 0.5), _span(0, 5, PhiType.LICENSE, 0.9)])
    assert [span.type for span in found] == ["LICENSE"]


def test_neighbours_are_not_merged_and_empty_spans_vanish() -> None:
    assert len(merged([_span(0, 2), _span(2, 4), _span(4, 4)])) == 2


def test_holes_are_cut_out_of_a_span() -> None:
    pieces = without(_span(0, 10), [(2, 4), (9, 12)])
    assert [(piece.start, piece.end) for piece in pieces] == [(0, 2), (4, 9)]
    assert without(_span(0, 10), [(0, 10)]) == ()


def test_every_type_has_its_letter_in_the_law() -> None:
    assert set(IDENTIFIERS) == set(PhiType)
    assert all(type_ == type_.name for type_ in PhiType)


def test_seventeen_zip_areas_are_restricted() -> None:
    assert len(RESTRICTED_ZIP3) == 17


def test_checksums_hold_for_published_examples_and_break_with_one_digit() -> None:
    assert npi_holds("1234567893")
    assert not npi_holds("1234567890")
    assert dea_holds("AB1234563")
    assert not dea_holds("AB1234560")
    assert vin_holds("1HGCM82633A004352")
    assert not vin_holds("1HGCM82633A004353")
    assert iban_holds("GB82WEST12345698765432")
    assert not iban_holds("GB82WEST12345698765431")
    assert luhn_holds("4111111111111111")
    assert not luhn_holds("4111111111111112")
