"""Implicit geometry: templates with a matrix and the point where they are set (OGC 12-019, 8.3)."""

import math

from lxml import etree

from citytwin_desktop.formats.citygml.drafts import Placement
from citytwin_desktop.formats.citygml.geometry import GeometryReader
from citytwin_desktop.formats.citygml.names import NAMES, text_of

_POSITIONS = frozenset(("pos", "posList", "coordinates"))


def placement_of(element: etree._Element, lod: str, geometry: GeometryReader) -> Placement | None:
    """Read a property such as ``lod2ImplicitRepresentation``; None when nothing is in it."""
    found = Placement(lod, [], [], [])
    if not len(element):
        return None
    for part in element[0]:
        local = NAMES[part.tag].local
        if local == "transformationMatrix":
            found.matrix = numbers(text_of(part))
        elif local == "referencePoint":
            found.point = point_of(part)
        elif local in ("relativeGMLGeometry", "relativeGeometry"):
            found.faces = geometry.faces(part)
        elif local == "libraryObject":
            found.external = True
    return found


def point_of(element: etree._Element) -> list[float]:
    """First point below an element that is a ``gml:Point``, as three numbers; empty when there is none."""
    for point in element.iter():
        if NAMES[point.tag].local != "Point":
            continue
        for part in point:
            if NAMES[part.tag].local in _POSITIONS:
                values = numbers(text_of(part).replace(",", " "))
                return values if len(values) == 3 else [*values, 0.0] if len(values) == 2 else []
    return []


def numbers(text: str) -> list[float]:
    """Finite numbers apart by white space; empty when anything else stands among them."""
    try:
        values = [float(part) for part in text.split()]
    except ValueError:
        return []
    return values if all(map(math.isfinite, values)) else []
