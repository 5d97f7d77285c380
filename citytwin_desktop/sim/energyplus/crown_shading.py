"""Crowns of trees as shading quads around a building."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons

CROSSED_WITHIN_M = 20.0
_SMALLEST_CROWN_M = 0.5


@dataclass(frozen=True, eq=False)
class CrownField:
    """All crowns of a city, one for each set of polygons that hang together.

    Parameters
    ----------
    centre_m : ndarray, (n, 2) float64 [m]
    low_m, high_m : ndarray, (n,) float64 [m]
    faces_m2 : ndarray, (p, 3) float64 [m2]
        Area vectors of the polygons, sorted by crown.
    first_face : ndarray, (n + 1,) int64
    tree : shapely.STRtree
        Of the centres.
    """

    centre_m: FloatArray
    low_m: FloatArray
    high_m: FloatArray
    faces_m2: FloatArray
    first_face: IntArray
    tree: shapely.STRtree

    def __len__(self) -> int:
        return len(self.low_m)

    def width_m(self, crown: int, direction: FloatArray) -> float:
        """Width [m] of the upright rectangle that hides as much as the crown, seen along a level direction."""
        faces = self.faces_m2[self.first_face[crown] : self.first_face[crown + 1], :2]
        # Of a closed hull every line of sight meets two faces.
        silhouette_m2 = float(np.abs(faces @ direction).sum()) / 2.0
        return silhouette_m2 / float(self.high_m[crown] - self.low_m[crown])


def crown_field(city: CityModel) -> CrownField:
    """Gather the crowns of a city's context."""
    polygons = Polygons.concatenate([layer.polygons for layer in city.context if layer.kind is ContextKind.TREE])
    crown_of_polygon, count = _connected(polygons)
    owner = crown_of_polygon[polygons.vertex_polygon]
    low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
    np.minimum.at(low, owner, polygons.vertices)
    np.maximum.at(high, owner, polygons.vertices)
    solid = np.flatnonzero((high - low).min(axis=1, initial=np.inf) >= _SMALLEST_CROWN_M)
    place = np.full(count, -1, np.int64)
    place[solid] = np.arange(len(solid))
    crown = place[crown_of_polygon]
    order = np.argsort(crown, kind="stable")
    order = order[crown[order] >= 0]
    centre = ((low + high) / 2.0)[solid, :2]
    return CrownField(
        centre_m=centre,
        low_m=low[solid, 2],
        high_m=high[solid, 2],
        faces_m2=polygons.area_vectors_m2[order] if len(order) else np.zeros((0, 3)),
        first_face=np.searchsorted(crown[order], np.arange(len(solid) + 1)).astype(np.int64),
        tree=shapely.STRtree(shapely.points(centre)),
    )


def crown_quads(
    crowns: CrownField, plan: shapely.Geometry, base_z_m: float, radius_m: float, minimum_elevation_deg: float
) -> FloatArray:
    """Quads of the crowns that can shade a building.

    Each crown gets one upright quad that faces the nearest point of the building, and within 20 m a second one across
    it, for light that comes along the wall. A quad hides as much as the crown does, seen from the building.

    Parameters
    ----------
    crowns : CrownField
    plan : shapely geometry
        Footprint in local coordinates [m].
    base_z_m : float [m]
    radius_m : float [m]
    minimum_elevation_deg : float [deg]
        Lower crowns, as seen from the base at the nearest point, do not count.

    Returns
    -------
    ndarray, (k, 4, 3) float64 [m]
        In local coordinates.
    """
    quads: list[FloatArray] = []
    steepest = np.tan(np.radians(minimum_elevation_deg))
    for crown in np.sort(crowns.tree.query(plan, predicate="dwithin", distance=radius_m)):
        centre = crowns.centre_m[crown]
        nearest = shapely.get_coordinates(shapely.shortest_line(plan, shapely.Point(centre)))[0]
        way = centre - nearest
        distance = float(np.hypot(*way))
        if distance < _SMALLEST_CROWN_M or crowns.high_m[crown] - base_z_m <= steepest * distance:
            continue
        towards = way / distance
        across = np.array([-towards[1], towards[0]])
        quads.append(_quad(crowns, int(crown), across, crowns.width_m(int(crown), towards)))
        deep = crowns.width_m(int(crown), across)
        if deep / 2.0 < distance <= CROSSED_WITHIN_M:
            quads.append(_quad(crowns, int(crown), towards, deep))
    return np.array(quads).reshape(-1, 4, 3)


def _quad(crowns: CrownField, crown: int, along: FloatArray, width_m: float) -> FloatArray:
    left, right = (crowns.centre_m[crown] + side * along * width_m / 2.0 for side in (-1.0, 1.0))
    low, high = crowns.low_m[crown], crowns.high_m[crown]
    return np.array([[*left, high], [*left, low], [*right, low], [*right, high]])


def _connected(polygons: Polygons) -> tuple[IntArray, int]:
    """Number of the set that each polygon hangs together with by common corners, and how many sets there are."""
    if not len(polygons.vertices):
        return np.zeros(len(polygons), np.int64), 0
    _, corner = np.unique(np.round(polygons.vertices, 3), axis=0, return_inverse=True)
    corner = corner.ravel() + len(polygons)
    size = len(polygons) + int(corner.max()) + 1
    links = coo_array((np.ones(len(corner), np.int8), (polygons.vertex_polygon, corner)), shape=(size, size))
    _, label = connected_components(links, directed=False)
    used, dense = np.unique(label[: len(polygons)], return_inverse=True)
    return dense.ravel().astype(np.int64), len(used)
