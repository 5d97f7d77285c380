"""A city cut into tiles of about a thousand buildings, each one merged mesh."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.point_hash import point_hash
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.triangulation import Triangles, triangulate

BUILDINGS_PER_TILE = 1000
_SAME_POINT_M = 0.001
FloatMesh = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class TileMesh:
    """Arrays of one tile; no VTK in it.

    Parameters
    ----------
    points, normals : ndarray, (n_points, 3) float32
        Local coordinates [m]; no point is shared between surfaces, so shading stays flat.
    triangles : ndarray, (n_triangles, 3) int64
    triangle_surface : ndarray, (n_triangles,) int64
        Surface of the city that each triangle belongs to.
    point_surface : ndarray, (n_points,) int64
        Surface of the city that each point belongs to.
    edges : ndarray, (n_edges, 2) int64
        Feature edges as pairs of points, each drawn once.
    edge_building : ndarray, (n_edges,) int64
        Building row that each edge belongs to.
    """

    points: FloatMesh
    normals: FloatMesh
    triangles: IntArray
    triangle_surface: IntArray
    point_surface: IntArray
    edges: IntArray
    edge_building: IntArray


def split_buildings(centres: FloatArray, limit: int = BUILDINGS_PER_TILE) -> list[IntArray]:
    """Groups of neighbouring rows, none larger than ``limit``, by halving along the longer side.

    Parameters
    ----------
    centres : ndarray, (n, 2) float64 [m]

    Returns
    -------
    list of ndarray, (k,) int64
        Every row in exactly one group.
    """
    groups, pending = [], [np.arange(len(centres))]
    while pending:
        rows = pending.pop()
        if len(rows) <= limit:
            groups.append(rows)
            continue
        spread = np.ptp(centres[rows], axis=0)
        order = rows[np.argsort(centres[rows, int(np.argmax(spread))], kind="stable")]
        pending += [order[len(order) // 2 :], order[: len(order) // 2]]
    return groups


def build_tiles(city: CityModel, limit: int = BUILDINGS_PER_TILE) -> list[TileMesh]:
    """Meshes of all surfaces of a city.

    Raises
    ------
    KnownError
        When a polygon cannot be triangulated.
    """
    if not len(city.surfaces):
        return []
    surfaces = city.surfaces
    rows = city.rows_with_geometry
    low, high = city.bounds_m
    tile_of_building = np.zeros(len(city.buildings), np.int64)
    groups = split_buildings(((low + high) / 2.0)[rows, :2], limit)
    for number, group in enumerate(groups):
        tile_of_building[rows[group]] = number
    triangles = triangulate(surfaces.polygons)
    tile_of_surface = tile_of_building[surfaces.building]
    edges = np.stack([np.arange(len(surfaces.polygons.vertices)), surfaces.polygons.following_vertex], axis=1)
    return [_tile(city, triangles, edges, tile_of_surface, number) for number in range(len(groups))]


def _tile(city: CityModel, triangles: Triangles, edges: IntArray, tile_of_surface: IntArray, number: int) -> TileMesh:
    polygons = city.surfaces.polygons
    vertex_surface = polygons.vertex_polygon
    mine = tile_of_surface[vertex_surface] == number
    place = np.cumsum(mine) - 1
    my_triangles = tile_of_surface[triangles.polygon] == number
    my_edges = edges[mine[edges[:, 0]]]
    owner = city.surfaces.building[vertex_surface[my_edges[:, 0]]]
    once = _first_of_each_edge(polygons.vertices, my_edges, owner)
    return TileMesh(
        points=polygons.vertices[mine].astype(np.float32),
        normals=polygons.normals[vertex_surface[mine]].astype(np.float32),
        triangles=place[triangles.indices[my_triangles]],
        triangle_surface=np.asarray(triangles.polygon[my_triangles], np.int64),
        point_surface=vertex_surface[mine],
        edges=place[my_edges[once]],
        edge_building=owner[once],
    )


def _first_of_each_edge(vertices: FloatArray, edges: IntArray, owner: IntArray) -> IntArray:
    """Indices that keep one of the edges that two surfaces of a building share (to 1 mm)."""
    point = point_hash(vertices, _SAME_POINT_M)
    key = point[edges[:, 0]] + point[edges[:, 1]] + owner.astype(np.uint64) * np.uint64(0x94D049BB133111EB)
    return np.sort(np.unique(key, return_index=True)[1])
