"""From what a reader found to a city: coordinates brought home, outlines raised, faults mended and named."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.counting import part_count
from citytwin_desktop.city.diagnosis.repair import outlier_surfaces, repair
from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.orientation import kinds_by_slope
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.building_rows import table_of, unique_names
from citytwin_desktop.formats.coordinate_home import Way, placed, way_home
from citytwin_desktop.formats.doctor_remarks import tell_findings
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.outline_bodies import raise_outlines
from citytwin_desktop.formats.parentage import tidy_parents
from citytwin_desktop.formats.report import ImportItem, ImportReport
from citytwin_desktop.formats.source_city import UNKNOWN_KIND, SourceCity
from citytwin_desktop.formats.source_filter import chosen_rows

_WIDEST_M = 20_000.0
"""Of one building; the longest there are have a few kilometres."""


def assemble(source: SourceCity, options: ImportOptions, report: ImportReport) -> CityModel:
    """Make a city of what a reader found.

    Parameters
    ----------
    source : SourceCity
        Taken over: its rows are changed.
    options : ImportOptions
    report : ImportReport
        Told what became of each object.

    Returns
    -------
    CityModel
        In metres east and north of ``epsg``, with a local origin. ``metadata["sources"]`` holds one entry on the
        source, with the time series that came with buildings as ``delivered``. A source of context alone gives a
        city without buildings.

    Raises
    ------
    KnownError
        When there is no coordinate system, or nothing is left to import.
    """
    options.watch(0.0, "bringing coordinates home")
    _tell_missing_attributes(source, options, report)
    source = _without_nonsense(source, report)
    sample = source.polygons.vertices
    if not len(sample):
        sample = Polygons.concatenate([polygons for _, polygons in source.context]).vertices
    if not len(sample):
        what = "here" if options.bbox or options.lod or options.where or options.types else "that can be used"
        msg = f"“{source.name}” holds no building {what}: check the file and the choices of the import."
        raise KnownError(msg)
    source, sample, stated = _on_its_site(source, sample, options, report)
    way = way_home(source.reference, stated, options.project_epsg, sample, source.name, report)
    source = chosen_rows(source, options, way, report)
    source = _without_lost(replace(source, polygons=_moved_home(source.polygons, way)), report)
    source = _without_giants(source, report)
    polygons = source.polygons
    context = [(kind, _finite(_moved_home(layer, way))) for kind, layer in source.context]
    context = [(kind, layer) for kind, layer in context if len(layer)]
    origin = _origin([polygons, *(layer for _, layer in context)])
    shift = -np.array(origin)
    polygons, kind, owner, names = raise_outlines(
        source.rows, polygons.moved(shift), source.kind, source.owner, source.source_id, options, report
    )
    unique_names(source.rows, report)
    rows, owner = _kept_rows(source.rows, owner, report)
    city = CityModel(
        way.epsg,
        origin,
        table_of(rows, report),
        Surfaces(polygons, kind, owner, _no_names(len(kind)) if names is None else names),
        _layers(context, shift),
        {"sources": [_description(source, way) | _delivered(rows)]},
    )
    options.watch(0.6, "looking for faults")
    city = _mended(city, report)
    report.kept += len(city.buildings)
    report.parts += part_count(city)
    return city


def _mended(city: CityModel, report: ImportReport) -> CityModel:
    with_geometry = city.rows_with_geometry
    city, mended = repair(city)
    tell_findings(mended, city, report)
    city = _without_emptied(city, with_geometry, report)
    surfaces = city.surfaces
    unknown = surfaces.kind == UNKNOWN_KIND
    if unknown.any():
        kinds = np.where(unknown, kinds_by_slope(surfaces.polygons, surfaces.building), surfaces.kind)
        surfaces = replace(surfaces, kind=kinds.astype(np.uint8))
        counts = np.bincount(surfaces.building[unknown], minlength=len(city.buildings))
        for row in np.flatnonzero(counts):
            message = f"The kind of {counts[row]} surfaces was taken from their slope, for the file gives none."
            report.add(str(city.buildings.ids[row]), "kind_from_slope", message)
    surfaces = replace(surfaces, source_id=_surface_names(surfaces, city))
    city = replace(city, surfaces=surfaces)
    low, high = city.bounds_m
    height = city.buildings.columns["height_m"]
    height[:] = np.where(np.isnan(low[:, 2]), height, high[:, 2] - low[:, 2])
    return city


def _without_emptied(city: CityModel, with_geometry: IntArray, report: ImportReport) -> CityModel:
    """Leave out rows that had surfaces, of which none could be used; a building with parts that have some stays."""
    emptied = np.setdiff1d(with_geometry, city.rows_with_geometry)
    if not len(emptied):
        return city
    above = city.buildings.parent_row()[city.rows_with_geometry]
    emptied = np.setdiff1d(emptied, above)
    for row in emptied:
        message = "None of its surfaces could be used, so it was left out: repair it in the source."
        report.add(str(city.buildings.ids[row]), "no_geometry", message, "skipped", severe=True)
    kept = city.at_rows(np.setdiff1d(np.arange(len(city.buildings)), emptied))
    if not len(kept.buildings) and not city.context:
        msg = "None of the buildings has a surface that can be used: repair them in the source."
        raise KnownError(msg)
    return kept


def _tell_missing_attributes(source: SourceCity, options: ImportOptions, report: ImportReport) -> None:
    """Say which chosen attributes no building has, where the reader has not said so."""
    if not options.columns or any(item.code == "attribute_missing" for item in report.items):
        return
    there = {name for row in source.rows for name in row.get("attributes") or {}}
    for column, attribute in options.columns.items():
        if attribute and attribute not in there:
            message = (
                f"No building has the attribute “{attribute}” that was chosen for {column}: that column stays empty."
            )
            report.take(ImportItem(source.name, "warning", "attribute_missing", message, "kept"))


def _on_its_site(
    source: SourceCity, sample: FloatArray, options: ImportOptions, report: ImportReport
) -> tuple[SourceCity, FloatArray, str | None]:
    """Place a model in coordinates of its own where it says it lies; one that does not say stays as it is.

    The system that is stated for the coordinates comes back with it: none any more once the model has been placed.
    """
    about = source.metadata
    longitude, latitude = (float(about.get(f"{name}_deg") or 0.0) for name in ("longitude", "latitude"))
    if not about.get("local") or source.reference.name or (longitude == 0.0 and latitude == 0.0):
        return source, sample, options.crs
    place = (longitude, latitude)
    vertices, reference = placed(
        source.polygons.vertices, place, options.crs, options.project_epsg, source.name, report
    )
    polygons = Polygons(vertices, source.polygons.ring_start, source.polygons.polygon_start)
    return replace(source, polygons=polygons, reference=reference), vertices, None


def _without_nonsense(source: SourceCity, report: ImportReport) -> SourceCity:
    """Take out surfaces with coordinates that are no place at all, before anything is measured from them."""
    bad = outlier_surfaces(source.polygons, source.owner)
    if bad.any():
        counts = np.bincount(source.owner[bad], minlength=len(source.rows))
        for row in np.flatnonzero(counts):
            message = f"{counts[row]} surfaces with impossible coordinates were left out: repair them in the source."
            report.add(str(source.rows[row]["id"]), "outlier_coordinates", message, "repaired", severe=True)
        source = with_surfaces(source, np.flatnonzero(~bad))
    context = [(kind, _finite(layer)) for kind, layer in source.context]
    return replace(source, context=[(kind, layer) for kind, layer in context if len(layer)])


def _without_lost(source: SourceCity, report: ImportReport) -> SourceCity:
    """Take out surfaces for which there is no place in the project's system, such as beyond a pole."""
    lost = ~np.isfinite(source.polygons.vertices).all(axis=1)
    if not lost.any():
        return source
    bad = np.zeros(len(source.polygons), bool)
    bad[source.polygons.vertex_polygon[lost]] = True
    for row in np.unique(source.owner[bad]):
        message = "It has coordinates that no place on Earth has; those surfaces were left out: repair the source."
        report.add(str(source.rows[row]["id"]), "outlier_coordinates", message, "repaired", severe=True)
    return with_surfaces(source, np.flatnonzero(~bad))


def _without_giants(source: SourceCity, report: ImportReport) -> SourceCity:
    """Take out buildings that a stray corner has made wider than any city, before they carry the origin away."""
    if not len(source.polygons.vertices):
        return source
    plan = source.polygons.vertices[:, :2]
    if (np.ptp(plan, axis=0) <= _WIDEST_M).all():
        return source
    of_row = source.owner[source.polygons.vertex_polygon]
    low, high = np.full((len(source.rows), 2), np.inf), np.full((len(source.rows), 2), -np.inf)
    np.minimum.at(low, of_row, plan)
    np.maximum.at(high, of_row, plan)
    wide = (high - low > _WIDEST_M).any(axis=1)
    for row in np.flatnonzero(wide).tolist():
        message = "It is wider than any building on Earth, so it was left out: repair its coordinates in the source."
        report.add(str(source.rows[row]["id"]), "absurd_size", message, "skipped", severe=True)
    return with_surfaces(source, np.flatnonzero(~wide[source.owner])) if wide.any() else source


def with_surfaces(source: SourceCity, chosen: IntArray) -> SourceCity:
    """The same source with some of its surfaces only."""
    names = None if source.source_id is None else source.source_id[chosen]
    return replace(
        source,
        polygons=source.polygons.take(chosen),
        kind=source.kind[chosen],
        owner=source.owner[chosen],
        source_id=names,
    )


def _finite(polygons: Polygons) -> Polygons:
    bad = ~np.isfinite(polygons.vertices).all(axis=1)
    if not bad.any():
        return polygons
    keep = np.ones(len(polygons), bool)
    keep[polygons.vertex_polygon[bad]] = False
    return polygons.take(np.flatnonzero(keep))


def _moved_home(polygons: Polygons, way: Way) -> Polygons:
    return Polygons(way.home(polygons.vertices), polygons.ring_start, polygons.polygon_start)


def _origin(parts: list[Polygons]) -> tuple[float, float, float]:
    corners = next(part.vertices for part in parts if len(part))
    middle = (corners.min(axis=0) + corners.max(axis=0)) / 2.0
    return float(np.floor(middle[0])), float(np.floor(middle[1])), 0.0


def _kept_rows(
    rows: list[dict[str, Any]], owner: IntArray, report: ImportReport
) -> tuple[list[dict[str, Any]], IntArray]:
    """Rows that stand for something, parents put in order; owners counted among them."""
    kept = tidy_parents(rows, set(np.unique(owner).tolist()), report)
    place = np.full(len(rows), -1, np.int64)
    place[kept] = np.arange(len(kept))
    return [rows[row] for row in kept], place[owner]


def _layers(context: list[tuple[ContextKind, Polygons]], shift: FloatArray) -> tuple[ContextLayer, ...]:
    kinds = dict.fromkeys(kind for kind, _ in context)
    return tuple(
        ContextLayer(
            kind.value.capitalize(),
            kind,
            Polygons.concatenate([layer for other, layer in context if other is kind]).moved(shift),
        )
        for kind in kinds
    )


def _description(source: SourceCity, way: Way) -> dict[str, Any]:
    return {
        "name": source.name,
        "format": source.format,
        "reference": source.reference.name[:500],
        "vertical": way.vertical,
        "has_elevations": source.has_elevations,
        "objects": dict(source.objects),
        "metadata": dict(source.metadata),
    }


def _delivered(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Time series that came with buildings, by building; whoever stores the city takes them out."""
    series = {str(row["id"]): row["time_series"] for row in rows if row.get("time_series")}
    return {"delivered": series} if series else {}


def _no_names(count: int) -> NDArray[np.object_]:
    names = np.empty(count, object)
    names[:] = ""
    return names


def _surface_names(surfaces: Surfaces, city: CityModel) -> NDArray[np.object_]:
    """Identifier of each surface: the source's own, or the building's with the place of the surface in it."""
    owner = surfaces.building
    place = np.arange(len(owner)) - np.searchsorted(owner, owner)
    ids = city.buildings.ids[owner]
    names = np.empty(len(owner), object)
    names[:] = [
        own or f"{building}:{number}"
        for own, building, number in zip(surfaces.source_id, ids, place.tolist(), strict=True)
    ]
    return names
