"""Surfaces of the envelope, sorted by building, with their openings."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.formats.gbxml.document import Document, child, children
from citytwin_desktop.formats.gbxml.geometry import area_m2, cut_out, ring_of
from citytwin_desktop.formats.report import ImportReport

KINDS: dict[str, SurfaceKind] = {
    "ExteriorWall": SurfaceKind.WALL,
    "UndergroundWall": SurfaceKind.WALL,
    "Roof": SurfaceKind.ROOF,
    "UndergroundCeiling": SurfaceKind.ROOF,
    "SlabOnGrade": SurfaceKind.GROUND,
    "UndergroundSlab": SurfaceKind.GROUND,
    "RaisedFloor": SurfaceKind.OUTER_CEILING,
    "ExposedFloor": SurfaceKind.OUTER_CEILING,
}
"""Kind by ``surfaceType``; all others are inside, or no part of a building."""

_OPENINGS = {
    "FixedWindow": SurfaceKind.WINDOW,
    "OperableWindow": SurfaceKind.WINDOW,
    "FixedSkylight": SurfaceKind.WINDOW,
    "OperableSkylight": SurfaceKind.WINDOW,
    "SlidingDoor": SurfaceKind.DOOR,
    "NonSlidingDoor": SurfaceKind.DOOR,
}
_HIGHEST_SLAB_M = 2.0
"""A slab so much above the lowest one is no slab on grade."""
_OUTSIDE_M2 = 0.01


@dataclass(eq=False)
class EnvelopeSurface:
    """One surface of the outer envelope.

    Parameters
    ----------
    identifier : str
    building : str
        Identifier of its building.
    space : str
        Identifier of the space behind it, empty for none.
    type : str
        ``surfaceType`` of the file.
    kind : SurfaceKind
    pieces : list of list of ndarray, (n, 3) float64 [m]
        What is left of it beside its openings.
    construction : str
    area_m2 : float [m2]
        Without its openings.
    openings : list of Opening
    """

    identifier: str
    building: str
    space: str
    type: str
    kind: SurfaceKind
    pieces: list[list[FloatArray]]
    construction: str
    area_m2: float
    openings: list["Opening"] = field(default_factory=list)


@dataclass(eq=False)
class Opening:
    """A window or door.

    Parameters
    ----------
    identifier : str
    kind : SurfaceKind
    ring : ndarray, (n, 3) float64 [m]
    window_type : str
        Empty for an opaque one.
    construction : str
    """

    identifier: str
    kind: SurfaceKind
    ring: FloatArray
    window_type: str
    construction: str


def building_of_space(document: Document) -> dict[str, str]:
    """Building of each space."""
    return {
        str(space.get("id")): str(building.get("id") or "building")
        for building in document.every("Building")
        for space in children(building, "Space")
    }


def envelope(document: Document, report: ImportReport) -> tuple[list[EnvelopeSurface], Counter[str]]:
    """Surfaces that part inside from outside, and how many there are of each type, used or not.

    Parameters
    ----------
    document : Document
    report : ImportReport
    """
    spaces = building_of_space(document)
    buildings = [str(item.get("id") or "building") for item in document.every("Building")] or ["building"]
    found: list[EnvelopeSurface] = []
    types: Counter[str] = Counter()
    for number, item in enumerate(document.every("Surface")):
        kind_name = str(item.get("surfaceType", "without type"))
        types[kind_name] += 1
        if kind_name not in KINDS:
            continue
        identifier = str(item.get("id") or f"surface {number}")
        adjacent = [str(near.get("spaceIdRef")) for near in children(item, "AdjacentSpaceId")]
        if len(set(adjacent)) > 1:
            message = f"It is called {kind_name} but lies between two spaces: it is inside and was left out."
            report.add(identifier, "surface_between_spaces", message, "skipped")
            continue
        building = next((spaces[space] for space in adjacent if space in spaces), buildings[0])
        home = (building, adjacent[0] if adjacent else "")
        surface = _surface(item, identifier, home, kind_name, document, report)
        if surface is not None:
            found.append(surface)
    _mend_high_slabs(found, report)
    return found, types


def _surface(
    item: Any, identifier: str, home: tuple[str, str], kind_name: str, document: Document, report: ImportReport
) -> EnvelopeSurface | None:
    ring = ring_of(item, document.metres)
    if ring is None:
        report.add(identifier, "surface_without_corners", "It has no usable outline and was left out.", "skipped")
        return None
    openings = [
        opening
        for place, part in enumerate(children(item, "Opening"))
        if (opening := _opening(part, f"{identifier} opening {place + 1}", document, report)) is not None
    ]
    pieces: list[list[FloatArray]] = [[ring]]
    if openings:
        pieces, outside = cut_out(ring, [opening.ring for opening in openings])
        if outside > _OUTSIDE_M2:
            message = f"{outside:.2f} m² of its openings lie outside it: check it in the program that wrote it."
            report.add(identifier, "opening_outside_surface", message)
    left = sum(area_m2(rings[0]) - sum(map(area_m2, rings[1:])) for rings in pieces)
    construction = str(item.get("constructionIdRef") or "")
    return EnvelopeSurface(identifier, *home, kind_name, KINDS[kind_name], pieces, construction, left, openings)


def _opening(item: Any, name: str, document: Document, report: ImportReport) -> Opening | None:
    identifier = str(item.get("id") or name)
    kind = _OPENINGS.get(str(item.get("openingType")))
    if kind is None:
        return None  # openings of air part nothing
    ring = ring_of(item, document.metres) if child(item, "PlanarGeometry") is not None else None
    if ring is None:
        report.add(identifier, "opening_without_corners", "It has no usable outline and was left out.", "skipped")
        return None
    window = str(item.get("windowTypeIdRef") or "")
    if kind is SurfaceKind.DOOR and window:
        kind = SurfaceKind.WINDOW  # a glazed door lets light in like a window
    return Opening(identifier, kind, ring, window, str(item.get("constructionIdRef") or ""))


def _mend_high_slabs(surfaces: list[EnvelopeSurface], report: ImportReport) -> None:
    """Undersides of eaves and overhangs that are called slabs on grade."""
    levels = [float(np.mean(surface.pieces[0][0][:, 2])) if surface.pieces else np.inf for surface in surfaces]
    lowest: dict[str, float] = {}
    for surface, level in zip(surfaces, levels, strict=True):
        if surface.kind is SurfaceKind.GROUND:
            lowest[surface.building] = min(lowest.get(surface.building, np.inf), level)
    for surface, level in zip(surfaces, levels, strict=True):
        if surface.type == "SlabOnGrade" and level > lowest[surface.building] + _HIGHEST_SLAB_M:
            surface.kind = SurfaceKind.OUTER_CEILING
            message = "It is called a slab on grade but lies high above the ground: read as an underside outdoors."
            report.add(surface.identifier, "slab_not_on_grade", message, "repaired")
