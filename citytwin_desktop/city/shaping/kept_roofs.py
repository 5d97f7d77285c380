"""A body over a new outline below the roofs that a building has, whatever their shape."""

import numpy as np
import shapely

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.shaping.arrangement import dissolved, faces_between, outline_of, without_slivers
from citytwin_desktop.city.shaping.plan_bodies import Body, body_over
from citytwin_desktop.city.shaping.roof_forms import RoofForm
from citytwin_desktop.city.shaping.roof_plans import RoofPlans
from citytwin_desktop.city.surfaces import Surfaces

_LEAST_WALL_M = 0.1


def body_with_old_roofs(surfaces: Surfaces, outline: shapely.Polygon, form: RoofForm) -> Body:
    """Body whose roof is the old one where that was, and the nearest old plane elsewhere.

    Where a plane that is drawn on would rise above the ridge or fall to the ground, it ends there level.

    Parameters
    ----------
    surfaces : Surfaces
        Of one row.
    outline : shapely.Polygon
        The new plan, in local coordinates.
    form : RoofForm
        Of the old body.
    """
    anchor = shapely.get_coordinates(outline)[0]
    here = shapely.transform(outline, lambda points: points - anchor)
    roofs = RoofPlans.of(surfaces, anchor)
    if not len(roofs.shapes):
        level = np.array([[0.0, 0.0, form.top_m]])
        return body_over([here], level, np.array([form.base_m]), anchor, here)
    faces = faces_between([here.boundary, *(shape.boundary for shape in roofs.shapes)])
    middles = shapely.point_on_surface(faces)
    inside = shapely.contains(here, middles)
    heights = roofs.heights_m(middles, shapely.get_coordinates(middles))
    nearest = np.argmin(shapely.distance(roofs.shapes[:, None], middles[None, :]), axis=0)
    label = np.where(inside, np.where(np.isfinite(heights).any(axis=0), np.argmax(heights, axis=0), nearest), -1)
    label = without_slivers(faces, label)
    shared, owner = dissolved(faces[label >= 0], label[label >= 0])
    levels = np.array([_within(roofs.planes[plane], face, form) for face, plane in zip(shared, owner, strict=True)])
    return body_over(shared, levels, np.full(len(shared), form.base_m), anchor, outline_of(shared))


def _within(plane: FloatArray, face: shapely.Polygon, form: RoofForm) -> FloatArray:
    """A plane, or the level of its middle where it leaves the heights that the building has."""
    heights = shapely.get_coordinates(face) @ plane[:2] + plane[2]
    low, high = form.base_m + _LEAST_WALL_M, form.top_m + 1e-6
    if heights.min() >= low and heights.max() <= high:
        return plane
    middle = shapely.get_coordinates(shapely.centroid(face))[0]
    return np.array([0.0, 0.0, float(np.clip(middle @ plane[:2] + plane[2], low, form.top_m))])
