"""What a stored project must fulfil before its content is trusted: another program may have written to it."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from citytwin_desktop.city.buildings import COLUMNS, VALUE_ORIGINS, Buildings
from citytwin_desktop.city.district import District
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.scenario import BASELINE
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import BugError, KnownError

LARGEST_COORDINATE_M = 1e9
_WRONG_CONTENT = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, BugError)


@contextmanager
def content_as_sentence(name: str, what: str) -> Iterator[None]:
    """Turn what goes wrong on content that does not fit the format into one sentence.

    Parameters
    ----------
    name : str
        Of the project file.
    what : str
        What is being read, for the message.

    Raises
    ------
    KnownError
        In place of the errors that wrong types, missing tables and broken references cause.
    """
    try:
        yield
    except _WRONG_CONTENT as error:
        reason = " ".join(str(error).split())[:80] or type(error).__name__
        msg = f"“{name}” holds {what} that does not fit its format ({reason}): restore it from a backup."
        raise KnownError(msg) from None


def check_district(district: District) -> None:
    """Refuse values that would lead to wrong numbers without a word.

    Raises
    ------
    ValueError
        With a few words on the first thing that is wrong.
    """
    city = district.city
    if city.epsg < 0 or not all(math.isfinite(value) for value in city.origin):
        raise ValueError("the coordinate system or origin is impossible")
    if not isinstance(city.metadata, dict):
        raise ValueError("the description of the source is no table")  # noqa: TRY004 - of the file, not the caller
    _check_buildings(city.buildings)
    if BASELINE not in district.scenarios:
        raise ValueError("the baseline scenario is missing")
    for scenario in district.scenarios.values():
        texts = (scenario.id, scenario.name, scenario.parent_id, *scenario.assignments, *scenario.assignments.values())
        if not all(isinstance(text, str) for text in texts):
            raise ValueError("a scenario has a name that is no text")


def _check_buildings(buildings: Buildings) -> None:
    for name, definition in COLUMNS.items():
        column = buildings.columns[name]
        kind: type = {"text": str, "json": dict}.get(definition.kind, float)
        if definition.kind == "number":
            # Ranges are left to edits and engines, or a range made narrower would lock old projects.
            fitting = not np.isinf(column).any()
        else:
            fitting = all(issubclass(found, kind) for found in set(map(type, column.tolist())))
        if not fitting:
            msg = f"a building has an impossible {definition.title.lower()}"
            raise ValueError(msg)
    noted = [item for row in filter(None, buildings.columns[VALUE_ORIGINS].tolist()) for item in row.values()]
    if not all(isinstance(item, list | tuple) and len(item) == 2 for item in noted):
        raise ValueError("a building has an impossible origin of a value")
    if not all(buildings.ids):
        raise ValueError("a building has no identifier")


def check_surfaces(surfaces: Surfaces) -> None:
    """Refuse arrays that do not belong together.

    Raises
    ------
    ValueError
        With a few words on the first thing that is wrong.
    """
    count = len(surfaces.kind)
    if surfaces.kind.ndim != 1 or (count and int(surfaces.kind.max()) >= len(SurfaceKind)):
        raise ValueError("unknown kind of surface")
    if len(surfaces.polygons) != count or len(surfaces.source_id) != count:
        raise ValueError("surfaces, kinds and identifiers differ in number")
    if not all(isinstance(name, str) for name in surfaces.source_id):
        raise ValueError("a surface has an identifier that is no text")


def check_polygons(polygons: Polygons) -> None:
    """Refuse offsets that do not run from the first vertex to the last, and vertices that are no places.

    Raises
    ------
    ValueError
        With a few words on the first thing that is wrong.
    """
    if polygons.vertices.ndim != 2 or polygons.vertices.shape[1] != 3:
        raise ValueError("vertices are not in threes")
    if not np.isfinite(polygons.vertices).all() or np.abs(polygons.vertices).max(initial=0.0) > LARGEST_COORDINATE_M:
        raise ValueError("vertices are not finite")
    counts = (polygons.ring_start, len(polygons.vertices)), (polygons.polygon_start, len(polygons.ring_start) - 1)
    for start, count in counts:
        if start.ndim != 1 or not len(start) or start[0] != 0 or start[-1] != count or (np.diff(start) < 0).any():
            raise ValueError("rings do not fit the vertices")
