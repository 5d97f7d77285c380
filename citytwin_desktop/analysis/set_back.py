"""What is left of surfaces at a distance from their edges, cuts inside one plane left out."""

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons

_SAME_PLANE_COSINE = np.cos(np.radians(1.0))
_FURTHEST_FROM_LEADER_COSINE = np.cos(np.radians(5.0))
_SAME_POINT_M = 0.01


def inset_area_m2(
    polygons: Polygons, set_back_m: FloatArray, smallest_m2: float = 0.0, leader: IntArray | None = None
) -> FloatArray:
    """Area that is left of each polygon at a distance from its edges, measured in its own plane.

    Parameters
    ----------
    polygons : Polygons
    set_back_m : ndarray, (n_polygons,) float64 [m]
        Where polygons count as one, that of their leader.
    smallest_m2 : float [m2]
        Smaller connected pieces do not count.
    leader : ndarray, (n_polygons,) int64, optional
        Polygons with the same leader count as one surface, in the leader's plane; see `coplanar_leaders`.

    Returns
    -------
    ndarray, (n_polygons,) float64 [m2]
    """
    if not len(polygons):
        return np.zeros(0)
    leader = np.arange(len(polygons)) if leader is None else leader
    shapes = _in_plane_of(polygons, leader)
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken])
    leads, member_of = np.unique(leader, return_inverse=True)
    whole = _united(shapes, member_of, len(leads))
    # Mitred corners keep a rectangle a rectangle; holes grow with corners of their own shape.
    inner = shapely.buffer(whole, -np.asarray(set_back_m)[leads], join_style="mitre", mitre_limit=5.0)
    pieces, owner = shapely.get_parts(inner, return_index=True)
    large = shapely.area(pieces) >= smallest_m2
    alone = np.bincount(member_of) == 1
    areas = np.bincount(owner[large], shapely.area(pieces[large]), minlength=len(leads))[member_of]
    shared = np.flatnonzero(~alone[member_of])
    if len(shared):
        kept = np.full(len(leads), shapely.MultiPolygon(), object)
        shapely.multipolygons(pieces[large], indices=owner[large], out=kept)
        areas[shared] = shapely.area(shapely.intersection(shapes[shared], kept[member_of[shared]]))
    return np.asarray(areas, np.float64)


def coplanar_leaders(polygons: Polygons, building: IntArray, placement: NDArray[np.uint8]) -> IntArray:
    """For each polygon the one that stands for its plane: the largest of those joined edge to edge.

    Two polygons are joined when they share an edge (corners within 1 cm), belong to the same building and
    placement, and face the same way within 1 degree. A member more than 5 degrees off its leader, as on a vault of
    many facets, stands for itself.

    Parameters
    ----------
    polygons : Polygons
    building : ndarray, (n_polygons,) int64
    placement : ndarray, (n_polygons,) uint8

    Returns
    -------
    ndarray, (n_polygons,) int64
        Index of the leader; its own where it is alone.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = len(polygons)
    if not count:
        return np.zeros(0, np.int64)
    one, other = _neighbours(polygons, building, placement)
    links = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(count, count))
    _, component = connected_components(links, directed=False)
    by_area = np.lexsort((-polygons.areas_m2, component))
    first = np.searchsorted(component[by_area], np.arange(component.max() + 1))
    leader = by_area[first][component]
    agreement = np.einsum("ij,ij->i", polygons.normals, polygons.normals[leader])
    return np.where(agreement > _FURTHEST_FROM_LEADER_COSINE, leader, np.arange(count)).astype(np.int64)


def _neighbours(polygons: Polygons, building: IntArray, placement: NDArray[np.uint8]) -> tuple[IntArray, IntArray]:
    """Pairs of polygons that share an edge and a plane."""
    grid = np.round(polygons.vertices / _SAME_POINT_M).astype(np.int64)
    _, point = np.unique(grid, axis=0, return_inverse=True)
    point = point.ravel()
    following = point[polygons.following_vertex]
    owner = polygons.vertex_polygon
    edge = np.stack([building[owner], placement[owner], np.minimum(point, following), np.maximum(point, following)])
    order = np.lexsort(edge)
    same = (edge[:, order[1:]] == edge[:, order[:-1]]).all(axis=0)
    one, other = owner[order[:-1][same]], owner[order[1:][same]]
    agreement = np.einsum("ij,ij->i", polygons.normals[one], polygons.normals[other])
    level = agreement > _SAME_PLANE_COSINE
    return one[level], other[level]


def _united(shapes: NDArray[np.object_], member_of: IntArray, count: int) -> NDArray[np.object_]:
    """One shape for each group."""
    order = np.argsort(member_of, kind="stable")
    starts = np.searchsorted(member_of[order], np.arange(count + 1))
    whole = shapes[order[starts[:-1]]]
    for group in np.flatnonzero(np.diff(starts) > 1):
        whole[group] = shapely.union_all(shapes[order[starts[group] : starts[group + 1]]])
    return np.asarray(whole)


def _in_plane_of(polygons: Polygons, leader: IntArray) -> NDArray[np.object_]:
    """Shapely polygons in the coordinates of the leader's plane [m]: true lengths, unlike in `project_to_plane`."""
    first_axis, second_axis = _plane_axes(polygons.normals)
    owner = leader[polygons.vertex_polygon]
    local = polygons.vertices - polygons.vertices[polygons.first_vertex[owner]]
    plane = np.column_stack(
        [np.einsum("ij,ij->i", local, first_axis[owner]), np.einsum("ij,ij->i", local, second_axis[owner])]
    )
    ring_polygon = np.repeat(np.arange(len(polygons)), np.diff(polygons.polygon_start))
    drawn = np.flatnonzero(np.diff(polygons.ring_start) >= 3)
    rings = _closed_rings(plane, polygons.ring_start, drawn)
    is_outer = np.isin(drawn, polygons.polygon_start[:-1])
    shapes = np.full(len(polygons), shapely.Polygon(), object)
    outer_of = np.full(len(polygons), -1, np.int64)
    outer_of[ring_polygon[drawn[is_outer]]] = np.flatnonzero(is_outer)
    has_outer = np.flatnonzero(outer_of >= 0)
    shapes[has_outer] = shapely.polygons(rings[outer_of[has_outer]])
    hole_polygon = ring_polygon[drawn[~is_outer]]
    for polygon in np.intersect1d(hole_polygon, has_outer):
        shapes[polygon] = shapely.polygons(rings[outer_of[polygon]], holes=rings[~is_outer][hole_polygon == polygon])
    return shapes


def _closed_rings(plane: FloatArray, ring_start: IntArray, drawn: IntArray) -> NDArray[np.object_]:
    lengths = np.diff(ring_start)[drawn]
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    place = np.repeat(np.arange(len(drawn)), lengths)
    rows = np.arange(offsets[-1]) - offsets[place] + ring_start[drawn][place]
    return np.asarray(shapely.linearrings(plane[rows], indices=place))


def _plane_axes(normals: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Two unit vectors across each normal."""
    upright = np.abs(normals[:, 2]) > 0.9
    aside = np.where(upright[:, None], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0])
    first = np.cross(aside, normals)
    length = np.linalg.norm(first, axis=1, keepdims=True)
    first = np.divide(first, length, out=np.zeros_like(first), where=length > 0.0)
    return first, np.cross(normals, first)
