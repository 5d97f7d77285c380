"""At which level outlines lie that have elevations: that of the ground, or that of the roof's edge."""

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import IntArray, Polygons
from citytwin_desktop.formats.footprints.column_choice import plain_name
from citytwin_desktop.formats.footprints.column_names import BD_TOPO_MARKS
from citytwin_desktop.formats.report import ImportReport

_LEVEL_M = 0.5


def laid_level(
    source: str,
    rows: list[dict[str, Any]],
    shapes: tuple[Polygons, IntArray],
    names: Collection[str],
    report: ImportReport,
) -> Polygons:
    """Outlines with elevations, each building's laid level, and a remark on what the level was taken for.

    The outlines of BD TOPO lie at the gutter: rows whose ground is not stated are marked ``outline_from_roof_edge``.

    Parameters
    ----------
    source : str
        File name.
    rows : list of dict
        Of the buildings.
    shapes : tuple of Polygons, ndarray
        Outlines sorted by row, and the row of each.
    names : collection of str
        All attributes of the table.
    report : ImportReport
    """
    at_gutter = {plain_name(name) for name in names} >= BD_TOPO_MARKS
    open_rows = np.array(["ground_elevation_m" not in row for row in rows], bool)
    polygons, uneven = levelled(*shapes, open_rows & at_gutter)
    for place in uneven.tolist():
        corner = "highest" if at_gutter and open_rows[place] else "lowest"
        message = f"Its outline is not level and was laid level at its {corner} corner."
        report.add(rows[place]["id"], "outline_levelled", message, "repaired")
    if at_gutter:
        for place in np.flatnonzero(open_rows):
            rows[place]["outline_from_roof_edge"] = True
    raised = sum(
        free and ("measured_height_m" in row or "storeys" in row) for free, row in zip(open_rows, rows, strict=True)
    )
    if raised and at_gutter:
        message = (
            f"Outlines of BD TOPO lie at the gutter: the ground of {raised} buildings was taken at their height below."
        )
        report.add(source, "outline_level_is_gutter", message)
    elif raised:
        message = (
            f"The level of the outlines was taken for the ground of {raised} buildings, as no attribute gives it: "
            "name one as ground_elevation_m if the outlines are those of roofs."
        )
        report.add(source, "outline_level_is_ground", message)
    return polygons


def levelled(polygons: Polygons, owner: IntArray, at_top: NDArray[np.bool_]) -> tuple[Polygons, IntArray]:
    """Outlines laid level at a corner, building by building, and the buildings that were not level.

    Parameters
    ----------
    polygons : Polygons
        Sorted by building.
    owner : ndarray, (n_polygons,) int64
        Building of each.
    at_top : ndarray, (n_buildings,) bool
        Buildings laid at their highest corner; the others at their lowest.
    """
    of_vertex = owner[polygons.vertex_polygon]
    level = polygons.vertices[:, 2]
    low, high = np.full(len(at_top), np.inf), np.full(len(at_top), -np.inf)
    np.minimum.at(low, of_vertex, level)
    np.maximum.at(high, of_vertex, level)
    chosen = np.where(at_top, high, low)
    flat = np.column_stack([polygons.vertices[:, :2], chosen[of_vertex]])
    return Polygons(flat, polygons.ring_start, polygons.polygon_start), np.flatnonzero(high - low > _LEVEL_M)
