"""Faults of whole bodies: shells that are open, inside out, or of too few surfaces."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from citytwin_desktop.city.diagnosis.by_group import count_by
from citytwin_desktop.city.diagnosis.facing import facing_of
from citytwin_desktop.city.diagnosis.findings import FindingList
from citytwin_desktop.city.diagnosis.row_measures import RowMeasures
from citytwin_desktop.city.diagnosis.shell_edges import ShellEdges
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.city.surfaces import Surfaces

_LEAST_SURFACES = 4
_OPEN_SHARE = 0.02
_LEAST_RISE_M = 0.25


def add_body_faults(found: FindingList, surfaces: Surfaces, measures: RowMeasures) -> None:
    """Add what is wrong with the shells of buildings.

    Parameters
    ----------
    found : FindingList
    surfaces : Surfaces
        With finite coordinates.
    measures : RowMeasures
    """
    rows = len(measures.surfaces)
    edges = ShellEdges.of(surfaces)
    facing = facing_of(surfaces, edges, rows)
    tall = measures.height_m > _LEAST_RISE_M
    few = (measures.surfaces > 0) & (measures.surfaces < _LEAST_SURFACES) & tall
    _tell(found, "too_few_polygons", few, measures.surfaces)
    turned, inverted = count_by(surfaces.building[facing.turned(surfaces)], rows), facing.inverted(surfaces)
    _tell(found, "polygon_wrong_orientation", (turned > 0) & ~inverted, turned)
    _tell(found, "inverted_body", inverted, measures.surfaces)
    solid = (measures.surfaces >= _LEAST_SURFACES) & ((turned == 0) | inverted)
    is_open = facing.open_rows & solid
    in_plan = measures.open_plan_m2 > _OPEN_SHARE * np.maximum(measures.plan_m2, 1.0)
    _tell(found, "shell_not_closed", is_open & in_plan, measures.open_plan_m2)
    _tell(found, "open_sides", is_open & ~in_plan)
    loose = edges.groups_by_row(edges.forward * 2 != edges.count, rows)
    _tell(found, "split_edges", solid & ~facing.open_rows & (loose > 0), loose)
    crowded = (edges.count > 2) | ((edges.count == 2) & (edges.forward != 1))
    irregular = edges.groups_by_row(crowded, rows)
    _tell(found, "non_manifold_case", solid & (irregular > 0), irregular)
    bodies = _bodies(edges, surfaces, rows)
    _tell(found, "multiple_connected_components", solid & (bodies > 1), bodies)
    _tell(found, "missing_ground", (measures.surfaces > 0) & ~measures.has_ground)
    _tell(found, "missing_walls", (measures.surfaces > 0) & tall & ~measures.has_walls)
    _tell(found, "missing_roof", (measures.surfaces > 0) & tall & ~measures.has_roof)


def _bodies(edges: ShellEdges, surfaces: Surfaces, rows: int) -> IntArray:
    """(rows,) int64: closed bodies that have no edge in common with the rest of their building."""
    count = len(surfaces)
    one, other, _ = edges.pairs
    links = coo_array((np.ones(len(one), bool), (one, other)), shape=(count, count))
    label = connected_components(links, directed=False)[1]
    size = np.bincount(label, minlength=count)
    loose = np.zeros(count, bool)
    loose[label[edges.polygon[edges.unpaired]]] = True
    whole = (size >= _LEAST_SURFACES) & ~loose[: len(size)]
    owner = np.zeros(len(size), np.int64)
    owner[label] = surfaces.building
    return count_by(owner[whole], rows)


def _tell(
    found: FindingList,
    code: str,
    rows: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    numbers: "np.ndarray[tuple[int], np.dtype[np.float64]] | np.ndarray[tuple[int], np.dtype[np.int64]] | None" = None,
) -> None:
    chosen = np.flatnonzero(rows)
    found.add(code, chosen, number=None if numbers is None else numbers[chosen])
