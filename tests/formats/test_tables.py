"""Tables out: what a spreadsheet must not run, and what cannot be written."""

import csv
import io
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.tables import table_bytes, write_table

HEADER = ["id", "value"]
ROWS = [["=cmd|' /C calc'!A0", -12.5], ["-12.5", 1.0], ["+1+2", 2.0], ["plain", 3.0]]


def test_formulas_become_texts_and_numbers_stay() -> None:
    found = list(csv.reader(io.StringIO(table_bytes(HEADER, ROWS, "csv").decode())))
    assert [row[0] for row in found[1:]] == ["'=cmd|' /C calc'!A0", "-12.5", "'+1+2", "plain"]
    assert found[1][1] == "-12.5"


def test_xlsx_reads_back(tmp_path: Path) -> None:
    write_table(tmp_path / "t.xlsx", HEADER, ROWS, "xlsx", dict)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == ["'=cmd|' /C calc'!A0", -12.5]


def test_parquet_reads_back(tmp_path: Path) -> None:
    write_table(tmp_path / "t.parquet", HEADER, ROWS, "parquet", dict)
    assert pq.read_table(tmp_path / "t.parquet").to_pydict()["value"] == [-12.5, 1.0, 2.0, 3.0]


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="no format “ods”"):
        write_table(tmp_path / "t.ods", HEADER, ROWS, "ods", dict)
    with pytest.raises(KnownError, match="cannot be written"):
        write_table(tmp_path / "missing" / "t.csv", HEADER, ROWS, "csv", dict)
    assert not list(tmp_path.iterdir())
