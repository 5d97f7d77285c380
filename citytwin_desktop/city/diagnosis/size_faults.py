"""Buildings of absurd or unknown size: what engines refuse is found exactly as they find it."""

import numpy as np

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.diagnosis.by_group import count_by
from citytwin_desktop.city.diagnosis.findings import FindingList
from citytwin_desktop.city.diagnosis.row_measures import RowMeasures
from citytwin_desktop.city.footprints import footprints
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.roof_planes import MOST_STOREYS, main_body_heights_m

HIGHEST_M = 830.0
"""The highest building there is has 828 m."""
WIDEST_M = 5_000.0
"""No building is longer; the longest, of a particle accelerator and of a resort, have 3 km and 4.5 km."""
LEAST_HEIGHT_M = 0.5
"""EnergyPlus models lower than this are refused, see `sim.energyplus.thermal_models`."""
LEAST_STOREY_M = 1.0
"""As there: several storeys lower than this are refused."""
_LOW_M = 1.0
_LOW_STOREY_M, _HIGH_STOREY_M = 2.0, 6.0
_SURE_PLAN_M2, _SURE_RISE_M = 4.0, 1.8
_MANY_CORNERS = 500


def add_size_faults(found: FindingList, city: CityModel, measures: RowMeasures) -> None:
    """Add absurd heights and sizes, missing footprints, heights, storeys, functions and years.

    Parameters
    ----------
    found : FindingList
    city : CityModel
        With finite coordinates.
    measures : RowMeasures
        Of the same.
    """
    present = measures.surfaces > 0
    _add_bare(found, city.buildings, measures)
    no_plan, height = _plans_and_heights(city, measures)
    rows = np.flatnonzero(present & no_plan)
    found.add("no_plan", rows)
    low = present & ~no_plan & ~(height >= LEAST_HEIGHT_M)
    rows = np.flatnonzero(low)
    found.add("no_height", rows, number=np.maximum(height[rows], 0.0))
    rows = np.flatnonzero(present & ~no_plan & ~low & (height < _LOW_M))
    found.add("low_height", rows, number=height[rows])
    rows = np.flatnonzero(measures.height_m > HIGHEST_M)
    found.add("absurd_height", rows, number=measures.height_m[rows])
    rows = np.flatnonzero(measures.across_m > WIDEST_M)
    found.add("absurd_size", rows, number=measures.across_m[rows])
    _add_storeys(found, city, present & ~no_plan & ~low, height)
    _add_corners(found, city)


def _add_bare(found: FindingList, buildings: Buildings, measures: RowMeasures) -> None:
    """Buildings without surfaces that have no parts either, and unknown functions and years."""
    parents = buildings.parent_row()
    whole = parents == np.arange(len(parents))
    has_parts = count_by(parents[~whole], len(parents)) > 0
    found.add("no_geometry", np.flatnonzero((measures.surfaces == 0) & ~has_parts))
    simulated = measures.surfaces > 0
    unknown = np.array([not text for text in buildings.columns["function"]], bool)
    found.add("no_function", np.flatnonzero(simulated & unknown & unknown[parents]))
    unknown = ~np.isfinite(buildings.columns["year_built"].astype(np.float64))
    found.add("no_year", np.flatnonzero(simulated & unknown & unknown[parents]))


def _plans_and_heights(
    city: CityModel, measures: RowMeasures
) -> "tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], FloatArray]":
    """Which rows have no footprint, and mean heights [m]; whatever is near a limit by the engine's own way."""
    surfaces = city.surfaces
    height = measures.mean_height_m.copy()
    no_plan = np.zeros(len(height), bool)
    ground = surfaces.kind == SurfaceKind.GROUND
    plan = np.abs(surfaces.polygons.area_vectors_m2[:, 2])
    wide = count_by(surfaces.building[ground & (plan > _SURE_PLAN_M2)], len(height)) > 0
    sure = wide & (measures.eave_m - measures.low_m[:, 2] > _SURE_RISE_M) if len(height) else wide
    rows = np.flatnonzero((measures.surfaces > 0) & ~sure)
    if len(rows):
        plans = footprints(city.at_rows(rows))
        found = np.array([place in plans for place in range(len(rows))], bool)
        no_plan[rows[~found]] = True
        height[rows] = [plans[place].mean_height_m if place in plans else 0.0 for place in range(len(rows))]
    return no_plan, height


def _add_storeys(
    found: FindingList, city: CityModel, usable: "np.ndarray[tuple[int], np.dtype[np.bool_]]", height: FloatArray
) -> None:
    """Numbers of storeys that do not go with the height."""
    given = city.buildings.columns["storeys"].astype(np.float64)
    known = usable & np.isfinite(given) & (given >= 1)
    if not known.any():
        return
    count = np.minimum(np.round(np.where(known, given, 1.0)), MOST_STOREYS)
    body = main_body_heights_m(city)
    body = np.where(np.isfinite(body) & (body >= LEAST_HEIGHT_M), body, height)
    storey = body / count
    tight = known & (count > 1) & (storey < LEAST_STOREY_M)
    rows = np.flatnonzero(tight)
    found.add("storeys_too_low", rows, number=storey[rows])
    rows = np.flatnonzero(known & ~tight & ((storey < _LOW_STOREY_M) | (storey > _HIGH_STOREY_M)))
    found.add("storeys_height_mismatch", rows, number=storey[rows])


def _add_corners(found: FindingList, city: CityModel) -> None:
    """Footprints of very many corners."""
    surfaces = city.surfaces
    corners = np.diff(surfaces.polygons.ring_start[surfaces.polygons.polygon_start])
    many = np.flatnonzero((surfaces.kind == SurfaceKind.GROUND) & (corners > _MANY_CORNERS))
    found.add("too_many_corners", surfaces.building[many], many, corners[many])
