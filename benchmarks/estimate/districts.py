"""Districts of the experiment: synthetic blocks of mixed use, and a real Dutch one when its file is there."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from citytwin_desktop.catalog.archetypes import archetype, archetype_id
from citytwin_desktop.catalog.resolution import energy_spec
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.formats.city_files import read_city_file
from citytwin_desktop.formats.epw import read_epw
from citytwin_desktop.sim.energyplus.inputs import EnergySettings, ThermalModel
from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path
from citytwin_desktop.sim.energyplus.thermal_models import thermal_models
from citytwin_desktop.sim.solar.radiance.district import synthetic_district

SHARED_DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
REAL_CITY = SHARED_DATA / "cityjson" / "3-20-DELFSHAVEN.city.json"
_MIX = ("residential",) * 6 + ("office", "office", "retail", "education", "hotel", "healthcare", "industrial", "other")
_YEARS = (1890, 1925, 1955, 1972, 1985, 1996, 2004, 2013, 2019)
_OPENING_ACH = 1.5
_HIGHEST_M, _SMALLEST_M2, _LARGEST_M2 = 25.0, 40.0, 2500.0


@dataclass(frozen=True, eq=False)
class SampleDistrict:
    """A city, and the models of the buildings that are looked at."""

    city: CityModel
    weather: Weather
    models: list[ThermalModel]


def synthetic(count: int, seed: int) -> SampleDistrict:
    """Boxes, L shapes and attached pairs of all ages and uses, in London or else in Chicago."""
    city = synthetic_district(count, seed, height_power=4.0, pairs_are_two=True)
    return _district(city, list(range(count)), _london_or_chicago(), "GB", seed)


def real(count: int, seed: int) -> SampleDistrict | None:
    """Buildings of Delfshaven drawn by chance, none where the shared file is not there."""
    if not REAL_CITY.is_file():
        return None
    city, _ = read_city_file(REAL_CITY)
    low, high = city.bounds_m
    height = (high - low)[:, 2]
    ground = city.surfaces.building_area_m2(2, len(city.buildings))  # type: ignore[arg-type]
    usable = np.flatnonzero((height < _HIGHEST_M) & (ground > _SMALLEST_M2) & (ground < _LARGEST_M2))
    rows = np.sort(np.random.default_rng(seed).choice(usable, min(count, len(usable)), replace=False))
    return _district(city, rows.tolist(), _london_or_chicago(), "NL", seed)


def _district(city: CityModel, rows: list[int], weather: Weather, archetypes: str, seed: int) -> SampleDistrict:
    random = np.random.default_rng(seed)
    specs = {str(city.buildings.ids[row]): _spec(random, archetypes) for row in rows}
    made = thermal_models(city, rows, specs, weather, EnergySettings())
    return SampleDistrict(city, weather, made.models)


def _spec(random: np.random.Generator, archetypes: str) -> EnergySpec:
    function, year = _MIX[random.integers(len(_MIX))], _YEARS[random.integers(len(_YEARS))]
    spec = energy_spec(archetype(archetype_id(archetypes, function, year)))
    return spec if spec.cooled or random.random() < 0.5 else replace(spec, window_opening_ach=_OPENING_ACH)


def _london_or_chicago() -> Weather:
    found = sorted((SHARED_DATA / "epw").glob("GBR*.epw"))
    path = found[0] if found else chicago_weather_path()
    return read_epw(path.read_bytes(), path.name)
