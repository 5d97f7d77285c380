"""What each row sees: the sky patches, the ground beyond, the other rows and the suns."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array

from citytwin_desktop.sim.solar.cells import Cells, take_cells
from citytwin_desktop.sim.solar.hemisphere_kernels import bin_hits, hemisphere_rays
from citytwin_desktop.sim.solar.scene import SolarScene
from citytwin_desktop.sim.solar.sky import SkyPatches
from citytwin_desktop.sim.solar.sun_kernels import sum_visible, sun_rays
from citytwin_desktop.sim.solar.threads import Watch, chunks
from citytwin_desktop.sim.solar.tracing import Floats, Tracer

_RAYS_PER_PIECE = 65536


@dataclass(frozen=True, eq=False)
class Exchange:
    """Diffuse view of every row.

    Parameters
    ----------
    sky : ndarray, (rows, patches + 1) float32
        Cosine-weighted share of the hemisphere; the last column is the ground beyond the modelled one.
    reflected : csr_array, (rows, rows) float32
        View factor times the reflectance of the row that is seen.
    """

    sky: Floats
    reflected: Any


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


def diffuse_exchange(
    scene: SolarScene,
    rays: Tracer,
    cells: Cells,
    patches: SkyPatches,
    rays_per_cell: int,
    watch: Watch,
) -> Exchange:
    """Trace the hemisphere of every cell.

    Parameters
    ----------
    scene : SolarScene
    rays : Tracer
    cells : Cells
    patches : SkyPatches
    rays_per_cell : int
    watch : Watch

    Returns
    -------
    Exchange
    """
    rings, sectors = strata(rays_per_cell)

    def trace(piece: slice) -> tuple[int, Floats, Any, Any, Floats]:
        mine = take_cells(cells, piece)
        origins, directions = hemisphere_rays(mine.lifted(rays.offset_m), mine.normal, mine.seed, rings, sectors)
        hit = rays.closest(origins, directions)
        found = bin_hits(
            hit, directions, mine.row, mine.weight, rays.row, rays.normal, scene.reflectance,
            patches.row_start, patches.row_height_rad,
        )  # fmt: skip
        return int(mine.row[0]), *found

    count = scene.row_count
    sky = np.zeros((count, len(patches.direction) + 1), np.float32)
    rows, columns, values = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)], [np.zeros(0, np.float32)]
    pieces = chunks(len(cells), max(_RAYS_PER_PIECE // rays_per_cell, 1))
    for first, part, row, column, value in watch.in_order(trace, pieces):
        sky[first : first + len(part)] += part
        rows.append(row)
        columns.append(column)
        values.append(value)
    places = np.concatenate(rows), np.concatenate(columns)
    return Exchange(sky, coo_array((np.concatenate(values), places), shape=(count, count)).tocsr())


def sun_visibility(scene: SolarScene, rays: Tracer, cells: Cells, sun: Floats, watch: Watch) -> Floats:
    """Share of each row's area that sees each sun.

    Parameters
    ----------
    scene : SolarScene
    rays : Tracer
    cells : Cells
    sun : ndarray, (n_suns, 3) float32
    watch : Watch

    Returns
    -------
    ndarray, (rows, n_suns) float32
        Zero where the row faces away.
    """

    def trace(piece: slice) -> tuple[int, Floats]:
        mine = take_cells(cells, piece)
        origins, directions, pair = sun_rays(mine.lifted(rays.offset_m), mine.normal, sun)
        hit = rays.occluded(origins, directions)
        return int(mine.row[0]), sum_visible(hit, pair, len(sun), mine.row, mine.weight)

    visible = np.zeros((scene.row_count, len(sun)), np.float32)
    pieces = chunks(len(cells), max(_RAYS_PER_PIECE // len(sun), 1)) if len(sun) else []
    for first, part in watch.in_order(trace, pieces):
        visible[first : first + len(part)] += part
    return visible
