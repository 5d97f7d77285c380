"""Which buildings of a source are taken: by box and by attributes, a building together with its parts."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.attribute_filter import attribute_condition
from citytwin_desktop.formats.coordinate_home import Way
from citytwin_desktop.formats.import_options import Box, ImportOptions
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity


def chosen_rows(source: SourceCity, options: ImportOptions, way: Way, report: ImportReport) -> SourceCity:
    """The same source with what the options ask for.

    Parameters
    ----------
    source : SourceCity
    options : ImportOptions
        ``bbox`` counts in the source's coordinates, east first.
    way : Way
    report : ImportReport
        Told how many buildings were left out.

    Raises
    ------
    KnownError
        When nothing is left.
    """
    if options.bbox is None and not options.where:
        return source
    group = _groups(source.rows)
    keep = np.ones(len(source.rows), bool)
    if options.bbox is not None:
        keep &= _inside(source, group, options.bbox, way)
    if options.where:
        condition = attribute_condition(options.where)
        met = [condition(row.get("attributes") or {}) for row in source.rows]
        wanted = np.zeros(len(source.rows), bool)
        np.logical_or.at(wanted, group, met)
        keep &= wanted[group]
    if left_out := int((~keep & (group == np.arange(len(group)))).sum()):
        report.add(source.name, "not_chosen", f"{left_out:,} buildings outside the box or the filter were left out.")
    context = source.context
    if options.bbox is not None:
        context = [(kind, _touching(layer, options.bbox, way)) for kind, layer in context]
    context = [(kind, layer) for kind, layer in context if len(layer)]
    if not keep.any() and not context:
        msg = f"“{source.name}” holds no building at this place or with these attributes: check the box and the filter."
        raise KnownError(msg)
    return _with_rows(replace(source, context=context), keep)


def _groups(rows: list[dict[str, Any]]) -> NDArray[np.int64]:
    """(n_rows,) int64: for each row the place of the outermost building it belongs to."""
    place = {row["id"]: number for number, row in enumerate(rows)}
    group = np.arange(len(rows))
    for number in range(len(rows)):
        above, passed = number, {number}
        while (parent := place.get(rows[above].get("parent_id", ""))) is not None and parent not in passed:
            passed.add(parent)
            above = parent
        group[number] = above
    return group


def _inside(source: SourceCity, group: NDArray[np.int64], box: Box, way: Way) -> NDArray[np.bool_]:
    corners = way.east_first(source.polygons.vertices)[:, :2]
    owner = group[source.owner[source.polygons.vertex_polygon]] if len(corners) else np.zeros(0, np.int64)
    low, high = np.full((len(group), 2), np.inf), np.full((len(group), 2), -np.inf)
    np.minimum.at(low, owner, corners)
    np.maximum.at(high, owner, corners)
    with np.errstate(invalid="ignore"):
        middle = (low + high) / 2.0
    inside = (middle >= [box[0], box[1]]) & (middle <= [box[2], box[3]])
    return np.asarray(inside.all(axis=1)[group])


def _touching(layer: Polygons, box: Box, way: Way) -> Polygons:
    corners: FloatArray = way.east_first(layer.vertices)[:, :2]
    low, high = np.full((len(layer), 2), np.inf), np.full((len(layer), 2), -np.inf)
    np.minimum.at(low, layer.vertex_polygon, corners)
    np.maximum.at(high, layer.vertex_polygon, corners)
    touching = (low <= [box[2], box[3]]).all(axis=1) & (high >= [box[0], box[1]]).all(axis=1)
    return layer.take(np.flatnonzero(touching))


def _with_rows(source: SourceCity, keep: NDArray[np.bool_]) -> SourceCity:
    place = np.cumsum(keep) - 1
    chosen = np.flatnonzero(keep[source.owner])
    names = None if source.source_id is None else source.source_id[chosen]
    return replace(
        source,
        rows=[row for row, wanted in zip(source.rows, keep.tolist(), strict=True) if wanted],
        polygons=source.polygons.take(chosen),
        kind=source.kind[chosen],
        owner=place[source.owner[chosen]],
        source_id=names,
    )
