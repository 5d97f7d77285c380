"""Irradiance of any hour, and irradiation by month, from operators and weather."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.solar.operators import FULL_VISIBILITY, SolarOperators
from citytwin_desktop.sim.solar.sun_grid import grid_weights
from citytwin_desktop.sim.solar.year import SolarYear, solar_year

Floats = NDArray[np.float32]

LATITUDE_TOLERANCE_DEG = 0.5
"""How far the weather may lie from the operators: less than a step of the sun grid."""

_WH_PER_KWH = 1000.0


@dataclass(frozen=True, eq=False)
class HourParts:
    """Irradiance of one hour by its way to the surface.

    Parameters
    ----------
    beam, sky, reflected : ndarray, (n_surfaces,) float32 [W/m2]
        Straight from the sun; straight from the sky; after reflection by the ground or by other surfaces.
    """

    beam: Floats
    sky: Floats
    reflected: Floats


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
        When the weather is of another latitude than the operators.
    """

    operators: SolarOperators
    weather: Weather

    def __post_init__(self) -> None:
        if abs(self.weather.latitude_deg - self.operators.latitude_deg) > LATITUDE_TOLERANCE_DEG:
            raise KnownError(
                f"Weather {self.weather.name} is of latitude {self.weather.latitude_deg:.2f}°, the solar run was made "
                f"for {self.operators.latitude_deg:.2f}°; run solar again."
            )

    @cached_property
    def year(self) -> SolarYear:
        """Sun and sky, worked out when first needed."""
        return solar_year(self.weather, self.operators.sky_patches, self.operators.ground_reflectance)

    @cached_property
    def _grid_place(self) -> tuple[NDArray[np.int32], Floats]:
        return grid_weights(self.operators.grid, self.year.path)

    def irradiance(self, hour: int) -> Floats:
        """Irradiance of every surface, (n_surfaces,) float32 [W/m2].

        Parameters
        ----------
        hour : int
            Hour of the year from 0.
        """
        self._check(hour)
        total = self.operators.sky @ self.year.radiance[hour]
        if self.year.beam_w_m2[hour] > 0.0:
            total += self._beam(hour)
            total += self._reflected_sun(hour)
        return np.asarray(total)

    def parts(self, hour: int) -> HourParts:
        """Irradiance of every surface by its way there; the parts sum to `irradiance`.

        Parameters
        ----------
        hour : int
            Hour of the year from 0.
        """
        self._check(hour)
        direct, radiance = self.operators.sky_direct, self.year.radiance[hour]
        sky = direct[:, :-1].astype(np.float32) @ radiance[:-1]
        reflected = self.operators.sky_reflected.astype(np.float32) @ radiance
        reflected += direct[:, -1].astype(np.float32) * radiance[-1]
        return HourParts(self._beam(hour), sky, reflected + self._reflected_sun(hour))

    def monthly_irradiation(self) -> Floats:
        """Irradiation of every surface, (n_surfaces, 12) float32 [kWh/m2]."""
        from citytwin_desktop.sim.solar.sun_kernels import beam_by_month

        year, operators = self.year, self.operators
        month = month_of_hour(self.weather.hours).astype(np.int32)
        columns, weights = self._grid_place
        starts = np.searchsorted(month, np.arange(12))
        total = (operators.sky @ np.add.reduceat(year.radiance, starts, axis=0).T).astype(np.float64)
        grid_beam = np.zeros((len(operators.grid.direction), 12), np.float32)
        np.add.at(grid_beam, (columns, month[:, None]), weights * year.beam_w_m2[:, None])
        total += operators.sun_reflected_share.astype(np.float32) @ grid_beam * self._reflected_unit[:, None]
        lit = np.flatnonzero(year.beam_w_m2 > 0.0)
        total += beam_by_month(
            operators.normals, operators.sun_visibility, year.path.direction[lit].astype(np.float32),
            operators.grid.direction, columns[lit], weights[lit], year.beam_w_m2[lit], month[lit],
        )  # fmt: skip
        return np.asarray(total / _WH_PER_KWH, np.float32)

    def _check(self, hour: int) -> None:
        if not 0 <= hour < self.weather.hours:
            raise KnownError(f"Hour {hour} is not in the year of {self.weather.hours} hours; give one from 0.")

    def _beam(self, hour: int) -> Floats:
        """Exact cosine of the hour times the visibility between the suns of the grid that the surface faces."""
        operators = self.operators
        sun = self.year.path.direction[hour].astype(np.float32)
        cosine = np.maximum(operators.normals @ sun, 0.0)
        share, weight = np.zeros_like(cosine), np.zeros_like(cosine)
        for column, part in self._suns_around(hour):
            facing = (operators.normals @ operators.grid.direction[column] > 0.0) * part
            weight += facing
            share += facing * operators.sun_visibility[:, column]
        share = np.divide(share, weight, out=share, where=weight > 0.0)
        return np.asarray(share * cosine * (self.year.beam_w_m2[hour] / np.float32(FULL_VISIBILITY)))

    def _reflected_sun(self, hour: int) -> Floats:
        light = np.zeros(len(self.operators), np.float32)
        for column, part in self._suns_around(hour):
            light += part * self.operators.sun_reflected_share[:, column]
        return np.asarray(light * (self._reflected_unit * self.year.beam_w_m2[hour]))

    def _suns_around(self, hour: int) -> list[tuple[np.int32, np.float32]]:
        """Suns of the grid about that of an hour, with their weights; none at night."""
        columns, weights = self._grid_place
        return [(column, part) for column, part in zip(columns[hour], weights[hour], strict=True) if part > 0.0]

    @cached_property
    def _reflected_unit(self) -> Floats:
        return self.operators.sun_reflected_scale / np.float32(FULL_VISIBILITY)


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


def hour_irradiance(operators: SolarOperators, weather: Weather, hour: int) -> Floats:
    """Irradiance of every surface in one hour.

    Parameters
    ----------
    operators : SolarOperators
    weather : Weather
    hour : int
        Hour of the year from 0.

    Returns
    -------
    ndarray, (n_surfaces,) float32 [W/m2]

    Raises
    ------
    KnownError
        When the hour is not in the year, or the weather is of another latitude or has gaps.
    """
    return hour_synthesis(operators, weather).irradiance(hour)


def monthly_irradiation(operators: SolarOperators, weather: Weather) -> Floats:
    """Irradiation of every surface by month; the year is their sum.

    Parameters
    ----------
    operators : SolarOperators
    weather : Weather

    Returns
    -------
    ndarray, (n_surfaces, 12) float32 [kWh/m2]

    Raises
    ------
    KnownError
        When the weather is of another latitude or has gaps.
    """
    return hour_synthesis(operators, weather).monthly_irradiation()
