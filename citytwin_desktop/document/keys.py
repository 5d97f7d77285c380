"""Keys of results: hashes of everything that an engine's answer depends on."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from citytwin_desktop.catalog.tables import table
from citytwin_desktop.city.content_hash import content_digest, content_key, part_bytes
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.city.surface_reflectance import surface_reflectance
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.document.shape_keys import ShapeKeys
from citytwin_desktop.sim.energyplus.inputs import ENGINE_VERSION, EnergySettings
from citytwin_desktop.sim.estimate.version import CALIBRATION_TABLE, ERROR_TABLE, ESTIMATE_ENGINE_VERSION
from citytwin_desktop.sim.solar.place import Site
from citytwin_desktop.sim.solar.settings import SOLAR_ENGINE_VERSION, SolarSettings


def energy_key(
    shape_key: str, around: str, storeys: float, spec: EnergySpec, weather: Weather, settings: EnergySettings
) -> str:
    """Key of one building's EnergyPlus result.

    Parameters
    ----------
    shape_key : str
        Of the building and all around it within the shading radius.
    around : str
        Of trees and terrain, see `shading_surroundings_key`.
    storeys : float
        As in the building table; nan is derived from the height by the engine.
    spec : EnergySpec
    weather : Weather
    settings : EnergySettings
    """
    return next(energy_keys([shape_key], around, [storeys], [spec], weather, settings))


def energy_keys(
    shape_keys: Iterable[str],
    around: str,
    storeys: Iterable[float],
    specs: Iterable[EnergySpec],
    weather: Weather,
    settings: EnergySettings,
) -> Iterator[str]:
    """Keys of the EnergyPlus results of many buildings, each as `energy_key` tells; equal specs best shared."""
    begun = content_digest("energyplus", ENGINE_VERSION, settings.content())
    surroundings, sky = part_bytes(around), part_bytes(weather.content_hash)
    counts: dict[float | None, bytes] = {}
    values: dict[int, tuple[EnergySpec, bytes]] = {}
    for shape_key, number, spec in zip(shape_keys, storeys, specs, strict=True):
        count = None if number != number else number
        if count not in counts:
            counts[count] = part_bytes(count)
        if id(spec) not in values:
            values[id(spec)] = spec, part_bytes(spec.thermal_values())  # the spec too: its id is its own that long
        digest = begun.copy()
        digest.update(b"".join((part_bytes(shape_key), surroundings, counts[count], values[id(spec)][1], sky)))
        yield digest.hexdigest()


def estimate_key(energy: str, solar: str, baseline: str) -> str:
    """Key of one building's estimate; the tables of calibrations and errors that come with the program count too.

    Of other buildings' results, which may have calibrated it, it does not depend: more of them make the next estimate
    better, and leave this one as right as the error beside it says.

    Parameters
    ----------
    energy : str
        Of the EnergyPlus result that it stands in for.
    solar : str
        Of the solar operators that give its gains, empty for unshaded ones.
    baseline : str
        Of the EnergyPlus result that it is calibrated by, empty for none.
    """
    return next(estimate_keys([energy], solar, [baseline]))


def estimate_keys(energies: Iterable[str], solar: str, baselines: Iterable[str]) -> Iterator[str]:
    """Keys of the estimates of many buildings, each as `estimate_key` tells."""
    begun, sun = content_digest("estimate", ESTIMATE_ENGINE_VERSION, _estimate_tables()), part_bytes(solar)
    for energy, baseline in zip(energies, baselines, strict=True):
        digest = begun.copy()
        digest.update(part_bytes(energy) + sun + part_bytes(baseline))
        yield digest.hexdigest()


def calibration_key(baseline: str, solar: str) -> str:
    """Key of one building's calibration.

    Parameters
    ----------
    baseline : str
        Of the EnergyPlus result that it is fitted to.
    solar : str
        Of the solar operators that gave its gains, empty for unshaded ones.
    """
    return content_key("estimate calibration", ESTIMATE_ENGINE_VERSION, _estimate_tables(), baseline, solar)


@cache
def _estimate_tables() -> str:
    return content_key(*(table(name) for name in (CALIBRATION_TABLE, ERROR_TABLE)))


def surroundings_key(city: CityModel) -> str:
    """Hash of what stands around the buildings and matters to the sun: trees and terrain."""
    layers = [layer for layer in city.context if layer.kind in (ContextKind.TREE, ContextKind.TERRAIN)]
    return content_key(
        [
            [layer.kind.value, layer.polygons.vertices, layer.polygons.ring_start, layer.polygons.polygon_start]
            for layer in layers
        ]
    )


def shading_surroundings_key(surroundings: str, city: CityModel, conditions: SolarConditions) -> str:
    """Hash of trees, of the light that they let through, and of terrain, as they shade rooms."""
    trees = any(layer.kind == ContextKind.TREE for layer in city.context)
    return content_key(surroundings, list(conditions.monthly_crown_transmittance) if trees else [])


def conditions_content(city: CityModel, conditions: SolarConditions) -> dict[str, Any]:
    """What of the solar conditions a city's results depend on: nothing of leaves where there is no tree."""
    content = dict(conditions.as_mapping())
    if not any(layer.kind == ContextKind.TREE for layer in city.context):
        content = {name: value for name, value in content.items() if not name.startswith(("leaf", "crown"))}
    if not conditions.snow_months:
        content.pop("snow_reflectance")
    return content


def operators_key(
    shapes: ShapeKeys,
    surroundings: str,
    city: CityModel,
    conditions: SolarConditions,
    site: Site,
    settings: SolarSettings,
) -> str:
    """Key of the solar operators: geometry, surroundings, reflectances, place and settings, no weather."""
    return content_key(
        "solar operators",
        SOLAR_ENGINE_VERSION,
        settings.as_mapping(),
        shapes.whole,
        surroundings,
        conditions_content(city, conditions),
        surface_reflectance(city, conditions),
        [round(site.latitude_deg, 4), round(site.solar_offset_h, 5)],
    )


def solar_key(operators: str, weather: Weather) -> str:
    """Key of the monthly totals under one weather."""
    return content_key("solar", operators, weather.content_hash)
