"""Drawing a document into a file, for `render` and `demo`."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import typer

from citytwin_desktop.city.calendar import COMMON_YEAR_HOURS, hour_label, hour_of, month_days
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.solar_values import SolarTime
from citytwin_desktop.document.variables import HOURLY_SOLAR
from citytwin_desktop.document.variables import variable as look_up
from citytwin_desktop.errors import KnownError
from citytwin_desktop.preflight import missing_packages

if TYPE_CHECKING:
    from citytwin_desktop.scene.render import PaintedCells

_SIZE = re.compile(r"(\d{2,5})[x×](\d{2,5})")
_MOMENT = re.compile(r"(\d{2})-(\d{2})T(\d{2})(?::\d{2})?")
_DAY = re.compile(r"(\d{2})-(\d{2})")
_MAPS = {"direct_sunlight": "cividis", "sky_view_factor": "viridis"}
_BUILDING_MAPS = {"heat_transmission": "losses and gains"}
_TIMES = "an hour of the year (0–{}), MM-DDTHH, a day MM-DD, a month as 01 to 12, or a span MM-DDTHH..MM-DDTHH"


@dataclass(frozen=True)
class Moment:
    """What of the year a text means; all empty for the year.

    Parameters
    ----------
    hour : int, optional
        Hour of the year; of a day, its first.
    month : int, optional
        0 to 11.
    hours : tuple of int, optional
        First hour of a span, and the one after its last.
    whole_day : bool
        Whether the day of the hour is meant.
    """

    hour: int | None = None
    month: int | None = None
    hours: tuple[int, int] | None = None
    whole_day: bool = False


def draw(
    document: Document,
    out: Path,
    variable: str | None,
    time: str | None,
    scenario: str,
    minus: str | None,
    size: str,
    cells_m: float | None = None,
) -> None:
    """Draw a document, neutral or coloured by a variable.

    Parameters
    ----------
    document : Document
    out : Path
        PNG file.
    variable : str, optional
    time : str, optional
        As `parse_time` takes it.
    scenario : str
    minus : str, optional
        Scenario to take off.
    size : str
        ``WIDTHxHEIGHT`` [px].
    cells_m : float, optional [m]
        Paint cells of this size, 1 to 10, on surfaces and ground; they are mapped first, with nothing stored.

    Raises
    ------
    KnownError
        When there is nothing to draw or no result.
    """
    if missing := missing_packages(window=False):
        msg = f"System libraries are missing: install them with “sudo apt-get install {' '.join(missing)}”."
        raise KnownError(msg)
    from citytwin_desktop.scene.render import render_png

    match = _SIZE.fullmatch(size)
    if match is None:
        raise typer.BadParameter("give it as 1600x1000", param_hint="--size")
    if not len(document.city.surfaces):
        raise KnownError("The project has no buildings to draw: import a city first.")
    document.scenario(scenario)
    values, title, cells = None, "", None
    if cells_m is not None:
        values, title, cells = _cells(document, variable, time, minus, cells_m)
    elif variable is not None:
        values, title = _values(document, variable, time, scenario)
        if minus is not None:
            other, _ = _values(document, variable, time, document.scenario(minus).id)
            values = replace(values, values=values.values - other.values, stale=values.stale | other.stale)
            title = f"{title}, {scenario} − {minus}"
        _require_results(values.values, variable)
    render_png(
        document.city,
        out,
        (int(match.group(1)), int(match.group(2))),
        values,
        title,
        map_name=_map_name(variable, cells=cells_m is not None, difference=minus is not None),
        cells=cells,
    )


def _values(document: Document, variable: str, time: str | None, scenario: str) -> tuple[Any, str]:
    title, moment = look_up(variable).title, _moment(document, variable, time)
    values = document.surface_values(variable, scenario, moment.hour, moment.month, moment.hours)
    return values, f"{title}{_suffix(moment, document.year_hours)}"


def _cells(
    document: Document, variable: str | None, time: str | None, minus: str | None, cells_m: float
) -> "tuple[Any, str, PaintedCells]":
    """Map cells and read a solar variable on them."""
    from citytwin_desktop.scene.render import PaintedCells

    if minus is not None:
        raise KnownError("Cells are the same in every scenario: leave out --minus or --cells.")
    name = variable or "solar_irradiation"
    if look_up(name).engine != "solar":
        raise KnownError(f"{look_up(name).title} belongs to buildings: choose a solar variable for --cells.")
    moment = _moment(document, name, time)
    run = document.solar_cells.start(cells_m)
    try:
        run.wait()
    finally:
        run.cancel()
    if run.failed:
        raise KnownError(next(iter(run.failed.values())))
    found = document.solar_cells.values(name, SolarTime(moment.hour or 0, moment.month, moment.hours))
    layout = document.solar_cells.layout
    if found is None or layout is None:
        raise KnownError("No weather file: choose one.")
    return (
        found,
        f"{look_up(name).title}{_suffix(moment, document.year_hours)}",
        PaintedCells(layout, found.values, found.stale),
    )


def _moment(document: Document, variable: str, time: str | None) -> Moment:
    """When a variable is asked for, with what it takes by default.

    Raises
    ------
    KnownError
        When the variable has no such times.
    """
    moment = parse_time(time, document.year_hours) if time is not None else Moment()
    if variable == "solar_irradiation":
        if moment.hour is not None and not moment.whole_day:
            msg = "solar_irradiation is of a day, a month, a span or the year: use solar_irradiance for an hour."
            raise KnownError(msg)
        return Moment(hours=(moment.hour, moment.hour + 24)) if moment.hour is not None else moment
    if variable in HOURLY_SOLAR or variable == "direct_sunlight":
        of_day = variable == "direct_sunlight"
        if moment.month is not None or moment.hours is not None or (moment.whole_day and not of_day):
            raise _no_such_time(variable, "a day" if of_day else "an hour")
        return Moment(document.hour if moment.hour is None else moment.hour, whole_day=of_day)
    if variable == "sky_view_factor" and moment != Moment():
        raise _no_such_time(variable, "the year")
    if moment.hour is not None or moment.hours is not None:
        raise _no_such_time(variable, "a month or the year")
    return moment


def _no_such_time(variable: str, times: str) -> KnownError:
    return KnownError(f"{variable} is of {times}: give another --time, or none.")


def _suffix(moment: Moment, year_hours: int) -> str:
    if moment.hours is not None:
        closing = hour_label(moment.hours[1] - 1, year_hours).rpartition(" ")[0]
        return f", {hour_label(moment.hours[0], year_hours)} – {closing} {(moment.hours[1] - 1) % 24 + 1:02d}:00"
    if moment.hour is not None:
        label = hour_label(moment.hour, year_hours)
        return f", {label.rpartition(' ')[0] if moment.whole_day else label}"
    return f", month {moment.month + 1}" if moment.month is not None else ""


def parse_time(text: str, year_hours: int = COMMON_YEAR_HOURS) -> Moment:
    """What of a year of so many hours a text means: an hour, a day, a month, or a span of hours.

    Raises
    ------
    KnownError
        When it means none of them.
    """
    first, dots, last = text.partition("..")
    if dots:
        span = _hour(first, year_hours), _hour(last, year_hours, end=True)
        if span[0] is not None and span[1] is not None and span[0] < span[1]:
            return Moment(hours=(span[0], span[1]))
    elif (hour := _hour(text, year_hours)) is not None:
        return Moment(hour)
    elif (match := _DAY.fullmatch(text)) is not None and _is_day(int(match[1]), int(match[2]), year_hours):
        return Moment(hour_of(int(match[1]), int(match[2]), 0, year_hours), whole_day=True)
    elif re.fullmatch(r"0[1-9]|1[0-2]", text):
        return Moment(month=int(text) - 1)
    elif text.isascii() and text.isdigit() and int(text) < year_hours:
        return Moment(int(text))
    msg = f"“{text}” is no time: give {_TIMES.format(year_hours - 1)}."
    raise KnownError(msg)


def _hour(text: str, year_hours: int, *, end: bool = False) -> int | None:
    """Hour of the year; at the end of a span, 24 ends a day."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    month, day, hour = (int(part) for part in match.groups())
    return hour_of(month, day, hour, year_hours) if _is_day(month, day, year_hours) and hour < 24 + end else None


def _is_day(month: int, day: int, year_hours: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= month_days(year_hours)[month - 1]


def _require_results(values: Any, variable: str) -> None:
    if np.isnan(values).all():
        engine = look_up(variable).engine
        msg = f"There are no results of {variable}: run simulate --engine {engine} first."
        raise KnownError(msg)


def _map_name(variable: str | None, *, cells: bool, difference: bool) -> str:
    if difference:
        return "difference"
    if cells or (variable is not None and look_up(variable).engine == "solar"):
        return _MAPS.get(variable or "", "inferno")
    return _BUILDING_MAPS.get(variable or "", "viridis")
