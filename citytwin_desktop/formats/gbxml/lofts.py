"""Unheated spaces under the roof: the ceiling below them insulates, not the roof alone."""

import re
from typing import Any

from citytwin_desktop.formats.gbxml.constructions import Constructions
from citytwin_desktop.formats.gbxml.document import Document, children, text
from citytwin_desktop.formats.gbxml.geometry import area_m2, ring_of

_UNHEATED = ("Unconditioned", "Vented", "NaturallyVentedOnly")
_WORDS = re.compile(r"\b(?:roof|loft|attic|dach|dachboden|speicher|grenier|combles?|sottotetto|zolder|plenum)", re.I)
_BETWEEN = ("Ceiling", "InteriorFloor")


def loft_ceilings(document: Document, constructions: Constructions) -> dict[str, tuple[float, float, str]]:
    """Ceilings below each loft: heat loss coefficient [W/K], area [m2] and the name of their construction.

    A loft is a space that the file calls unconditioned, or whose name says that it is one.
    """
    lofts = {str(space.get("id")) for space in document.every("Space") if _is_loft(space)}
    found: dict[str, tuple[float, float, str]] = {}
    for item in document.every("Surface") if lofts else []:
        adjacent = {str(near.get("spaceIdRef")) for near in children(item, "AdjacentSpaceId")}
        above = adjacent & lofts
        if item.get("surfaceType") not in _BETWEEN or len(above) != 1 or adjacent == above:
            continue
        ring = ring_of(item, document.metres)
        value, name = constructions.u_value_w_m2k(str(item.get("constructionIdRef") or ""), "roof")
        if ring is None or not value > 0.0:
            continue
        area = area_m2(ring)
        loft = above.pop()
        loss, total, known = found.get(loft, (0.0, 0.0, name))
        found[loft] = (loss + value * area, total + area, known)
    return found


def _is_loft(space: Any) -> bool:
    return space.get("conditionType") in _UNHEATED or bool(_WORDS.search(text(space, "Name").replace("_", " ")))
