"""Heights of ground, eaves and ridge of some buildings, and roofs lifted or lowered with the walls below them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.city.surfaces import Surfaces

LEAST_EAVES_M = 0.1
"""Walls lower than this are none."""
_STANDS_ON_M = 0.1


@dataclass(frozen=True, eq=False)
class Levels:
    """Heights of rows, in local coordinates; all (n,) float64 [m], nan for a row without surfaces.

    Parameters
    ----------
    base_m, top_m : ndarray
        Lowest and highest corner.
    ground_m : ndarray
        Highest corner of the grounds; the lowest corner of all where there is no ground.
    low_eaves_m : ndarray
        Lowest corner of the roofs; the highest corner of all where there is no roof.
    eaves_m : ndarray
        Mean of the lowest corners of the roofs, weighted by their areas in plan: the eaves of a pitched roof, the
        mean level of flat ones.
    """

    base_m: FloatArray
    top_m: FloatArray
    ground_m: FloatArray
    low_eaves_m: FloatArray
    eaves_m: FloatArray

    @classmethod
    def of(cls, surfaces: Surfaces, count: int) -> "Levels":
        """Measure rows; ``surfaces.building`` counts along them."""
        polygons = surfaces.polygons
        polygon, z = polygons.vertex_polygon, polygons.vertices[:, 2]
        row, kind = surfaces.building[polygon], surfaces.kind[polygon]
        base, top = np.full(count, np.inf), np.full(count, -np.inf)
        np.minimum.at(base, row, z)
        np.maximum.at(top, row, z)
        bare = ~np.isfinite(base)
        base[bare], top[bare] = np.nan, np.nan
        ground = np.full(count, -np.inf)
        np.maximum.at(ground, row[kind == SurfaceKind.GROUND], z[kind == SurfaceKind.GROUND])
        lowest = np.full(len(polygons), np.inf)
        np.minimum.at(lowest, polygon, z)
        roof = (surfaces.kind == SurfaceKind.ROOF) & np.isfinite(lowest)
        owner, plan = surfaces.building[roof], np.maximum(np.abs(polygons.area_vectors_m2[roof, 2]), 1e-9)
        low_eaves = np.full(count, np.inf)
        np.minimum.at(low_eaves, owner, lowest[roof])
        weight = np.bincount(owner, plan, minlength=count)
        mean = np.bincount(owner, plan * lowest[roof], minlength=count)
        roofed = weight > 0
        eaves = np.divide(mean, weight, out=top.copy(), where=roofed)
        return cls(base, top, np.where(np.isfinite(ground), ground, base), np.where(roofed, low_eaves, top), eaves)

    @property
    def height_m(self) -> FloatArray:
        """(n,) float64 [m]: highest over lowest corner."""
        return self.top_m - self.base_m


def by_family(values: FloatArray, leader: IntArray, *, lowest: bool) -> FloatArray:
    """(n,) float64: for each row the lowest or highest value of its family, nan for none."""
    size = int(leader.max(initial=-1)) + 1
    found = np.full(size, np.inf if lowest else -np.inf)
    known = np.isfinite(values)
    (np.minimum if lowest else np.maximum).at(found, leader[known], values[known])
    return np.where(np.isfinite(found), found, np.nan)[leader]


def standing_on_others(levels: Levels, leader: IntArray) -> NDArray[np.bool_]:
    """(n,) bool: rows that stand on another part of their building, so that they ride on its roof."""
    above = levels.base_m > by_family(levels.base_m, leader, lowest=True) + _STANDS_ON_M
    return np.asarray(above & (levels.base_m >= by_family(levels.low_eaves_m, leader, lowest=True) - _STANDS_ON_M))


def with_roofs_lifted(surfaces: Surfaces, levels: Levels, lift_m: FloatArray, riding: NDArray[np.bool_]) -> Surfaces:
    """Surfaces whose roofs have gone up or down; walls and what is in them are drawn out evenly.

    Heights change by a function of the height alone, so that bodies stay closed and walls flat: what lies on the
    ground stays, what lies above the lowest eaves is shifted, what lies between is stretched. On ground that
    reaches above the eaves, and where there is no roof surface, everything is stretched from the lowest corner.

    Parameters
    ----------
    surfaces : Surfaces
    levels : Levels
        Of the same rows.
    lift_m : ndarray, (n,) float64 [m]
    riding : ndarray, (n,) bool
        Rows that are shifted as a whole.
    """
    polygons = surfaces.polygons
    row, z = surfaces.building[polygons.vertex_polygon], polygons.vertices[:, 2]
    low, high = levels.ground_m.copy(), levels.low_eaves_m.copy()
    sloped = ~(high > low)
    low[sloped], high[sloped] = levels.base_m[sloped], levels.top_m[sloped]
    span = np.maximum(high - low, 1e-9)
    share = np.clip((z - low[row]) / span[row], 0.0, 1.0)
    share = np.where(z >= high[row], 1.0, share)
    share = np.where(riding[row], 1.0, share)
    vertices = polygons.vertices.copy()
    vertices[:, 2] = z + lift_m[row] * share
    return replace(surfaces, polygons=Polygons(vertices, polygons.ring_start, polygons.polygon_start))


def room_below_m(levels: Levels) -> FloatArray:
    """(n,) float64 [m]: how far roofs can come down before the lowest eaves are at the ground."""
    span = np.where(
        levels.low_eaves_m > levels.ground_m, levels.low_eaves_m - levels.ground_m, levels.top_m - levels.base_m
    )
    return np.asarray(span - LEAST_EAVES_M)
