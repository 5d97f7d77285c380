"""Tables out: CSV, XLSX, Parquet and JSON."""

import csv
import importlib.util
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.files import write_bytes

FORMATS = ("json", "csv", "parquet", "xlsx")
_FORMULA = re.compile(r"^[=+\-@\t\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?")
_MOST_XLSX_ROWS, _MOST_XLSX_COLUMNS = 1_048_576, 16_384


def write_table(
    path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]], kind: str, document: Callable[[], Any]
) -> None:
    """Write a table to a file, all of it or nothing.

    Parameters
    ----------
    path : Path
    header : sequence of str
    rows : sequence of sequences
    kind : str
        One of `FORMATS`.
    document : callable
        Gives the JSON document, for that format.

    Raises
    ------
    KnownError
        When there is no such format or the file cannot be written.
    """
    if kind not in FORMATS:
        msg = f"There is no format “{kind}”: choose one of {', '.join(FORMATS)}."
        raise KnownError(msg)
    write_bytes(path, orjson.dumps(document()) if kind == "json" else table_bytes(header, rows, kind))


def table_bytes(header: Sequence[str], rows: Sequence[Sequence[Any]], kind: str) -> bytes:
    """Bytes of a table as CSV, XLSX or Parquet."""
    return {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}[kind](header, rows)


def _safe(value: Any) -> Any:
    """Keep a text from being run as a formula by a spreadsheet; numbers stay."""
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def _csv(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_safe(value) for value in row] for row in rows)
    return buffer.getvalue().encode()


def _xlsx(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    import openpyxl

    if len(rows) >= _MOST_XLSX_ROWS or len(header) > _MOST_XLSX_COLUMNS:
        msg = f"A table of {len(rows)} × {len(header)} does not fit into XLSX: use csv or parquet."
        raise KnownError(msg)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("results")
    sheet.append(list(header))
    for row in rows:
        sheet.append([xlsx_cell(value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xlsx_cell(value: Any) -> Any:
    """Give a value as XLSX can hold it: control characters have no place in its XML."""
    value = _safe(value)
    return _CONTROL.sub("\ufffd", value) if isinstance(value, str) else value


def _parquet(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    if importlib.util.find_spec("pyarrow") is None:
        raise KnownError("Parquet needs the package pyarrow: install the extra “parquet”, or use csv or xlsx.")
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    table = pa.table({name: list(column) for name, column in zip(header, columns, strict=True)})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return bytes(sink.getvalue())
