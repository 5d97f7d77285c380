"""The validation as a whole: district, Radiance, our engine, comparison."""

import time
from typing import Any

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.sim.solar.radiance.district import synthetic_district
from citytwin_desktop.sim.solar.radiance.engine_values import engine_values
from citytwin_desktop.sim.solar.radiance.reference import Say, ValidationPlan, radiance_reference
from citytwin_desktop.sim.solar.radiance.report import report
from citytwin_desktop.sim.solar.settings import SolarSettings


def validate_solar(
    weather: Weather,
    settings: SolarSettings | None = None,
    plan: ValidationPlan | None = None,
    say: Say = lambda _text: None,
) -> dict[str, Any]:
    """Compare our engine with Radiance on a synthetic district.

    Parameters
    ----------
    weather : Weather
    settings : SolarSettings, optional
        Of our engine; its defaults otherwise.
    plan : ValidationPlan, optional
    say : callable, optional
        Told what is being done.

    Returns
    -------
    dict
        One JSON document; see `report`.

    Raises
    ------
    KnownError
        When Radiance is missing or fails, or the weather cannot be used.
    """
    settings, plan = settings or SolarSettings(), plan or ValidationPlan()
    city = synthetic_district(plan.buildings)
    reference = radiance_reference(city, weather, settings, plan, say)
    say("Our engine.")
    began = time.perf_counter()
    ours = engine_values(city, weather, settings, reference.hours)
    seconds = round(time.perf_counter() - began, 2)
    document = report(city, reference, ours)
    return {
        **document,
        "weather": weather.name,
        "buildings": plan.buildings,
        "engine_seconds": seconds,
        "settings": settings.as_mapping(),
    }
