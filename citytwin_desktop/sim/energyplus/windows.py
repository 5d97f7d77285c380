"""Windows: how the glazed share of a building's walls is spread over its outdoor faces."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.sim.energyplus.inputs import Face, area_vector_m2

SMALLEST_SIDE_M = 0.2
LARGEST_SHARE = 0.95
_MOST_CORNERS = 4  # of a window, in EnergyPlus
_CORNER_M = 0.02


@dataclass(frozen=True)
class Glazing:
    """How much glass each wall gets.

    Parameters
    ----------
    share : float
        Of every wall that can hold a window.
    wanted_m2 : float [m2]
        The asked share of all outdoor walls.
    lost_m2 : float [m2]
        What finds no place.
    """

    share: float
    wanted_m2: float
    lost_m2: float


def glazing(faces: Iterable[Face], share: float) -> Glazing:
    """Spread the glazed share of all outdoor walls over those that are large enough for a window.

    Parameters
    ----------
    faces : iterable of Face
        Of the whole building.
    share : float
        Asked for, of all outdoor walls.
    """
    holding, bare = 0.0, 0.0
    for face in faces:
        if takes_windows(face):
            if holds_window(face.corners, share):
                holding += face.area_m2
            else:
                bare += face.area_m2
    wanted = share * (holding + bare)
    given = min(wanted / holding, LARGEST_SHARE) if holding > 0 else 0.0
    return Glazing(given, wanted, max(wanted - given * holding, 0.0))


def takes_windows(face: Face) -> bool:
    """Whether windows belong into a face: outdoor walls only."""
    return face.kind == "wall" and face.beyond == "outdoors"


def holds_window(corners: FloatArray, share: float) -> bool:
    """Whether a window of that share of an upright wall is large enough in width and in mean height."""
    if share <= 0.0:
        return False
    x, y, _ = zip(*corners.tolist(), strict=True)
    width = math.hypot(max(x) - min(x), max(y) - min(y))
    height = math.hypot(*area_vector_m2(corners).tolist()) / max(width, 1e-9)
    return min(width, height) * math.sqrt(share) >= SMALLEST_SIDE_M


def window_polygons(corners: FloatArray, share: float) -> list[FloatArray]:
    """The convex outline of a wall scaled about its centroid, so that it is always inside, cut to quads and triangles.

    Parameters
    ----------
    corners : ndarray, (n, 3) float64 [m]
        Convex, counter-clockwise from outside.
    share : float
        Of the wall's area.

    Returns
    -------
    list of ndarray, (3 or 4, 3) float64 [m]
    """
    centre = _centroid(corners)
    scaled = centre + (corners - centre) * math.sqrt(share)
    gaps = np.linalg.norm(np.roll(scaled, -1, axis=0) - scaled, axis=1)
    scaled = scaled[gaps > _CORNER_M]
    parts = []
    while len(scaled) > _MOST_CORNERS:
        parts.append(scaled[:_MOST_CORNERS])
        scaled = scaled[[0, *range(_MOST_CORNERS - 1, len(scaled))]]
    return [*parts, scaled] if len(scaled) >= 3 else parts


def _centroid(corners: FloatArray) -> FloatArray:
    """Centre of area of a flat polygon."""
    if len(corners) == _MOST_CORNERS and np.abs(corners[0] - corners[1] + corners[2] - corners[3]).max() < 1e-9:
        return np.asarray(corners.mean(axis=0))
    fans = np.cross(corners[1:-1] - corners[0], corners[2:] - corners[0])
    weights = np.linalg.norm(fans, axis=1)
    middles = (corners[0] + corners[1:-1] + corners[2:]) / 3.0
    return np.asarray(weights @ middles / weights.sum())
