"""How much of the painted variable each of two scenarios has, and the difference, in words."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from citytwin_desktop.document.building_values import has_totals
from citytwin_desktop.document.comparison import share_of
from citytwin_desktop.document.variables import VARIABLES as KNOWN
from citytwin_desktop.scene.numbers import THIN_SPACE, number_text
from citytwin_desktop.ui.numbers import counted, energy_unit, with_unit
from citytwin_desktop.ui.paint_words import time_words

LONGEST_NAME = 24


@dataclass(frozen=True)
class Delta:
    """Two numbers of the same thing over the same buildings.

    Parameters
    ----------
    first, second : float
    unit : str
    buildings : int
        That have results in both scenarios, parts counted with theirs.
    reference : str
        Name of the second scenario, which shares relate to.
    mean : bool
        Whether the numbers are means over buildings rather than sums.
    """

    first: float
    second: float
    unit: str
    buildings: int
    reference: str
    mean: bool = False

    @property
    def difference(self) -> float:
        """First less second."""
        return self.first - self.second

    @property
    def words(self) -> str:
        """``−1.24 GWh (−32 % of Baseline)``."""
        return f"{self.amount} ({self.share} of {_short(self.reference)})" if self.share else self.amount

    @property
    def amount(self) -> str:
        """``−1.24 GWh``."""
        divisor, unit = self._scale()
        return f"{'mean ' if self.mean else ''}{signed(self.difference / divisor)}{THIN_SPACE if unit else ''}{unit}"

    @property
    def share(self) -> str:
        """``−32 %`` of the reference; empty where that is nought."""
        share = share_of(self.first, self.second)
        return "" if share is None else f"{signed(100.0 * share, 2)}{THIN_SPACE}%"

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
        base = f"; shares are of {self.reference}" if self.share else ""
        return f"{kind.capitalize()} over {counted(self.buildings)} with results in both scenarios{base}"

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
    painted, document = session.painted, session.document
    sides = [painted.totals(item) if summed else painted.means(item) for item in (first, second)]
    both = np.isfinite(sides[0]) & np.isfinite(sides[1])
    if not both.any():
        return None
    count = len(np.unique(document.city.buildings.parent_row()[both]))
    one, other = (float(item[both].sum()) / (1 if summed else count) for item in sides)
    unit = ("kWp" if known.unit == "kWp" else "kWh") if summed else str(painted.of(first).unit).replace("–", "")
    return Delta(one, other, unit, count, document.scenario(second).name, mean=not summed)


def delta_tip(session: Any, delta: Delta) -> str:
    """What a difference is of, for a tool tip."""
    title, time = KNOWN[session.request().name].title, time_words(session)
    return f"{title}{f', {time}' if time else ''}. {delta.sentence}: {' against '.join(delta.sides)}."


def stale_sides(session: Any) -> list[str]:
    """Letters of the compared scenarios of whose results some are stale.

    Raises
    ------
    KnownError
        When results cannot be read.
    """
    sides = [(letter, session.painted.of(item)) for letter, item in zip("AB", session.comparison.pair, strict=True)]
    return [letter for letter, side in sides if side is not None and (side.stale & np.isfinite(side.values)).any()]


def signed(value: float, digits: int = 3) -> str:
    """A number with its sign, plus or minus."""
    return f"{'+' if value > 0 else ''}{number_text(value, digits)}"


def _short(name: str) -> str:
    """A scenario's name, shortened where it would push the number out of its line; tips have all of it."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
