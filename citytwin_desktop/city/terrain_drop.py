"""Height of the terrain at any place, and buildings set down on it."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.context_triangles import terrain_triangles
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons

_SPACING_M = 5.0
"""Distance of points along a footprint's outline at which the ground is looked up, beside its corners."""
_MOST_PIECES = 40
_SMALLEST_PLAN_M2 = 1e-6
_DEEPEST_NESTING = 8
_POINTS_AT_ONCE = 500_000


@dataclass(frozen=True, eq=False)
class TerrainSurface:
    """Triangles of the ground, ready to be asked for heights.

    Parameters
    ----------
    corners : ndarray, (t, 3, 3) float64 [m]
        In local coordinates; none stands upright.
    tree : shapely.STRtree
        Of the triangles in plan.
    """

    corners: FloatArray
    tree: shapely.STRtree

    @classmethod
    def of(cls, city: CityModel) -> Self | None:
        """Terrain of a city, None when it has none."""
        corners = terrain_triangles(city)
        first, second = corners[:, 1, :2] - corners[:, 0, :2], corners[:, 2, :2] - corners[:, 0, :2]
        area = np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) / 2.0
        corners = corners[area > _SMALLEST_PLAN_M2]
        if not len(corners):
            return None
        return cls(corners, shapely.STRtree(shapely.polygons(corners[:, :, :2])))

    def height_at(self, xy: FloatArray) -> FloatArray:
        """Height of the ground.

        Parameters
        ----------
        xy : ndarray, (n, 2) float64 [m]
            In local coordinates.

        Returns
        -------
        ndarray, (n,) float64 [m]
            The highest of the triangles at each place; nan outside the terrain.
        """
        height = np.full(len(xy), -np.inf)
        for start in range(0, len(xy), _POINTS_AT_ONCE):
            part = slice(start, start + _POINTS_AT_ONCE)
            point, triangle = self.tree.query(shapely.points(xy[part]), predicate="intersects")
            np.maximum.at(height, point + start, _heights_on(self.corners[triangle], xy[part][point]))
        height[np.isneginf(height)] = np.nan
        return height


@dataclass(frozen=True, eq=False)
class TerrainDrop:
    """How far buildings have to move to stand on the terrain.

    Parameters
    ----------
    offsets_m : ndarray, (n_buildings,) float64 [m]
        Upward; the same for a building and all its parts; 0 for those that are not asked for or lie off the terrain.
    off_terrain : ndarray, (n_buildings,) bool
        Asked for, but no ground is known under any part of them.
    """

    offsets_m: FloatArray
    off_terrain: NDArray[np.bool_]

    @classmethod
    def of(cls, city: CityModel, rows: IntArray | None = None, base_m: float | None = None) -> Self:
        """Work out the moves.

        The lowest point of a building comes to the height of the lowest ground along its footprint's outline, so
        that no corner hangs in the air. The ground is looked up at the corners and every 5 m between them.

        Parameters
        ----------
        city : CityModel
        rows : ndarray, (k,) int64, optional
            Buildings or parts to move, each with all that belongs to the same building; all when not given.
        base_m : float, optional [m]
            Level of the ground, in local coordinates, that the heights of all of them are counted from, as on a map
            without elevations: that level comes to the ground, so that what floats above it goes on floating. By
            default each building is moved by its own lowest point.
        """
        count = len(city.buildings)
        asked = np.zeros(count, bool)
        group = building_groups(city)
        asked[group[np.arange(count) if rows is None else rows]] = True
        asked = asked[group]
        ground = _lowest_ground(city, group, asked)
        base = np.full(count, np.inf)
        low = city.bounds_m[0][:, 2]
        solid = np.isfinite(low)
        np.minimum.at(base, group[solid], low[solid])
        solid = np.isfinite(base)
        if base_m is not None:
            base[solid] = base_m
        known = np.isfinite(ground) & solid
        offsets = np.where(known, ground - np.where(known, base, 0.0), 0.0)[group]
        there = solid[group]
        return cls(np.where(asked, offsets, 0.0), asked & there & ~known[group])


def moved_up(city: CityModel, offsets_m: FloatArray) -> CityModel:
    """The same city with its buildings moved upward.

    Parameters
    ----------
    city : CityModel
    offsets_m : ndarray, (n_buildings,) float64 [m]
    """
    polygons = city.surfaces.polygons
    vertices = polygons.vertices.copy()
    if len(vertices):
        vertices[:, 2] += offsets_m[city.surfaces.building[polygons.vertex_polygon]]
    moved = Polygons(vertices, polygons.ring_start, polygons.polygon_start)
    return replace(city, surfaces=replace(city.surfaces, polygons=moved))


def building_groups(city: CityModel) -> IntArray:
    """(n_buildings,) int64: row of the outermost building that each row belongs to."""
    parent = city.buildings.parent_row()
    group = parent
    for _ in range(_DEEPEST_NESTING):
        group = parent[group]
    return group


def _heights_on(corners: FloatArray, xy: FloatArray) -> FloatArray:
    """(n,) float64 [m]: height of planes through triangles, each at its own place."""
    origin = corners[:, 0]
    first, second, place = corners[:, 1] - origin, corners[:, 2] - origin, xy - origin[:, :2]
    area = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    along_first = (place[:, 0] * second[:, 1] - place[:, 1] * second[:, 0]) / area
    along_second = (first[:, 0] * place[:, 1] - first[:, 1] * place[:, 0]) / area
    return np.asarray(origin[:, 2] + along_first * first[:, 2] + along_second * second[:, 2])


def _lowest_ground(city: CityModel, group: IntArray, asked: NDArray[np.bool_]) -> FloatArray:
    """(n_buildings,) float64 [m]: by group, lowest ground along its outline; inf where none is known."""
    lowest = np.full(len(city.buildings), np.inf)
    terrain = TerrainSurface.of(city)
    if terrain is None or not asked.any():
        return lowest
    xy, owner = _outline_points(city, group, asked)
    height = terrain.height_at(xy)
    known = np.isfinite(height)
    np.minimum.at(lowest, owner[known], height[known])
    return lowest


def _outline_points(city: CityModel, group: IntArray, asked: NDArray[np.bool_]) -> tuple[FloatArray, IntArray]:
    """Points along the edges of ground surfaces, of all surfaces where a building has none, and their groups."""
    surfaces = city.surfaces
    of_group = group[surfaces.building]
    grounded = np.zeros(len(group), bool)
    grounded[of_group[surfaces.kind == SurfaceKind.GROUND]] = True
    chosen = asked[surfaces.building] & ((surfaces.kind == SurfaceKind.GROUND) | ~grounded[of_group])
    polygons = surfaces.polygons.take(np.flatnonzero(chosen))
    owner = of_group[chosen][polygons.vertex_polygon]
    start = polygons.vertices[:, :2]
    edge = start[polygons.following_vertex] - start
    pieces = np.clip(np.ceil(np.hypot(edge[:, 0], edge[:, 1]) / _SPACING_M), 1, _MOST_PIECES).astype(np.int64)
    place = np.repeat(np.arange(len(start)), pieces)
    along = np.arange(len(place)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    return start[place] + edge[place] * (along / pieces[place])[:, None], owner[place]
