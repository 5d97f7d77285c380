"""From CityJSON bytes to a city and a report on what became of each object."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from citytwin_desktop.city.buildings import COLUMNS, Buildings
from citytwin_desktop.city.coordinates import check_true_lengths, epsg_from_reference, projected_epsg
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.orientation import kinds_by_slope
from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.attributes import known_columns, stated_origin
from citytwin_desktop.formats.cityjson.boundaries import chosen_geometries, faces, lod_of
from citytwin_desktop.formats.cityjson.context import CONTEXT_KINDS, ContextReader
from citytwin_desktop.formats.cityjson.extent import HIGHEST_M, WIDEST_M, Box
from citytwin_desktop.formats.cityjson.parentage import parent_named, tidy_parents
from citytwin_desktop.formats.cityjson.structure import Package, Source, parse
from citytwin_desktop.formats.report import ImportReport

_BUILDING_TYPES = ("Building", "BuildingPart")
_SMALLEST_AREA_M2 = 1e-6


@dataclass
class _Draft:
    """What has been read so far, in world coordinates."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    rings: list[list[FloatArray]] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)


def read_cityjson(
    data: bytes, name: str, *, crs: str | None = None, lod: str | None = None, bbox: Box | None = None
) -> tuple[CityModel, ImportReport]:
    """Read a CityJSON file or sequence.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        Its name, for messages and the report.
    crs : str, optional
        ``EPSG:N``; wins over the file's own and is needed when it names none.
    lod : str, optional
        Level of detail to take, the highest of each object when not given.
    bbox : tuple of float, optional
        x0, y0, x1, y1 in the source's CRS; buildings whose middle lies outside are left out, and context that
        lies outside as a whole.

    Raises
    ------
    KnownError
        When the file is not usable: one sentence with file, object and remedy.
    """
    source = parse(data, name)
    report = ImportReport()
    epsg = _epsg(source, crs, report)
    draft, context = _Draft(), ContextReader(name, bbox, report)
    for package in source.packages:
        _read_package(package, source.name, lod, bbox, draft, context, report)
    if not draft.rows:
        msg = f"“{name}” holds no building{' at this place or level of detail' if lod or bbox else ''}: check the file."
        raise KnownError(msg)
    _drop_empty(draft, report)
    report.kept = len(draft.rows)
    context.tell()
    return _city(draft, context, epsg, source), report


def _epsg(source: Source, crs: str | None, report: ImportReport) -> int:
    own = epsg_from_reference(str(source.metadata.get("referenceSystem") or source.metadata.get("crs", "")))
    if crs is None and own is None:
        msg = f"“{source.name}” names no coordinate reference system: state it with --crs EPSG:N."
        raise KnownError(msg)
    stated = projected_epsg(crs) if crs is not None else None
    if stated is not None:
        if own is not None and own != stated:
            report.add(source.name, "crs_stated", f"EPSG:{stated} was stated and wins over the file's own EPSG:{own}.")
        return stated
    return projected_epsg(f"EPSG:{own}", source.name)


def _read_package(
    package: Package,
    name: str,
    lod: str | None,
    bbox: Box | None,
    draft: _Draft,
    context: ContextReader,
    report: ImportReport,
) -> None:
    for identifier, item in package.objects.items():
        where = f"“{name}”, object “{identifier}”,"
        if not identifier:
            msg = f"“{name}” has an object with an empty identifier: give it one."
            raise KnownError(msg)
        if not isinstance(item, dict):
            msg = f"{where} is not an object: get an undamaged copy of the file."
            raise KnownError(msg)
        kind = str(item.get("type"))
        if kind in _BUILDING_TYPES:
            _read_building(identifier, item, package, where, lod, bbox, draft, report)
        elif kind in CONTEXT_KINDS:
            context.read(identifier, item, package, where)
        else:
            report.add(identifier, "type_not_used", f"Objects of type {kind} are not used.", "skipped")


def _faces(item: Mapping[str, Any], package: Package, where: str, lod: str | None, bbox: Box | None) -> list[Any]:
    chosen = chosen_geometries(item.get("geometry"), lod)
    found = [face for geometry in chosen for face in faces(geometry, package.vertices, where)]
    if bbox is None or not found:
        return found
    corners = np.concatenate([ring for rings, _ in found for ring in rings])[:, :2]
    middle = (corners.min(axis=0) + corners.max(axis=0)) / 2.0
    inside = bbox[0] <= middle[0] <= bbox[2] and bbox[1] <= middle[1] <= bbox[3]
    return found if inside else []


def _read_building(
    identifier: str,
    item: Mapping[str, Any],
    package: Package,
    where: str,
    lod: str | None,
    bbox: Box | None,
    draft: _Draft,
    report: ImportReport,
) -> None:
    found = [] if _is_only_outline(item, lod) else _faces(item, package, where, lod, bbox)
    _check_size(found, where)
    if not found and not item.get("children"):
        report.add(identifier, "no_geometry", "It has no usable geometry here at this level of detail.", "skipped")
        return
    attributes = item.get("attributes") if isinstance(item.get("attributes"), dict) else {}
    levels = [lod_of(geometry) for geometry in chosen_geometries(item.get("geometry"), lod)] if found else []
    known = known_columns(attributes or {})
    origins = {
        f"{column}_origin": stated_origin(attributes or {}, column)
        for column in ("function", "year_built", "storeys")
        if column in known
    }
    row = {
        "id": identifier,
        "parent_id": parent_named(item),
        "lod": levels[0] if levels else "",
        "attributes": attributes,
    }
    draft.rows.append({**row, **known, **origins})
    _add_surfaces(identifier, found, draft, report)


def _is_only_outline(item: Mapping[str, Any], lod: str | None) -> bool:
    """Whether a building with parts has nothing of its own but an outline (LoD 0), as in 3DBAG: the parts count."""
    chosen = chosen_geometries(item.get("geometry"), lod)
    return bool(item.get("children")) and lod is None and all(lod_of(geometry)[:1] == "0" for geometry in chosen)


def _check_size(found: list[Any], where: str) -> None:
    """Refuse an object that a stray vertex or a wrong transform has blown up."""
    if not found:
        return
    corners = np.concatenate([ring for rings, _ in found for ring in rings])
    width, depth, height = np.ptp(corners, axis=0) if len(corners) else (0.0, 0.0, 0.0)
    if max(width, depth) > WIDEST_M or height > HIGHEST_M:
        size = f"{max(width, depth) / 1000.0:.1f} km wide and {height / 1000.0:.1f} km high"
        msg = f"{where} is {size}: repair its vertices or the transform of the file."
        raise KnownError(msg)


def _drop_empty(draft: _Draft, report: ImportReport) -> None:
    """Take out buildings without surfaces whose parts were left out or are not there; put parents in order."""
    kept = tidy_parents(draft.rows, set(draft.owner), report)
    place = {row: new for new, row in enumerate(kept)}
    draft.rows = [draft.rows[row] for row in kept]
    draft.owner = [place[row] for row in draft.owner]


def _add_surfaces(identifier: str, found: list[Any], draft: _Draft, report: ImportReport) -> None:
    usable = [(rings, kind) for rings, kind in found if rings and all(len(ring) > 2 for ring in rings)]
    if len(usable) < len(found):
        message = f"{len(found) - len(usable)} surfaces with under three corners were left out."
        report.add(identifier, "surface_without_corners", message, "repaired")
    polygons = Polygons.from_rings([rings for rings, _ in usable])
    if flat := int((polygons.areas_m2 < _SMALLEST_AREA_M2).sum()):
        report.add(identifier, "surface_without_area", f"{flat} surfaces have no area; they are kept without effect.")
    if unnamed := sum(kind is None for _, kind in usable):
        message = f"The kind of {unnamed} surfaces was taken from their slope, for the file gives none."
        report.add(identifier, "kind_from_slope", message)
    kinds = kinds_by_slope(polygons)
    for index, (rings, kind) in enumerate(usable):
        draft.rings.append(rings)
        draft.kind.append(int(kinds[index] if kind is None else kind))
        draft.owner.append(len(draft.rows) - 1)


def _city(draft: _Draft, context: ContextReader, epsg: int, source: Source) -> CityModel:
    polygons = Polygons.from_rings(draft.rings)
    if not len(polygons):
        msg = f"“{source.name}” has buildings but no surface that can be used: check the file."
        raise KnownError(msg)
    middle = (polygons.vertices.min(axis=0) + polygons.vertices.max(axis=0)) / 2.0
    origin = (float(np.floor(middle[0])), float(np.floor(middle[1])), 0.0)
    check_true_lengths(epsg, origin[0], origin[1], source.name)
    shift = -np.array(origin)
    buildings = _buildings(draft.rows, source)
    owner = np.array(draft.owner, np.int64)
    surfaces = Surfaces(polygons.moved(shift), np.array(draft.kind, np.uint8), owner, _surface_ids(owner, buildings))
    metadata = {
        "sources": [{"name": source.name, "format": f"CityJSON {source.version}", "metadata": dict(source.metadata)}]
    }
    city = CityModel(epsg, origin, buildings, surfaces, context.layers(shift), metadata)
    low, high = city.bounds_m
    buildings.columns["height_m"][:] = high[:, 2] - low[:, 2]
    return city


def _buildings(rows: list[dict[str, Any]], source: Source) -> Buildings:
    identifiers = {row["id"] for row in rows}
    if len(identifiers) != len(rows):
        msg = f"“{source.name}” uses the same identifier for several buildings: give each its own."
        raise KnownError(msg)
    columns: dict[str, Any] = {}
    for name, definition in COLUMNS.items():
        blank: Any = np.nan if definition.kind == "number" else ""
        column = np.empty(len(rows), np.float64 if definition.kind == "number" else object)
        for place, row in enumerate(rows):
            column[place] = (row.get(name) or {}) if definition.kind == "json" else row.get(name, blank)
        columns[name] = column
    return Buildings(columns)


def _surface_ids(owner: Any, buildings: Buildings) -> Any:
    first = np.searchsorted(owner, np.arange(len(buildings)))
    names = np.empty(len(owner), object)
    names[:] = [f"{buildings.ids[row]}:{place - first[row]}" for place, row in enumerate(owner)]
    return names
