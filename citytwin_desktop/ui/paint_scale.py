"""Which values which colours stand for: fitted to what is seen, typed, or the same for all scenarios."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.class_breaks import class_breaks
from citytwin_desktop.analysis.colour_scales import fitted_range, logarithmic_scale
from citytwin_desktop.document.building_values import belongs_to_surfaces
from citytwin_desktop.document.variables import HOURLY_SOLAR
from citytwin_desktop.document.variables import VARIABLES as KNOWN
from citytwin_desktop.scene.colour_maps import DIVERGING_MAP, FLOW_MAP, ColourScale
from citytwin_desktop.ui.paint_style import LOCKED
from citytwin_desktop.ui.variables import MONTH, VARIABLES

EXTREME_MONTHS = (0, 5, 6)
"""January, June, July: they commonly have the extremes of a year."""


class ScaleKeeper:
    """The colour scale of what is painted; it stays while hours are dragged, so that colours can be compared.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Any) -> None:
        self.session = session
        self._kept: tuple[Any, ColourScale] | None = None
        self._firsts: tuple[Any, NDArray[np.int64]] | None = None

    def forget(self) -> None:
        """Fit anew at the next paint."""
        self._kept = None

    def scale(self, seen: Any, name: str) -> ColourScale:
        """The scale for some values.

        Parameters
        ----------
        seen : SurfaceValues or CellValues
            What is painted, of the active scenario or the difference.
        name : str
            The document's name of the variable.
        """
        session, variable = self.session, VARIABLES[self.session.variable]
        dragged = variable.follows(session.period) and not variable.whole_day
        style = replace(session.style, threshold=None)
        key = (name, session.period, style, session.detail.shown, session.comparison.shows_difference)
        if dragged and self._kept is not None and self._kept[0] == key:
            return self._kept[1]
        made = self._difference(seen, dragged) if session.comparison.shows_difference else self._plain(seen, name)
        fitted = (seen,) if session.comparison.shows_difference else self._fitted_to(seen)
        values = np.concatenate([self.units(item) for item in fitted])
        if style.logarithmic:
            made = logarithmic_scale(made, values)
        made = self._classed(made, values)
        self._kept = (key, made) if np.isfinite(seen.values).any() else None
        return made

    def logarithmic_hindrance(self, seen: Any) -> str:
        """Why some painted values cannot be coloured by their logarithm, empty when they can."""
        if self.session.comparison.shows_difference:
            return "A difference has its own colours, white at zero"
        if self.session.map_name == FLOW_MAP:
            return "Losses and gains lie on both sides of zero: choose another colour map"
        known = seen.values[np.isfinite(seen.values)] if seen is not None else np.zeros(0)
        if not len(known) or known.min() <= 0.0:
            return "Logarithmic colours need values that are all above zero"
        return ""

    def units(self, seen: Any) -> NDArray[np.float32]:
        """What is counted of some values: one for each building where its surfaces share it, else all of them."""
        values: NDArray[np.float32] = seen.values
        if not self.counts_buildings(seen):
            return values
        surfaces = self.session.document.city.surfaces
        if self._firsts is None or self._firsts[0] is not surfaces:
            owner = surfaces.building
            self._firsts = surfaces, np.flatnonzero(np.append(True, owner[1:] != owner[:-1])[: len(owner)])
        return values[self._firsts[1]]

    def counts_buildings(self, seen: Any) -> bool:
        """Whether values belong to whole buildings."""
        style = self.session.style
        if not isinstance(seen.stale, np.ndarray):
            return False  # of cells
        return style.by_building or style.total or not belongs_to_surfaces(KNOWN[seen.variable])

    def _plain(self, seen: Any, name: str) -> ColourScale:
        session, variable = self.session, VARIABLES[self.session.variable]
        style, made = session.style, ColourScale(session.map_name, 0.0, 1.0, session.classes, session.style.reverse)
        if style.typed_range is not None:
            return _ends(made, *style.typed_range)
        if variable.limits is not None and (name in HOURLY_SOLAR or not variable.has_time) and not style.total:
            # Up to what surfaces commonly see, whatever hour is shown first.
            return _ends(made, *variable.limits)
        if variable.whole_day:
            return _ends(made, 0.0, max(_highest(seen.values), 1.0))
        ranges = [fitted_range(self.units(item), session.map_name) for item in self._fitted_to(seen)]
        low, high = min(item[0] for item in ranges), max(item[1] for item in ranges)
        if session.period == MONTH and not session.detail.shown:
            least, most = self._months_range(session.map_name, self._scenarios())
            low, high = min(low, least), max(high, most)
        return _ends(made, low, high)

    def _difference(self, seen: Any, dragged: bool) -> ColourScale:
        style = self.session.style
        made = ColourScale(DIVERGING_MAP, -1.0, 1.0, style.classes, style.reverse)
        if style.typed_range is not None:
            high = max(abs(end) for end in style.typed_range)
            return _ends(made, -high, high)
        high = fitted_range(self.units(seen), DIVERGING_MAP)[1] if np.isfinite(seen.values).any() else 1.0
        if dragged and self.session.period == MONTH:
            first, second = self.session.comparison.pair
            for month in EXTREME_MONTHS:
                request = replace(self.session.request(), month=month)
                one, other = (self.session.painted.of(scenario, request) for scenario in (first, second))
                values = self.units(replace(one, values=one.values - other.values))
                if np.isfinite(values).any():
                    high = max(high, fitted_range(values, DIVERGING_MAP)[1])
        return _ends(made, -high, high)

    def _scenarios(self) -> list[str]:
        """Scenarios whose values the range must hold."""
        session = self.session
        if session.style.range_mode == LOCKED:
            return [scenario.id for scenario in session.document.scenarios]
        return [item for item in session.comparison.pair if item] if session.comparison.active else []

    def _fitted_to(self, seen: Any) -> Sequence[Any]:
        if self.session.detail.shown:
            return (seen,)
        others = [self.session.painted.of(scenario) for scenario in self._scenarios()]
        return [item for item in others if np.isfinite(item.values).any()] or (seen,)

    def _months_range(self, map_name: str, scenarios: Sequence[str]) -> tuple[float, float]:
        """Ends that hold every month; zero lies between."""
        session, low, high = self.session, 0.0, 0.0
        request = session.request()
        for scenario in scenarios or (session.document.active_scenario,):
            for month in EXTREME_MONTHS:
                values = self.units(session.painted.of(scenario, replace(request, month=month)))
                if np.isfinite(values).any():
                    ends = fitted_range(values, map_name)
                    low, high = min(low, ends[0]), max(high, ends[1])
        return low, high

    def _classed(self, made: ColourScale, values: NDArray[np.float32]) -> ColourScale:
        style = self.session.style
        breaks = class_breaks(values, style.classes, style.method, made.low, made.high)
        # Fewer distinct values than classes make fewer classes.
        return replace(made, breaks=breaks, classes=len(breaks) + 1) if breaks else made


def _ends(made: ColourScale, low: float, high: float) -> ColourScale:
    return replace(made, low=float(low), high=float(high))


def _highest(values: NDArray[np.float32]) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.max(initial=0.0))
