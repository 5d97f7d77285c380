"""What every row sees of the sky, of the ground beyond and of the other rows."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from citytwin_desktop.sim.solar.cells import Cells, take_cells
from citytwin_desktop.sim.solar.elements import Elements
from citytwin_desktop.sim.solar.hemisphere_kernels import bin_hits, hemisphere_rays
from citytwin_desktop.sim.solar.settings import SolarSettings
from citytwin_desktop.sim.solar.sky import SkyPatches
from citytwin_desktop.sim.solar.threads import Watch
from citytwin_desktop.sim.solar.tracing import Floats, Integers, Tracer

_RAYS_PER_PIECE = 65536
_FEWEST_SHARE = 4
_ALL_LIGHT = np.zeros(0, np.float32)

Found = tuple[Floats, int, Integers, Integers, Floats]


@dataclass(frozen=True, eq=False)
class SkyTrace:
    """Diffuse view of some receivers, by season of the crowns.

    Parameters
    ----------
    sky : ndarray, (seasons, elements or cells, patches + 1) float32
        Cosine-weighted share of the hemisphere; the last column is the ground beyond the modelled one.
    view : tuple of csr_array, (receivers, elements) float32
        View factors.
    """

    sky: Floats
    view: tuple[Any, ...]


def strata(rays: int) -> tuple[int, int]:
    """Two factors of the number of rays, the second about twice the first.

    Parameters
    ----------
    rays : int

    Returns
    -------
    tuple of int
        Rings and sectors.
    """
    rings = max(int(np.sqrt(rays / 2)), 1)
    while rays % rings:
        rings -= 1
    return rings, rays // rings


def rays_of_cells(cells: Cells, settings: SolarSettings) -> tuple[Integers, Integers]:
    """Rays of each cell: fewer where a row has many cells.

    Parameters
    ----------
    cells : Cells
    settings : SolarSettings

    Returns
    -------
    rings, sectors : ndarray, (cells,) int32
    """
    in_row = np.bincount(cells.row)[cells.row] if len(cells) else np.zeros(0, np.int64)
    choices = [settings.rays]
    while choices[-1] % 2 == 0 and settings.rays // (choices[-1] // 2) <= _FEWEST_SHARE:
        choices.append(choices[-1] // 2)
    table = np.array([strata(count) for count in choices], np.int32)
    chosen = np.zeros(len(cells), np.int64)
    for place, count in enumerate(choices[1:], start=1):
        chosen[in_row * count >= settings.rays_per_surface] = place
    return table[chosen, 0], table[chosen, 1]


@dataclass(frozen=True, eq=False)
class Shares:
    """Whom what a cell finds counts for.

    Parameters
    ----------
    receiver, receiver_share : ndarray, (cells,)
        Who gets the view (ascending), and the share of the cell in it.
    receivers : int
    sky, sky_share : ndarray, (cells,)
        Who gets the sky, and the share of the cell in it.
    skies : int
    """

    receiver: Integers
    receiver_share: Floats
    receivers: int
    sky: Integers
    sky_share: Floats
    skies: int


def shares_of_rows(cells: Cells, elements: Elements) -> Shares:
    """Rows get the view, their elements the sky."""
    return Shares(
        cells.row, cells.weight, len(elements.grid), elements.of_cell, elements.cell_share, len(elements)
    )  # fmt: skip


def shares_of_cells(cells: Cells) -> Shares:
    """Each cell keeps what it finds."""
    own, whole = np.arange(len(cells), dtype=np.int32), np.ones(len(cells), np.float32)
    return Shares(own, whole, len(cells), own, whole, len(cells))


def sky_trace(
    rays: Tracer,
    cells: Cells,
    elements: Elements,
    shares: Shares,
    strata_of_cells: tuple[Integers, Integers],
    patches: SkyPatches,
    light: Floats,
    watch: Watch,
) -> SkyTrace:
    """Trace the hemisphere of every cell.

    Parameters
    ----------
    rays : Tracer
    cells : Cells
    elements : Elements
        What shines.
    shares : Shares
    strata_of_cells : tuple of ndarray, (cells,) int32
        Rings and sectors.
    patches : SkyPatches
    light : ndarray, (seasons, crossings) float32
        Share of the light that so many crowns leave.
    watch : Watch

    Returns
    -------
    SkyTrace
    """
    rings, sectors = strata_of_cells

    def trace(piece: slice) -> list[Found]:
        mine = take_cells(cells, piece)
        counts = rings[piece] * sectors[piece]
        origins, directions = hemisphere_rays(
            mine.lifted(rays.offset_m), mine.normal, mine.seed, rings[piece], sectors[piece]
        )
        hit, distance = rays.distance(origins, directions)
        return [
            bin_hits(
                hit, distance, origins, directions, left, counts,
                shares.receiver[piece], shares.receiver_share[piece], shares.sky[piece], shares.sky_share[piece],
                rays.row, rays.normal,
                elements.frame, elements.grid, elements.start, elements.at, len(elements),
                patches.row_start, patches.row_height_rad,
            )
            for left in _left(rays, origins, directions, distance, light)
        ]  # fmt: skip

    sky = np.zeros((len(light), shares.skies, len(patches.direction) + 1), np.float32)
    found: list[list[Found]] = [[] for _ in light]
    for by_season in watch.in_order(trace, _pieces(rings * sectors)):
        for season, part in enumerate(by_season):
            sky[season, part[1] : part[1] + len(part[0])] += part[0]
            found[season].append(part)
    return SkyTrace(sky, tuple(_view_factors(parts, shares.receivers, len(elements)) for parts in found))


def _left(rays: Tracer, origins: Floats, directions: Floats, distance: Floats, light: Floats) -> list[Floats]:
    """By season, the share of light that crowns on the way to what the rays meet leave."""
    if not rays.crowns:
        return [_ALL_LIGHT] * len(light)
    crossed = rays.crowns.crossings(origins, directions, distance)
    return [np.ascontiguousarray(by_crossings[crossed]) for by_crossings in light]


def _pieces(counts: Integers) -> list[slice]:
    """Cut cells so that each piece has about as many rays."""
    if not len(counts):
        return []
    place = np.cumsum(counts, dtype=np.int64) // _RAYS_PER_PIECE
    cuts = [0, *(np.flatnonzero(np.diff(place)) + 1).tolist(), len(counts)]
    return [slice(begin, end) for begin, end in pairwise(cuts)]


def _view_factors(parts: list[Found], receivers: int, elements: int) -> Any:
    """Sparse matrix of entries that come sorted by receiver; those cut by a piece come twice and are summed."""
    receiver = np.concatenate([np.zeros(0, np.int32), *(part[2] for part in parts)])
    column = np.concatenate([np.zeros(0, np.int32), *(part[3] for part in parts)])
    value = np.concatenate([np.zeros(0, np.float32), *(part[4] for part in parts)])
    start = np.zeros(receivers + 1, np.int64)
    np.cumsum(np.bincount(receiver, minlength=receivers), out=start[1:])
    matrix = csr_array((value, column, start.astype(np.int32)), shape=(receivers, elements))
    matrix.sum_duplicates()
    return matrix
