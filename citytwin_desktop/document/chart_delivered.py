"""Time series that came with a source, brought to the hours or months that charts draw."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from citytwin_desktop.city.calendar import month_days
from citytwin_desktop.document.chart_series import DELIVERED, ChartSeries, Floats, Gap, Gathering, months_of
from citytwin_desktop.document.delivered import DeliveredSeries, delivered_series

_HOUR_S = 3600.0
_KWH = {"wh": 1e-3, "kwh": 1.0, "mwh": 1e3, "gwh": 1e6, "kj": 1 / 3600, "mj": 1 / 3.6, "gj": 1e3 / 3.6}
_KW = {"w": 1e-3, "kw": 1.0, "mw": 1e3}
_MONTH_S = (27.9 * 86400.0, 31.1 * 86400.0)


def delivered_lines(work: Gathering) -> list[ChartSeries | Gap]:
    """Series that came with the rows, those of one name and unit added up, each a line of its own.

    Parameters
    ----------
    work : Gathering
    """
    asked = len(work.rows)
    groups: dict[tuple[str, str, str], list[DeliveredSeries]] = {}
    for item in delivered_series(work.document.project, frozenset(work.ids)):
        groups.setdefault((item.name, item.unit, item.acquisition), []).append(item)
    found: list[ChartSeries | Gap] = []
    for items in groups.values():
        found += _line(items, work.document.year_hours, asked)
    if not groups:
        words = "No time series came with these buildings: a CityGML file with the Energy ADE can bring some."
        found.append(Gap(DELIVERED, "", asked, asked, "", words))
    return found


def hours_of(item: DeliveredSeries, year_hours: int) -> Floats | None:
    """(year_hours,) float64: a delivered series by hours of the calendar year; None where it cannot be.

    Energies are summed and powers taken as means in kWh of the hour; all else is a mean. A series that starts
    within the year goes on at its beginning.

    Parameters
    ----------
    item : DeliveredSeries
    year_hours : int
        8760 or 8784.
    """
    if item.interval_s <= 0:
        return None
    at_once = _HOUR_S / item.interval_s
    if abs(at_once - round(at_once)) > 1e-6 or round(at_once) < 1 or len(item.values) != year_hours * round(at_once):
        return None
    parts, factor = item.values.reshape(year_hours, round(at_once)), _kwh_per_hour(item.unit)
    energy = item.unit.lower() in _KWH
    hours = parts.sum(axis=1) if energy else parts.mean(axis=1)
    return np.asarray(np.roll(hours * factor, first_hour(item.start, year_hours)))


def months_from(item: DeliveredSeries) -> Floats | None:
    """(12,) float64 [kWh]: a delivered series of twelve months; None where it is none or of no energy."""
    energy = item.unit.lower() in _KWH
    if len(item.values) != 12 or not _MONTH_S[0] <= item.interval_s <= _MONTH_S[1] or not energy:
        return None
    began = _began(item.start)
    return np.asarray(np.roll(item.values * _kwh_per_hour(item.unit), began.month - 1 if began else 0))


def first_hour(start: str, year_hours: int) -> int:
    """Hour of the year at which a series starts; 0 where its start is not known.

    Parameters
    ----------
    start : str
        ISO 8601, as in the source.
    year_hours : int
    """
    began = _began(start)
    if began is None:
        return 0
    # 29 February does not exist in a common year.
    days = sum(month_days(year_hours)[: began.month - 1]) + min(began.day, month_days(year_hours)[began.month - 1]) - 1
    return int((timedelta(days=days, hours=began.hour)) / timedelta(hours=1)) % year_hours


def _began(start: str) -> datetime | None:
    try:
        return datetime.fromisoformat(start.strip())
    except ValueError:
        return None


def _kwh_per_hour(unit: str) -> float:
    """Factor to kWh of an hour; 1 for units of anything else."""
    return _KWH.get(unit.lower(), _KW.get(unit.lower(), 1.0))


def _line(items: list[DeliveredSeries], year_hours: int, asked: int) -> list[ChartSeries | Gap]:
    first = items[0]
    hours = [values for item in items if (values := hours_of(item, year_hours)) is not None]
    months = [values for item in items if (values := months_from(item)) is not None]
    if max(len(hours), len(months)) < len(items):
        days = timedelta(seconds=first.interval_s)
        words = f"“{first.name}” has {len(first.values)} values, one in {days}: no year of hours or months to draw."
        return [Gap(DELIVERED, "", asked, asked, "", words)]
    energy = first.unit.lower() in _KWH or first.unit.lower() in _KW
    unit = "kWh" if energy else first.unit
    # What is no energy does not add up over buildings.
    together = np.sum if energy else np.mean
    by_hour = np.asarray(together(hours, axis=0)) if len(hours) == len(items) else None
    by_month = months_of(by_hour, unit) if by_hour is not None else np.asarray(np.sum(months, axis=0))
    if not energy and by_hour is not None:
        by_month = by_month / (np.array(month_days(year_hours)) * 24.0)
    count = len({item.building for item in items})
    title = f"{first.name} ({first.acquisition or 'delivered'})"
    return [
        ChartSeries(
            DELIVERED, title, unit, "", by_hour, by_month, count, asked,
            engine="source", version=first.source, at=first.start, delivered=True, adds_up=energy,
        )
    ]  # fmt: skip
