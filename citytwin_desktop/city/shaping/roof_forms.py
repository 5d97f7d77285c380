"""Which of the known roofs a building has, so that it can be drawn again over another plan."""

import math
from dataclasses import dataclass

import numpy as np
import shapely

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.shaping.levels import Levels
from citytwin_desktop.city.shaping.roofs import Roof, RoofShape, roof_over
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import KnownError

_FLAT_RISE_M = 0.05
_LEVEL_NORMAL = 0.9995
_VOLUME_SHARE, _AREA_SHARE = 0.03, 0.02
_SMALLEST_PLAN_M2 = 0.05


@dataclass(frozen=True)
class RoofForm:
    """Roof of one building.

    Parameters
    ----------
    shape : RoofShape or None
        None when it is none of the known ones, or several at once.
    base_m, eaves_m, top_m : float [m]
        Lowest corner, lowest line of the roof, highest corner; the mean level of the eaves for other roofs.
    ridge_deg : float or None [deg]
        Direction of the ridge of a gable, of the level lines of a shed.
    """

    shape: RoofShape | None
    base_m: float
    eaves_m: float
    top_m: float
    ridge_deg: float | None = None


def roof_form(surfaces: Surfaces, plan: shapely.Polygon) -> RoofForm:
    """Recognise the roof of one row by drawing the known ones over its plan and comparing space and area.

    Parameters
    ----------
    surfaces : Surfaces
        Of one row.
    plan : shapely.Polygon
        As `plans_of` gives it.
    """
    levels = Levels.of(_as_one(surfaces), 1)
    base, top, eaves = float(levels.base_m[0]), float(levels.top_m[0]), float(levels.eaves_m[0])
    roofs = np.flatnonzero(surfaces.kind == SurfaceKind.ROOF)
    plans = np.abs(surfaces.polygons.area_vectors_m2[roofs, 2])
    roofs, plans = roofs[plans > _SMALLEST_PLAN_M2], plans[plans > _SMALLEST_PLAN_M2]
    if not len(roofs):
        return RoofForm(None, base, eaves, top)
    normals = surfaces.polygons.normals[roofs]
    low = float(levels.low_eaves_m[0])
    if (normals[:, 2] > _LEVEL_NORMAL).all() and top - low <= _FLAT_RISE_M:
        return RoofForm(RoofShape.FLAT, base, top, top)
    main = normals[int(np.argmax(plans))]
    ridge = math.degrees(math.atan2(main[1], main[0])) + 90.0 if np.hypot(*main[:2]) > 1e-3 else None
    volume = abs(_volume_m3(surfaces, base))
    area = float(surfaces.polygons.areas_m2[roofs].sum())
    for shape in (RoofShape.SHED, RoofShape.GABLE, RoofShape.HIP):
        for level in dict.fromkeys((low, eaves)):
            if _fits(plan, shape, ridge, (base, level, top), (volume, area)):
                return RoofForm(shape, base, level, top, None if shape is RoofShape.HIP else ridge)
    return RoofForm(None, base, eaves, top)


def _fits(
    plan: shapely.Polygon,
    shape: RoofShape,
    ridge_deg: float | None,
    levels_m: tuple[float, float, float],
    measured: tuple[float, float],
) -> bool:
    base, eaves, top = levels_m
    if top - eaves <= _FLAT_RISE_M:
        return False
    try:
        roof = roof_over(plan, shape, ridge_deg)
    except KnownError:
        return False
    slope = slope_for(roof, top - eaves)
    inside = slope * roof.volume_m3
    volume, area = plan.area * (eaves - base) + inside, plan.area * math.hypot(1.0, slope)
    near = abs(volume - measured[0]) <= _VOLUME_SHARE * inside + 1e-3 * volume
    return bool(near and abs(area - measured[1]) <= _AREA_SHARE * area)


def slope_for(roof: Roof, rise_m: float) -> float:
    """Slope that makes a roof rise so high above its eaves."""
    return max(rise_m, 0.0) / max(roof.rise_m, 1e-9)


def _as_one(surfaces: Surfaces) -> Surfaces:
    return Surfaces(surfaces.polygons, surfaces.kind, np.zeros(len(surfaces), np.int64), surfaces.source_id)


def _volume_m3(surfaces: Surfaces, base_m: float) -> float:
    polygons = surfaces.polygons
    start = polygons.vertices - polygons.vertices[0]
    x, y, z = start[:, 0], start[:, 1], polygons.vertices[:, 2] - base_m
    following, first = polygons.following_vertex, polygons.first_vertex[polygons.vertex_polygon]
    u, v = x - x[first], y - y[first]
    area = (u * v[following] - u[following] * v) / 2.0
    return float((area * (z + z[following] + z[first]) / 3.0).sum())
