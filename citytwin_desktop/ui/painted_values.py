"""The values that are painted, remembered for both of two scenarios until something changes."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np

from citytwin_desktop.document import events
from citytwin_desktop.document.building_values import belongs_to_surfaces, energy_totals, of_buildings
from citytwin_desktop.document.differences import minus
from citytwin_desktop.document.variables import VARIABLES as KNOWN

KEPT = 16
"""Sets of values: some twenty megabytes at ten thousand buildings, two hundred at a hundred thousand."""


class PaintedValues:
    """Reads values once; a flip between scenarios or a look back at a month reads nothing.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Any) -> None:
        self._session = session
        self._kept: OrderedDict[Any, Any] = OrderedDict()
        self._district: Any = None

    def follow(self, event: Any) -> None:
        """Forget what an event may have changed."""
        if isinstance(event, events.NUMBERS_STAY):
            return
        # The active scenario may be another one, with nothing changed at all.
        if isinstance(event, events.ScenariosChanged) and self._session.document.project.district is self._district:
            return
        self.forget()

    def forget(self) -> None:
        """Read anew."""
        self._kept.clear()

    def of(self, scenario_id: str, request: Any = None) -> Any:
        """Values of a scenario as the style gathers them; `None` for the neutral model.

        Raises
        ------
        KnownError
            When they cannot be read.
        """
        session = self._session
        request = request or session.request()
        if request is None:
            return None
        style, document = session.style, session.document
        # The sun is the same in all scenarios.
        scenario_id = "" if KNOWN[request.name].engine == "solar" else scenario_id
        key = (request, scenario_id, style.by_building, style.total)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        self._district = document.project.district
        scenario = scenario_id or document.active_scenario
        found = document.surface_values(
            request.name, scenario, hour=request.hour, month=request.month, hours=request.hours
        )
        if style.by_building or style.total:
            found = of_buildings(document, found, scenario, request.month, total=style.total)
        self._kept[key] = found
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found

    def remembered(self, key: Any, call: Callable[[], Any]) -> Any:
        """What a call gave for a key since something last changed."""
        if key not in self._kept:
            self._kept[key] = call()
        return self._kept[key]

    def difference(self, first: str, second: str) -> Any:
        """Values of one scenario less those of another; `None` for the neutral model.

        Raises
        ------
        KnownError
            When they cannot be read.
        """
        request = self._session.request()
        if request is None:
            return None
        key = ("difference", request, first, second, self._session.style.by_building, self._session.style.total)
        return self.remembered(key, lambda: minus(self.of(first), self.of(second)))

    def totals(self, scenario_id: str) -> Any:
        """(n_buildings,) float64: totals of the painted variable by row of the table, nan where there is none.

        Raises
        ------
        KnownError
            When they cannot be read.
        """
        request, document = self._session.request(), self._session.document
        key = ("totals", request, scenario_id)
        if key not in self._kept:
            known = KNOWN[request.name]
            if known.engine == "energyplus" and not belongs_to_surfaces(known):
                self._kept[key] = energy_totals(document, known, scenario_id, request.month).kwh
            else:
                found = document.surface_values(
                    request.name, scenario_id, hour=request.hour, month=request.month, hours=request.hours
                )
                found = of_buildings(document, found, scenario_id, request.month, total=True)
                self._kept[key] = _first_of_each(document.city, found.values)
        return self._kept[key]


def _first_of_each(city: Any, values: Any) -> Any:
    """(n_buildings,) float64: values of whole buildings, once, where their own row is; parts are counted in it."""
    parents = city.buildings.parent_row()
    made = np.full(len(city.buildings), np.nan)
    made[parents[city.surfaces.building]] = values
    return made
