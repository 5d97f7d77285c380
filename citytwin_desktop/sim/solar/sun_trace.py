"""Which share of every row each sun reaches."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.cells import Cells, take_cells
from citytwin_desktop.sim.solar.crowns import MOST_CROSSINGS
from citytwin_desktop.sim.solar.elements import Elements
from citytwin_desktop.sim.solar.operators import FULL_VISIBILITY
from citytwin_desktop.sim.solar.sun_kernels import (
    add_certain,
    add_traced,
    sum_seen,
    sun_rays,
    sun_states,
    uncertain_hours,
    visible_bytes,
)
from citytwin_desktop.sim.solar.sun_nodes import SunNodes, SunPlan
from citytwin_desktop.sim.solar.threads import Watch, chunks
from citytwin_desktop.sim.solar.tracing import Floats, Integers, Tracer

Bytes = NDArray[np.uint8]

_RAYS_PER_PIECE = 65536
_CELLS_PER_PIECE = 512
_BLOCK = 512
_NO_COLUMNS = np.zeros(0, np.int32)


@dataclass(frozen=True, eq=False)
class _Piece:
    """Cells of whole rows, their rows and elements counted from the first."""

    cells: Cells
    element: Integers
    element_share: Floats
    first_row: int
    row_count: int
    first_element: int
    element_count: int


@dataclass(frozen=True, eq=False)
class OwnedCells:
    """Cells of whole rows and the elements that they count for.

    Parameters
    ----------
    cells : Cells
    element : ndarray, (cells,) int32
    element_share : ndarray, (cells,) float32
    """

    cells: Cells
    element: Integers
    element_share: Floats

    def __len__(self) -> int:
        return len(self.cells)

    def take(self, chosen: slice | NDArray[np.bool_]) -> "OwnedCells":
        """Some of the cells, whole rows."""
        return OwnedCells(take_cells(self.cells, chosen), self.element[chosen], self.element_share[chosen])


def owned_cells(cells: Cells, elements: Elements) -> OwnedCells:
    """All cells with their elements."""
    return OwnedCells(cells, elements.of_cell, elements.cell_share)


def crown_light(transmittances: tuple[float, ...]) -> Floats:
    """Share of light that 0, 1, 2... crowns leave.

    Parameters
    ----------
    transmittances : tuple of float
        Of one crown, by season.

    Returns
    -------
    ndarray, (seasons, `MOST_CROSSINGS` + 1) float32
    """
    crossings = np.arange(MOST_CROSSINGS + 1)
    return np.array([float(each) ** crossings for each in transmittances], np.float32)


def element_visibility(
    rays: Tracer, owned: OwnedCells, elements: int, sun: Floats, light: Floats, watch: Watch
) -> Bytes:
    """Share of each element's area that each of some suns reaches.

    Parameters
    ----------
    rays : Tracer
    owned : OwnedCells
    elements : int
        Number of all elements.
    sun : ndarray, (n_suns, 3) float32
    light : ndarray, (seasons, crossings) float32
        From `crown_light`.
    watch : Watch

    Returns
    -------
    ndarray, (seasons, elements, n_suns) uint8
        `FULL_VISIBILITY` for all; zero where the element faces away, or has none of the cells.
    """

    def trace(piece: _Piece) -> tuple[int, Bytes]:
        seen = np.zeros((len(light), piece.element_count, len(sun)), np.float32)
        for part in _slices(len(piece.cells), len(sun)):
            states = _states(rays, take_cells(piece.cells, part), sun)
            sum_seen(states, _NO_COLUMNS, light, piece.element[part], piece.element_share[part], seen)
        return piece.first_element, _as_bytes(seen)

    visible = np.zeros((len(light), elements, len(sun)), np.uint8)
    for first, part in watch.in_order(trace, _row_pieces(owned) if len(sun) else []):
        # Added, for between the elements of a piece there may be some of rows that are not in it.
        visible[:, first : first + part.shape[1]] += part
    return visible


def yearly_visibility(
    rays: Tracer, owned: OwnedCells, rows: int, elements: int, plan: SunPlan, light: Floats, watch: Watch
) -> tuple[Bytes, Bytes]:
    """Share of each row's area that the sun reaches, for every node of a plan, and the same of its elements.

    All cells look at the suns of the base days. Only where a cell sees two base days differently are the days between
    them traced; hours of which it sees both alike are taken to be like them.

    Parameters
    ----------
    rays : Tracer
    owned : OwnedCells
        Of the first rows.
    rows : int
        Number of those rows.
    elements : int
        Number of all elements.
    plan : SunPlan
    light : ndarray, (seasons, crossings) float32
    watch : Watch

    Returns
    -------
    rows : ndarray, (seasons, n_suns, rows) uint8
    elements : ndarray, (seasons, elements, n_reflected) uint8
        For the suns whose reflections are solved.
    """
    nodes = plan.nodes
    base = base_nodes(plan)
    # By hour of the day first, for that is how the loops go.
    base_column, column = np.ascontiguousarray(base.column.T), np.ascontiguousarray(nodes.column.T)
    dark = _dark_between(plan.base, column)
    reflected = np.searchsorted(_base_suns(plan), plan.reflected_column).astype(np.int32)

    def trace(piece: _Piece) -> tuple[_Piece, Bytes, Bytes]:
        steps = np.zeros((len(light), piece.row_count, 24, len(nodes.day) + 1), np.float32)
        seen = np.zeros((len(light), piece.element_count, len(reflected)), np.float32)
        for part in _slices(len(piece.cells), len(base.direction)):
            mine = take_cells(piece.cells, part)
            states = _states(rays, mine, base.direction)
            sum_seen(states, reflected, light, piece.element[part], piece.element_share[part], seen)
            add_certain(states, plan.base, base_column, light, mine.row, mine.weight, steps)
            origins, directions, cell, place = uncertain_hours(
                states, plan.base, base_column, column, dark, mine.lifted(rays.offset_m), mine.normal, nodes.direction
            )
            for some in chunks(len(cell), _RAYS_PER_PIECE):
                free, crossed = rays.free(origins[some], directions[some])
                add_traced(free, crossed, cell[some], place[some], light, mine.row, mine.weight, steps)
        return piece, visible_bytes(steps, column, len(nodes.direction)), _as_bytes(seen)

    visible = np.zeros((len(light), rows, len(nodes.direction)), np.uint8)
    first_light = np.zeros((len(light), elements, len(reflected)), np.uint8)
    for piece, of_rows, of_elements in watch.in_order(trace, _row_pieces(owned) if len(base.direction) else []):
        first, last = piece.first_row, piece.first_row + piece.row_count
        visible[:, first:last] += of_rows
        first_light[:, piece.first_element : piece.first_element + piece.element_count] += of_elements
    return _turned(visible), first_light


def _dark_between(base: Integers, column: Integers) -> NDArray[np.bool_]:
    """(24, b) bool: whether at an hour the sun stays down from the day after a base day to the one before the next."""
    days = column.shape[1]
    between = [np.arange(first + 1, last + (days if last <= first else 0)) % days for first, last in _gaps(base)]
    return np.stack([(column[:, gap] < 0).all(axis=1) for gap in between], axis=1)


def _gaps(base: Integers) -> list[tuple[int, int]]:
    return [(int(first), int(last)) for first, last in zip(base, np.roll(base, -1), strict=True)]


def _turned(values: Bytes) -> Bytes:
    """Swap the last two axes in blocks, which is several times as quick for large matrices."""
    turned = np.empty((values.shape[0], values.shape[2], values.shape[1]), np.uint8)
    for season, own in enumerate(values):
        for rows in chunks(own.shape[0], _BLOCK):
            for columns in chunks(own.shape[1], _BLOCK):
                turned[season, columns, rows] = own[rows, columns].T
    return turned


def _base_suns(plan: SunPlan) -> Integers:
    """Suns of the base days among all nodes, ascending."""
    chosen = plan.nodes.column[plan.base]
    return chosen[chosen >= 0]


def base_nodes(plan: SunPlan) -> SunNodes:
    """Nodes of the base days of a plan alone, numbered anew."""
    up = plan.nodes.column[plan.base] >= 0
    column = np.where(up, np.cumsum(up).reshape(up.shape) - 1, -1).astype(np.int32)
    direction = np.ascontiguousarray(plan.nodes.direction[_base_suns(plan)])
    return SunNodes(plan.nodes.day[plan.base], column, direction)


def _states(rays: Tracer, cells: Cells, sun: Floats) -> NDArray[np.int8]:
    origins, directions, pair = sun_rays(cells.lifted(rays.offset_m), cells.normal, sun)
    free, crossed = rays.free(origins, directions)
    return sun_states(free, crossed, pair, len(cells), len(sun))


def _as_bytes(share: Floats) -> Bytes:
    # A little over one half, so that the order in which equal halves were summed does not decide.
    return (np.clip(share, 0.0, 1.0) * FULL_VISIBILITY + np.float32(0.501)).astype(np.uint8)


def _slices(cells: int, suns: int) -> list[slice]:
    return chunks(cells, max(_RAYS_PER_PIECE // max(suns, 1), 1))


def _row_pieces(owned: OwnedCells) -> list[_Piece]:
    """Cut cells into pieces of whole rows that follow each other."""
    row = owned.cells.row
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    pieces = []
    begin = 0
    for end in [*starts[1:].tolist(), len(row)]:
        # A gap ends a piece: its arrays reach from its first row to its last.
        cut = end == len(row) or row[end] != row[end - 1] + 1
        if end > begin and (end - begin >= _CELLS_PER_PIECE or cut):
            pieces.append(_piece(owned.take(slice(begin, end))))
            begin = end
    return pieces


def _piece(own: OwnedCells) -> _Piece:
    row = own.cells.row
    first, count = int(row[0]), int(row[-1] - row[0]) + 1
    local = replace(own.cells, row=row - np.int32(first))
    first_element = int(own.element.min())
    return _Piece(
        local, own.element - np.int32(first_element), own.element_share, first, count, first_element,
        int(own.element.max()) - first_element + 1,
    )  # fmt: skip
