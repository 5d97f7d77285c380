"""Series in the form that each kind of chart through the year draws them, and the same as a table."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.chart_data import HOURS_OF_A_DAY, daily_profile, load_duration
from citytwin_desktop.city.calendar import MONTH_NAMES, hour_label
from citytwin_desktop.document.chart_series import ChartData, ChartSeries

Floats = NDArray[np.float64]

HOURLY, PROFILE, MONTHLY, DURATION, CARPET = "hourly", "profile", "monthly", "duration", "carpet"
YEAR_KINDS = (HOURLY, PROFILE, MONTHLY, DURATION, CARPET)
"""Kinds of charts that draw a year."""


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a chart, or its bars.

    Parameters
    ----------
    series : ChartSeries
    y : ndarray, (n,) float64
    unit : str
        Of y.
    low, high : ndarray, (n,) float64, or None
        Band about it.
    """

    series: ChartSeries
    y: Floats
    unit: str
    low: Floats | None = None
    high: Floats | None = None


@dataclass(frozen=True, eq=False)
class ChartTable:
    """What a chart shows, as a table.

    Parameters
    ----------
    about : tuple of str
        What is to be known of it, a line each.
    header : tuple of str
        Names of the columns with their units.
    rows : sequence of sequences
    """

    about: tuple[str, ...]
    header: tuple[str, ...]
    rows: Sequence[Sequence[Any]]

    def to_csv(self) -> bytes:
        """UTF-8; lines about the table begin with ``#``, unknown values are empty."""
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="\n")
        # A name out of a file must not start a line of its own, nor a spreadsheet's formula.
        writer.writerows([f"# {' '.join(text.split())}"] for text in self.about)
        writer.writerow([_safe(name) for name in self.header])
        writer.writerows([_cell(value) for value in row] for row in self.rows)
        return buffer.getvalue().encode()


def lines_of(data: ChartData, kind: str, per_area: bool) -> tuple[list[Line], list[str]]:
    """Lines of a chart of a year, and a sentence for each series that has none.

    Parameters
    ----------
    data : ChartData
    kind : str
        One of `YEAR_KINDS`.
    per_area : bool
        Amounts over the floor area of the buildings that are in them.
    """
    found, left_out = [], []
    for series in data.series:
        by_area = per_area and series.adds_up
        if by_area and not series.area_m2 > 0:
            left_out.append(f"{series.title}: the floor area is not known, choose the sum.")
        elif kind != MONTHLY and series.hours is None:
            why = "of a stale result" if series.stale else "of the source"
            left_out.append(f"{series.title}: only the months {why} are known.")
        else:
            found.append(_line(series, kind, 1.0 / series.area_m2 if by_area else 1.0, "/m²" if by_area else ""))
    return found, left_out


def year_table(data: ChartData, kind: str, lines: Sequence[Line], hours: tuple[int, int] | None = None) -> ChartTable:
    """Table of a chart of a year.

    Parameters
    ----------
    data : ChartData
    kind : str
        One of `YEAR_KINDS`.
    lines : sequence of Line
        As they are drawn.
    hours : tuple of int, optional
        First hour, and the one after the last, of those that are drawn.
    """
    count = max((len(item.y) for item in lines), default=0)
    span = hours if hours is not None and kind == HOURLY else (0, count)
    names, columns = _places(kind, count)
    titles = list(names)
    for item in lines:
        titles.append(f"{_title(item.series, data)} [{item.unit}]")
        columns.append(_padded(item.y, count))
        for word, band in (("10th percentile", item.low), ("90th percentile", item.high)):
            if band is not None:
                titles.append(f"{_title(item.series, data)}, {word} [{item.unit}]")
                columns.append(_padded(band, count))
    rows = list(zip(*(column[span[0] : span[1]] for column in columns), strict=True))
    return ChartTable(tuple(_about(data, kind, lines)), tuple(titles), rows)


def marks_of(series: ChartSeries) -> list[str]:
    """Words on what has to be known of a series beside its name: stale, estimate, of how many buildings."""
    words = []
    if series.stale:
        words.append("stale" if series.stale >= series.buildings else f"{series.stale} stale")
    if series.estimates:
        words.append("estimate" if series.estimates >= series.buildings else f"{series.estimates} estimated")
    if series.buildings < series.asked and not series.delivered:
        words.append(f"{series.buildings} of {series.asked}")
    return words


def _line(series: ChartSeries, kind: str, factor: float, suffix: str) -> Line:
    if kind == MONTHLY or series.hours is None:
        return Line(series, series.months * factor, series.month_unit + suffix)
    hours, unit = series.hours * factor, series.unit + suffix
    if kind == PROFILE:
        day = daily_profile(hours)
        return Line(series, day.mean, unit, day.low, day.high)
    return Line(series, load_duration(hours) if kind == DURATION else hours, unit)


def _places(kind: str, count: int) -> tuple[list[str], list[Any]]:
    """Names and columns of where each row stands."""
    number = list(range(1, count + 1))
    if kind == MONTHLY:
        return ["month", "name"], [number, list(MONTH_NAMES)[:count]]
    if kind == PROFILE:
        return ["hour of the day"], [[f"{hour:02d}:00" for hour in range(count)]]
    if kind == DURATION:
        return ["hours"], [number]
    label = [hour_label(hour, max(count, HOURS_OF_A_DAY)) for hour in range(count)]
    return ["hour", "from"], [number, label]


def _padded(values: Floats, count: int) -> list[float]:
    return [*values.tolist(), *([math.nan] * (count - len(values)))]


def _title(series: ChartSeries, data: ChartData) -> str:
    marks = "".join(f", {word}" for word in marks_of(series))
    return f"{data.name_of(series)}{marks}"


def _about(data: ChartData, kind: str, lines: Sequence[Line]) -> Iterable[str]:
    yield f"CityTwin Desktop, chart: {kind}"
    asked = "whole city" if not data.request.building_ids else f"selection of {len(data.request.building_ids)}"
    first = "" if data.first == data.buildings else f", the first {data.first} of them"
    yield f"buildings: {data.buildings} ({asked}){first}"
    yield f"scenarios: {', '.join(data.request.scenarios)}"
    for item in lines:
        series = item.series
        marks = ", ".join(marks_of(series)) or "fresh"
        origin = " ".join(text for text in (series.engine, series.version, series.at) if text)
        scenario = f"; scenario {series.scenario}" if series.scenario else ""
        yield f"{series.title} [{item.unit}]: {origin}{scenario}; {series.buildings} buildings; {marks}"
    for gap in data.gaps:
        yield f"missing: {gap.sentence or f'{gap.variable} {gap.scenario}: {gap.missing} of {gap.asked} buildings'}"


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else ""
    return _safe(value) if isinstance(value, str) else value


def _safe(text: str) -> str:
    """Keep a name from being run as a formula by a spreadsheet."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text
