"""Exports as layers and tables: GeoPackage, GeoJSON, CSV, Parquet and XLSX."""

from citytwin_desktop.document.exporting.building_columns import building_table
from citytwin_desktop.document.exporting.project_guard import refuse_project
from citytwin_desktop.document.exporting.request import ExportRequest
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.files import write_bytes


def export_layers(request: ExportRequest) -> str:
    """Write a GeoPackage of layers."""
    from citytwin_desktop.formats.written_layers.geopackage import write_geopackage

    refuse_project(request.out)
    values = request.values
    counts = write_geopackage(
        request.out, values.city, values.buildings, values.surfaces, values.notes, request.epsg
    )  # fmt: skip
    return request.done(counts["buildings"], "buildings", f" Layers: {', '.join(counts)}.{values.stale_sentence()}")


def export_geojson(request: ExportRequest) -> str:
    """Write outlines as GeoJSON."""
    from citytwin_desktop.formats.written_layers.geojson import write_geojson

    values = request.values
    if values.shown is not None and not values.shown.of_buildings:
        msg = f"{request.variable} belongs to surfaces, which GeoJSON does not have: write .gpkg, .glb or .obj."
        raise KnownError(msg)
    write_bytes(request.out, write_geojson(values.city, values.buildings, values.notes))
    return request.done(len(values.city.buildings), "buildings", values.stale_sentence())


def export_table(request: ExportRequest) -> str:
    """Write the table of buildings."""
    from citytwin_desktop.formats.tables import write_table

    header, rows = building_table(request.document, request.scenario_id)
    write_table(request.out, header, rows, request.out.suffix.lower().removeprefix("."), dict)
    return request.done(len(rows), "buildings")


def export_workbook(request: ExportRequest) -> str:
    """Write buildings and surfaces as sheets of a workbook."""
    from citytwin_desktop.formats.written_layers.workbook import write_workbook

    values = request.values
    sheets = write_workbook(request.out, values.city, values.buildings, values.surfaces)
    return request.done(len(values.city.buildings), "buildings", f" Sheets: {', '.join(sheets)}.")
