"""Tables of solar variables: values of surfaces by hour, month or year, gathered by their area."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.document.result_rows import MOST_NUMBERS, Floats, ResultRow, grouping
from citytwin_desktop.document.solar_values import SMALLEST_AREA_M2, SolarShown
from citytwin_desktop.document.variables import Variable
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.solar.hours import HourSynthesis

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

_SURFACES_AT_ONCE = 256
_W_PER_KW = 1000.0
_MONTHLY = frozenset({"solar_irradiation", "solar_irradiance"})


def solar_rows(document: Document, chosen: Variable, by: str, resolution: str) -> Iterator[ResultRow]:
    """Yield the lines of a solar variable: means over the area of the surfaces that can get light.

    ``solar_irradiation`` is the energy of each hour, month or year; irradiances are means over the time;
    ``direct_sunlight`` is the time of it in hours; ``sky_view_factor`` knows no time and is given as of the year.

    Raises
    ------
    KnownError
        When the variable has no such resolution, or the table would have more than 20 million numbers.
    """
    if chosen.name == "sky_view_factor" and resolution != "year":
        raise KnownError("The sky view factor does not change with time: ask for it with the resolution year.")
    shown = document.solar.shown()
    if not shown.key:
        return
    table = _SolarTable(document, shown, by)
    columns = table.columns(chosen, resolution)
    for number, identifier, building in table.lines.names:
        if table.weight[number] > 0.0:
            yield ResultRow(identifier, building, columns[number], shown.fresh)


class _SolarTable:
    """Values of the surfaces of one solar result, gathered to lines."""

    def __init__(self, document: Document, shown: SolarShown, by: str) -> None:
        self._document, self._shown, self.lines = document, shown, grouping(document, by)
        self._receiver = document.solar.receivers(shown)
        self._area = document.city.surfaces.polygons.areas_m2
        self._known = np.flatnonzero((self._receiver >= 0) & (self._area >= SMALLEST_AREA_M2))
        if by != "surface":
            self._known = self._where_light_comes()
        self.weight = np.bincount(self.lines.group[self._known], self._area[self._known], self.lines.count)

    def _where_light_comes(self) -> NDArray[np.int64]:
        """Surfaces that see sky or anything that shines; all of a line where none does."""
        seasons = self._synthesis.operators.seasons
        scale = np.sum([season.sky_direct.scale + season.sky_reflected.scale for season in seasons], axis=0)
        lit = scale[self._receiver[self._known]] > 0.0
        group = self.lines.group[self._known]
        none = np.bincount(group, lit, self.lines.count) == 0
        return np.asarray(self._known[lit | none[group]])

    def columns(self, chosen: Variable, resolution: str) -> Floats:
        """(lines, hours | 12 | 1) float64."""
        if chosen.name in _MONTHLY and resolution != "hour":
            return self._of_months(chosen, resolution)
        if chosen.name == "sky_view_factor":
            view = self._synthesis.operators.sky_view_factor[self._receiver[self._known]]
            return self._mean(self._known, view[:, None].astype(np.float64))
        hours = self._synthesis.weather.hours
        count = {"hour": hours, "month": 12, "year": 1}[resolution]
        if self.lines.count * count > MOST_NUMBERS:
            raise KnownError("That is over 20 million numbers: ask by building, or by month.")
        period = {"hour": np.arange(hours), "month": self._synthesis.month, "year": np.zeros(hours, np.int64)}
        if chosen.name == "direct_sunlight":
            return self._sunlight(period[resolution], count)
        sums = self._irradiance(chosen.name, period[resolution], count)
        if chosen.name == "solar_irradiation":
            return sums / _W_PER_KW
        return np.asarray(sums / np.bincount(period[resolution], minlength=count))

    @property
    def _synthesis(self) -> HourSynthesis:
        return self._document.solar.synthesis(self._shown.operators)

    def _of_months(self, chosen: Variable, resolution: str) -> Floats:
        monthly = self._document.solar.monthly(self._shown)[self._receiver[self._known]]
        months = self._mean(self._known, monthly.astype(np.float64))
        values = months if resolution == "month" else months.sum(axis=1, keepdims=True)
        if chosen.name == "solar_irradiation":
            return values
        hours = np.bincount(self._synthesis.month, minlength=12)
        return np.asarray(values * _W_PER_KW / (hours if resolution == "month" else hours.sum()))

    def _irradiance(self, name: str, period: NDArray[np.int64], count: int) -> Floats:
        """(lines, count) float64: sums over the hours of each period [Wh/m2]."""
        synthesis = self._synthesis
        bright = np.flatnonzero(synthesis.year.radiance.any(axis=1) | (synthesis.year.beam_w_m2 > 0.0))
        part = {"beam": 0, "diffuse": 1, "reflected": 2}.get(name.rpartition("_")[2])
        total = np.zeros((self.lines.count, count))
        order = self._known[np.argsort(self.lines.group[self._known], kind="stable")]
        for first in range(0, len(order), _SURFACES_AT_ONCE):
            rows = order[first : first + _SURFACES_AT_ONCE]
            parts = synthesis.parts_of(self._receiver[rows], bright)
            values = parts[0] + parts[1] + parts[2] if part is None else parts[part]
            weight = self._area[rows] / self.weight[self.lines.group[rows]]
            groups, starts = np.unique(self.lines.group[rows], return_index=True)
            hourly = np.add.reduceat(values * weight[:, None], starts, axis=0)
            for group, line in zip(groups, hourly, strict=True):
                total[group] += np.bincount(period[bright], line, minlength=count)
        return total

    def _sunlight(self, period: NDArray[np.int64], count: int) -> Floats:
        """(lines, count) float64 [h]: sums of the hours' shares with direct sunlight."""
        synthesis, total = self._synthesis, np.zeros((self.lines.count, count))
        daylit = synthesis.year.path.daylit_share
        for hour in np.flatnonzero(daylit > 0.0):
            share = synthesis.sunlit_share(int(hour))[self._receiver[self._known]]
            total[:, period[hour]] += daylit[hour] * self._mean(self._known, share[:, None].astype(np.float64))[:, 0]
        return np.where(self.weight[:, None] > 0.0, total, np.nan)

    def _mean(self, rows: NDArray[np.int64], values: Floats) -> Floats:
        """(lines, columns) float64: mean over area of values of some surfaces."""
        total = np.zeros((self.lines.count, values.shape[1]))
        group = self.lines.group[rows]
        for column in range(values.shape[1]):
            total[:, column] = np.bincount(group, values[:, column] * self._area[rows], self.lines.count)
        nothing = np.zeros_like(total)
        return np.asarray(np.divide(total, self.weight[:, None], out=nothing, where=self.weight[:, None] > 0.0))
