"""Exports as meshes: glTF binary, STL, OBJ and 3D Tiles."""

import re

from citytwin_desktop.document.exporting.request import ExportRequest
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.files import write_bytes

_NO_BLANKS = re.compile(r"[^\w.-]+", re.ASCII)


def export_glb(request: ExportRequest) -> str:
    """Write a glTF binary file."""
    from citytwin_desktop.formats.meshes.glb import write_glb

    values = request.values
    write_bytes(request.out, write_glb(values.city, values.painting, values.buildings, values.notes))
    return request.done(len(values.city.rows_with_geometry), "buildings", values.stale_sentence())


def export_stl(request: ExportRequest) -> str:
    """Write a binary STL file."""
    from citytwin_desktop.formats.meshes.stl import write_stl

    city = request.document.city
    write_bytes(request.out, write_stl(city))
    return request.done(len(city.rows_with_geometry), "buildings")


def export_obj(request: ExportRequest) -> str:
    """Write an OBJ file and its materials beside it."""
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


def export_tiles(request: ExportRequest) -> str:
    """Write a tileset of 3D Tiles, as a folder or an archive."""
    from citytwin_desktop.formats.meshes.tile_store import write_archive, write_folder
    from citytwin_desktop.formats.meshes.tileset import tileset_files

    values = request.values
    files = tileset_files(values.city, values.painting, values.buildings, values.notes)
    store = write_archive if request.out.suffix.lower() == ".3tz" else write_folder
    count = store(request.out, files) - 1
    more = f" Tiles: {count}.{values.stale_sentence()}"
    return request.done(len(values.city.rows_with_geometry), "buildings", more)
