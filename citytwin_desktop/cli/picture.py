"""Drawing a document into a file, for `render` and `demo`."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import typer

from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.city.named import VIEW, required
from citytwin_desktop.cli.output import say
from citytwin_desktop.document.differences import minus as subtracted
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.exporting.moments import Moment, moment_of
from citytwin_desktop.document.exporting.painted import map_name
from citytwin_desktop.document.solar_values import SolarTime
from citytwin_desktop.document.variables import VARIABLES
from citytwin_desktop.document.variables import variable as look_up
from citytwin_desktop.errors import KnownError
from citytwin_desktop.preflight import missing_packages

if TYPE_CHECKING:
    from citytwin_desktop.scene.render import PaintedCells

_SIZE = re.compile(r"(\d{2,5})[x×](\d{2,5})")


def draw(
    document: Document,
    out: Path,
    variable: str | None,
    time: str | None,
    scenario: str,
    minus: str | None,
    size: str,
    cells_m: float | None = None,
    view: str | None = None,
    frames: int | None = None,
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
    view : str, optional
        Named view: camera, what is hidden, and what is painted unless ``variable`` or ``cells_m`` says otherwise.
    frames : int, optional
        Pictures of one turn, into the folder ``out``.

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
    kept = _kept_view(document, view)
    if variable is None and cells_m is None and kept is not None:
        variable, time = _painted(document, kept, time)
    values, title, cells = _colours(document, variable, time, scenario, minus, cells_m)
    render_png(
        document.city,
        out,
        (int(match.group(1)), int(match.group(2))),
        values,
        title,
        map_name=_map_name(variable, cells=cells_m is not None, difference=minus is not None),
        cells=cells,
        state=None if kept is None else _scene_state(kept),
        frames=frames or 0,
        on_frame=(lambda done: say(f"{done}/{frames}")) if frames else lambda _done: None,
    )


def _colours(
    document: Document, variable: str | None, time: str | None, scenario: str, minus: str | None, cells_m: float | None
) -> "tuple[Any, str, PaintedCells | None]":
    """Values by surface or by cell, neither for the neutral model, and what the legend calls them."""
    if cells_m is not None:
        return _cells(document, variable, time, minus, cells_m)
    if variable is None:
        return None, "", None
    values, title = _values(document, variable, time, scenario)
    if minus is not None:
        other, _ = _values(document, variable, time, document.scenario(minus).id)
        values, title = subtracted(values, other), f"{title}, {scenario} − {minus}"
    _require_results(values.values, variable)
    return values, title, None


def _kept_view(document: Document, name: str | None) -> Mapping[str, Any] | None:
    return None if name is None else required({VIEW: document.named(VIEW)}, VIEW, name)


def _scene_state(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What the scene reads of a view; other kinds of values are left out, for projects come from other people."""
    scene = kept.get("scene")
    found = {key: value for key, value in scene.items() if isinstance(value, list)} if isinstance(scene, dict) else {}
    state: dict[str, Any] = {
        key: [name for name in found[key] if isinstance(name, str)]
        for key in ("hidden", "isolated", "context_hidden")
        if key in found
    }
    camera = scene.get("camera") if isinstance(scene, dict) else None
    return state | {"camera": camera if isinstance(camera, dict) else {}}


def _painted(document: Document, kept: Mapping[str, Any], time: str | None) -> tuple[str | None, str | None]:
    """Variable and time that a view shows, as options give them; the window's hour of irradiation is irradiance."""
    name, period, hour = kept.get("variable"), kept.get("period"), kept.get("hour")
    if not isinstance(name, str) or name not in VARIABLES:
        return None, time
    if time is not None or not isinstance(hour, int) or not 0 <= hour < document.year_hours:
        return name, time
    if period == "day":
        name = "solar_irradiance" if name == "solar_irradiation" else name
        return name, str(hour)
    return name, f"{int(month_of_hour(document.year_hours)[hour]) + 1:02d}" if period == "month" else None


def _values(document: Document, variable: str, time: str | None, scenario: str) -> tuple[Any, str]:
    title, moment = look_up(variable).title, moment_of(variable, time, document.hour, document.year_hours)
    values = document.surface_values(variable, scenario, moment.hour, moment.month, moment.hours)
    return values, f"{title}{_suffix(moment, document)}"


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
    moment = moment_of(name, time, document.hour, document.year_hours)
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
        f"{look_up(name).title}{_suffix(moment, document)}",
        PaintedCells(layout, found.values, found.stale),
    )


def _suffix(moment: Moment, document: Document) -> str:
    words = moment.words(document.year_hours)
    return f", {words}" if words else ""


def _require_results(values: Any, variable: str) -> None:
    if np.isnan(values).all():
        engine = look_up(variable).engine
        msg = f"There are no results of {variable}: run simulate --engine {engine} first."
        raise KnownError(msg)


def _map_name(variable: str | None, *, cells: bool, difference: bool) -> str:
    if difference:
        return "difference"
    # Without a variable cells show the irradiation, and buildings no values at all.
    name = variable or ("solar_irradiation" if cells else "")
    return map_name(look_up(name)) if name else "viridis"
