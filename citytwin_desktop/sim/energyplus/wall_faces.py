"""Cut the wall of one edge and one storey into outdoor and party faces."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from citytwin_desktop.sim.energyplus.inputs import PartyStretch

_SNAP_ALONG_M = 0.1
_SNAP_UP_M = 0.3


@dataclass(frozen=True)
class WallFace:
    """A rectangle of a wall: along the edge [m], above the base of the building [m].

    Parameters
    ----------
    start_m, end_m, bottom_m, top_m : float [m]
    outdoors : bool
        False where a neighbour's wall lies against it.
    """

    start_m: float
    end_m: float
    bottom_m: float
    top_m: float
    outdoors: bool


def wall_faces(length_m: float, bottom_m: float, top_m: float, stretches: Sequence[PartyStretch]) -> list[WallFace]:
    """Faces that fill one storey's wall without overlap, from its start to its end, from bottom to top.

    Parameters
    ----------
    length_m : float [m]
    bottom_m, top_m : float [m]
        Of the storey, above the base of the building.
    stretches : sequence of PartyStretch
        Of this edge; they may overlap.
    """
    faces: list[WallFace] = []
    limits = _limits(length_m, stretches)
    for start, end in pairwise(limits):
        middle = (start + end) / 2.0
        behind = [s for s in stretches if s.start_m - _SNAP_ALONG_M <= middle <= s.end_m + _SNAP_ALONG_M]
        faces.extend(_column(start, end, bottom_m, top_m, behind))
    return faces


def _limits(length_m: float, stretches: Sequence[PartyStretch]) -> list[float]:
    """Where the wall may change along the edge; slivers are left out."""
    limits = [0.0]
    for value in sorted(value for s in stretches for value in (s.start_m, s.end_m)):
        if value - limits[-1] > _SNAP_ALONG_M and length_m - value > _SNAP_ALONG_M:
            limits.append(value)
    return [*limits, length_m]


def _column(start: float, end: float, bottom: float, top: float, behind: Sequence[PartyStretch]) -> list[WallFace]:
    covered_from = min((max(s.bottom_m, bottom) for s in behind), default=top)
    covered_to = max((min(s.top_m, top) for s in behind), default=bottom)
    if covered_from - bottom < _SNAP_UP_M:
        covered_from = bottom
    if top - covered_to < _SNAP_UP_M:
        covered_to = top
    if covered_to - covered_from < _SNAP_UP_M:
        return [WallFace(start, end, bottom, top, outdoors=True)]
    faces = [WallFace(start, end, covered_from, covered_to, outdoors=False)]
    if covered_from > bottom:
        faces.insert(0, WallFace(start, end, bottom, covered_from, outdoors=True))
    if covered_to < top:
        faces.append(WallFace(start, end, covered_to, top, outdoors=True))
    return faces
