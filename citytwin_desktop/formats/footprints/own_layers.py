"""Layers that this program wrote itself, read back with their parts, attributes, walls and roofs."""

from collections.abc import Collection
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.city.kinds import Origin, SurfaceKind
from citytwin_desktop.city.polygons import IntArray, Polygons
from citytwin_desktop.formats.footprints.attribute_values import text_of
from citytwin_desktop.formats.footprints.feature_table import FeatureTable
from citytwin_desktop.formats.source_city import UNKNOWN_KIND

SURFACES, SURROUNDINGS = "surfaces", "surroundings"
"""Layers beside the outlines."""
SURFACE_MARKS = frozenset({"building_id", "kind", "tilt_deg"})

_PLAN_COLUMNS = frozenset(
    {"footprint_area_m2", "ground_elevation_m", "eave_height_m", "ridge_height_m", "mean_height_m"}
)
_MARKS = (frozenset({"id", "parent_id", "attributes"}), _PLAN_COLUMNS | {"id"})
"""A table with either is ours: unknown values are no members of a feature, so that neither need be complete."""
_FILLED = ("height_m", "storeys", "year_built", "function", "name", "id", "ground_elevation_m")
_NOTED = ("function", "year_built", "storeys")
_KINDS = {kind.label: int(kind) for kind in SurfaceKind}

Row = dict[str, Any]
Shapes = tuple[Polygons, NDArray[np.uint8], IntArray]


def is_own(names: Collection[str]) -> bool:
    """Whether a table with these attributes is one of ours."""
    return any(marks <= set(names) for marks in _MARKS)


def names_of(table: FeatureTable) -> set[str]:
    """All attributes of a table."""
    return {name for record in table.attributes for name in record}


def own_columns(names: Collection[str]) -> dict[str, str]:
    """Attribute by column, where all have our names."""
    return {name: name for name in _FILLED if name in names}


def parents_without_polygon(table: FeatureTable) -> IntArray:
    """(k,) int64: features without a polygon that others name as the building they are parts of."""
    flat = np.zeros(len(table.attributes), bool)
    flat[table.feature] = True
    named = {text_of(record.get("parent_id")) for record in table.attributes} - {""}
    return np.array(
        [
            place
            for place, record in enumerate(table.attributes)
            if not flat[place] and text_of(record.get("id")) in named
        ],
        np.int64,
    )


def fill_own(rows: list[Row]) -> None:
    """Set parents and origins, and give back the attributes of the city's own source.

    Attributes that somebody added to the file, and results in it, stay beside those.
    """
    known = {row["id"] for row in rows}
    ours = set(COLUMNS) | _PLAN_COLUMNS
    for row in rows:
        record = row["attributes"]
        parent = text_of(record.get("parent_id"))
        if not row["parent_id"] and parent != row["id"] and parent in known:
            row["parent_id"] = parent
        for column in _NOTED:
            noted = record.get(f"{column}_origin")
            if column in row and noted in (Origin.ASSUMED, Origin.DERIVED, Origin.EDITED):
                row[f"{column}_origin"] = str(noted)
        added = {name: value for name, value in record.items() if name not in ours}
        row["attributes"] = {**added, **_nested(record.get("attributes"))}


def _nested(value: Any) -> dict[str, Any]:
    """Attributes of the source as we write them: an object, or its JSON."""
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return {"attributes": value}
    return value if isinstance(value, dict) else {}


def with_surfaces(rows: list[Row], outlines: Shapes, surfaces: FeatureTable) -> Shapes:
    """Walls and roofs in place of the outlines of their buildings, whose ``lod`` becomes that of the file.

    Parameters
    ----------
    rows : list of dict
        With the attributes as in the file.
    outlines : tuple
        Polygons, kinds and the row of each.
    surfaces : FeatureTable
    """
    place_of = {row["id"]: place for place, row in enumerate(rows)}
    building = np.array(
        [place_of.get(text_of(record.get("building_id")), -1) for record in surfaces.attributes], np.int64
    )
    label = [_KINDS.get(text_of(record.get("kind")), UNKNOWN_KIND) for record in surfaces.attributes]
    used = np.flatnonzero(building[surfaces.feature] >= 0)
    faces_owner = building[surfaces.feature[used]]
    for place in np.unique(faces_owner).tolist():
        rows[place]["lod"] = text_of(rows[place]["attributes"].get("lod")) or "2"
    polygons, kind, owner = outlines
    left = np.flatnonzero(~np.isin(owner, faces_owner))
    joined = Polygons.concatenate([polygons.take(left), surfaces.polygons.take(used)])
    kinds = np.concatenate([kind[left], np.array(label, np.uint8)[surfaces.feature[used]]])
    owners = np.concatenate([owner[left], faces_owner])
    order = np.argsort(owners, kind="stable")
    return joined.take(order), kinds[order], owners[order]


def surroundings_by_theme(table: FeatureTable, themes: Collection[str]) -> list[tuple[str, FeatureTable]]:
    """Our layer of surroundings, taken apart by what its features are."""
    kinds = np.array([text_of(record.get("kind")) for record in table.attributes], object)
    found = []
    for theme in themes:
        chosen = np.flatnonzero(kinds == theme)
        polygons = np.flatnonzero(np.isin(table.feature, chosen))
        if len(polygons):
            records, ids = [table.attributes[i] for i in chosen], [table.ids[i] for i in chosen]
            feature = np.searchsorted(chosen, table.feature[polygons])
            part = table.polygons.take(polygons)
            name = f"{table.name} ({theme})"
            found.append((theme, FeatureTable(name, table.reference, records, ids, part, feature, table.has_z)))
    return found
