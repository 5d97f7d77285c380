"""Footprints and surfaces of buildings from GeoJSON, GeoPackage, Shapefile and FlatGeobuf."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.city.polygons import IntArray, Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.footprints import own_layers, surface_rows
from citytwin_desktop.formats.footprints.building_features import building_features
from citytwin_desktop.formats.footprints.column_choice import check_wishes, chosen_columns
from citytwin_desktop.formats.footprints.column_remarks import tell_columns, tell_place
from citytwin_desktop.formats.footprints.feature_table import FeatureTable
from citytwin_desktop.formats.footprints.outline_levels import laid_level
from citytwin_desktop.formats.footprints.outlines import building_rows, filled_rows
from citytwin_desktop.formats.footprints.override_columns import fill_overrides
from citytwin_desktop.formats.footprints.scanning import columns_of, scan_tables
from citytwin_desktop.formats.footprints.sources import Tables, open_tables
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource
from citytwin_desktop.formats.report import Action, ImportReport
from citytwin_desktop.formats.source_city import SourceCity, SourceReference
from citytwin_desktop.formats.source_scan import SourceScan

_FAULTS: dict[str, tuple[str, Action]] = {
    "coordinates_without_sense": ("Its coordinates are no numbers or lie far off the Earth: correct them.", "skipped"),
    "geometry_damaged": ("Its geometry is damaged: draw it anew.", "skipped"),
    "too_few_corners": ("Its outline has fewer than three corners: draw it anew.", "skipped"),
    "hole_without_corners": ("A hole with fewer than three corners was left out.", "repaired"),
    "ring_not_closed": ("A ring that does not end where it begins was closed.", "repaired"),
}
_CONTEXT = {"road": ContextKind.ROAD, "water": ContextKind.WATER, "green": ContextKind.GREEN}
_OF_BODIES = ("name", "function", "storeys", "year_built")
"""Columns that an attribute fills where walls and roofs are drawn."""

Shapes = tuple[list[dict[str, Any]], Polygons, NDArray[np.uint8], IntArray]


def scan(opened: OpenedSource) -> SourceScan:
    """Layers, attributes and the columns that they would fill.

    Raises
    ------
    KnownError
        When it is none of the formats, or damaged as a whole.
    """
    return scan_tables(opened, open_tables(opened, ImportOptions(), quick=True))


def read(opened: OpenedSource, options: ImportOptions, report: ImportReport) -> SourceCity:
    """Buildings of a file of polygons.

    Outlines become rows of level of detail 0 with ``measured_height_m``, polygons in space become surfaces of the
    buildings that an attribute names.

    Raises
    ------
    KnownError
        When it is none of the formats, damaged as a whole, or has no polygon, or a column is asked for that is none.
    """
    check_wishes(options.columns)
    tables = open_tables(opened, options)
    if tables.damage:
        # The scan tells what is left of it; a city that lacks a part of its buildings is nothing to import.
        msg = f"“{opened.name}” is damaged: {tables.damage[0].lower()}{tables.damage[1:]}"
        raise KnownError(msg)
    for sentence in tables.remarks:
        report.add(opened.name, "source_remark", sentence)
    for layer, count in tables.left_out.items():
        message = f"Layer “{layer}” with {count} features was left out: name it as a type to take it for buildings."
        report.add(opened.name, "layer_left_out", message)
    pieces = [_table_city(opened, table, tables, options, report) for table in tables.buildings]
    for table in tables.buildings:
        for identifier, code in table.faults:
            report.add(identifier, code, *_FAULTS[code])
    city = _joined_city(opened, tables, pieces)
    if not city.rows and not city.context and not (options.bbox or options.types):
        msg = f"“{opened.name}” holds no polygons of buildings: check that it is the right file or layer."
        raise KnownError(msg)
    return city


def _joined_city(opened: OpenedSource, tables: Tables, pieces: list[SourceCity]) -> SourceCity:
    """One city of all layers, which must have one reference."""
    names = list(dict.fromkeys(piece.reference.name for piece in pieces))
    if len(names) > 1:
        msg = f"The layers of “{opened.name}” are in different coordinate systems: export them in one."
        raise KnownError(msg)
    reference = names[0] if names else next((table.reference for _, table in tables.context), "")
    objects: Counter[str] = Counter()
    for piece in pieces:
        objects.update(piece.objects)
    objects.update(tables.left_out)
    objects.update({table.name: len(table.attributes) for _, table in tables.context})
    starts = np.cumsum([0, *(len(piece.rows) for piece in pieces)])
    owners = [piece.owner + start for piece, start in zip(pieces, starts[:-1], strict=True)]
    return SourceCity(
        opened.name,
        tables.format,
        SourceReference(reference),
        [row for piece in pieces for row in piece.rows],
        Polygons.concatenate([piece.polygons for piece in pieces]),
        np.concatenate([np.zeros(0, np.uint8), *(piece.kind for piece in pieces)]),
        np.concatenate([np.zeros(0, np.int64), *owners]),
        context=[
            (_CONTEXT[theme], table.polygons)
            for theme, table in tables.context
            if len(table.polygons) and table.reference == reference
        ],
        has_elevations=any(piece.has_elevations for piece in pieces),
        objects=dict(objects),
    )


def _table_city(
    opened: OpenedSource, table: FeatureTable, tables: Tables, options: ImportOptions, report: ImportReport
) -> SourceCity:
    """Buildings of one layer."""
    mask, objects = building_features(table)
    is_own = own_layers.is_own(own_layers.names_of(table))
    if is_own and len(parents := own_layers.parents_without_polygon(table)):
        mask[parents] = True
        objects["Building"] += len(parents)
        objects["without geometry"] -= len(parents)
    for kind, count in (+objects).items():
        if kind != "Building":
            message = f"{count} features of type “{kind}” are no outlines of buildings and were left out."
            report.add(opened.name, "not_a_building", message)
    wanted = options.takes("Building") or table.name in options.types
    chosen = np.flatnonzero(mask) if wanted else np.zeros(0, np.int64)
    columns = columns_of(table, chosen)
    picked = _picked(opened, table, columns, is_own=is_own, wished=options.columns, report=report)
    options.watch(0.5, f"{len(chosen)} buildings of {table.name}")
    tell_place(opened.name, table, options.crs, report)
    if surface_rows.are_surfaces(table.polygons):
        rows, polygons, kind_of, owner = _bodies(opened, table, (chosen, columns), picked, options.columns, report)
    else:
        rows, polygons, kind_of, owner = _outlines(opened, table, (chosen, columns), picked, report)
    fill_overrides(opened.name, rows, columns, report)
    if is_own:
        if tables.own_surfaces is not None:
            polygons, kind_of, owner = own_layers.with_surfaces(rows, (polygons, kind_of, owner), tables.own_surfaces)
        own_layers.fill_own(rows)
    stated = any("ground_elevation_m" in row for row in rows)
    return SourceCity(
        opened.name,
        tables.format,
        SourceReference(table.reference),
        rows,
        polygons,
        kind_of,
        owner,
        has_elevations=table.has_z or stated,
        objects=dict(+objects),
    )


def _picked(
    opened: OpenedSource,
    table: FeatureTable,
    columns: Mapping[str, Sequence[Any]],
    *,
    is_own: bool,
    wished: Mapping[str, str],
    report: ImportReport,
) -> dict[str, str]:
    """Attribute by column: as the user said, by our own names, or as guessed."""
    own = {column: name for column, name in own_layers.own_columns(columns).items() if is_own and column not in wished}
    picked, missing = chosen_columns(columns, {**own, **wished})
    for name in missing if columns else ():
        kept = next((picked[column] for column, other in wished.items() if other == name and column in picked), "")
        taken = f"“{kept}” was taken, as guessed" if kept else "nothing was taken for it"
        message = f"There is no attribute “{name}” in “{table.name}”: {taken}."
        report.add(opened.name, "attribute_missing", message, severe=True)
    return picked


def _outlines(
    opened: OpenedSource,
    table: FeatureTable,
    features: tuple[IntArray, Mapping[str, Sequence[Any]]],
    picked: Mapping[str, str],
    report: ImportReport,
) -> Shapes:
    chosen, columns = features
    rows, places, owner = building_rows(table, chosen, picked, report)
    polygons = table.polygons.take(places)
    if table.has_z:
        polygons = laid_level(opened.name, rows, (polygons, owner), columns, report)
    tell_columns(opened.name, table, picked, columns, report)
    return rows, polygons, np.full(len(polygons), SurfaceKind.GROUND, np.uint8), owner


def _bodies(
    opened: OpenedSource,
    table: FeatureTable,
    features: tuple[IntArray, Mapping[str, Sequence[Any]]],
    picked: Mapping[str, str],
    wished: Mapping[str, str],
    report: ImportReport,
) -> Shapes:
    chosen, attributes = features
    wished = {column: name for column, name in wished.items() if name in attributes or not name}
    row_id = picked.get("id", "")
    records, places, owner, kind = surface_rows.grouped(table, chosen, wished, row_id)
    shared = [record["attributes"] for record in records]
    usable = {name for record in shared for name in record}
    columns = {column: name for column, name in picked.items() if name in usable and column in _OF_BODIES}
    rows = filled_rows(shared, columns, [record["id"] for record in records], report)
    for row in rows:
        row["lod"] = "2"
    named = {
        "id": surface_rows.identifying(table, chosen, wished.get("id"), row_id),
        "surface_type": surface_rows.type_attribute(table.attributes, wished.get("surface_type")),
    }
    told = {**columns, **{column: name for column, name in named.items() if name}}
    tell_columns(opened.name, table, told, attributes, report)
    return rows, table.polygons.take(places), kind, owner
