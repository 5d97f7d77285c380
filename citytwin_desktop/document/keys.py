"""Keys of results: hashes of everything that an engine's answer depends on."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import shapely

from citytwin_desktop.catalog.tables import table
from citytwin_desktop.city.content_hash import content_key
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.city.surface_reflectance import surface_reflectance
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.sim.energyplus.inputs import ENGINE_VERSION, EnergySettings
from citytwin_desktop.sim.estimate.version import CALIBRATION_TABLE, ERROR_TABLE, ESTIMATE_ENGINE_VERSION
from citytwin_desktop.sim.solar.place import Site
from citytwin_desktop.sim.solar.settings import SOLAR_ENGINE_VERSION, SolarSettings


@dataclass(frozen=True, eq=False)
class ShapeKeys:
    """Hashes of the geometry of a city, kept as long as its surfaces stay the same.

    Parameters
    ----------
    surfaces : Surfaces
    ids : ndarray, (n_buildings,) object of str
    """

    surfaces: Surfaces
    ids: Any

    def fits(self, city: CityModel) -> bool:
        """Whether these are still the hashes of a city."""
        return self.surfaces is city.surfaces and len(self.ids) == len(city.buildings)

    @cached_property
    def own(self) -> list[str]:
        """Hash of each row's own surfaces; empty for a row without any."""
        keys = []
        for row in range(len(self.ids)):
            owned = self.surfaces.of_building(row)
            keys.append(_geometry_key(self.surfaces, owned) if owned.stop > owned.start else "")
        return keys

    @cached_property
    def whole(self) -> str:
        """Hash of all geometry."""
        return content_key(self.own)

    def surrounded(self, radius_m: float) -> list[str]:
        """Hash of each row's surfaces and of all that stand within a radius, by their boxes.

        Parameters
        ----------
        radius_m : float [m]
        """
        if radius_m not in self._surrounded:
            self._surrounded[radius_m] = self._with_neighbours(radius_m)
        return self._surrounded[radius_m]

    @cached_property
    def _surrounded(self) -> dict[float, list[str]]:
        return {}

    def _with_neighbours(self, radius_m: float) -> list[str]:
        rows = np.unique(self.surfaces.building)
        keys = [""] * len(self.ids)
        if not len(rows):
            return keys
        starts = np.searchsorted(self.surfaces.building[self.surfaces.polygons.vertex_polygon], rows)
        vertices = self.surfaces.polygons.vertices
        low, high = np.minimum.reduceat(vertices, starts), np.maximum.reduceat(vertices, starts)
        boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
        here, there = shapely.STRtree(boxes).query(boxes, predicate="dwithin", distance=radius_m)
        order = np.lexsort((there, here))
        parts = np.split(there[order], np.searchsorted(here[order], np.arange(1, len(rows))))
        for place, neighbours in enumerate(parts):
            around = sorted(self.own[rows[other]] for other in neighbours if other != place)
            keys[rows[place]] = content_key(self.own[rows[place]], around)
        return keys


def _geometry_key(surfaces: Surfaces, owned: slice) -> str:
    polygons = surfaces.polygons
    rings = polygons.ring_start[polygons.polygon_start[owned.start] : polygons.polygon_start[owned.stop] + 1]
    counts = polygons.polygon_start[owned.start : owned.stop + 1] - polygons.polygon_start[owned.start]
    vertices = polygons.vertices[rings[0] : rings[-1]]
    return content_key(vertices, rings - rings[0], counts, surfaces.kind[owned])


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
    count = None if np.isnan(storeys) else storeys
    inputs = shape_key, around, count, spec.thermal_values(), weather.content_hash
    return content_key("energyplus", ENGINE_VERSION, settings.content(), *inputs)


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
    return content_key("estimate", ESTIMATE_ENGINE_VERSION, _estimate_tables(), energy, solar, baseline)


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
