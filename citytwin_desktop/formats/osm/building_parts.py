"""Which building each part belongs to, and what is left of the outlines that parts describe better."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.formats.osm.local_metres import metres_per_degree

COVERED = 0.9
"""Share of an outline that its parts cover from which on it has no body of its own."""
_LEAST_INSIDE = 0.5
_SMALLEST_PIECE_M2 = 2.0


@dataclass(frozen=True, eq=False)
class Family:
    """Outlines and their parts.

    Parameters
    ----------
    parent : ndarray, (n_parts,) int64
        Outline of each part, -1 for a part on its own.
    own : list of shapely geometry or None
        What is left of each outline for a body of its own; None where nothing is.
    """

    parent: IntArray
    own: list[Any]


def parents_of(outlines: NDArray[np.object_], parts: NDArray[np.object_], stated: dict[int, int]) -> IntArray:
    """Outline that contains each part, -1 for none.

    Parameters
    ----------
    outlines, parts : ndarray of shapely polygons
        Longitude and latitude.
    stated : dict of int to int
        Outline of parts for which a relation says so.
    """
    parent = np.full(len(parts), -1, np.int64)
    if len(parts) and len(outlines):
        part, outline = shapely.STRtree(outlines).query(parts, predicate="intersects")
        shared = shapely.area(
            shapely.intersection(shapely.make_valid(parts[part]), shapely.make_valid(outlines[outline]))
        )
        good = shared >= _LEAST_INSIDE * np.maximum(shapely.area(parts[part]), 1e-30)
        order = np.lexsort([shared[good]])
        parent[part[good][order]] = outline[good][order]
    for part_place, outline_place in stated.items():
        parent[part_place] = outline_place
    return parent


def family(
    outlines: NDArray[np.object_],
    parts: NDArray[np.object_],
    parent: IntArray,
    outline_top_m: NDArray[np.float64],
    part_base_m: NDArray[np.float64],
) -> Family:
    """What is left of outlines beside their parts.

    A part that stands on top of its outline, such as a tower, takes nothing away from it.

    Parameters
    ----------
    outlines, parts : ndarray of shapely polygons
    parent : ndarray, (n_parts,) int64
    outline_top_m : ndarray, (n_outlines,) float64 [m]
        nan for unknown.
    part_base_m : ndarray, (n_parts,) float64 [m]
    """
    members: dict[int, list[int]] = defaultdict(list)
    for part, outline in enumerate(parent.tolist()):
        if outline >= 0 and not (part_base_m[part] > 0.0 and part_base_m[part] >= outline_top_m[outline] - 0.5):
            members[outline].append(part)
    own: list[Any] = list(outlines)
    for outline, places in members.items():
        own[outline] = _left_over(outlines[outline], parts[places])
    return Family(parent, own)


def _left_over(outline: Any, parts: NDArray[np.object_]) -> Any:
    whole = shapely.make_valid(outline)
    covered = shapely.union_all(shapely.make_valid(parts))
    rest = shapely.difference(whole, covered)
    if shapely.area(rest) <= (1.0 - COVERED) * shapely.area(whole):
        return None
    smallest = _SMALLEST_PIECE_M2 / float(np.prod(metres_per_degree(shapely.bounds(whole)[[1]])))
    pieces = shapely.get_parts(rest)
    kept = pieces[(shapely.get_type_id(pieces) == 3) & (shapely.area(pieces) > smallest)]
    return shapely.multipolygons(kept) if len(kept) else None
