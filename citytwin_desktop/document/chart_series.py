"""What a chart through the year is drawn from: its series, what they are of, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.chart_data import monthly_totals
from citytwin_desktop.document.variables import ENERGY, FINAL_ENERGY, VARIABLES, Variable

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

Floats = NDArray[np.float64]

BY_CARRIER = "final_energy_by_carrier"
"""Name of final energy as one series for each carrier."""
DELIVERED = "delivered"
"""Name of all series that came with the sources of the buildings."""
MOST_BUILDINGS = 10_000
"""Results of more are not gathered; the first ones are, and it is said."""


class CancelledError(Exception):
    """Nobody waits for the series any more."""


@dataclass(frozen=True)
class ChartVariable:
    """Something that can be drawn through the year.

    Parameters
    ----------
    name, title : str
    unit : str
        Of one hour.
    engine : str
        Engine to run when it is missing; empty for what came with the sources.
    """

    name: str
    title: str
    unit: str
    engine: str


@dataclass(frozen=True)
class ChartRequest:
    """What is to be gathered.

    Parameters
    ----------
    variables : tuple of str
        Names of `chart_variables`.
    scenarios : tuple of str
        The active one first.
    building_ids : tuple of str
        Selected buildings or parts; none for the whole city.
    """

    variables: tuple[str, ...]
    scenarios: tuple[str, ...]
    building_ids: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ChartSeries:
    """One line of a chart.

    Parameters
    ----------
    variable, title : str
    unit : str
        Of one hour: energies are of the hour, W/m² are means over it.
    scenario : str
        Empty for what belongs to none.
    hours : ndarray, (8760,) or (8784,) float64, or None
        None where only months are known.
    months : ndarray, (12,) float64
        Sums of amounts; of W/m² the sums in kWh/m², of other means their means.
    buildings, asked : int
        How many are in it, of how many.
    stale, estimates : int
        How many of those are of other inputs than today's, and how many are estimates.
    area_m2 : float [m2]
        Floor area of those; nan where it is unknown.
    engine, version, at : str
        Who computed the first of them, and when (UTC); of delivered series the source.
    carrier : str
        Of final energy.
    delivered : bool
        Whether it came with the source.
    adds_up : bool
        Whether it is an amount that adds up over buildings and hours, and not a mean.
    """

    variable: str
    title: str
    unit: str
    scenario: str
    hours: Floats | None
    months: Floats
    buildings: int
    asked: int
    stale: int = 0
    estimates: int = 0
    area_m2: float = float("nan")
    engine: str = ""
    version: str = ""
    at: str = ""
    carrier: str = ""
    delivered: bool = False
    adds_up: bool = True

    @property
    def month_unit(self) -> str:
        """Unit of the months."""
        return "kWh/m²" if self.unit == "W/m²" else self.unit

    @property
    def whole(self) -> bool:
        """Whether every building asked for is in it with a result of today's inputs."""
        return not self.stale and self.buildings == self.asked


@dataclass(frozen=True)
class Gap:
    """Buildings without a result of a variable.

    Parameters
    ----------
    variable, scenario : str
    missing, asked : int
    engine : str
        To run, empty where a sentence says more.
    sentence : str
        What is the matter when it is not just a run that is missing.
    """

    variable: str
    scenario: str
    missing: int
    asked: int
    engine: str
    sentence: str = ""


@dataclass(frozen=True, eq=False)
class ChartData:
    """Series of a request.

    Parameters
    ----------
    request : ChartRequest
    series : tuple of ChartSeries
    gaps : tuple of Gap
    buildings, first : int
        Rows with geometry that were asked for, and how many of them were looked at.
    names : mapping of str to str
        Names of the scenarios.
    """

    request: ChartRequest
    series: tuple[ChartSeries, ...]
    gaps: tuple[Gap, ...]
    buildings: int
    first: int
    names: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, series: ChartSeries) -> str:
        """Title of a series, with its scenario where there are several."""
        several = len(self.request.scenarios) > 1 and series.scenario
        return f"{series.title} ({self.names.get(series.scenario, series.scenario)})" if several else series.title


Progress = Callable[[int, int], None]


def nobody_listens(_done: int, _of: int) -> None:
    """Progress that nobody wants to know."""


@dataclass(frozen=True)
class Gathering:
    """What all readers of series need.

    Parameters
    ----------
    document : Document
        On this thread alone, see `SideDocument`.
    rows : ndarray, (n,) int64
        Rows with geometry.
    progress : callable
        Told how many buildings are done, of how many; raises `CancelledError` to stop.
    """

    document: Document
    rows: NDArray[np.int64]
    progress: Progress = nobody_listens

    @property
    def ids(self) -> list[str]:
        """Identifiers of the rows."""
        return [str(name) for name in self.document.city.buildings.ids[self.rows]]


def chart_variables() -> tuple[ChartVariable, ...]:
    """Everything that has hours or months: energies of buildings, irradiance, yields, and what came with a source."""
    known = list(VARIABLES.values())
    energies = [item for item in known if item.engine == "energyplus" and item.kind == ENERGY]
    sun = [item for item in known if item.name.startswith("solar_irradiance")]
    yields = [item for item in known if item.engine == "collectors" and item.unit == "kWh"]
    found = [ChartVariable(item.name, item.title, item.unit, item.engine) for item in (*energies, *sun, *yields)]
    place = next(number for number, item in enumerate(found) if item.name == FINAL_ENERGY)
    found.insert(place + 1, ChartVariable(BY_CARRIER, "Final energy by carrier", "kWh", "energyplus"))
    return (*found, ChartVariable(DELIVERED, "Delivered with the source", "", ""))


def energy_variables(names: tuple[str, ...]) -> Iterator[Variable]:
    """Energies of buildings among some names; final energy by carrier stands for itself."""
    for name in names:
        chosen = VARIABLES.get(FINAL_ENERGY if name == BY_CARRIER else name)
        if chosen is not None and chosen.engine == "energyplus":
            yield chosen


def months_of(hours: Floats, unit: str) -> Floats:
    """(12,) float64: sums of the months [kWh, or kWh/m² for W/m²].

    Parameters
    ----------
    hours : ndarray, (8760,) or (8784,) float64
    unit : str
        Of one hour.
    """
    return monthly_totals(hours) / (1000.0 if unit.startswith("W/") else 1.0)
