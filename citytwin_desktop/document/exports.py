"""A document in other formats, chosen by the ending of the file."""

import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from citytwin_desktop.city.coordinates import epsg_from_reference
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.exporting.building_columns import building_table
from citytwin_desktop.document.exporting.export_values import ExportValues
from citytwin_desktop.document.idf_files import export_idf
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.files import write_bytes

__all__ = ["ENDINGS", "building_table", "export_document", "save_project_copy"]

PROJECT_ENDING = ".citytwin.gpkg"
_LONGEST_NAME_BYTES = 200
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")
_NO_BLANKS = re.compile(r"[^\w.-]+", re.ASCII)


@dataclass(frozen=True)
class _Request:
    """What is to be written where."""

    document: Document
    out: Path
    scenario_id: str
    variable: str | None
    time: str | None
    epsg: int | None

    @property
    def values(self) -> ExportValues:
        """Values for the writers; read once by each."""
        return ExportValues(self.document, self.scenario_id, self.variable, self.time)

    def done(self, count: int, what: str, more: str = "") -> str:
        """Say what was written."""
        return f"{count} {what} written to “{self.out}”.{more}"


def export_document(
    document: Document,
    out: Path,
    scenario_id: str,
    *,
    variable: str | None = None,
    time: str | None = None,
    crs: str | None = None,
) -> str:
    """Write a document to a file and say what was written.

    Parameters
    ----------
    document : Document
    out : Path
        Its ending chooses the format, one of `ENDINGS`. ``NAME.citytwin.gpkg`` is a copy of the project, any other
        ``NAME.gpkg`` has layers for geographic information systems; ``NAME.3dtiles`` is a folder.
    scenario_id : str
        Scenario whose results are written.
    variable : str, optional
        Variable to colour by, where a format has colours or columns for them.
    time : str, optional
        Of the variable; see `moments.parse_time`.
    crs : str, optional
        ``EPSG:N``, coordinate reference system of a GeoPackage of layers.

    Raises
    ------
    KnownError
        When the ending is none that is written, a choice does not fit it, or the file cannot be written.
    """
    document.scenario(scenario_id)
    name = out.name.lower()
    ending = next((ending for ending in ENDINGS if name.endswith(ending)), None)
    if ending is None:
        msg = f"“{out.name}” is of no format that is written: choose {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}."
        raise KnownError(msg)
    _check_name(out, ending)
    _check_choices(ending, variable, time, crs)
    if out.resolve() == document.path.resolve():
        raise KnownError("The file would replace the project itself: choose another name.")
    return _WRITERS[ending](_Request(document, out, scenario_id, variable, time, _epsg(crs)))


def save_project_copy(document: Document, out: Path) -> str:
    """Write a whole copy of the project, whatever its name, and say so.

    Raises
    ------
    KnownError
        When it would replace the project, or cannot be written.
    """
    if out.resolve() == document.path.resolve():
        raise KnownError("The copy would replace the project itself: choose another name.")
    document.project.save_copy(out)
    return f"Copy written to “{out}”."


def _check_name(out: Path, ending: str) -> None:
    """Refuse names that break the files that speak of them."""
    if _UNSAFE.search(out.name) or len(out.name.encode("utf-8", "replace")) > _LONGEST_NAME_BYTES:
        msg = f"The name “{_UNSAFE.sub('_', out.name)[:60]}” is too long or has control characters: choose another."
        raise KnownError(msg)
    if len(out.name) == len(ending):
        msg = f"“{out}” is an ending without a name: write it as NAME{ending}."
        raise KnownError(msg)


def _check_choices(ending: str, variable: str | None, time: str | None, crs: str | None) -> None:
    """Refuse what would be ignored."""
    if variable is not None and ending not in _COLOURED:
        raise KnownError(f"{ending} has no colours: leave out the variable, or write {', '.join(_COLOURED)}.")
    if time is not None and variable is None:
        raise KnownError("A time belongs to a variable: name the variable too, or leave out the time.")
    if crs is not None and ending != ".gpkg":
        raise KnownError(f"{ending} has a coordinate system of its own: leave out the system, or write .gpkg.")


def _epsg(crs: str | None) -> int | None:
    if crs is None:
        return None
    code = epsg_from_reference(crs)
    if code is None:
        msg = f"“{crs[:60]}” is no coordinate reference system: state one as EPSG:N, for example EPSG:28992."
        raise KnownError(msg)
    return code


def _write_copy(request: _Request) -> str:
    return save_project_copy(request.document, request.out)


def _write_layers(request: _Request) -> str:
    from citytwin_desktop.formats.written_layers.geopackage import write_geopackage

    values = request.values
    counts = write_geopackage(
        request.out, values.city, values.buildings, values.surfaces, values.notes, request.epsg
    )  # fmt: skip
    return request.done(counts["buildings"], "buildings", f" Layers: {', '.join(counts)}.{values.stale_sentence()}")


def _write_geojson(request: _Request) -> str:
    from citytwin_desktop.formats.written_layers.geojson import write_geojson

    values = request.values
    if values.shown is not None and not values.shown.of_buildings:
        msg = f"{request.variable} belongs to surfaces, which GeoJSON does not have: write .gpkg, .glb or .obj."
        raise KnownError(msg)
    write_bytes(request.out, write_geojson(values.city, values.buildings, values.notes))
    return request.done(len(values.city.buildings), "buildings", values.stale_sentence())


def _write_table(request: _Request) -> str:
    from citytwin_desktop.formats.tables import write_table

    header, rows = building_table(request.document, request.scenario_id)
    write_table(request.out, header, rows, request.out.suffix.lower().removeprefix("."), dict)
    return request.done(len(rows), "buildings")


def _write_workbook(request: _Request) -> str:
    from citytwin_desktop.formats.written_layers.workbook import write_workbook

    values = request.values
    sheets = write_workbook(request.out, values.city, values.buildings, values.surfaces)
    return request.done(len(values.city.buildings), "buildings", f" Sheets: {', '.join(sheets)}.")


def _write_glb(request: _Request) -> str:
    from citytwin_desktop.formats.meshes.glb import write_glb

    values = request.values
    write_bytes(request.out, write_glb(values.city, values.painting, values.buildings, values.notes))
    return request.done(len(values.city.rows_with_geometry), "buildings", values.stale_sentence())


def _write_stl(request: _Request) -> str:
    from citytwin_desktop.formats.meshes.stl import write_stl

    city = request.document.city
    write_bytes(request.out, write_stl(city))
    return request.done(len(city.rows_with_geometry), "buildings")


def _write_obj(request: _Request) -> str:
    from citytwin_desktop.formats.meshes.obj import write_obj

    values = request.values
    stem = _NO_BLANKS.sub("_", request.out.stem)
    materials = request.out.with_name(f"{stem}.mtl")
    shapes, colours = write_obj(values.city, values.painting, values.notes, materials.name)
    write_bytes(materials, colours)
    try:
        write_bytes(request.out, shapes)
    except KnownError:
        materials.unlink(missing_ok=True)
        raise
    more = f" Its colours are in “{materials.name}”.{values.stale_sentence()}"
    return request.done(len(values.city.rows_with_geometry), "buildings", more)


def _write_tiles(request: _Request) -> str:
    from citytwin_desktop.formats.meshes.tile_store import write_archive, write_folder
    from citytwin_desktop.formats.meshes.tileset import tileset_files

    values = request.values
    files = tileset_files(values.city, values.painting, values.buildings, values.notes)
    store = write_archive if request.out.suffix.lower() == ".3tz" else write_folder
    count = store(request.out, files) - 1
    more = f" Tiles: {count}.{values.stale_sentence()}"
    return request.done(len(values.city.rows_with_geometry), "buildings", more)


def _write_idf(request: _Request) -> str:
    return export_idf(request.document, request.out, request.scenario_id)


def _write_city(request: _Request) -> str:
    """City formats are written by modules of their own, imported when they are needed."""
    name = request.out.name.lower()
    module, function = next(place for ending, place in _CITY_WRITERS.items() if name.endswith(ending))
    write: Callable[..., bytes] = getattr(importlib.import_module(f"citytwin_desktop.formats.{module}"), function)
    more: Mapping[str, Any] = {"values": request.values.measures()} if name.endswith(".gml") else {}
    write_bytes(request.out, write(request.document.city, **more))
    return request.done(len(request.document.city.buildings), "buildings")


_CITY_WRITERS = {
    ".city.json": ("cityjson.writing", "write_cityjson"),
    ".city.jsonl": ("cityjson.writing", "write_cityjsonseq"),
    ".gml": ("citygml.writing.document", "write_citygml"),
}
_COLOURED = (".gpkg", ".geojson", ".glb", ".obj", ".3dtiles", ".3tz")
_WRITERS: dict[str, Callable[[_Request], str]] = {
    PROJECT_ENDING: _write_copy,
    **dict.fromkeys(_CITY_WRITERS, _write_city),
    ".gpkg": _write_layers,
    ".geojson": _write_geojson,
    ".glb": _write_glb,
    ".obj": _write_obj,
    ".stl": _write_stl,
    ".3dtiles": _write_tiles,
    ".3tz": _write_tiles,
    ".idf": _write_idf,
    ".csv": _write_table,
    ".xlsx": _write_workbook,
    ".parquet": _write_table,
}
ENDINGS = tuple(_WRITERS)
"""Endings of the files that can be written, each before any that it ends in."""
