"""Histograms and scatters as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.chart_data import histogram
from citytwin_desktop.document.chart_columns import ColumnValues
from citytwin_desktop.document.chart_lines import ChartTable

Rows = NDArray[np.int64]


def histogram_table(
    found: ColumnValues, edges: NDArray[np.float64], rows: Rows, selected: NDArray[np.bool_]
) -> ChartTable:
    """Classes of a histogram with the buildings in them.

    Parameters
    ----------
    found : ColumnValues
    edges : ndarray, (k + 1,) float64
    rows : ndarray, (n,) int64
        Rows that are counted.
    selected : ndarray, (n_buildings,) bool
    """
    every = histogram(found.values[rows], edges)
    chosen = histogram(found.values[rows[selected[rows]]], edges)
    header = (f"from [{found.column.unit}]", f"to [{found.column.unit}]", "buildings", "selected")
    counts = zip(edges[:-1].tolist(), edges[1:].tolist(), every.counts.tolist(), chosen.counts.tolist(), strict=True)
    about = (*_about("histogram", (found,), rows), f"unknown: {every.unknown}, of the selected {chosen.unknown}")
    return ChartTable(about, header, [list(row) for row in counts])


def scatter_table(
    x: ColumnValues, y: ColumnValues, ids: Sequence[str], rows: Rows, selected: NDArray[np.bool_]
) -> ChartTable:
    """Points of a scatter, those with both numbers.

    Parameters
    ----------
    x, y : ColumnValues
    ids : sequence of str
        Of all buildings.
    rows : ndarray, (n,) int64
        Rows that are drawn.
    selected : ndarray, (n_buildings,) bool
    """
    known = rows[np.isfinite(x.values[rows]) & np.isfinite(y.values[rows])]
    header = ["id", *(f"{item.column.title} [{item.column.unit}]" for item in (x, y)), "selected", "stale", "estimate"]
    body: list[list[Any]] = [
        [
            str(ids[row]), float(x.values[row]), float(y.values[row]), bool(selected[row]),
            bool(x.stale[row] or y.stale[row]), bool(x.estimate[row] or y.estimate[row]),
        ]
        for row in known.tolist()
    ]  # fmt: skip
    about = (*_about("scatter", (x, y), rows), f"unknown: {len(rows) - len(known)}")
    return ChartTable(about, tuple(header), body)


def column_marks(found: ColumnValues, rows: Rows) -> list[str]:
    """Words on what has to be known of a column: how many of its numbers are stale or estimates."""
    known = rows[np.isfinite(found.values[rows])]
    stale, estimates = int(found.stale[known].sum()), int(found.estimate[known].sum())
    words = [f"{stale} stale"] if stale else []
    return [*words, f"{estimates} estimated"] if estimates else words


def _about(kind: str, columns: Sequence[ColumnValues], rows: Rows) -> Iterable[str]:
    yield f"CityTwin Desktop, chart: {kind}"
    yield f"buildings: {len(rows)}"
    for item in columns:
        marks = ", ".join(column_marks(item, rows)) or "fresh"
        scenario = f"; scenario {item.scenario}; {marks}" if item.scenario else ""
        yield f"{item.column.title} [{item.column.unit}]{scenario}"
