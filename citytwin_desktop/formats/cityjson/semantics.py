"""Kinds of surfaces from the semantics of many geometries at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.formats.cityjson.choice import LEVELS
from citytwin_desktop.formats.source_city import UNKNOWN_KIND

INTERIOR_KIND = 254
"""Surfaces within a building: inner walls, ceilings, floors; no part of its envelope."""
_KINDS = {
    "WallSurface": int(SurfaceKind.WALL),
    "RoofSurface": int(SurfaceKind.ROOF),
    "GroundSurface": int(SurfaceKind.GROUND),
    "Window": int(SurfaceKind.WINDOW),
    "Door": int(SurfaceKind.DOOR),
    "OuterCeilingSurface": int(SurfaceKind.OUTER_CEILING),
    "OuterFloorSurface": int(SurfaceKind.OUTER_FLOOR),
    "ClosureSurface": int(SurfaceKind.CLOSURE),
    "InteriorWallSurface": INTERIOR_KIND,
    "CeilingSurface": INTERIOR_KIND,
    "FloorSurface": INTERIOR_KIND,
}
_NONE = -(1 << 40)


class Damaged(Exception):  # noqa: N818 - a finding, not a failure of ours
    """Boundaries or semantics that do not fit; the message says what is wrong with them."""


def kinds_of(geometries: Sequence[Mapping[str, Any]], per_geometry: Sequence[int]) -> NDArray[np.uint8]:
    """Kind of each surface from the semantics of its geometry.

    Parameters
    ----------
    geometries : sequence of mapping
        CityJSON geometry objects with sound boundaries.
    per_geometry : sequence of int
        How many surfaces each has.

    Returns
    -------
    ndarray, (n_surfaces,) uint8
        `SurfaceKind`, `INTERIOR_KIND` or `UNKNOWN_KIND`.

    Raises
    ------
    Damaged
        When semantics do not fit the boundaries; which geometry's does not come out.
    """
    values: list[Any] = []
    types: list[Any] = []
    type_counts: list[int] = []
    try:
        for geometry, surfaces in zip(geometries, per_geometry, strict=True):
            before = len(values), len(types)
            semantics = geometry.get("semantics")
            if semantics and (given := semantics["values"]) is not None:
                types += [surface["type"] for surface in semantics["surfaces"]]
                _add_values(values, given, geometry["boundaries"], LEVELS[geometry["type"]])
            else:
                values += [None] * surfaces
            type_counts.append(len(types) - before[1])
            if len(values) - before[0] != surfaces:
                raise Damaged("Its semantics are not as many as its surfaces")
        if set(map(type, values)) - {int, type(None)}:
            raise Damaged("Its semantics hold something else than numbers of surface types")
        number = np.array([_NONE if value is None else value for value in values], np.int64)
        codes = np.array([_KINDS.get(name, UNKNOWN_KIND) for name in types] or [UNKNOWN_KIND], np.uint8)
    except (TypeError, KeyError, AttributeError, ValueError, OverflowError):
        raise Damaged("Its semantics do not fit its surfaces") from None
    unknown = number == _NONE
    counts = np.array(type_counts, np.int64)
    first = (np.cumsum(counts) - counts).repeat(per_geometry)
    if not (unknown | ((number >= 0) & (number < counts.repeat(per_geometry)))).all():
        raise Damaged("Its semantics name surface types that are not there")
    return np.where(unknown, np.uint8(UNKNOWN_KIND), codes[np.where(unknown, 0, number + first)])


def _add_values(values: list[Any], given: Any, boundaries: list[Any], level: int) -> None:
    """Append semantic values of one geometry, nulls for whole shells or solids drawn out."""
    if level == 0:
        values += given
        return
    if len(given) != len(boundaries):
        raise Damaged("Its semantics are not nested like its boundaries")
    for part, boundary in zip(given, boundaries, strict=True):
        if part is None:
            values += [None] * (len(boundary) if level == 1 else sum(map(len, boundary)))
        else:
            _add_values(values, part, boundary, level - 1)
