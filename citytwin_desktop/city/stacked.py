"""Buildings that stand on another's roof, and such as stand twice in the same place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from citytwin_desktop.city.footprints import Footprint
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.roof_pieces import RoofPieces, heights_m

GAP_M = 0.5
"""How far a base may lie above or below the roof that it rests on."""
_LEAST_RISE_M = 1.0
_SMALLEST_AREA_M2 = 1.0
_SAME_SHARE = 0.9

PiecesOf = Callable[[int], tuple[RoofPieces, FloatArray]]


@dataclass(frozen=True, eq=False)
class Stacking:
    """What stands on what, for the rows that were asked about.

    Parameters
    ----------
    rests : dict of int to shapely geometry
        Part of a building's plan that stands on other buildings, in local coordinates [m].
    upon : dict of int to list of shapely geometry
        Parts of a building's roof that others stand on.
    twins : dict of int to list of int
        Buildings that fill the same space.
    """

    rests: dict[int, shapely.Geometry] = field(default_factory=dict)
    upon: dict[int, list[shapely.Geometry]] = field(default_factory=dict)
    twins: dict[int, list[int]] = field(default_factory=dict)


def stacking(plans: Mapping[int, Footprint], rows: Sequence[int], pieces_of: PiecesOf) -> Stacking:
    """Find buildings that rest on others, and twins.

    Parameters
    ----------
    plans : mapping of int to Footprint
        Of all buildings.
    rows : sequence of int
    pieces_of : callable
        Roof pieces of a row, and the origin of their coordinates.
    """
    found = Stacking()
    every = np.array(list(plans), np.int64)
    wanted = np.array([row for row in rows if row in plans], np.int64)
    if not len(wanted):
        return found
    shapes = np.array([plans[int(row)].geometry for row in every], object)
    place = {int(row): index for index, row in enumerate(every)}
    asked = shapes[[place[int(row)] for row in wanted]]
    mine, other = shapely.STRtree(shapes).query(asked, predicate="intersects")
    keep = wanted[mine] != every[other]
    mine, other = mine[keep], other[keep]
    overlap = shapely.intersection(asked[mine], shapes[other])
    for index in np.flatnonzero(shapely.area(overlap) > _SMALLEST_AREA_M2):
        row, neighbour = int(wanted[mine[index]]), int(every[other[index]])
        _judge(found, plans, row, neighbour, overlap[index], pieces_of)
    return found


def _judge(
    found: Stacking,
    plans: Mapping[int, Footprint],
    row: int,
    other: int,
    overlap: shapely.Geometry,
    pieces_of: PiecesOf,
) -> None:
    one, two = plans[row], plans[other]
    common = min(one.top_z_m, two.top_z_m) - max(one.base_z_m, two.base_z_m)
    same = overlap.area >= _SAME_SHARE * max(one.area_m2, two.area_m2)
    if same and common >= _SAME_SHARE * max(one.mean_height_m, two.mean_height_m):
        found.twins.setdefault(row, []).append(other)
        return
    for upper, lower in ((row, other), (other, row)):
        base = plans[upper].base_z_m
        if not plans[lower].base_z_m + _LEAST_RISE_M < base < plans[lower].ridge_z_m + GAP_M:
            continue
        contact = _contact(pieces_of(lower), overlap, base)
        if contact.area <= _SMALLEST_AREA_M2:
            continue
        if upper == row:
            known = found.rests.get(row)
            found.rests[row] = contact if known is None else known.union(contact)
        else:
            found.upon.setdefault(row, []).append(contact)


def _contact(lower: tuple[RoofPieces, FloatArray], overlap: shapely.Geometry, base_z_m: float) -> shapely.Geometry:
    """Where the roof below comes close enough to a base."""
    pieces, origin = lower
    local = shapely.transform(overlap, lambda points: points - origin[:2])
    parts = shapely.intersection(pieces.polygons, local)
    kept = np.flatnonzero(shapely.area(parts) > 0.1)
    middles = shapely.get_coordinates(shapely.centroid(parts[kept]))
    close = np.abs(heights_m(pieces.planes[kept], middles) + origin[2] - base_z_m) <= GAP_M
    contact = shapely.union_all(parts[kept[close]])
    return shapely.transform(contact, lambda points: points + origin[:2])
