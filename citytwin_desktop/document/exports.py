"""A document in other formats, chosen by the ending of the file."""

import re
from collections.abc import Callable
from pathlib import Path

from citytwin_desktop.city.coordinates import epsg_from_reference
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.exporting import mesh_files, table_files
from citytwin_desktop.document.exporting.building_columns import building_table
from citytwin_desktop.document.exporting.city_files import cityjson_bytes
from citytwin_desktop.document.exporting.request import ExportRequest
from citytwin_desktop.document.idf_files import export_idf
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.files import write_bytes

__all__ = ["ENDINGS", "building_table", "export_document", "save_project_copy"]

PROJECT_ENDING = ".citytwin.gpkg"
_LONGEST_NAME_BYTES = 200
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")


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
    return _WRITERS[ending](ExportRequest(document, out, scenario_id, variable, time, _epsg(crs)))


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


def _write_copy(request: ExportRequest) -> str:
    return save_project_copy(request.document, request.out)


def _write_idf(request: ExportRequest) -> str:
    return export_idf(request.document, request.out, request.scenario_id)


def _write_cityjson(request: ExportRequest) -> str:
    sequence = request.out.suffix.lower() == ".jsonl"
    write_bytes(request.out, cityjson_bytes(request.document, request.values.measures(), sequence=sequence))
    return request.done(len(request.document.city.buildings), "buildings")


def _write_citygml(request: ExportRequest) -> str:
    from citytwin_desktop.formats.citygml.writing.document import write_citygml

    values = request.values
    write_bytes(request.out, write_citygml(values.city, values=values.measures()))
    return request.done(len(values.city.buildings), "buildings")


_COLOURED = (".gpkg", ".geojson", ".glb", ".obj", ".3dtiles", ".3tz")
_WRITERS: dict[str, Callable[[ExportRequest], str]] = {
    PROJECT_ENDING: _write_copy,
    ".city.json": _write_cityjson,
    ".city.jsonl": _write_cityjson,
    ".gml": _write_citygml,
    ".gpkg": table_files.export_layers,
    ".geojson": table_files.export_geojson,
    ".glb": mesh_files.export_glb,
    ".obj": mesh_files.export_obj,
    ".stl": mesh_files.export_stl,
    ".3dtiles": mesh_files.export_tiles,
    ".3tz": mesh_files.export_tiles,
    ".idf": _write_idf,
    ".csv": table_files.export_table,
    ".xlsx": table_files.export_workbook,
    ".parquet": table_files.export_table,
}
ENDINGS = tuple(_WRITERS)
"""Endings of the files that can be written, each before any that it ends in."""
