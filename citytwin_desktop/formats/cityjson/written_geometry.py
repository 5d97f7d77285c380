"""Surfaces of a building as they go into a CityJSON file: solid or multi-surface, with their meaning."""

from collections.abc import Iterator
from typing import Any

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.formats.source_city import UNKNOWN_KIND

Surface = list[list[int]]
"""Rings of corner numbers, the outer one first."""


def is_closed(surfaces: list[Surface]) -> bool:
    """Whether every edge is walked as often in one direction as in the other, as a solid's edges are."""
    edges = [edge for surface in surfaces for ring in surface for edge in _edges(ring)]
    forward = sorted(edge for edge in edges if edge[0] < edge[1])
    return forward == sorted((end, start) for start, end in edges if start >= end)


def _edges(ring: list[int]) -> Iterator[tuple[int, int]]:
    return zip(ring, ring[1:] + ring[:1], strict=True)


def surface_geometry(surfaces: list[Surface], kinds: list[int], lod: str, solid: bool) -> dict[str, Any]:
    """CityJSON geometry of one building row with a semantic surface for each kind that occurs.

    Parameters
    ----------
    surfaces : list of Surface
    kinds : list of int
        Values of `SurfaceKind` or `UNKNOWN_KIND`, one for each surface.
    lod : str
    solid : bool
        Whether they close a body and are to be one.
    """
    used = sorted(set(kinds) - {UNKNOWN_KIND})
    values = [None if kind == UNKNOWN_KIND else used.index(kind) for kind in kinds]
    return {
        "type": "Solid" if solid else "MultiSurface",
        "lod": lod,
        "boundaries": [surfaces] if solid else surfaces,
        "semantics": {
            "surfaces": [{"type": surface_type(SurfaceKind(kind))} for kind in used],
            "values": [values] if solid else values,
        },
    }


def surface_type(kind: SurfaceKind) -> str:
    """CityJSON's name of a kind of surface."""
    name = "".join(word.capitalize() for word in kind.label.split("_"))
    return name if kind in (SurfaceKind.WINDOW, SurfaceKind.DOOR) else f"{name}Surface"
