"""Names from foreign files in tables."""

import io

import openpyxl

from citytwin_desktop.formats.tables import table_bytes


def test_control_characters_do_not_stop_a_workbook() -> None:
    data = table_bytes(["id", "name"], [["a\x00b", "\x1b[31m=1"], ["=cmd|x", "plain\tü"]], "xlsx")
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows()]
    assert rows[1:] == [["a\ufffdb", "\ufffd[31m=1"], ["'=cmd|x", "plain\tü"]]
