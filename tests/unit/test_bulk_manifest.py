"""The manifest of a bulk: what is read, and how a wrong row is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from hntai.admin.bulk_acts import manifest_rows
from hntai.contracts.bulk import read_manifest
from hntai.domain.errors import InvalidRequestError


def test_a_manifest_is_json_lines_or_csv() -> None:
    lines = ['{"patientid": "p-1"}\n', "\n", '{"patientid": "p-2", "generation_mode": "hq"}\n']
    read = list(read_manifest(lines, is_csv=False))
    assert [(row.patientid, row.generation_mode) for row in read] == [("p-1", "rule"), ("p-2", "hq")]
    table = ["patientid,generation_mode\r\n", "p-1,\r\n", "p-2,hq\r\n"]
    assert list(read_manifest(table, is_csv=True)) == read


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ('{"patientid": ""}', ["patientid"]),
        ('{"patientid": "a b"}', ["patientid"]),
        ('{"patientid": "p", "token": "Qzmark"}', ["unknown field"]),
        ('{"patientid": "p", "Qzmark": 1}', ["unknown field"]),
        ('{"patientid": "p", "generation_mode": "Qzmark"}', ["generation_mode"]),
        ("Qzmark", ["row"]),
        ("[]", ["row"]),
    ],
)
def test_a_wrong_row_is_told_by_line_and_field_and_not_by_what_it_says(line: str, fields: list[str]) -> None:
    with pytest.raises(InvalidRequestError) as raised:
        list(read_manifest(['{"patientid": "p"}', line], is_csv=False))
    assert raised.value.details == {"line": 2, "fields": fields}
    assert "Qzmark" not in str(raised.value)


def test_a_wrong_row_of_a_table_is_told_too() -> None:
    with pytest.raises(InvalidRequestError):
        list(read_manifest(["patientid\n", "p,too much\n"], is_csv=True))


def test_a_table_saved_by_a_spreadsheet_has_a_mark_before_its_first_name(tmp_path: Path) -> None:
    table = tmp_path / "patients.csv"
    table.write_text("patientid\r\np-1\r\n", "utf-8-sig")
    assert [row.patientid for row in manifest_rows(table)] == ["p-1"]
