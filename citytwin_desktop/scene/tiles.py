"""A city cut into tiles of about a thousand buildings, each one merged mesh."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.point_hash import point_hash
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.city.triangulation import triangulate
from citytwin_desktop.scene.closed_buildings import closed_rows
from citytwin_desktop.scene.feature_edges import SAME_POINT_M, FeatureEdges, Places

BUILDINGS_PER_TILE = 1000
FEWEST_PER_TILE, LEAST_TILES = 125, 8
"""Small cities have smaller tiles: an edit makes one of them anew."""

FloatMesh = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class TileMesh:
    """Arrays of one tile; no VTK in it.

    Triangles, points and edges know their owner by its place in the tile, so that edits elsewhere, which number the
    rows and surfaces of the city anew, leave all but the two short lists of owners alone.

    Parameters
    ----------
    rows : ndarray, (n_rows,) int64
        Rows of the city.
    surfaces : ndarray, (n_surfaces,) int64
        Surfaces of the city, in the order of the rows.
    points, normals : ndarray, (n_points, 3) float32
        Local coordinates [m]; no point is shared between surfaces, so shading stays flat.
    triangles : ndarray, (n_triangles, 3) int32
    triangle_place, point_place : ndarray, (n_triangles,), (n_points,) int32
        Place in ``surfaces`` of the surface that each belongs to.
    features : FeatureEdges
        Its edges as pairs of points, each drawn once, with their place in ``rows``.
    closed : ndarray, (n_surfaces,) bool
        Whose building is closed all around, see `closed_buildings`.
    """

    rows: IntArray
    surfaces: IntArray
    points: FloatMesh
    normals: FloatMesh
    triangles: Places
    triangle_place: Places
    point_place: Places
    features: FeatureEdges
    closed: NDArray[np.bool_]

    @property
    def triangle_surface(self) -> IntArray:
        """(n_triangles,) int64: surface of the city that each triangle belongs to."""
        return self.surfaces[self.triangle_place]

    @property
    def point_surface(self) -> IntArray:
        """(n_points,) int64: surface of the city that each point belongs to."""
        return self.surfaces[self.point_place]

    @property
    def edge_building(self) -> IntArray:
        """(n_edges,) int64: building row that each edge belongs to."""
        return self.rows[self.features.place]

    @property
    def edges(self) -> Places:
        """(n_edges, 2) int32: feature edges as pairs of points."""
        return self.features.points

    def renumbered(self, rows: IntArray, surfaces: Surfaces) -> "TileMesh":
        """The same mesh in a city that counts its rows and surfaces otherwise.

        Parameters
        ----------
        rows : ndarray, (n_rows,) int64
            Where this tile's rows are now.
        surfaces : Surfaces
            All of the city.
        """
        mine = _surfaces_of(surfaces, rows)[0]
        self.features.follow(surfaces.polygons, mine)
        return replace(self, rows=rows, surfaces=mine)

    def kept(self, surfaces: Surfaces) -> "TileMesh":
        """The same mesh in a city that counts its rows and surfaces alike."""
        self.features.follow(surfaces.polygons, self.surfaces)
        return self


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


def split_rows(city: CityModel, rows: IntArray, limit: int) -> list[IntArray]:
    """Rows of a city, all with surfaces, in groups of neighbours."""
    low, high = city.bounds_m
    centres = ((low + high) / 2.0)[rows, :2]
    return [np.sort(rows[group]) for group in split_buildings(centres, limit)] if len(rows) else []


def tile_limit(count: int) -> int:
    """Buildings that a tile of a city of ``count`` buildings holds at most."""
    return min(max(count // LEAST_TILES, FEWEST_PER_TILE), BUILDINGS_PER_TILE)


def build_tiles(city: CityModel, limit: int = 0) -> list[TileMesh]:
    """Meshes of all surfaces of a city.

    Parameters
    ----------
    city : CityModel
    limit : int
        Most buildings of a tile; 0 for what suits the city.

    Raises
    ------
    KnownError
        When a polygon cannot be triangulated.
    """
    rows = city.rows_with_geometry
    return [tile_of(city, group) for group in split_rows(city, rows, limit or tile_limit(len(rows)))]


def tile_of(city: CityModel, rows: IntArray) -> TileMesh:
    """Mesh of some rows.

    Parameters
    ----------
    city : CityModel
    rows : ndarray, (k,) int64
        Ascending.
    """
    surfaces, owner = _surfaces_of(city.surfaces, rows)
    polygons = city.surfaces.polygons.take(surfaces)
    triangles = triangulate(polygons)
    place = polygons.vertex_polygon
    point = point_hash(polygons.vertices, SAME_POINT_M)
    closed = closed_rows(polygons, city.surfaces.kind[surfaces], owner, point, len(rows))
    return TileMesh(
        rows=rows,
        surfaces=surfaces,
        points=polygons.vertices.astype(np.float32),
        normals=polygons.normals.astype(np.float32)[place],
        triangles=triangles.indices.astype(np.int32),
        triangle_place=triangles.polygon.astype(np.int32),
        point_place=place.astype(np.int32),
        features=FeatureEdges(city.surfaces.polygons, surfaces, owner),
        closed=closed[owner],
    )


def _surfaces_of(surfaces: Surfaces, rows: IntArray) -> tuple[IntArray, IntArray]:
    """Surfaces of some rows, in their order, and the place in ``rows`` that owns each."""
    first = np.searchsorted(surfaces.building, rows)
    counts = np.searchsorted(surfaces.building, rows, side="right") - first
    owner = np.repeat(np.arange(len(rows)), counts)
    return np.arange(len(owner)) + np.repeat(first - (np.cumsum(counts) - counts), counts), owner
