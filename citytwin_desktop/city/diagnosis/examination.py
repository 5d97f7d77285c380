"""The examination of a city: everything that is wrong with it, in one table."""

from dataclasses import replace

import numpy as np
import shapely

from citytwin_desktop.city.diagnosis.base_faults import add_base_faults
from citytwin_desktop.city.diagnosis.body_faults import add_body_faults
from citytwin_desktop.city.diagnosis.findings import FindingList, Findings
from citytwin_desktop.city.diagnosis.outliers import far_m, impossible_surfaces
from citytwin_desktop.city.diagnosis.overlap_faults import add_overlap_faults
from citytwin_desktop.city.diagnosis.row_measures import RowMeasures
from citytwin_desktop.city.diagnosis.size_faults import add_size_faults
from citytwin_desktop.city.diagnosis.surface_faults import add_surface_faults
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import IntArray

SURROUNDINGS_M = 200.0
"""How far other buildings matter to the examination of one."""


def examine(city: CityModel, rows: IntArray | None = None) -> Findings:
    """Find what is wrong with a city; nothing is changed.

    Parameters
    ----------
    city : CityModel
    rows : ndarray, (k,) int64, optional
        Buildings to examine, all by default. What concerns others is judged from those within 200 m.

    Returns
    -------
    Findings
    """
    if rows is not None:
        return _around(city, np.unique(rows))
    found, surfaces = FindingList(), city.surfaces
    bad = impossible_surfaces(surfaces.polygons)
    bare = np.bincount(surfaces.polygons.vertex_polygon, minlength=len(surfaces)) == 0
    if not (bad | bare).any():
        _examine_sound(found, city)
        return found.table()
    for code, wrong in (("not_a_number", bad), ("too_few_points", bare)):
        found.add(code, surfaces.building[wrong], np.flatnonzero(wrong))
    sound = np.flatnonzero(~bad & ~bare)
    inner = FindingList()
    _examine_sound(inner, replace(city, surfaces=surfaces.take(sound)))
    found.parts.extend(inner.with_surfaces_renumbered(sound).parts)
    return found.table()


def _examine_sound(found: FindingList, city: CityModel) -> None:
    """Examine a city whose coordinates are all numbers."""
    surfaces, buildings = city.surfaces, city.buildings
    measures = RowMeasures.of(surfaces, len(buildings))
    if len(surfaces):
        far, distance = far_m(surfaces.polygons, surfaces.building)
        stray = np.flatnonzero(far)
        found.add("outlier_coordinates", surfaces.building[stray], stray, distance[stray])
        add_surface_faults(found, surfaces)
        add_body_faults(found, surfaces, measures)
        stacked = add_overlap_faults(found, surfaces, buildings, measures)
        add_base_faults(found, measures, stacked, buildings.parent_row())
    add_size_faults(found, city, measures)


def _around(city: CityModel, rows: IntArray) -> Findings:
    """Examine some buildings among those that stand around them."""
    low, high = city.bounds_m
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    wanted = shapely.box(*(np.column_stack([low[rows, :2] - SURROUNDINGS_M, high[rows, :2] + SURROUNDINGS_M]).T))
    near = np.unique(np.concatenate([rows, shapely.STRtree(boxes).query(wanted)[1]]))
    parents = city.buildings.parent_row()
    related = np.isin(parents, parents[near])
    related[near] = True
    chosen = np.flatnonzero(related)
    found = examine(city.at_rows(chosen)).of_rows(np.searchsorted(chosen, rows))
    surfaces = np.flatnonzero(related[city.surfaces.building])
    surface = (
        np.where(found.surface >= 0, surfaces[np.maximum(found.surface, 0)], -1) if len(surfaces) else found.surface
    )
    return replace(found, row=chosen[found.row], surface=surface)
