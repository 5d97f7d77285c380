"""Buildings moved and turned as they are."""

import math
from dataclasses import replace

import numpy as np

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.city.roof_planes import plan_centroids
from citytwin_desktop.city.surfaces import Surfaces

_QUARTERS = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0), 180.0: (-1.0, 0.0), 270.0: (0.0, -1.0)}


def moved(surfaces: Surfaces, offset_m: FloatArray) -> Surfaces:
    """Surfaces shifted by (3,) or for each vertex (n_vertices, 3) float64 [m]."""
    return replace(surfaces, polygons=surfaces.polygons.moved(offset_m))


def rotated(surfaces: Surfaces, angle_deg: float, about_m: FloatArray) -> Surfaces:
    """Surfaces turned about an upright axis, counter-clockwise seen from above.

    Parameters
    ----------
    surfaces : Surfaces
    angle_deg : float [deg]
        Quarter turns are exact.
    about_m : ndarray, (2,) float64 [m]
    """
    turn = angle_deg % 360.0
    cosine, sine = _QUARTERS.get(turn, (math.cos(math.radians(turn)), math.sin(math.radians(turn))))
    polygons = surfaces.polygons
    x, y = (polygons.vertices[:, :2] - about_m).T
    plan = np.column_stack([x * cosine - y * sine, x * sine + y * cosine]) + about_m
    vertices = np.column_stack([plan, polygons.vertices[:, 2]])
    return replace(surfaces, polygons=Polygons(vertices, polygons.ring_start, polygons.polygon_start))


def plan_centre(surfaces: Surfaces) -> FloatArray:
    """(2,) float64 [m]: centroid of all grounds in plan, of all surfaces where there is none.

    Turning about it leaves it where it is, so that turns add up.
    """
    area = np.abs(surfaces.polygons.area_vectors_m2[:, 2])
    ground = surfaces.kind == SurfaceKind.GROUND
    weight = np.where(ground, area, 0.0) if area[ground].sum() > 0 else area
    if weight.sum() <= 0.0:
        return np.asarray(surfaces.polygons.vertices[:, :2].mean(axis=0))
    return np.asarray(weight @ plan_centroids(surfaces.polygons) / weight.sum())
