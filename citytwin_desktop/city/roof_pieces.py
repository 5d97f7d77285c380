"""The roof of a building as a partition of its footprint: each piece has one plane."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from citytwin_desktop.city.piece_groups import PieceGroups
from citytwin_desktop.city.plan_faces import Shapes, cut_faces, dissolved, half_edges
from citytwin_desktop.city.polygons import FloatArray, IntArray

STRAIGHTEN_M = 0.05
MOST_PIECES = 40
SMALLEST_PIECE_M2 = 2.0
_SMALLEST_SHARE = 0.005
"""Of the footprint: what is smaller is taken into a neighbour, however large the building."""
_LOWEST_M = -0.05


@dataclass(frozen=True, eq=False)
class RoofPieces:
    """A footprint cut into pieces, each below one plane.

    Parameters
    ----------
    polygons : ndarray, (p,) of shapely.Polygon
        Without overlap; neighbours share all corners; plan coordinates from the building's origin [m].
    planes : ndarray, (p, 3) float64
        a, b, c of the height above the base z = a x + b y + c [m].
    surface : ndarray, (p,) int64
        The city's roof surface that a piece stands for, -1 for none.
    covered : ndarray, (p,) bool
        Whether another building stands on it.
    """

    polygons: Shapes
    planes: FloatArray
    surface: IntArray
    covered: np.ndarray[tuple[int], np.dtype[np.bool_]]

    def __len__(self) -> int:
        return len(self.polygons)

    @property
    def area_m2(self) -> FloatArray:
        """(p,) float64 [m2]: in plan."""
        return np.asarray(shapely.area(self.polygons))

    @property
    def mean_height_m(self) -> FloatArray:
        """(p,) float64 [m]: above the base; of a plane it is that of the centroid."""
        return heights_m(self.planes, shapely.get_coordinates(shapely.centroid(self.polygons)))

    @property
    def lowest_m(self) -> FloatArray:
        """(p,) float64 [m]: lowest corner above the base."""
        points, owner = shapely.get_coordinates(self.polygons, return_index=True)
        lowest = np.full(len(self), np.inf)
        np.minimum.at(lowest, owner, heights_m(self.planes[owner], points))
        return lowest

    @property
    def volume_m3(self) -> float:
        """Below all pieces, down to the base [m3]."""
        return float(self.area_m2 @ self.mean_height_m)


def heights_m(planes: FloatArray, points: FloatArray) -> FloatArray:
    """(n,) float64 [m]: height of n planes, or of one, at n points in plan."""
    return np.asarray(planes[..., 0] * points[:, 0] + planes[..., 1] * points[:, 1] + planes[..., 2])


def flat_pieces(footprint: shapely.MultiPolygon, height_m: float, surface: int = -1) -> RoofPieces:
    """A flat roof over the whole footprint."""
    polygons = shapely.orient_polygons(shapely.get_parts(footprint))
    return RoofPieces(
        polygons=polygons,
        planes=np.tile([0.0, 0.0, height_m], (len(polygons), 1)),
        surface=np.full(len(polygons), surface, np.int64),
        covered=np.zeros(len(polygons), bool),
    )


def roof_pieces(
    footprint: shapely.MultiPolygon,
    roofs: Shapes,
    planes: FloatArray,
    surface: IntArray,
    height_m: float,
    covers: Sequence[shapely.Geometry] = (),
) -> RoofPieces | None:
    """Cut a footprint by the roofs over it; where they overlap the higher counts.

    Dormers, chimneys and slivers are taken into the neighbour of the most similar height, neighbours of nearly
    one plane become one piece of their common mean height. Where no roof lies the plan is closed flat.

    Parameters
    ----------
    footprint : shapely.MultiPolygon
        In plan coordinates from the building's origin [m].
    roofs : ndarray, (k,) of shapely geometry
        Plans of the roof surfaces, valid, in the same coordinates.
    planes : ndarray, (k, 3) float64
        Their planes above the base.
    surface : ndarray, (k,) int64
        Their indices in the city.
    height_m : float [m]
        Of the flat closing.
    covers : sequence of shapely geometry
        Plans of buildings that stand on this one's roof.

    Returns
    -------
    RoofPieces or None
        None when the roofs are nothing to build on: below the base, or not over the footprint.
    """
    lines = [footprint.boundary, *(roof.boundary for roof in roofs), *(cover.boundary for cover in covers)]
    faces = cut_faces(lines)
    points = shapely.point_on_surface(faces)
    faces, points = _inside(footprint, faces, points)
    if not len(faces):
        return None
    label = _highest(roofs, planes, points)
    planes = np.vstack([planes, [0.0, 0.0, height_m]])
    covered = np.zeros(len(faces), bool)
    for cover in covers:
        covered |= shapely.intersects(cover, points)
    groups = PieceGroups(faces, half_edges(faces), label, planes, covered, height_known=label < len(roofs))
    groups.absorb(max(SMALLEST_PIECE_M2, _SMALLEST_SHARE * footprint.area))
    groups.join_coplanar()
    groups.absorb_to(MOST_PIECES)
    return _assembled(footprint, faces, groups, np.append(surface, -1))


def _inside(footprint: shapely.MultiPolygon, faces: Shapes, points: Shapes) -> tuple[Shapes, Shapes]:
    shapely.prepare(footprint)
    within = shapely.intersects(footprint, points)
    return faces[within], points[within]


def _highest(roofs: Shapes, planes: FloatArray, points: Shapes) -> IntArray:
    """(n,) int64: the highest roof over each point, their number where there is none."""
    over = shapely.intersects(roofs[:, None], points[None, :])
    coordinates = shapely.get_coordinates(points)
    heights = planes[:, :2] @ coordinates.T + planes[:, 2:]
    heights = np.where(over, heights, -np.inf)
    highest = np.argmax(heights, axis=0)
    return np.where(over.any(axis=0), highest, len(roofs))


def _assembled(
    footprint: shapely.MultiPolygon, faces: Shapes, groups: PieceGroups, surface: IntArray
) -> RoofPieces | None:
    for tolerance_m in (STRAIGHTEN_M, 0.0):
        polygons, group = dissolved(faces, groups.of_face, tolerance_m)
        area = float(shapely.area(polygons).sum())
        if abs(area - footprint.area) <= 0.01 * footprint.area and shapely.is_valid(polygons).all():
            break
    else:
        return None
    pieces = RoofPieces(polygons, groups.planes[group], surface[groups.label[group]], groups.covered[group])
    sound = np.isfinite(pieces.planes).all() and pieces.lowest_m.min() >= _LOWEST_M
    return pieces if sound else None
