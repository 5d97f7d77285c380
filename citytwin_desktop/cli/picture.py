"""Drawing a document into a file, for `render` and `demo`."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import typer

from citytwin_desktop.city.calendar import MONTH_DAYS, hour_label, hour_of
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.values import SurfaceValues
from citytwin_desktop.document.variables import HOURLY_SOLAR
from citytwin_desktop.document.variables import variable as look_up
from citytwin_desktop.errors import KnownError
from citytwin_desktop.preflight import missing_packages

_SIZE = re.compile(r"(\d{2,5})[x×](\d{2,5})")
_MOST_HOURS = 8784
_MOMENT = re.compile(r"(\d{2})-(\d{2})T(\d{2})(?::\d{2})?")


def draw(
    document: Document, out: Path, variable: str | None, time: str | None, scenario: str, minus: str | None, size: str
) -> None:
    """Draw a document, neutral or coloured by a variable.

    Parameters
    ----------
    document : Document
    out : Path
        PNG file.
    variable : str, optional
    time : str, optional
        Hour of the year, ``MM-DDTHH`` or a month ``MM``; for solar variables.
    scenario : str
    minus : str, optional
        Scenario to take off.
    size : str
        ``WIDTHxHEIGHT`` [px].

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
    values, title = None, ""
    if variable is not None:
        values, title = _values(document, variable, time, scenario)
        if minus is not None:
            other, _ = _values(document, variable, time, document.scenario(minus).id)
            values = replace(values, values=values.values - other.values, stale=values.stale | other.stale)
            title = f"{title}, {scenario} − {minus}"
        _require_results(values, variable)
    render_png(
        document.city,
        out,
        (int(match.group(1)), int(match.group(2))),
        values,
        title,
        map_name=_map_name(variable, difference=minus is not None),
    )


def _values(document: Document, variable: str, time: str | None, scenario: str) -> tuple[SurfaceValues, str]:
    title = look_up(variable).title
    hour, month = parse_time(time) if time is not None else (None, None)
    if hour is not None and variable == "solar_irradiation":
        raise KnownError("solar_irradiation is of a month or the year: use solar_irradiance for an hour.")
    of_hours = variable in HOURLY_SOLAR or variable == "direct_sunlight"
    if (hour is not None and not of_hours) or (month is not None and (of_hours or variable == "sky_view_factor")):
        what = "an hour" if of_hours else "the year" if variable == "sky_view_factor" else "a month or the year"
        msg = f"{variable} is of {what}: give another --time, or none."
        raise KnownError(msg)
    if of_hours:
        hour = document.hour if hour is None else hour
        title = f"{title}, {hour_label(hour)}"
    elif month is not None:
        title = f"{title}, month {month + 1}"
    return document.surface_values(variable, scenario, hour, month), title


def parse_time(text: str) -> tuple[int | None, int | None]:
    """Hour of the year, or month from 0, that a text means.

    Raises
    ------
    KnownError
        When it means neither.
    """
    if (match := _MOMENT.fullmatch(text)) is not None:
        month, day, hour = (int(part) for part in match.groups())
        if 1 <= month <= 12 and 1 <= day <= MONTH_DAYS[month - 1] and hour < 24:
            return hour_of(month, day, hour), None
    elif re.fullmatch(r"0[1-9]|1[0-2]", text):
        return None, int(text) - 1
    elif text.isdigit() and int(text) < _MOST_HOURS:
        return int(text), None
    msg = f"“{text}” is no time: give an hour of the year (0–8759), MM-DDTHH, or a month as 01 to 12."
    raise KnownError(msg)


def _require_results(values: SurfaceValues, variable: str) -> None:
    if np.isnan(values.values).all():
        engine = look_up(variable).engine
        msg = f"There are no results of {variable}: run simulate --engine {engine} first."
        raise KnownError(msg)


def _map_name(variable: str | None, *, difference: bool) -> str:
    if difference:
        return "difference"
    return "inferno" if variable is not None and look_up(variable).engine == "solar" else "viridis"
