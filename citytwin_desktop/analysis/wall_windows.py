"""Windows of walls, as far as a city and its archetypes know them."""

import numpy as np

from citytwin_desktop.catalog.archetypes import archetype
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray


def wall_window_share(city: CityModel) -> FloatArray:
    """Share of windows in each wall that its polygon does not show as holes.

    A building that is modelled with windows has those: none more in walls with holes, and otherwise their area over
    that of its walls. Every other one has the share that was edited, or that of its archetype.

    Parameters
    ----------
    city : CityModel

    Returns
    -------
    ndarray, (n_surfaces,) float64
        0 to 1; nan where nothing is known.
    """
    surfaces, count = city.surfaces, len(city.buildings)
    share = _stated_share(city)
    areas = surfaces.polygons.areas_m2
    on_wall, window = surfaces.kind == SurfaceKind.WALL, surfaces.kind == SurfaceKind.WINDOW
    rings = np.diff(surfaces.polygons.polygon_start)
    walls = np.bincount(surfaces.building[on_wall], areas[on_wall], count)
    windows = np.bincount(surfaces.building[window], areas[window], count)
    cut_out = np.bincount(surfaces.building[on_wall & (rings > 1)], minlength=count) > 0
    drawn = np.divide(windows, walls, out=np.zeros(count), where=walls > 0.0)
    share = np.where(windows > 0.0, np.where(cut_out, 0.0, np.minimum(drawn, 1.0)), share)
    return np.asarray(share[surfaces.building], np.float64)


def _stated_share(city: CityModel) -> FloatArray:
    """(n_buildings,) float64: edited, else of the archetype, else nan; a part has that of its building."""
    columns, parent = city.buildings.columns, city.buildings.parent_row()
    known = {
        str(name): archetype(str(name)).values["window_share"].value for name in set(columns["archetype_id"]) if name
    }
    typical = np.array([known.get(str(name), np.nan) for name in columns["archetype_id"]], np.float64)
    edited = np.asarray(columns["window_share"], np.float64)
    share = edited
    for other in (edited[parent], typical, typical[parent]):
        share = np.where(np.isnan(share), other, share)
    return np.asarray(share, np.float64)
