"""Buildings and surfaces as two sheets of an XLSX workbook."""

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.files import write_bytes
from citytwin_desktop.formats.tables import xlsx_cell
from citytwin_desktop.formats.written_layers.geopackage import surface_geometry_columns
from citytwin_desktop.formats.written_layers.layer_columns import Column

MOST_SURFACES = 1_000_000
"""More lines do not fit into a sheet."""

_Lines = Iterator[tuple[Any, ...]]


def write_workbook(
    path: Path, city: CityModel, columns: Mapping[str, Sequence[Any]], surface_columns: Mapping[str, Column]
) -> tuple[str, ...]:
    """Write a workbook, all of it or nothing, and name its sheets.

    Parameters
    ----------
    path : Path
    city : CityModel
    columns : mapping of str to sequence
        Of the building table; the sheet ``results``.
    surface_columns : mapping of str to sequence
        Of every surface; the sheet ``surfaces`` has its kind, area and orientation beside them. It is left out where
        there are none, or over a million.

    Raises
    ------
    KnownError
        When the buildings do not fit into a sheet, or the file cannot be written.
    """
    tables = {"results": _table(columns)}
    if 0 < len(city.surfaces) <= MOST_SURFACES:
        tables["surfaces"] = _table({**surface_geometry_columns(city), **surface_columns})
    if len(city.buildings) > MOST_SURFACES:
        msg = f"A table of {len(city.buildings)} buildings does not fit into XLSX: use csv or parquet."
        raise KnownError(msg)
    write_bytes(path, _workbook(tables))
    return tuple(tables)


def _table(columns: Mapping[str, Column]) -> _Lines:
    """Yield the header, then the lines; nan stays out."""
    yield tuple(columns)
    plain = []
    for column in columns.values():
        values = column.tolist() if isinstance(column, np.ndarray) else column
        plain.append([None if isinstance(value, float) and np.isnan(value) else value for value in values])
    yield from zip(*plain, strict=True)


def _workbook(tables: Mapping[str, _Lines]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    for name, lines in tables.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append([xlsx_cell(value) for value in line])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
