"""Irradiance of any hour, and irradiation by month, from operators and weather."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.solar.operators import FULL_VISIBILITY, ByteMatrix, SolarOperators, SolarSeason
from citytwin_desktop.sim.solar.place import solar_offset_h
from citytwin_desktop.sim.solar.sun_nodes import node_weights
from citytwin_desktop.sim.solar.year import SolarYear, solar_year

Floats = NDArray[np.float32]
Columns = NDArray[np.int32]

LATITUDE_TOLERANCE_DEG = 0.5
SOLAR_OFFSET_TOLERANCE_H = 2 / 60
"""How far the sun of the weather may be from that of the operators: about its own diameter, half a degree."""

_WH_PER_KWH = 1000.0
_LEAST_WEIGHT = 1e-5
_ROWS_AT_ONCE = 128


@dataclass(frozen=True, eq=False)
class HourParts:
    """Irradiance of one hour by its way to the surface.

    Parameters
    ----------
    beam, sky, reflected : ndarray, (n,) float32 [W/m2]
        Straight from the sun; straight from the sky; after reflection by the ground or by other surfaces.
    """

    beam: Floats
    sky: Floats
    reflected: Floats

    @property
    def total(self) -> Floats:
        """All together, (n,) float32 [W/m2]."""
        return self.beam + self.sky + self.reflected


@dataclass(frozen=True, eq=False)
class HourSynthesis:
    """Operators and weather brought together; keep it while somebody drags the time bar.

    Parameters
    ----------
    operators : SolarOperators
    weather : Weather

    Raises
    ------
    KnownError
        When the weather is of another place than the operators.
    """

    operators: SolarOperators
    weather: Weather

    def __post_init__(self) -> None:
        weather, operators = self.weather, self.operators
        offset = abs(solar_offset_h(weather) - operators.solar_offset_h)
        if (
            abs(weather.latitude_deg - operators.latitude_deg) > LATITUDE_TOLERANCE_DEG
            or offset > SOLAR_OFFSET_TOLERANCE_H
        ):
            raise KnownError(
                f"Weather {weather.name} has its sun at latitude {weather.latitude_deg:.2f}° and "
                f"{solar_offset_h(weather) * 60:.0f} minutes from the clock, the solar run was made for "
                f"{operators.latitude_deg:.2f}° and {operators.solar_offset_h * 60:.0f}; run solar again."
            )

    @cached_property
    def year(self) -> SolarYear:
        """Sun and sky, worked out when first needed."""
        return solar_year(self.weather, self.operators.sky_patches)

    @cached_property
    def month(self) -> NDArray[np.int64]:
        """(hours,) int64: month of each hour, 0 to 11."""
        return month_of_hour(self.weather.hours)

    def season(self, hour: int) -> SolarSeason:
        """Season that an hour belongs to."""
        return self.operators.seasons[self.operators.season_of_month[int(self.month[hour])]]

    def irradiance(self, hour: int) -> Floats:
        """Irradiance of every receiver, (n,) float32 [W/m2].

        Parameters
        ----------
        hour : int
            Hour of the year from 0.
        """
        self._check(hour)
        season, year = self.season(hour), self.year
        total = season.sky @ self._radiance(season, hour)
        if year.beam_w_m2[hour] > 0.0:
            total += self._beam(season, hour)
            total += self._reflected_sun(season, hour)
        return np.asarray(total)

    def parts(self, hour: int) -> HourParts:
        """Irradiance of every receiver by its way there; the parts sum to `irradiance`.

        Parameters
        ----------
        hour : int
            Hour of the year from 0.
        """
        self._check(hour)
        season = self.season(hour)
        radiance = self._radiance(season, hour)
        direct = self._direct_values(season)
        reflected = self._reflected_values(season) @ radiance + direct[:, -1] * radiance[-1]
        sky = direct[:, :-1] @ radiance[:-1]
        return HourParts(self._beam(season, hour), sky, reflected + self._reflected_sun(season, hour))

    def parts_of(self, rows: NDArray[np.int64], hours: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
        """Irradiance of some receivers in many hours by its way there; the numbers of `parts`, much sooner.

        Parameters
        ----------
        rows : ndarray, (k,) int64
            Receivers, in any order.
        hours : ndarray, (h,) int64
            Hours of the year from 0, in any order.

        Returns
        -------
        beam, sky, reflected : ndarray, (k, h) float32 [W/m2]

        Raises
        ------
        KnownError
            When an hour is not in the year.
        """
        for hour in (hours.min(initial=0), hours.max(initial=0)):
            self._check(int(hour))
        beam, sky, reflected = (np.zeros((len(rows), len(hours)), np.float32) for _ in range(3))
        season_of_hour = np.array(self.operators.season_of_month)[self.month[hours]]
        for number, season in enumerate(self.operators.seasons):
            mine = np.flatnonzero(season_of_hour == number)
            if not len(mine):
                continue
            asked = hours[mine]
            radiance = self.year.radiance[asked].T
            beyond = self.year.ground_radiance(season.ground_reflectance)[asked]
            for first in range(0, len(rows), _ROWS_AT_ONCE):
                part = slice(first, first + _ROWS_AT_ONCE)
                direct, after = (_rows_of(matrix, rows[part]) for matrix in (season.sky_direct, season.sky_reflected))
                sky[part, mine] = direct[:, :-1] @ radiance
                light = after[:, :-1] @ radiance
                light += np.outer(direct[:, -1] + after[:, -1], beyond)
                light += self._reflected_sun_of(season, rows[part], asked)
                reflected[part, mine] = light
                beam[part, mine] = self._beam_of(season, rows[part], asked)
        return beam, sky, reflected

    def _reflected_sun_of(
        self, season: SolarSeason, rows: NDArray[np.int64], hours: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        columns, weights = self._reflected_place[0][hours], self._reflected_place[1][hours]
        steps = season.sun_reflected.step[rows].astype(np.float32)
        light = steps[:, columns[:, 0]]
        light *= weights[:, 0]
        later = steps[:, columns[:, 1]]
        later *= weights[:, 1]
        light += later
        light *= season.sun_reflected.scale[rows][:, None]
        light *= self.year.beam_w_m2[hours]
        return np.asarray(light)

    def _beam_of(self, season: SolarSeason, rows: NDArray[np.int64], hours: NDArray[np.int64]) -> Floats:
        """Exact cosine of each hour times the visibility, (k, h) float32 [W/m2]; see `_visible`."""
        normals = self.operators.normals[rows]
        visibility = np.ascontiguousarray(season.sun_visibility[:, rows].T)
        columns, weights = self._place[0][hours], self._place[1][hours]
        weights = np.where(weights > _LEAST_WEIGHT, weights, np.float32(0.0))
        share = np.zeros((len(rows), len(hours)), np.float32)
        used = weights > 0.0
        lone = np.flatnonzero(used.sum(axis=1) == 1)
        share[:, lone] = visibility[:, np.where(used[lone, 0], columns[lone, 0], columns[lone, 1])]
        between = np.flatnonzero(used.all(axis=1))
        if len(between):
            share[:, between] = self._visible_between(normals, visibility, columns[between], weights[between])
        share *= np.maximum(normals @ self.year.path.direction[hours].astype(np.float32).T, np.float32(0.0))
        share *= self.year.beam_w_m2[hours] / np.float32(FULL_VISIBILITY)
        return share

    def _visible_between(
        self, normals: Floats, visibility: NDArray[np.uint8], columns: Columns, weights: Floats
    ) -> Floats:
        """(k, h) float32, 0 to 255: mean of the suns before and after that the receiver faces."""
        share, weight = (np.zeros((len(normals), len(columns)), np.float32) for _ in range(2))
        for side in range(2):
            towards = self.operators.suns.direction[columns[:, side]]
            facing = (normals @ towards.T > 0.0) * weights[:, side]
            weight += facing
            share += facing * visibility[:, columns[:, side]]
        return np.divide(share, weight, out=share, where=weight > 0.0)

    def sunlit_share(self, hour: int) -> Floats:
        """Share of each receiver that the sun reaches, (n,) float32; zero while it is down or behind the receiver.

        Parameters
        ----------
        hour : int
            Hour of the year from 0.
        """
        self._check(hour)
        return self._visible(self.season(hour), hour) / np.float32(FULL_VISIBILITY)

    def sunlit_hours(self, day: int) -> Floats:
        """Hours of direct sunlight on a day, as the mean over each receiver, (n,) float32 [h].

        The sun counts where it stands, whether the weather file has clouds or not; the hours of sunrise and sunset
        count for the part in which it is up.

        Parameters
        ----------
        day : int
            Day of the year from 0.
        """
        self._check(24 * day)
        share = self.year.path.daylit_share
        lit = [hour for hour in range(24 * day, 24 * day + 24) if share[hour] > 0.0]
        total = np.zeros(len(self.operators), np.float32)
        for hour in lit:
            total += np.float32(share[hour]) * self.sunlit_share(hour)
        return total

    def irradiation(self, first: int, last: int) -> Floats:
        """Irradiation of every receiver over some hours, (n,) float32 [kWh/m2].

        Parameters
        ----------
        first, last : int
            Hours of the year from 0, the last one not included.
        """
        self._check(first)
        self._check(last - 1)
        hours = np.arange(first, last)
        return np.asarray(self._summed(hours, np.zeros(self.weather.hours, np.int32), 1)[:, 0])

    def monthly_irradiation(self) -> Floats:
        """Irradiation of every receiver, (n, 12) float32 [kWh/m2]."""
        return self._summed(np.arange(self.weather.hours), self.month.astype(np.int32), 12)

    def _summed(self, hours: NDArray[np.int64], group: NDArray[np.int32], groups: int) -> Floats:
        """Irradiation (n, groups) float32 [kWh/m2] of some hours, which come sorted."""
        from citytwin_desktop.sim.solar.sun_kernels import beam_by_month

        year, operators = self.year, self.operators
        total = np.zeros((len(operators), 12))
        season_of_hour = np.array(operators.season_of_month)[self.month[hours]]
        columns, weights = self._place
        for number, season in enumerate(operators.seasons):
            mine = hours[season_of_hour == number]
            radiance = np.zeros((groups, year.radiance.shape[1] + 1))
            np.add.at(radiance[:, :-1], group[mine], year.radiance[mine])
            np.add.at(radiance[:, -1], group[mine], year.ground_radiance(season.ground_reflectance)[mine])
            total[:, :groups] += season.sky @ radiance.T.astype(np.float32)
            lit = mine[year.beam_w_m2[mine] > 0.0]
            total[:, :groups] += self._reflected_sun_sum(season, lit, group[lit], groups)
            total += beam_by_month(
                operators.normals, season.sun_visibility, year.path.direction[lit].astype(np.float32),
                operators.suns.direction, columns[lit], weights[lit], year.beam_w_m2[lit], group[lit],
            )  # fmt: skip
        return np.asarray(total[:, :groups] / _WH_PER_KWH, np.float32)

    def _reflected_sun_sum(
        self, season: SolarSeason, lit: NDArray[np.int64], group: NDArray[np.int32], groups: int
    ) -> NDArray[np.float64]:
        columns, weights = self._reflected_place
        beam = np.zeros((len(self.operators.reflected_suns.direction), groups), np.float32)
        np.add.at(beam, (columns[lit], group[:, None]), weights[lit] * self.year.beam_w_m2[lit][:, None])
        reflected = season.sun_reflected
        return np.asarray(reflected.step.astype(np.float32) @ beam * reflected.scale[:, None], np.float64)

    def _check(self, hour: int) -> None:
        if not 0 <= hour < self.weather.hours:
            raise KnownError(f"Hour {hour} is not in the year of {self.weather.hours} hours; give one from 0.")

    def _radiance(self, season: SolarSeason, hour: int) -> Floats:
        beyond = self.year.ground_radiance(season.ground_reflectance)[hour]
        return np.append(self.year.radiance[hour], np.float32(beyond))

    @cached_property
    def _place(self) -> tuple[Columns, Floats]:
        return node_weights(self.operators.suns, self.year.path)

    @cached_property
    def _reflected_place(self) -> tuple[Columns, Floats]:
        return node_weights(self.operators.reflected_suns, self.year.path)

    def _visible(self, season: SolarSeason, hour: int) -> Floats:
        """Visibility, 0 to 255, between the suns about an hour that the receiver faces, and 0 where it faces away."""
        normals, sun = self.operators.normals, self.year.path.direction[hour].astype(np.float32)
        columns, weights = self._place
        placed = zip(columns[hour], weights[hour], strict=True)
        around = [(column, part) for column, part in placed if part > _LEAST_WEIGHT]
        facing_now = normals @ sun > 0.0
        if len(around) == 1:
            return np.asarray(facing_now * season.sun_visibility[around[0][0]], np.float32)
        share, weight = np.zeros(len(normals), np.float32), np.zeros(len(normals), np.float32)
        for column, part in around:
            facing = (normals @ self.operators.suns.direction[column] > 0.0) * part
            weight += facing
            share += facing * season.sun_visibility[column]
        return np.asarray(facing_now * np.divide(share, weight, out=share, where=weight > 0.0))

    def _beam(self, season: SolarSeason, hour: int) -> Floats:
        """Exact cosine of the hour times the visibility."""
        cosine = self.operators.normals @ self.year.path.direction[hour].astype(np.float32)
        beam = self.year.beam_w_m2[hour] / np.float32(FULL_VISIBILITY)
        return np.asarray(self._visible(season, hour) * np.maximum(cosine, 0.0) * beam)

    def _reflected_sun(self, season: SolarSeason, hour: int) -> Floats:
        columns, weights = self._reflected_place
        reflected = season.sun_reflected
        light = reflected.step[:, columns[hour]] @ weights[hour]
        return np.asarray(light * (reflected.scale * self.year.beam_w_m2[hour]), np.float32)

    def _direct_values(self, season: SolarSeason) -> Floats:
        return _values_of(season, "sky_direct")

    def _reflected_values(self, season: SolarSeason) -> Floats:
        return _values_of(season, "sky_reflected")


def _rows_of(matrix: ByteMatrix, rows: NDArray[np.int64]) -> Floats:
    return matrix.step[rows].astype(np.float32) * matrix.scale[rows][:, None]


@lru_cache(maxsize=4)
def _values_of(season: SolarSeason, name: str) -> Floats:
    """Floats of a byte matrix, remembered for the last seasons that were split into parts."""
    values: Floats = getattr(season, name).values()
    return values


@lru_cache(maxsize=2)
def hour_synthesis(operators: SolarOperators, weather: Weather) -> HourSynthesis:
    """Operators and weather brought together, remembered for the last two pairs.

    Parameters
    ----------
    operators : SolarOperators
    weather : Weather

    Returns
    -------
    HourSynthesis
    """
    return HourSynthesis(operators, weather)
