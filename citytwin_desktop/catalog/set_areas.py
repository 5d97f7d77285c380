"""Where on earth each archetype set is at home."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import shapely

from citytwin_desktop.catalog.resources import resource_path

BORDER_MARGIN_KM = 5.0
"""Our border lines are simplified: nearer to one than this, the side is not decided."""

_KM_PER_DEGREE = 111.2


@cache
def set_areas() -> Mapping[str, shapely.MultiPolygon]:
    """Area of each set by code, in longitude and latitude [deg]."""
    document = json.loads(resource_path("catalog", "set_areas.json").read_text(encoding="utf-8"))
    lines = document["lines"]
    return {
        code: shapely.MultiPolygon([shapely.Polygon(_ring(parts, lines)) for parts in rings])
        for code, rings in document["areas"].items()
    }


def sets_near(latitude_deg: float, longitude_deg: float) -> tuple[tuple[str, ...], bool]:
    """Sets whose area holds a place or lies within the margin of it.

    Parameters
    ----------
    latitude_deg, longitude_deg : float [deg]

    Returns
    -------
    tuple of str
        Codes, the one that holds the place first.
    bool
        Whether the place is inside one area and farther from its edge than the margin.
    """
    east = _KM_PER_DEGREE * float(np.cos(np.radians(latitude_deg)))
    place, found, sure = shapely.Point(0.0, 0.0), [], False
    for code, area in set_areas().items():
        local = shapely.transform(area, lambda xy: (xy - (longitude_deg, latitude_deg)) * (east, _KM_PER_DEGREE))
        edge_km, inside = local.boundary.distance(place), local.contains(place)
        if inside or edge_km < BORDER_MARGIN_KM:
            found.append((not inside, edge_km, code))
        sure = sure or (inside and edge_km >= BORDER_MARGIN_KM)
    return tuple(code for _, _, code in sorted(found)), sure and len(found) == 1


def _ring(parts: list[Any], lines: Mapping[str, list[list[float]]]) -> list[list[float]]:
    """Points of a ring from named lines, a minus walking one backwards, and points between them."""
    points: list[list[float]] = []
    for part in parts:
        if isinstance(part, str):
            line = lines[part.removeprefix("-")]
            points.extend(reversed(line) if part.startswith("-") else line)
        else:
            points.extend(part)
    return points
