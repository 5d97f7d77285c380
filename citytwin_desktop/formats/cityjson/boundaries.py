"""Flattening of nested CityJSON boundaries into arrays: many geometries at once, none by one number at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.formats.cityjson.choice import LEVELS
from citytwin_desktop.formats.cityjson.semantics import INTERIOR_KIND, Damaged, kinds_of
from citytwin_desktop.formats.source_city import UNKNOWN_KIND

_SEVERAL_SOLIDS = 2
"""Level of nesting of geometries that hold several solids."""


@dataclass(frozen=True, eq=False)
class Flattened:
    """Surfaces of many geometries.

    Parameters
    ----------
    polygons : Polygons
        Rings not closed; polygons or rings under three corners are not among them.
    kind : ndarray, (n_polygons,) uint8
        `SurfaceKind`, `INTERIOR_KIND` or `UNKNOWN_KIND`.
    geometry : ndarray, (n_polygons,) int64
        Place of the geometry that each came from; ascending.
    thin : ndarray, (k,) int64
        Place of the geometry of each ring that was left out for having under three corners.
    """

    polygons: Polygons
    kind: NDArray[np.uint8]
    geometry: IntArray
    thin: IntArray

    @classmethod
    def joined(cls, parts: Sequence["Flattened"], first: Sequence[int]) -> "Flattened":
        """All parts in order; ``first`` is the place of each part's first geometry."""
        places = [part.geometry + start for part, start in zip(parts, first, strict=True)]
        thin = [part.thin + start for part, start in zip(parts, first, strict=True)]
        return cls(
            Polygons.concatenate([part.polygons for part in parts]),
            np.concatenate([part.kind for part in parts]) if parts else np.zeros(0, np.uint8),
            np.concatenate(places) if parts else np.zeros(0, np.int64),
            np.concatenate(thin) if parts else np.zeros(0, np.int64),
        )


def flatten(
    geometries: Sequence[Mapping[str, Any]],
    vertices: FloatArray,
    first: Sequence[int] | None = None,
    count: Sequence[int] | None = None,
    *,
    with_semantics: bool = True,
) -> Flattened:
    """Surfaces of many geometries as arrays.

    Parameters
    ----------
    geometries : sequence of mapping
        CityJSON geometry objects with surfaces.
    vertices : ndarray, (n, 3) float64
        Of all packages that they come from, one after another.
    first, count : sequence of int, optional
        Of each geometry: row of its package's first vertex, and how many the package has; all by default.
    with_semantics : bool

    Raises
    ------
    Damaged
        When boundaries are not nested as the type says, an index has no vertex, or semantics do not fit. Which
        geometry it is does not come out; ask for fewer.
    """
    try:
        surfaces, per_geometry = _surfaces_of(geometries)
        rings: list[Any] = list(chain.from_iterable(surfaces))
        if set(map(type, surfaces)) - {list} or set(map(type, rings)) - {list}:
            raise Damaged("Its boundaries are not nested as its type says")
        numbers = list(chain.from_iterable(rings))
        if set(map(type, numbers)) - {int}:
            raise Damaged("Its boundaries hold something else than numbers of vertices")
        corners = np.array(numbers, np.int64)
    except (TypeError, KeyError, AttributeError):
        raise Damaged("Its boundaries are not nested as its type says") from None
    except OverflowError:
        raise Damaged("Its boundaries name vertices that are not there") from None
    ring_counts = np.fromiter(map(len, surfaces), np.int64, len(surfaces))
    ring_lengths = np.fromiter(map(len, rings), np.int64, len(rings))
    owner = np.repeat(np.arange(len(geometries)), per_geometry)
    kind = kinds_of(geometries, per_geometry) if with_semantics else np.full(len(surfaces), UNKNOWN_KIND, np.uint8)
    kind[_between_solids(geometries, surfaces, per_geometry)] = INTERIOR_KIND
    if first is None or count is None:
        _check_range(corners, len(vertices))
    else:
        of_corner = np.repeat(np.repeat(owner, ring_counts), ring_lengths)
        _check_range(corners, np.asarray(count, np.int64)[of_corner])
        corners += np.asarray(first, np.int64)[of_corner]
    polygons = Polygons(vertices[corners], _offsets(ring_lengths), _offsets(ring_counts))
    if not np.isfinite(polygons.vertices).all():
        raise Damaged("Its boundaries name a vertex that is no three numbers or out of this world")
    return _tidied(Flattened(polygons, kind, owner, np.zeros(0, np.int64)))


def _surfaces_of(geometries: Sequence[Mapping[str, Any]]) -> tuple[list[Any], list[int]]:
    """All surfaces one after another, and how many each geometry has."""
    surfaces: list[Any] = []
    counts: list[int] = []
    for geometry in geometries:
        level, before = LEVELS[geometry["type"]], len(surfaces)
        boundaries = geometry["boundaries"]
        if type(boundaries) is not list:
            raise Damaged("Its boundaries are no list")
        if level == 0:
            surfaces += boundaries
        elif level == 1:
            for shell in boundaries:
                surfaces += _as_list(shell)
        else:
            for solid in boundaries:
                for shell in _as_list(solid):
                    surfaces += _as_list(shell)
        counts.append(len(surfaces) - before)
    return surfaces, counts


def _between_solids(
    geometries: Sequence[Mapping[str, Any]], surfaces: Sequence[Any], per_geometry: Sequence[int]
) -> list[int]:
    """Places of surfaces that two solids of one geometry share: they part a building and do not bound it."""
    inner: list[int] = []
    start = 0
    for geometry, count in zip(geometries, per_geometry, strict=True):
        if LEVELS[geometry["type"]] == _SEVERAL_SOLIDS and len(geometry["boundaries"]) > 1:
            seen: dict[frozenset[int], list[int]] = {}
            for place in range(start, start + count):
                seen.setdefault(frozenset(chain.from_iterable(surfaces[place])), []).append(place)
            inner += [place for places in seen.values() if len(places) == 2 for place in places]
        start += count
    return inner


def _as_list(given: Any) -> list[Any]:
    if type(given) is not list:
        raise Damaged("Its boundaries are not nested as its type says")
    return given


def _check_range(corners: IntArray, count: int | IntArray) -> None:
    if len(corners) and (corners.min() < 0 or (corners >= count).any()):
        raise Damaged("Its boundaries name vertices that are not there")


def _offsets(lengths: IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _tidied(flat: Flattened) -> Flattened:
    """Rings opened where their first corner is repeated at the end, and those under three corners left out."""
    polygons = _opened(flat.polygons)
    lengths = np.diff(polygons.ring_start)
    outer = polygons.polygon_start[:-1]
    bare = np.diff(polygons.polygon_start) == 0
    if (lengths >= 3).all() and not bare.any():
        return Flattened(polygons, flat.kind, flat.geometry, flat.thin)
    ring_polygon = np.repeat(np.arange(len(polygons)), np.diff(polygons.polygon_start))
    thin = lengths < 3
    lost = bare.copy()
    lost[~bare] = thin[outer[~bare]]
    kept = ~thin & ~lost[ring_polygon]
    counts = np.bincount(ring_polygon[kept], minlength=len(polygons))[~lost]
    corners = np.repeat(kept, lengths)
    tidied = Polygons(polygons.vertices[corners], _offsets(lengths[kept]), _offsets(counts))
    left_out = np.sort(np.concatenate([flat.geometry[ring_polygon[thin]], flat.geometry[bare]]))
    return Flattened(tidied, flat.kind[~lost], flat.geometry[~lost], left_out)


def _opened(polygons: Polygons) -> Polygons:
    """Leave out a last corner that repeats the first: files from the CityGML world close their rings so."""
    lengths = np.diff(polygons.ring_start)
    long = np.flatnonzero(lengths > 3)
    first, last = polygons.ring_start[long], polygons.ring_start[long + 1] - 1
    closed = long[(polygons.vertices[first] == polygons.vertices[last]).all(axis=1)]
    if not len(closed):
        return polygons
    keep = np.ones(len(polygons.vertices), bool)
    keep[polygons.ring_start[closed + 1] - 1] = False
    lengths[closed] -= 1
    return Polygons(polygons.vertices[keep], _offsets(lengths), polygons.polygon_start)
