"""Rows that are surfaces: walls and roofs as polygons in space, which belong to buildings by an identifier."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.formats.footprints.attribute_values import text_of
from citytwin_desktop.formats.footprints.column_choice import plain_name, rank_of
from citytwin_desktop.formats.footprints.column_names import PARENT_ID_NAMES
from citytwin_desktop.formats.footprints.feature_table import FeatureTable
from citytwin_desktop.formats.source_city import UNKNOWN_KIND

_FLATTEST_WALL = 0.35
"""A polygon whose normal rises less than this is no outline: it stands at over 70°."""
_SHARE_OF_WALLS = 0.05
_DEGREE_M = 111_320.0
_KNOWN_SHARE = 0.5

_KINDS: tuple[tuple[int, str], ...] = (
    (SurfaceKind.WINDOW, r"window|fenster|fenetre|finestra|raam"),
    (SurfaceKind.DOOR, r"\bdoor|door ?surface|\btur|tuer|\bporte\b|porta|deur"),
    (SurfaceKind.OUTER_CEILING, r"outer ?ceiling"),
    (SurfaceKind.OUTER_FLOOR, r"outer ?floor"),
    (SurfaceKind.CLOSURE, r"closure"),
    (SurfaceKind.GROUND, r"ground|grund|boden|floor|base|\bsol\b|suolo|vloer"),
    (SurfaceKind.ROOF, r"roof|dach|toit|tetto|tejado|\bdak"),
    (SurfaceKind.WALL, r"wall|wand|\bmur|facade|fassade|parete|pared|gevel"),
)
_PATTERNS = tuple((int(kind), re.compile(words)) for kind, words in _KINDS)
_CITYDB_CLASSES = {33: SurfaceKind.ROOF, 34: SurfaceKind.WALL, 35: SurfaceKind.GROUND, 36: SurfaceKind.CLOSURE}
"""Numbers of 3DCityDB's table OBJECTCLASS, versions 3 and 4."""


def are_surfaces(polygons: Polygons) -> bool:
    """Whether at least one polygon in twenty stands upright, which no outline does."""
    if not len(polygons) or not (polygons.vertices[:, 2] != 0.0).any():
        return False
    scaled = Polygons(polygons.vertices * _metres(polygons.vertices), polygons.ring_start, polygons.polygon_start)
    upright = (scaled.areas_m2 > 0.0) & (np.abs(scaled.normals[:, 2]) < _FLATTEST_WALL)
    return bool(np.mean(upright) >= _SHARE_OF_WALLS)


def _metres(vertices: FloatArray) -> FloatArray:
    """(3,) float64: about how many metres a 1 is; coordinates that could be degrees are taken for such."""
    if (np.abs(vertices[:, 0]) > 180.0).any() or (np.abs(vertices[:, 1]) > 90.0).any():
        return np.ones(3)
    east = _DEGREE_M * max(math.cos(math.radians(float(np.median(vertices[:, 1])))), 0.01)
    return np.array([east, _DEGREE_M, 1.0])


def surface_kinds(words: list[str]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """(n,) uint8: kind that a word names, `UNKNOWN_KIND` for one that we do not know."""
    known = {word: _kind(word) for word in set(words)}
    return np.array([known[word] for word in words], np.uint8)


def _kind(word: str) -> int:
    plain = plain_name(word).replace("_", " ")
    if plain.isdigit():
        return int(_CITYDB_CLASSES.get(int(plain), UNKNOWN_KIND))
    return next((kind for kind, words in _PATTERNS if words.search(plain)), UNKNOWN_KIND)


def type_attribute(records: list[dict[str, Any]], wished: str | None) -> str:
    """Attribute that tells what a surface is, empty for none."""
    if wished is not None:
        return wished
    names = dict.fromkeys(name for record in records[:200] for name in record)
    ranked = sorted((rank, name) for name in names if (rank := rank_of("surface_type", name)) is not None)
    for _, name in ranked:
        kinds = surface_kinds([text_of(record.get(name)) for record in records[:2000]])
        if len(kinds) and np.mean(kinds != UNKNOWN_KIND) >= _KNOWN_SHARE:
            return name
    return ""


def building_attribute(table: FeatureTable, wished: str | None) -> str:
    """Attribute that names the building of a surface, empty where every row is a building of its own.

    It must have a value in nearly every row and hold several surfaces together.
    """
    if wished is not None:
        return wished
    records = table.attributes
    names = {plain_name(name).replace("_", ""): name for record in records[:200] for name in record}
    for known in PARENT_ID_NAMES:
        name = names.get(known.replace("_", ""))
        if name is None:
            continue
        words = Counter(text_of(record.get(name)) for record in records)
        if words[""] <= 0.01 * len(records) and len(words) < len(records) / 2:
            return name
    return ""


def identifying(table: FeatureTable, chosen: IntArray, wished: str | None, row_id: str) -> str:
    """`building_attribute`, or where every row is a building ``row_id`` if it tells all of them apart."""
    if name := building_attribute(table, wished):
        return name
    words = [text_of(table.attributes[place].get(row_id)) for place in chosen] if row_id else []
    return row_id if words and all(words) and len(set(words)) == len(words) else ""


def grouped(
    table: FeatureTable, chosen: IntArray, columns: Mapping[str, str], row_id: str = ""
) -> tuple[list[dict[str, Any]], IntArray, IntArray, np.ndarray[Any, np.dtype[np.uint8]]]:
    """Buildings of surfaces.

    Parameters
    ----------
    table : FeatureTable
    chosen : ndarray, (k,) int64
        Features to take; ascending.
    columns : mapping of str to str
        What the user said; ``id`` names the building, ``surface_type`` the kind.
    row_id : str
        Attribute that names the building where every row is one: taken if each has one of its own.

    Returns
    -------
    tuple of list of dict, ndarray, ndarray, ndarray
        One record of attributes that all rows of a building share, with its ``id``; polygons in the order of the
        buildings; place of the building of each; kind of each.
    """
    name = identifying(table, chosen, columns.get("id"), row_id)
    kind_name = type_attribute(table.attributes, columns.get("surface_type"))
    keys = [text_of(table.attributes[place].get(name)) if name else table.ids[place] for place in chosen]
    keys = [key or f"row {table.ids[place]}" for key, place in zip(keys, chosen, strict=True)]
    place_of = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    building = np.full(len(table.attributes), -1, np.int64)
    building[chosen] = [place_of[key] for key in keys]
    polygons = np.flatnonzero(building[table.feature] >= 0)
    owner = building[table.feature[polygons]]
    order = np.argsort(owner, kind="stable")
    polygons, owner = polygons[order], owner[order]
    kind = np.full(len(polygons), UNKNOWN_KIND, np.uint8)
    if kind_name:
        words = surface_kinds([text_of(record.get(kind_name)) for record in table.attributes])
        kind = words[table.feature[polygons]]
    records = _shared(table, chosen, building, list(place_of))
    return records, polygons, owner, kind


def _shared(table: FeatureTable, chosen: IntArray, building: IntArray, ids: list[str]) -> list[dict[str, Any]]:
    """Attributes on which all rows of a building agree."""
    shared: list[dict[str, Any] | None] = [None] * len(ids)
    for place in chosen:
        record, known = table.attributes[place], shared[building[place]]
        if known is None:
            shared[building[place]] = dict(record)
        elif known != record:
            shared[building[place]] = {key: value for key, value in known.items() if record.get(key) == value}
    return [{"id": identifier, "attributes": record or {}} for identifier, record in zip(ids, shared, strict=True)]
