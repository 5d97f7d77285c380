"""What a quick look at a file of polygons tells."""

from collections import Counter
from typing import Any

import numpy as np

from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.footprints import surface_rows
from citytwin_desktop.formats.footprints.attribute_values import text_of
from citytwin_desktop.formats.footprints.building_features import building_features
from citytwin_desktop.formats.footprints.column_choice import guess_columns
from citytwin_desktop.formats.footprints.feature_table import FeatureTable
from citytwin_desktop.formats.footprints.sources import Tables
from citytwin_desktop.formats.opened_source import OpenedSource
from citytwin_desktop.formats.reference_names import named_system
from citytwin_desktop.formats.source_scan import AttributeSummary, SourceScan

_SAMPLES = 5
_LONGEST_SAMPLE = 40

Extent = tuple[float, float, float, float, float, float]


def scan_tables(opened: OpenedSource, tables: Tables) -> SourceScan:
    """Summary of tables, read in part or as a whole."""
    types: Counter[str] = Counter()
    lods: Counter[str] = Counter()
    attributes: dict[str, AttributeSummary] = {}
    columns: dict[str, str] = {}
    for table in tables.buildings:
        mask, objects = building_features(table)
        chosen = np.flatnonzero(mask)
        types.update(_scaled(objects, table, tables))
        found = columns_of(table, chosen)
        lods["2" if surface_rows.are_surfaces(table.polygons) else "0"] += len(table.polygons)
        columns = {**_guessed(table, found), **columns}
        for name, values in found.items():
            attributes.setdefault(name, _summary(name, values))
    if tables.own_surfaces is not None:
        head = next(head for head in tables.heads if head.name == tables.own_surfaces.name)
        lods["2"] += head.features
    types.update({table.name: len(table.attributes) for _, table in tables.context})
    types.update(tables.left_out)
    layers = [*tables.buildings, *(table for _, table in tables.context)]
    reference = next((table.reference for table in layers), "")
    return SourceScan(
        opened.name,
        tables.format,
        opened.size_bytes,
        types={"Building": types.pop("Building", 0), **types},
        lods=dict(lods),
        reference=reference,
        epsg=epsg_of(reference),
        extent=_extent(tables),
        attributes=tuple(attributes.values()),
        columns=columns,
        remarks=_remarks(tables, reference),
        exact=tables.exact,
    )


def columns_of(table: FeatureTable, chosen: IntArray) -> dict[str, list[Any]]:
    """Values of each attribute of the chosen features, None where one has none."""
    records = [table.attributes[place] for place in chosen]
    names = dict.fromkeys(name for record in records for name in record)
    return {name: [record.get(name) for record in records] for name in names}


def epsg_of(reference: str) -> int:
    """EPSG code of a reference, 0 when it cannot be told."""
    try:
        found = named_system(reference)
    except KnownError:
        return 0
    return found.epsg if found is not None else 0


def _guessed(table: FeatureTable, found: dict[str, list[Any]]) -> dict[str, str]:
    if not surface_rows.are_surfaces(table.polygons):
        return guess_columns(found)
    named = {
        "id": surface_rows.building_attribute(table, None),
        "surface_type": surface_rows.type_attribute(table.attributes, None),
    }
    return {**guess_columns(found), **{column: name for column, name in named.items() if name}}


def _scaled(objects: Counter[str], table: FeatureTable, tables: Tables) -> Counter[str]:
    """Where only the beginning of a layer was read and all are buildings, the layer's own count."""
    head = next((head for head in tables.heads if head.name == table.name), None)
    if head is not None and set(objects) == {"Building"}:
        return Counter({"Building": max(head.features, objects["Building"])})
    return objects


def _summary(name: str, values: list[Any]) -> AttributeSummary:
    words = [text for value in values if (text := text_of(value))]
    samples = tuple(word[:_LONGEST_SAMPLE] for word in list(dict.fromkeys(words))[:_SAMPLES])
    return AttributeSummary(name, len(words), samples)


def _extent(tables: Tables) -> Extent | None:
    boxes = [head.bounds for head in tables.heads if head.bounds and head.name not in tables.left_out]
    corners = [table.polygons.vertices for table in tables.buildings if len(table.polygons)]
    if not corners:
        return None
    vertices = np.concatenate(corners)
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    if boxes:
        low[:2] = np.minimum(low[:2], np.min([box[:2] for box in boxes], axis=0))
        high[:2] = np.maximum(high[:2], np.max([box[2:] for box in boxes], axis=0))
    x0, y0, z0 = (float(value) for value in low)
    x1, y1, z1 = (float(value) for value in high)
    return x0, y0, z0, x1, y1, z1


def _remarks(tables: Tables, reference: str) -> tuple[str, ...]:
    remarks = list(tables.remarks)
    if not reference:
        remarks.append("It names no coordinate reference system: state it when importing.")
    faults = Counter(code for table in tables.buildings for _, code in table.faults)
    remarks.extend(f"{count} polygons: {code.replace('_', ' ')}." for code, count in faults.items())
    return tuple(remarks)
