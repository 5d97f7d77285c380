"""What one scenario has more of than another, on every surface."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from citytwin_desktop.document.building_values import of_buildings
from citytwin_desktop.document.values import SurfaceValues
from citytwin_desktop.document.variables import variable
from citytwin_desktop.errors import KnownError

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document


def difference(
    document: Document,
    name: str,
    first: str,
    second: str,
    hour: int | None = None,
    month: int | None = None,
    hours: tuple[int, int] | None = None,
    *,
    by_building: bool = False,
    total: bool = False,
) -> SurfaceValues:
    """Value of a variable in one scenario less that in another, on every surface.

    Parameters
    ----------
    document : Document
    name : str
    first, second : str
        Identifiers of scenarios; the difference is first minus second.
    hour, month, hours
        As for `Document.surface_values`.
    by_building, total : bool
        Gather values to buildings first, see `building_values.of_buildings`.

    Raises
    ------
    KnownError
        When there is no such variable or scenario.
    """
    sides = []
    for scenario in (first, second):
        found = document.surface_values(name, document.scenario(scenario).id, hour, month, hours)
        if by_building or total:
            found = of_buildings(document, found, scenario, month, total=total)
        sides.append(found)
    return minus(*sides)


def minus(first: SurfaceValues, second: SurfaceValues) -> SurfaceValues:
    """One set of values less another: nan where either has none, stale or an estimate where either is.

    Raises
    ------
    KnownError
        When they are not of the same thing.
    """
    if (first.variable, first.unit, len(first.values)) != (second.variable, second.unit, len(second.values)):
        msg = (
            f"{first.variable} [{first.unit}] and {second.variable} [{second.unit}] cannot be subtracted: choose the "
            "same variable and period of both."
        )
        raise KnownError(msg)
    estimate = first.estimate if second.estimate is None else second.estimate
    if first.estimate is not None and second.estimate is not None:
        estimate = first.estimate | second.estimate
    return replace(first, values=first.values - second.values, stale=first.stale | second.stale, estimate=estimate)


def depends_on_scenario(name: str) -> bool:
    """Whether scenarios can differ in a variable at all: the sun shines on all of them alike."""
    return variable(name).engine != "solar"
