"""Surfaces with parts taken out, turned or added; no coordinate is ever changed."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.city.surfaces import Surfaces

BoolArray = NDArray[np.bool_]


def without_vertices(polygons: Polygons, vertex: BoolArray, ring: BoolArray) -> Polygons:
    """The same polygons without some vertices and rings.

    Parameters
    ----------
    polygons : Polygons
    vertex : ndarray, (n_vertices,) bool
        What to take out.
    ring : ndarray, (n_rings,) bool
        Rings to take out; no polygon may lose its outer ring alone.
    """
    ring_count, polygon_count = len(ring), len(polygons)
    ring_of_vertex = np.repeat(np.arange(ring_count), np.diff(polygons.ring_start))
    polygon_of_ring = np.repeat(np.arange(polygon_count), np.diff(polygons.polygon_start))
    kept = ~vertex & ~ring[ring_of_vertex]
    lengths = np.bincount(ring_of_vertex[kept], minlength=ring_count)[~ring]
    rings = np.bincount(polygon_of_ring[~ring], minlength=polygon_count)
    return Polygons(polygons.vertices[kept], _starts(lengths), _starts(rings))


def with_rings_turned(polygons: Polygons, ring: BoolArray) -> Polygons:
    """The same polygons with some rings run backwards from the same first vertex.

    Parameters
    ----------
    polygons : Polygons
    ring : ndarray, (n_rings,) bool
    """
    lengths = np.diff(polygons.ring_start)
    ring_of_vertex = np.repeat(np.arange(len(lengths)), lengths)
    turned = np.flatnonzero(ring[ring_of_vertex])
    mine = ring_of_vertex[turned]
    first = polygons.ring_start[mine]
    vertices = polygons.vertices.copy()
    vertices[turned] = polygons.vertices[first + (first - turned) % lengths[mine]]
    return Polygons(vertices, polygons.ring_start, polygons.polygon_start)


def with_surfaces_turned(surfaces: Surfaces, turned: BoolArray) -> Surfaces:
    """Surfaces with some of them facing the other way.

    Parameters
    ----------
    surfaces : Surfaces
    turned : ndarray, (n_surfaces,) bool
    """
    polygons = surfaces.polygons
    return replace(surfaces, polygons=with_rings_turned(polygons, np.repeat(turned, np.diff(polygons.polygon_start))))


def with_surfaces_added(
    surfaces: Surfaces, rows: IntArray, rings: list[list[FloatArray]], kind: int
) -> tuple[Surfaces, IntArray]:
    """Surfaces with new ones behind the others of their buildings.

    Parameters
    ----------
    surfaces : Surfaces
    rows : ndarray, (k,) int64
        Building of each new surface.
    rings : list of list of ndarray, (n, 3) float64 [m]
    kind : int

    Returns
    -------
    Surfaces
    ndarray, (k,) int64
        Places of the new ones.
    """
    names: NDArray[np.object_] = np.full(len(rows), "", object)
    added = Surfaces(Polygons.from_rings(rings), np.full(len(rows), kind, np.uint8), rows, names)
    joined = Surfaces.concatenate([surfaces, added])
    order = np.argsort(joined.building, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return joined.take(order), place[len(surfaces) :]


def _starts(lengths: IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
