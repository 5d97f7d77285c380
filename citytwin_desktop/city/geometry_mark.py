"""Marks that tell whether the surfaces of a building are still those that it came with."""

import hashlib

import numpy as np

from citytwin_desktop.city.model import CityModel

GEOMETRY = "geometry"
"""Key of a building's mark among the origins of its values."""


def geometry_marks(city: CityModel) -> list[str]:
    """Give each row a mark that any change of its corners, rings or kinds of surfaces changes.

    Parameters
    ----------
    city : CityModel

    Returns
    -------
    list of str, (n_buildings,)
        The same for the same arrays on every machine; empty for a row without surfaces.
    """
    surfaces, polygons = city.surfaces, city.surfaces.polygons
    edges = np.searchsorted(surfaces.building, np.arange(len(city.buildings) + 1))
    rings = polygons.polygon_start[edges]
    corners = polygons.ring_start[rings]
    vertices = np.ascontiguousarray(polygons.vertices, "<f8")
    lengths = np.diff(polygons.ring_start).astype("<u4")
    counts = np.diff(polygons.polygon_start).astype("<u4")
    marks = []
    bounds = zip(edges.tolist(), rings.tolist(), corners.tolist(), strict=True)
    first, ring, corner = next(bounds)
    for next_first, next_ring, next_corner in bounds:
        if next_first > first:
            digest = hashlib.blake2b(vertices[corner:next_corner].data, digest_size=8)
            digest.update(lengths[ring:next_ring].data)
            digest.update(counts[first:next_first].data)
            digest.update(surfaces.kind[first:next_first].tobytes())
            marks.append(digest.hexdigest())
        else:
            marks.append("")
        first, ring, corner = next_first, next_ring, next_corner
    return marks
