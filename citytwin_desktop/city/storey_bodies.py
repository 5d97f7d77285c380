"""A roofed plan cut into storeys: levels, and how many of them each piece of the plan has."""

from dataclasses import dataclass

import numpy as np
import shapely

from citytwin_desktop.city.plan_faces import cut_faces
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.roof_pieces import RoofPieces, heights_m

_LOWERING = 0.25
"""Share of a storey's height by which a floor may be lowered to meet the eaves."""
_LEAST_DIP_M = 0.02


@dataclass(frozen=True, eq=False)
class StoreyBody:
    """Pieces of a plan with their storeys.

    Parameters
    ----------
    pieces : RoofPieces
        Neighbours share all corners; no piece's roof dips below the floor of its top storey.
    storeys : ndarray, (p,) int64
        Storeys below each piece's roof, at least 1.
    levels_m : ndarray, (n_storeys,) float64 [m]
        Floor of each storey above the base, the first 0.
    """

    pieces: RoofPieces
    storeys: IntArray
    levels_m: FloatArray

    @property
    def storey_count(self) -> int:
        """Storeys of the highest piece."""
        return int(self.storeys.max())

    @property
    def volume_m3(self) -> float:
        """Of all storeys [m3]."""
        return self.pieces.volume_m3


def storey_body(pieces: RoofPieces, storeys: int, height_m: float) -> StoreyBody:
    """Give each piece its storeys.

    Floors lie at equal heights of the main body, lowered a little where eaves lie just below one. A piece has as
    many storeys as its mean height holds; where its roof comes down below its highest floor, that storey ends.

    Parameters
    ----------
    pieces : RoofPieces
    storeys : int
        Of the main body.
    height_m : float [m]
        Mean height of the main body.
    """
    step = height_m / storeys
    levels: FloatArray = step * np.arange(storeys, dtype=np.float64)
    mean, lowest = pieces.mean_height_m, pieces.lowest_m
    count = np.clip(np.floor(mean / step + 0.5), 1, storeys).astype(np.int64)
    for level in range(1, storeys):
        dips = lowest[(count == level + 1) & (lowest < levels[level]) & (lowest >= levels[level] - _LOWERING * step)]
        if len(dips):
            levels[level] = dips.min()
    # A higher piece may have let its floor down onto the roof of one that was counted by the even levels.
    dipping = (count > 1) & (lowest < levels[count - 1] - _LEAST_DIP_M)
    if dipping.any():
        pieces, count = _cut_at_floors(pieces, count, levels, dipping)
    return _without_empty_storeys(pieces, count, levels)


def _cut_at_floors(
    pieces: RoofPieces, count: IntArray, levels: FloatArray, dipping: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[RoofPieces, IntArray]:
    """End the storeys of some pieces where their roof meets the floor."""
    lines = [shapely.boundary(polygon) for polygon in pieces.polygons]
    for piece in np.flatnonzero(dipping):
        polygon, plane = pieces.polygons[piece], pieces.planes[piece]
        lines.extend(_contour(polygon, plane, level) for level in levels[1 : count[piece]])
    faces = cut_faces(lines)
    inside, owner = shapely.STRtree(pieces.polygons).query(shapely.point_on_surface(faces), predicate="intersects")
    inside, first = np.unique(inside, return_index=True)
    faces, owner = faces[inside], owner[first]
    cut = RoofPieces(faces, pieces.planes[owner], pieces.surface[owner], pieces.covered[owner])
    below = (levels[None, 1:] < cut.mean_height_m[:, None]).sum(axis=1) + 1
    return cut, np.where(dipping[owner], np.minimum(count[owner], below), count[owner]).astype(np.int64)


def _contour(polygon: shapely.Polygon, plane: FloatArray, level_m: float) -> shapely.Geometry:
    """Where a plane has a height inside a polygon."""
    steepness = float(np.hypot(plane[0], plane[1]))
    if steepness < 1e-6:
        return shapely.LineString()
    centre = shapely.get_coordinates(polygon.centroid)
    uphill = plane[:2] / steepness
    middle = centre[0] + uphill * (level_m - float(heights_m(plane, centre)[0])) / steepness
    reach = np.array([-uphill[1], uphill[0]]) * (polygon.length + float(np.hypot(*(middle - centre[0]))))
    return shapely.intersection(shapely.LineString([middle - reach, middle + reach]), polygon)


def _without_empty_storeys(pieces: RoofPieces, count: IntArray, levels: FloatArray) -> StoreyBody:
    """Levels that no piece reaches go."""
    return StoreyBody(pieces, count, levels[: int(count.max())])
