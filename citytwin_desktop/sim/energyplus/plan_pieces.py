"""Cut a footprint into simple polygons: EnergyPlus knows no holes and no more than 120 corners."""

import numpy as np
import shapely

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.sim.energyplus.inputs import Rings

MOST_CORNERS = 100
_SMALLEST_PIECE_M2 = 0.01


def plan_pieces(plan: tuple[Rings, ...]) -> list[FloatArray]:
    """Simple polygons that cover the plan without overlap.

    Parameters
    ----------
    plan : tuple of Rings

    Returns
    -------
    list of ndarray, (n, 2) float64 [m]
        Counter-clockwise, not closed.
    """
    pieces: list[FloatArray] = []
    for rings in plan:
        if len(rings) == 1 and len(rings[0]) <= MOST_CORNERS:
            pieces.append(rings[0])
        else:
            pieces.extend(_corners(piece) for piece in _cut(shapely.Polygon(rings[0], rings[1:])))
    return pieces


def _cut(polygon: shapely.Polygon) -> list[shapely.Polygon]:
    """Halve along north-south lines, through the first hole where there is one, until every piece is simple."""
    if not polygon.interiors and shapely.get_num_coordinates(polygon) <= MOST_CORNERS + 1:
        return [polygon]
    through = polygon.interiors[0] if polygon.interiors else polygon
    low, _, high, _ = through.bounds
    west, south, east, north = polygon.bounds
    middle = (low + high) / 2.0
    pieces: list[shapely.Polygon] = []
    for side in (
        shapely.box(west - 1, south - 1, middle, north + 1),
        shapely.box(middle, south - 1, east + 1, north + 1),
    ):
        for part in shapely.get_parts(shapely.intersection(polygon, side)):
            if isinstance(part, shapely.Polygon) and part.area > _SMALLEST_PIECE_M2:
                pieces.extend(_cut(part))
    return pieces


def _corners(polygon: shapely.Polygon) -> FloatArray:
    coordinates = shapely.get_coordinates(shapely.orient_polygons(polygon))[:-1]
    return np.asarray(coordinates, np.float64)
