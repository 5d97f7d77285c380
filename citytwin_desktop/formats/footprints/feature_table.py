"""One layer of features with polygons, whatever file it came from."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons

_LARGEST_COORDINATE = 1e9
"""No coordinate system of the Earth counts further, in degrees, metres or feet."""
_FEWEST_CORNERS = 3


@dataclass(eq=False)
class FeatureTable:
    """Features of one layer; those without a polygon have none in ``feature``.

    Parameters
    ----------
    name : str
        Of the layer.
    reference : str
        Coordinate reference system as the file gives it, empty for none.
    attributes : list of dict
        One for each feature, unknown values left out.
    ids : list of str
        Number or identifier of each feature in its file.
    polygons : Polygons
        In the coordinates of the source; z is 0 where the source has none.
    feature : ndarray, (n_polygons,) int64
        Place in ``attributes``; ascending.
    has_z : bool
        Whether any polygon states elevations other than 0.
    other_types : Counter of str
        Features that are no polygons, by their type.
    faults : list of tuple of (str, str)
        Feature and code of the fault for polygons that could not be used, or only in part.
    """

    name: str
    reference: str
    attributes: list[dict[str, Any]]
    ids: list[str]
    polygons: Polygons
    feature: IntArray
    has_z: bool
    other_types: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class CleanRings:
    """Polygons whose rings are open and finite.

    Parameters
    ----------
    polygons : Polygons
    kept : ndarray, (k,) int64
        Place of each among the polygons that were given.
    faults : dict of str to ndarray of int64
        Polygons given, by code of the fault.
    """

    polygons: Polygons
    kept: IntArray
    faults: dict[str, IntArray]


def clean_rings(vertices: FloatArray, ring_start: IntArray, polygon_start: IntArray) -> CleanRings:
    """Take off the repeated last corner of each ring, and polygons that have no sense.

    Left out are polygons with coordinates that are no number on Earth and such whose outer ring has fewer than three
    corners; holes with fewer than three corners go alone. Crossing rings and the like are left for the doctor.

    Parameters
    ----------
    vertices : ndarray, (n, 3) float64
    ring_start : ndarray, (n_rings + 1,) int64
    polygon_start : ndarray, (n_polygons + 1,) int64
    """
    lengths = np.diff(ring_start)
    filled = lengths > 1
    first, last = ring_start[:-1][filled], ring_start[1:][filled] - 1
    closed = np.zeros(len(lengths), bool)
    closed[filled] = (vertices[first] == vertices[last]).all(axis=1)
    corners = lengths - closed
    ring_polygon = np.repeat(np.arange(len(polygon_start) - 1), np.diff(polygon_start))
    outer = np.zeros(len(lengths), bool)
    outer[polygon_start[:-1][np.diff(polygon_start) > 0]] = True
    short = corners < _FEWEST_CORNERS
    sane: NDArray[np.bool_] = np.asarray((np.abs(vertices) < _LARGEST_COORDINATE).all(axis=1))
    wild = _rings_with(~sane, ring_start)
    bad = np.diff(polygon_start) == 0
    bad[ring_polygon[short & outer]] = True
    lost = np.zeros(len(bad), bool)
    lost[ring_polygon[wild]] = True
    faults = {
        "coordinates_without_sense": np.flatnonzero(lost),
        "too_few_corners": np.flatnonzero(bad & ~lost),
        "hole_without_corners": np.unique(ring_polygon[short & ~outer]),
        "ring_not_closed": np.unique(ring_polygon[~closed & ~short]),
    }
    keep_polygon = ~(bad | lost)
    keep_ring = keep_polygon[ring_polygon] & ~short
    keep_vertex = np.repeat(keep_ring, lengths)
    keep_vertex[ring_start[1:][closed] - 1] = False
    rings_left = np.bincount(ring_polygon[keep_ring], minlength=len(bad))[keep_polygon]
    polygons = Polygons(vertices[keep_vertex], _offsets(corners[keep_ring]), _offsets(rings_left))
    return CleanRings(polygons, np.flatnonzero(keep_polygon), faults)


def _rings_with(mask: NDArray[np.bool_], ring_start: IntArray) -> NDArray[np.bool_]:
    """Rings with at least one marked vertex."""
    running = np.concatenate([[0], np.cumsum(mask)])
    return np.asarray(running[ring_start[1:]] > running[ring_start[:-1]])


def _offsets(lengths: IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def table_of(
    name: str,
    reference: str,
    attributes: list[dict[str, Any]],
    ids: list[str],
    rings: tuple[FloatArray, IntArray, IntArray],
    feature: IntArray,
    other_types: Counter[str],
) -> FeatureTable:
    """Make a table of raw rings; z that is not stated (nan) becomes 0.

    Parameters
    ----------
    name, reference : str
    attributes, ids : list
        One for each feature.
    rings : tuple of ndarray
        Vertices (n, 3), and the offsets of rings and polygons.
    feature : ndarray, (n_polygons,) int64
    other_types : Counter of str
    """
    vertices = rings[0]
    vertices[np.isnan(vertices[:, 2]), 2] = 0.0
    clean = clean_rings(*rings)
    faults = [(ids[feature[place]], code) for code, places in clean.faults.items() for place in places]
    has_z = bool((clean.polygons.vertices[:, 2] != 0.0).any())
    return FeatureTable(
        name, reference, attributes, ids, clean.polygons, feature[clean.kept], has_z, other_types, faults
    )
