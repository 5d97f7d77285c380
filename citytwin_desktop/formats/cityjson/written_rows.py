"""One building row as it goes into a CityJSON document: boundaries over corner numbers, kinds, level of detail."""

import re
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.formats.cityjson.written_geometry import Surface, is_closed, surface_geometry

UNKNOWN_LOD = "2"
_LOD = re.compile(r"[0-3](\.[0-3])?")


def boundaries_of(polygons: Polygons, index: IntArray) -> list[Surface]:
    """Rings of each polygon as numbers of corners.

    Parameters
    ----------
    polygons : Polygons
    index : ndarray, (n_vertices,) int64
        Number of the corner of each vertex.
    """
    numbers, ring_start = index.tolist(), polygons.ring_start.tolist()
    rings = [_without_repeats(numbers[first:last]) for first, last in pairwise(ring_start)]
    starts = polygons.polygon_start.tolist()
    return [rings[first:last] for first, last in pairwise(starts)]


def row_geometry(boundaries: list[Surface], kind: NDArray[np.uint8], lod: Any, volume_m3: float) -> dict[str, Any]:
    """Geometry of one row: a solid where its surfaces close a body with the faces outwards, else a multi-surface."""
    solid = volume_m3 > 0.0 and is_closed(boundaries)
    return surface_geometry(boundaries, kind.tolist(), lod_text(lod), solid)


def lod_text(lod: Any) -> str:
    """Level of detail as CityJSON allows it."""
    return str(lod) if _LOD.fullmatch(str(lod)) else UNKNOWN_LOD


def numbered_corners(vertices: FloatArray, scale: FloatArray, translate: FloatArray) -> tuple[list[Any], IntArray]:
    """Distinct corners on a grid, and which of them each vertex is.

    Parameters
    ----------
    vertices : ndarray, (n, 3) float64 [m]
        In the coordinates of the document.
    scale, translate : ndarray, (3,) float64 [m]
    """
    steps = np.round((vertices - translate) / scale).astype(np.int64)
    corners, index = np.unique(steps, axis=0, return_inverse=True)
    return corners.tolist(), index.reshape(-1)


def _without_repeats(ring: list[int]) -> list[int]:
    """Leave out a corner that follows itself, which CityJSON forbids; a ring that would vanish stays as it is."""
    kept = [corner for corner, previous in zip(ring, ring[-1:] + ring[:-1], strict=True) if corner != previous]
    return kept if len(kept) > 2 else ring
