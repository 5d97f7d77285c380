"""The values that are painted, remembered for both of two scenarios until something changes."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np

from citytwin_desktop.city.wholes import parts_and_wholes
from citytwin_desktop.document import events
from citytwin_desktop.document.building_values import belongs_to_surfaces, energy_totals, of_buildings, row_values
from citytwin_desktop.document.differences import minus
from citytwin_desktop.document.variables import VARIABLES as KNOWN
from citytwin_desktop.ui.arriving_values import ArrivingValues
from citytwin_desktop.ui.estimate_words import badge_of_estimates

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
        self.arriving = ArrivingValues(session, self._painted_now)
        self.arriving.read.connect(self._take)

    def follow(self, event: Any) -> None:
        """Forget what an event may have changed."""
        if isinstance(event, events.NUMBERS_STAY):
            return
        # The active scenario may be another one, with nothing changed at all.
        if isinstance(event, events.ScenariosChanged) and self._session.document.project.district is self._district:
            return
        if isinstance(event, events.ResultsArrived) and self.follows_aside:
            self.arriving.ask()
            return
        self.forget()

    @property
    def follows_aside(self) -> bool:
        """Whether results that arrive are read on a thread: of a city, many, and not of the sun, which come once."""
        request = self._session.request()
        return request is not None and KNOWN[request.name].engine != "solar" and self.arriving.worthwhile

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
        key = _key(request, scenario_id, style)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        self._district = document.project.district
        self._kept[key] = found = _values(document, *key)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found

    def remembered(self, key: Any, call: Callable[[], Any]) -> Any:
        """What a call gave for a key since something last changed."""
        if key not in self._kept:
            self._kept[key] = call()
        return self._kept[key]

    def estimate_badge(self, sides: list[Any]) -> Any:
        """The badge of painted estimates, None where there are none; reads results."""
        document = self._session.document
        return self.remembered(self._badge_key(len(sides)), lambda: badge_of_estimates(document, sides))

    def _badge_key(self, count: int) -> Any:
        session = self._session
        return ("badge", session.request(), session.document.active_scenario, session.compared, count)

    def _painted_now(self) -> dict[Any, Any]:
        """What to read again for the picture that is shown: values of its scenarios, and their badge."""
        session = self._session
        request = session.request()
        if request is None:
            return {}
        compared = [session.compared] if session.compared else []
        scenarios = [session.document.active_scenario, *compared]
        keys = list(dict.fromkeys(_key(request, name, session.style) for name in scenarios))
        found: dict[Any, Any] = {}

        def value(document: Any, key: Any) -> Any:
            found[key] = _values(document, *key)
            return found[key]

        calls: dict[Any, Any] = {key: lambda document, key=key: value(document, key) for key in keys}
        if not session.comparison.shows_difference:
            sides = keys[: 1 + session.comparison.side_by_side]
            calls[self._badge_key(len(sides))] = lambda document: badge_of_estimates(
                document, [found[key] for key in sides]
            )
        return calls

    def _take(self, values: Any) -> None:
        """What was read on a thread is painted from now on, if it still is what is painted."""
        if not set(self._painted_now()) <= set(values):
            self.arriving.ask()
            return
        self._kept.clear()
        self._kept.update(values)
        self._district = self._session.document.project.district
        self._session.values_read.emit()

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
                self._kept[key] = self._of_wholes(found, scenario_id, request.month, total=True)
        return self._kept[key]

    def means(self, scenario_id: str) -> Any:
        """(n_buildings,) float64: the painted variable of every building, its parts among it; nan for parts.

        Raises
        ------
        KnownError
            When it cannot be read.
        """
        request = self._session.request()
        key = ("means", request, scenario_id)
        if key not in self._kept:
            times = {"hour": request.hour, "month": request.month, "hours": request.hours}
            found = self._session.document.surface_values(request.name, scenario_id, **times)
            self._kept[key] = self._of_wholes(found, scenario_id, request.month, total=False)
        return self._kept[key]

    def _of_wholes(self, found: Any, scenario_id: str, month: int | None, *, total: bool) -> Any:
        """Values of buildings, nan for parts: they are counted in theirs."""
        document = self._session.document
        values = row_values(document, found, scenario_id, month, total=total).values
        values[parts_and_wholes(document.city.buildings)[0]] = np.nan
        return values


def _key(request: Any, scenario_id: str, style: Any) -> tuple[Any, str, bool, bool]:
    """What values depend on; the sun is the same in all scenarios."""
    scenario_id = "" if KNOWN[request.name].engine == "solar" else scenario_id
    return request, scenario_id, style.by_building, style.total


def _values(document: Any, request: Any, scenario_id: str, by_building: bool, total: bool) -> Any:
    """Values as they are painted, of this or another thread's document."""
    scenario = scenario_id or document.active_scenario
    found = document.surface_values(request.name, scenario, hour=request.hour, month=request.month, hours=request.hours)
    return of_buildings(document, found, scenario, request.month, total=total) if by_building or total else found
