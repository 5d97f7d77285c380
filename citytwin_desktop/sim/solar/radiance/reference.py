"""All that Radiance says of a district: the year and single hours, by surface."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.solar.radiance.annual_reference import AnnualEffort, annual_reference
from citytwin_desktop.sim.solar.radiance.daylight import daylight, sun_difference_deg
from citytwin_desktop.sim.solar.radiance.hourly_reference import choose_hours, hourly_reference
from citytwin_desktop.sim.solar.radiance.programs import Programs
from citytwin_desktop.sim.solar.radiance.radiance_scene import city_text
from citytwin_desktop.sim.solar.radiance.sensors import sensors
from citytwin_desktop.sim.solar.radiance.tracing import Effort, octree
from citytwin_desktop.sim.solar.settings import SolarSettings

FloatArray = NDArray[np.float64]
Say = Callable[[str], None]

MOST_BUILDINGS = 200


@dataclass(frozen=True)
class ValidationPlan:
    """How much is compared.

    Parameters
    ----------
    buildings : int
        Of the synthetic district, 2 to 200.
    hours : int
        Single hours, 1 to 100.
    annual : AnnualEffort
    hourly : Effort

    Raises
    ------
    KnownError
        When a number is out of its range.
    """

    buildings: int = 25
    hours: int = 9
    annual: AnnualEffort = field(default_factory=AnnualEffort)
    hourly: Effort = field(default_factory=lambda: Effort(5, 512))

    def __post_init__(self) -> None:
        if not 2 <= self.buildings <= MOST_BUILDINGS:
            msg = (
                f"The validation compares 2 to {MOST_BUILDINGS} buildings, not {self.buildings}; choose another number."
            )
            raise KnownError(msg)
        if not 1 <= self.hours <= 100:
            raise KnownError(f"The validation compares 1 to 100 hours, not {self.hours}; choose another number.")


QUICK = ValidationPlan(4, 4, AnnualEffort(256, 4, 1), Effort(5, 64))
"""Rough, for a test of the machinery: the reference itself is uncertain by about a per cent."""


@dataclass(frozen=True, eq=False)
class SolarReference:
    """What Radiance says, by surface.

    Parameters
    ----------
    beam : ndarray, (surfaces,) float64 [kWh/m2]
        Of the year.
    sky_samples, reflected_samples : ndarray, (2, surfaces) float64 [kWh/m2]
        Of the year, in two independent samples.
    hours : ndarray, (k,) int64
        Hours of the year from 0 that were traced singly.
    hourly : ndarray, (k, surfaces) float64 [W/m2]
    sensor_count : int
    looked_at : ndarray, (surfaces,) bool
        Surfaces with sensors.
    sun_difference_deg : float [deg]
        Between the suns of the two programs.
    seconds : float [s]
    """

    beam: FloatArray
    sky_samples: FloatArray
    reflected_samples: FloatArray
    hours: NDArray[np.int64]
    hourly: FloatArray
    sensor_count: int
    looked_at: NDArray[np.bool_]
    sun_difference_deg: float
    seconds: float

    @property
    def sky(self) -> FloatArray:
        """(surfaces,) float64 [kWh/m2]: straight from the sky."""
        return np.asarray(self.sky_samples.mean(axis=0))

    @property
    def reflected(self) -> FloatArray:
        """(surfaces,) float64 [kWh/m2]: after reflections."""
        return np.asarray(self.reflected_samples.mean(axis=0))

    @property
    def total(self) -> FloatArray:
        """(surfaces,) float64 [kWh/m2]."""
        return self.beam + self.sky + self.reflected

    @property
    def samples(self) -> FloatArray:
        """(2, surfaces) float64 [kWh/m2]: the total in two samples; half their difference is its uncertainty."""
        return self.beam + self.sky_samples + self.reflected_samples


def radiance_reference(
    city: CityModel, weather: Weather, settings: SolarSettings, plan: ValidationPlan, say: Say
) -> SolarReference:
    """Trace a district with Radiance, from the cells that our engine uses with the same settings.

    Parameters
    ----------
    city : CityModel
        Closed bodies without holes on flat ground.
    weather : Weather
    settings : SolarSettings
        Cell size; the reflectances are those of default `SolarConditions`.
    plan : ValidationPlan
    say : callable
        Told what is being done.

    Returns
    -------
    SolarReference

    Raises
    ------
    KnownError
        When Radiance is missing or fails.
    """
    began = time.perf_counter()
    points, light = sensors(city, settings), daylight(weather)
    single = light.take(choose_hours(light, plan.hours, weather.hours))
    with Programs() as programs:
        scene = programs.write("city.rad", city_text(city, SolarConditions(), points.middle_m, points.ground_height_m))
        tree = octree(programs, "city", [scene])
        apart = sun_difference_deg(programs, weather, light)
        say(f"Radiance traces the year from {len(points)} points.")
        year = annual_reference(programs, tree, points, weather, light, plan.annual)
        say(f"Radiance traces {len(single.hour)} single hours.")
        hourly = hourly_reference(programs, tree, points, weather, single, plan.hourly)
    mean = points.by_surface
    return SolarReference(
        mean(year.beam), np.stack([mean(half) for half in year.sky]),
        np.stack([mean(half) for half in year.reflected]), single.hour, np.stack([mean(hour) for hour in hourly]),
        len(points), np.bincount(points.row, minlength=points.surface_count) > 0,
        apart, time.perf_counter() - began,
    )  # fmt: skip
