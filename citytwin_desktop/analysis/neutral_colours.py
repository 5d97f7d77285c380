"""Colours of a city without results: of its surfaces, of what lies around it, and of results that are not there."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import ContextKind, SurfaceKind

Colour = tuple[int, int, int]
ColourArray = NDArray[np.uint8]


def colour(text: str) -> Colour:
    """Red, green, blue 0-255 from ``#RRGGBB``."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def colour_text(value: Colour) -> str:
    """``#RRGGBB`` of red, green, blue 0-255."""
    return "#{:02X}{:02X}{:02X}".format(*value)


WARM_MODEL = {
    SurfaceKind.WALL: colour("#CFC9C0"),
    SurfaceKind.ROOF: colour("#E0DBD3"),
    SurfaceKind.GROUND: colour("#9A958D"),
    SurfaceKind.WINDOW: colour("#7F95A8"),
    SurfaceKind.DOOR: colour("#8D7B68"),
    SurfaceKind.OUTER_CEILING: colour("#B8B2A9"),
    SurfaceKind.OUTER_FLOOR: colour("#D6D1C8"),
    SurfaceKind.CLOSURE: colour("#BDB8B0"),
}
"""Neutral colours of surfaces."""

LIGHT_CONTEXT = {
    ContextKind.TERRAIN: colour("#D5D6D2"),
    ContextKind.ROAD: colour("#C6CAD0"),
    ContextKind.WATER: colour("#B4CCDF"),
    ContextKind.GREEN: colour("#C6D4C3"),
    ContextKind.TREE: colour("#93AE93"),
}
"""Colours around the buildings on a light ground."""

LIGHT_NO_RESULT = colour("#B4B8BD")
LIGHT_STALE = colour("#C98A1E")
"""Neutral grey where there is no result; amber where it is of other inputs than today's."""


def model_colours() -> ColourArray:
    """(n_kinds, 3) uint8: neutral colour by surface kind."""
    return np.array([WARM_MODEL[kind] for kind in SurfaceKind], np.uint8)
