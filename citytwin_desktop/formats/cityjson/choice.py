"""Which of an object's geometries to take: the level of detail, and one of several that show the same."""

from collections.abc import Mapping, Sequence
from typing import Any

# Levels of nesting above a surface (a list of rings) for each geometry type.
LEVELS = {"MultiSurface": 0, "CompositeSurface": 0, "Solid": 1, "MultiSolid": 2, "CompositeSolid": 2}
SOLIDS = ("Solid", "MultiSolid", "CompositeSolid")


def lod_of(geometry: Mapping[str, Any]) -> str:
    """Level of detail as text, ``2`` for 2, 2.0 or ``"2"``, ``2.2`` for a refined one."""
    given = geometry.get("lod", "")
    return given.removesuffix(".0") if type(given) is str else str(given)[:20].removesuffix(".0")


def is_surface_geometry(geometry: Any) -> bool:
    """Whether a geometry object has surfaces that can be read."""
    return isinstance(geometry, dict) and isinstance(geometry.get("type"), str) and geometry["type"] in LEVELS


def is_instance(geometry: Any) -> bool:
    """Whether a geometry object places a template."""
    return isinstance(geometry, dict) and geometry.get("type") == "GeometryInstance"


def lod_order(lod: str) -> tuple[float, str]:
    """Key that sorts levels of detail from coarse to fine; text that is no number comes first."""
    try:
        return float(lod), lod
    except ValueError:
        return -1.0, lod


def fitting_lod(levels: Sequence[str], wanted: str | None) -> str | None:
    """Level to take of those there: the wanted one, or one refined from it (2.2 for 2), or the highest.

    None where nothing fits.
    """
    if not levels:
        return None
    if wanted is None:
        return levels[0] if len(levels) == 1 else max(levels, key=lod_order)
    if wanted in levels:
        return wanted
    refined = [level for level in levels if level.startswith(f"{wanted}.")]
    return max(refined, key=lod_order, default=None)


def chosen_geometries(geometries: Any, lod: str | None) -> list[Mapping[str, Any]]:
    """Geometries at one level of detail: the asked one, or the highest.

    Where a level has a solid and a multi-surface of the same thing, only one counts: the solid, unless the
    multi-surface alone says what its surfaces are. Of several outlines (LoD 0) the one on the ground counts.

    Parameters
    ----------
    geometries : object
        Member ``geometry`` of a city object, as it stands in the file.
    lod : str, optional
    """
    if not isinstance(geometries, list):
        return []
    usable = [item for item in geometries if is_surface_geometry(item)]
    if len(usable) == 1 and lod is None:
        return usable
    wanted = fitting_lod([lod_of(item) for item in usable], lod)
    at_level = [item for item in usable if lod_of(item) == wanted]
    if len(at_level) < 2:
        return at_level
    if wanted is not None and wanted[:1] == "0":
        return [next((item for item in at_level if "GroundSurface" in _types(item)), at_level[0])]
    solids = [item for item in at_level if item["type"] in SOLIDS]
    if solids and len(solids) < len(at_level) and not any(_types(item) for item in solids):
        named = [item for item in at_level if item["type"] not in SOLIDS and _types(item)]
        return _distinct(named or solids)
    return _distinct(solids or at_level)


def _types(geometry: Mapping[str, Any]) -> set[str]:
    semantics = geometry.get("semantics")
    surfaces = semantics.get("surfaces") if isinstance(semantics, dict) else None
    found = surfaces if isinstance(surfaces, list) else []
    return {str(surface.get("type")) for surface in found if isinstance(surface, dict)}


def _distinct(geometries: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Leave out a geometry that is given twice, which would count every surface twice."""
    found = {repr(item.get("boundaries")): item for item in reversed(geometries)}
    return list(reversed(found.values()))
