"""Which wall or roof a window or door lies in."""

from collections.abc import Sequence

import numpy as np

from citytwin_desktop.city.polygons import Polygons

_FARTHEST_M = 0.6


def hosts_of_openings(polygons: Polygons, openings: Sequence[int], others: Sequence[int]) -> dict[int, int]:
    """Surface that each opening lies in, by the distance of its middle from the plane and from the surface.

    Parameters
    ----------
    polygons : Polygons
    openings, others : sequence of int
        Surfaces of one building.

    Returns
    -------
    dict of int to int
        Openings that lie in no surface are left out.
    """
    if not openings or not others:
        return {}
    candidates = np.array(others)
    normals, middles = polygons.normals[candidates], polygons.centroids[candidates]
    hosts = {}
    for opening in openings:
        middle = polygons.centroids[opening]
        along = np.abs(normals @ polygons.normals[opening])
        apart = np.abs(np.einsum("ij,ij->i", middle - middles, normals))
        fitting = (along > 0.9) & (apart < _FARTHEST_M)
        if fitting.any():
            distance = np.where(fitting, np.linalg.norm(middles - middle, axis=1) + 100.0 * apart, np.inf)
            hosts[opening] = int(candidates[np.argmin(distance)])
    return hosts
