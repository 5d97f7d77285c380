"""Templates set at their places."""

import numpy as np

from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.formats.citygml.corners import turned
from citytwin_desktop.formats.citygml.drafts import Placement

_WIDEST_M = 50_000.0
_SMALLEST_SCALE = 1e-12


class PlacementError(Exception):
    """Why a template cannot be placed, as a sentence."""


def placed(shape: Polygons, placement: Placement, in_degrees: bool) -> Polygons:
    """Surfaces of a template in the source's coordinates.

    The template's corners go through the matrix first; the reference point is then added (OGC 12-019, 8.3).

    Parameters
    ----------
    shape : Polygons
        The template in its own coordinates [m].
    placement : Placement
    in_degrees : bool
        Whether the source's coordinates are degrees, to which metres cannot be added.

    Raises
    ------
    PlacementError
        When template, matrix or point are impossible.
    """
    if not len(shape):
        reason = "lies in a file of its own" if placement.external else "has no surface that can be used"
        msg = f"Its template {reason}: give it geometry in the file."
        raise PlacementError(msg)
    if in_degrees:
        raise PlacementError("Its template is in metres and its place in degrees: convert the file to a metric system.")
    if len(placement.point) != 3:
        raise PlacementError("Its template has no reference point: add it.")
    matrix = _matrix(placement.matrix)
    with np.errstate(over="ignore", invalid="ignore"):
        corners = shape.vertices @ matrix[:3, :3].T + matrix[:3, 3]
        size = np.ptp(corners, axis=0).max()
    if not size <= _WIDEST_M or not np.abs(matrix[:3, 3]).max() <= _WIDEST_M * 1_000:
        raise PlacementError("Its template is blown up or carried off by its matrix: repair the matrix.")
    scale = float(np.linalg.det(matrix[:3, :3]))
    if abs(scale) < _SMALLEST_SCALE:
        raise PlacementError("Its template is shrunk to nothing by its matrix: repair the matrix.")
    result = Polygons(corners + np.array(placement.point), shape.ring_start, shape.polygon_start)
    # A mirror turns every face inside out; walking the rings backwards turns it out again.
    return turned(result, np.full(len(shape), scale < 0.0))


def _matrix(values: list[float]) -> FloatArray:
    """(4, 4) float64; the identity where none is given."""
    if not values:
        return np.eye(4)
    if len(values) != 16 or values[12:] != [0.0, 0.0, 0.0, 1.0]:
        raise PlacementError("Its transformation matrix is not 16 numbers that end with 0, 0, 0, 1: repair it.")
    return np.array(values).reshape(4, 4)
