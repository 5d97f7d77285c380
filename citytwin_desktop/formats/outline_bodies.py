"""Outlines (LoD 0) raised to bodies where the source knows how high the building is."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import VALUE_ORIGINS
from citytwin_desktop.city.extrusion import extrude
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import IntArray, Polygons
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.report import ImportReport

_LOWEST_M, _HIGHEST_M = 0.5, 1_000.0
_FLAT = 0.9
"""Vertical part of the normal from which on a surface is an outline, however much the ground below it slopes."""
_SAME_LEVEL_M = 0.5
"""Distance of flat surfaces from which on they may be floor and roof."""
_LEAST_SPREAD = 0.9
"""Of the areas of surfaces side by side, their common plan has at least this share."""

Raised = tuple[Polygons, NDArray[np.uint8], IntArray, NDArray[np.object_] | None]


def raise_outlines(
    rows: Sequence[dict[str, Any]],
    polygons: Polygons,
    kind: NDArray[np.uint8],
    owner: IntArray,
    names: NDArray[np.object_] | None,
    options: ImportOptions,
    report: ImportReport,
) -> Raised:
    """Give bodies to rows that have only an outline and a known height.

    The height is the row's ``measured_height_m``, else its storeys times `ImportOptions.storey_height_m`, which is
    noted with the building as an assumption. An outline without either stays flat, as the building's ground.

    Parameters
    ----------
    rows : sequence of dict
        See `SourceCity.rows`; ``lod`` and ``value_origins`` of raised rows are changed.
    polygons, kind, owner, names
        Surfaces as in `SourceCity`, in metres.
    options : ImportOptions
    report : ImportReport

    Returns
    -------
    tuple
        Surfaces again, sorted by owner.
    """
    flat = _flat_rows(rows, polygons, owner)
    heights = np.full(len(rows), np.nan)
    for row in np.flatnonzero(flat).tolist():
        heights[row] = _height_m(rows[row], options, report)
    if not flat.any():
        return polygons, kind, owner, names
    kind = kind.copy()
    kind[flat[owner]] = SurfaceKind.GROUND
    raised = np.flatnonzero(~np.isnan(heights[owner]))
    if not len(raised):
        return polygons, kind, owner, names
    outlines = polygons.take(raised)
    bottom = _bottoms(rows, outlines, owner[raised], heights)
    body = extrude(outlines, bottom, bottom + heights[owner[raised]])
    stays = np.flatnonzero(np.isnan(heights[owner]))
    joined = Polygons.concatenate([polygons.take(stays), body.polygons])
    owners = np.concatenate([owner[stays], owner[raised][body.outline]])
    kinds = np.concatenate([kind[stays], body.kind])
    order = np.argsort(owners, kind="stable")
    if names is not None:
        blank = np.full(len(body.kind), "", object)
        names = np.concatenate([names[stays], blank])[order]
    return joined.take(order), kinds[order], owners[order], names


def _flat_rows(rows: Sequence[dict[str, Any]], polygons: Polygons, owner: IntArray) -> NDArray[np.bool_]:
    """Rows of LoD 0, or of none, none of whose surfaces is steep."""
    flat = np.array([str(row.get("lod", ""))[:1] in ("0", "") for row in rows], bool)
    if not flat.any() or not len(polygons):
        return np.zeros(len(rows), bool)
    there = np.zeros(len(rows), bool)
    there[owner] = True
    steep = np.abs(polygons.normals[:, 2]) < _FLAT
    flat[owner[steep & (polygons.areas_m2 > 0.0)]] = False
    flat &= there
    flat[_stacked_rows(polygons, owner, flat)] = False
    return flat


def _stacked_rows(polygons: Polygons, owner: IntArray, flat: NDArray[np.bool_]) -> IntArray:
    """Rows whose flat surfaces lie above each other, such as floor and roof: these are bodies without walls."""
    level = np.full(len(polygons), np.inf)
    np.minimum.at(level, polygons.vertex_polygon, polygons.vertices[:, 2])
    low, high = np.full(len(flat), np.inf), np.full(len(flat), -np.inf)
    np.minimum.at(low, owner, level)
    np.maximum.at(high, owner, level)
    rows = np.flatnonzero(flat & (high - np.where(flat, low, 0.0) >= _SAME_LEVEL_M))
    usable = np.flatnonzero(np.isin(owner, rows) & (polygons.areas_m2 > 0.0))
    plans: dict[int, list[Any]] = {}
    for place, row in zip(usable.tolist(), owner[usable].tolist(), strict=True):
        outer, *holes = (ring[:, :2] for ring in polygons.rings(place))
        plans.setdefault(row, []).append(shapely.make_valid(shapely.Polygon(outer, holes)))
    spread = {row: shapely.area(shapely.union_all(own)) / shapely.area(own).sum() for row, own in plans.items()}
    return np.array([row for row, share in spread.items() if share < _LEAST_SPREAD], np.int64)


def _height_m(row: dict[str, Any], options: ImportOptions, report: ImportReport) -> float:
    """Height of a body, nan for none; says where it comes from."""
    name = str(row["id"])
    height = _number(row.get("measured_height_m"))
    if _LOWEST_M <= height <= _HIGHEST_M:
        row["lod"] = "1"
        report.add(name, "raised_to_height", f"Its outline was raised to its height of {height:g} m.", "repaired")
        return height
    if not np.isnan(height):
        report.add(name, "value_impossible", f"Its height of {height:g} m is impossible and was left out.", "repaired")
    storeys = _number(row.get("storeys"))
    if 1 <= storeys <= 200:
        height = storeys * options.storey_height_m
        message = f"Its outline was raised to {storeys:g} storeys of {options.storey_height_m:g} m (assumed)."
        report.add(name, "raised_by_storeys", message, "repaired")
        noted = {"height_m": [height, f"{storeys:g} storeys of {options.storey_height_m:g} m, assumed at import"]}
        row["lod"], row[VALUE_ORIGINS] = "1", {**row.get(VALUE_ORIGINS, {}), **noted}
        return height
    return float("nan")


def _bottoms(
    rows: Sequence[dict[str, Any]], outlines: Polygons, owner: IntArray, heights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n_outlines,) float64 [m]: level of the ground of each: stated, or that of the lowest corner of its row.

    The outline of a roof lies at its edge: the ground is the height of the building below that.
    """
    of_row = np.full(len(rows), np.inf)
    np.minimum.at(of_row, owner[outlines.vertex_polygon], outlines.vertices[:, 2])
    lowest = of_row[owner]
    stated = np.array([_number(rows[row].get("ground_elevation_m")) for row in owner.tolist()])
    hangs = np.array([bool(rows[row].get("outline_from_roof_edge")) for row in owner.tolist()], bool)
    lowest = np.where(hangs, lowest - heights[owner], lowest)
    return np.where(np.isfinite(stated), stated, np.where(np.isfinite(lowest), lowest, 0.0))


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")
