"""How much of the painted variable each of two scenarios has, and the difference, in words."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.document.building_values import belongs_to_surfaces, has_totals
from citytwin_desktop.document.variables import VARIABLES as KNOWN
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.numbers import counted, energy_unit, with_unit
from citytwin_desktop.ui.paint_words import time_words


@dataclass(frozen=True)
class Delta:
    """Two numbers of the same thing over the same buildings.

    Parameters
    ----------
    first, second : float
    unit : str
    buildings : int
        That have results in both scenarios.
    mean : bool
        Whether the numbers are means over buildings rather than sums.
    """

    first: float
    second: float
    unit: str
    buildings: int
    mean: bool = False

    @property
    def difference(self) -> float:
        """First less second."""
        return self.first - self.second

    @property
    def words(self) -> str:
        """``−1.24 GWh (−32 %)``."""
        divisor, unit = self._scale()
        sign = "+" if self.difference > 0 else ""
        text = f"{'mean ' if self.mean else ''}{sign}{with_unit(self.difference / divisor, unit)}"
        if self.second:
            share = 100.0 * self.difference / abs(self.second)
            text += f" ({'+' if share > 0 else ''}{number_text(share, 2)}\u2009%)"
        return text

    @property
    def sides(self) -> tuple[str, ...]:
        """Both numbers in one unit."""
        divisor, unit = self._scale()
        kind = "mean " if self.mean else ""
        return tuple(f"{kind}{with_unit(value / divisor, unit)}" for value in (self.first, self.second))

    @property
    def sentence(self) -> str:
        """What the numbers are of."""
        kind = "mean" if self.mean else "sum"
        return f"{kind.capitalize()} over {counted(self.buildings)} with results in both scenarios"

    def _scale(self) -> tuple[float, str]:
        if self.unit.startswith("kWh") and "/" not in self.unit:
            return energy_unit((self.first, self.second))
        return 1.0, self.unit


def delta_of(session: Any, first: str, second: str) -> Delta | None:
    """Sums, or means where sums mean nothing, of the painted variable; `None` where no building has both.

    Parameters
    ----------
    session : Session
    first, second : str
        Identifiers of scenarios.

    Raises
    ------
    KnownError
        When results cannot be read.
    """
    request = session.request()
    if request is None or not request.name:
        return None
    known = KNOWN[request.name]
    summed = has_totals(known)
    sides = [session.painted.totals(item) if summed else session.painted.of(item) for item in (first, second)]
    values = [_by_row(session, item) if not summed else item for item in sides]
    both = np.isfinite(values[0]) & np.isfinite(values[1])
    if not both.any():
        return None
    count = int(both.sum())
    one, other = (float(item[both].sum()) / (1 if summed else count) for item in values)
    unit = ("kWp" if known.unit == "kWp" else "kWh") if summed else str(sides[0].unit).replace("–", "")
    return Delta(one, other, unit, count, mean=not summed)


def delta_tip(session: Any, delta: Delta) -> str:
    """What a difference is of, for a tool tip."""
    title, time = KNOWN[session.request().name].title, time_words(session)
    return f"{title}{f', {time}' if time else ''}. {delta.sentence}: {' against '.join(delta.sides)}."


def _by_row(session: Any, found: Any) -> NDArray[np.float64]:
    """(n_buildings,) float64: mean over a building's surfaces of values that are no sums."""
    city = session.document.city
    owner, count = city.surfaces.building, len(city.buildings)
    known = np.flatnonzero(np.isfinite(found.values))
    weight = np.ones(len(known))
    if belongs_to_surfaces(KNOWN[found.variable]):
        weight = city.surfaces.polygons.areas_m2[known]
    sums = np.bincount(owner[known], found.values[known] * weight, count)
    area = np.bincount(owner[known], weight, count)
    return np.divide(sums, area, out=np.full(count, np.nan), where=area > 0.0)
