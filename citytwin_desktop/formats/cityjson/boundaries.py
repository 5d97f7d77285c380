"""Flattening of nested CityJSON boundaries into polygons with a semantic type each."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import KnownError

# Levels of nesting above a surface (a list of rings) for each geometry type.
_LEVELS = {"MultiSurface": 0, "CompositeSurface": 0, "Solid": 1, "MultiSolid": 2, "CompositeSolid": 2}
SOLIDS = ("Solid", "MultiSolid", "CompositeSolid")
_KINDS = {
    "WallSurface": SurfaceKind.WALL,
    "RoofSurface": SurfaceKind.ROOF,
    "GroundSurface": SurfaceKind.GROUND,
    "Window": SurfaceKind.WINDOW,
    "Door": SurfaceKind.DOOR,
    "OuterCeilingSurface": SurfaceKind.OUTER_CEILING,
    "OuterFloorSurface": SurfaceKind.OUTER_FLOOR,
    "ClosureSurface": SurfaceKind.CLOSURE,
}
INTERIOR_TYPES = ("InteriorWallSurface", "CeilingSurface", "FloorSurface")

Face = tuple[list[FloatArray], SurfaceKind | None]
"""Rings, (n, 3) float64 each, and the kind, or None where the file gives none."""


def lod_of(geometry: Mapping[str, Any]) -> str:
    """Level of detail as text, ``2`` for 2, 2.0 or ``"2"``, ``2.2`` for a refined one."""
    text = str(geometry.get("lod", ""))
    return text.removesuffix(".0")


def is_surface_geometry(geometry: Any) -> bool:
    """Whether a geometry object has surfaces that can be read."""
    return isinstance(geometry, dict) and isinstance(geometry.get("type"), str) and geometry["type"] in _LEVELS


def chosen_geometries(geometries: Any, lod: str | None) -> list[Mapping[str, Any]]:
    """Geometries at one level of detail: the asked one, or the highest.

    Where a level has a solid and a multi-surface of the same thing, only the solids count.
    """
    usable = [item for item in geometries if is_surface_geometry(item)] if isinstance(geometries, list) else []
    levels = {lod_of(item) for item in usable}
    wanted = lod if lod is not None else max(levels, default="", key=lod_order)
    at_level = [item for item in usable if lod_of(item) == wanted]
    solids = [item for item in at_level if item["type"] in SOLIDS]
    return _distinct(solids or at_level)


def _distinct(geometries: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Leave out a geometry that is given twice, which would count every surface twice."""
    found: list[Mapping[str, Any]] = []
    for item in geometries:
        if all(item.get("boundaries") != other.get("boundaries") for other in found):
            found.append(item)
    return found


def lod_order(lod: str) -> tuple[float, str]:
    """Key that sorts levels of detail from coarse to fine; text that is no number comes first."""
    try:
        return float(lod), lod
    except ValueError:
        return -1.0, lod


def faces(geometry: Mapping[str, Any], vertices: FloatArray, where: str) -> list[Face]:
    """All faces of one geometry, interior surfaces left out.

    Parameters
    ----------
    geometry : mapping
        A CityJSON geometry object.
    vertices : ndarray, (n, 3) float64
    where : str
        File and object, for messages.

    Raises
    ------
    KnownError
        When boundaries are not nested as the type says, or an index has no vertex.
    """
    try:
        surfaces, numbers = _flatten(geometry)
        types = [str(surface["type"]) for surface in (geometry.get("semantics") or {}).get("surfaces", [])]
        named = [_type_at(types, number) for number in numbers]
        return [
            ([_ring(ring, vertices) for ring in surface], _KINDS.get(kind))
            for surface, kind in zip(surfaces, named, strict=True)
            if kind not in INTERIOR_TYPES
        ]
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError):
        msg = f"{where} has boundaries or semantics that do not fit its type or its vertices: repair or remove it."
        raise KnownError(msg) from None


def _flatten(geometry: Mapping[str, Any]) -> tuple[list[Any], list[int | None]]:
    surfaces: Sequence[Any] = geometry["boundaries"]
    numbers: Sequence[Any] | None = (geometry.get("semantics") or {}).get("values")
    for _ in range(_LEVELS[geometry["type"]]):
        if numbers is not None:
            numbers = [
                number
                for group, part in zip(numbers, surfaces, strict=True)
                for number in (group if group is not None else [None] * len(part))
            ]
        surfaces = [surface for part in surfaces for surface in part]
    return list(surfaces), list(numbers) if numbers is not None else [None] * len(surfaces)


def _type_at(types: list[str], number: Any) -> str:
    if number is None:
        return ""
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise IndexError
    return types[number]


def _ring(indices: Sequence[int], vertices: FloatArray) -> FloatArray:
    chosen = np.array(indices)
    if chosen.size and (chosen.dtype.kind not in "iu" or chosen.min() < 0):
        raise IndexError
    ring = vertices[chosen.astype(np.int64)]
    # Files from the CityGML world may close a ring by its first vertex, which CityJSON does not.
    return ring[:-1] if len(ring) > 3 and (ring[0] == ring[-1]).all() else ring
