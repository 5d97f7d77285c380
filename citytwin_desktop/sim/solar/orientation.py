"""Find single surfaces that face the inside of their building."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.cells import Cells, one_for_each_row
from citytwin_desktop.sim.solar.hemisphere_kernels import hemisphere_rays
from citytwin_desktop.sim.solar.scene import SolarScene
from citytwin_desktop.sim.solar.tracing import Floats, Tracer

_STRATA = (4, 8)
_FACES_UP = 0.2
_NEARLY_ALL, _NEARLY_NONE = 0.9, 0.1
"""Half would do for closed bodies; real ones overlap and miss walls, and a wrong turn is worse than none."""


def inward_rows(scene: SolarScene, rays: Tracer, cells: Cells) -> NDArray[np.int64]:
    """Rows whose front looks at backs of other surfaces while their back does not.

    A wall inside a neighbour sees backs on both sides and stays as it is. What faces up stays too: it is a roof or
    a footprint inside another body, not a ceiling.

    Parameters
    ----------
    scene : SolarScene
    rays : Tracer
    cells : Cells

    Returns
    -------
    ndarray, (k,) int64
        Rows to turn.
    """
    probes = one_for_each_row(cells)
    front = _share_of_backs(probes, probes.normal, rays)
    back = _share_of_backs(probes, -probes.normal, rays)
    inward = (front >= _NEARLY_ALL) & (back <= _NEARLY_NONE) & (probes.row < scene.surface_count)
    inward &= scene.normals[probes.row, 2] <= _FACES_UP
    return probes.row[inward].astype(np.int64)


def turn_rows(
    scene: SolarScene, rays: Tracer, cells: Cells, rows: NDArray[np.int64]
) -> tuple[SolarScene, Tracer, Cells]:
    """Turn some rows round; the ray tree itself needs no change.

    Parameters
    ----------
    scene : SolarScene
    rays : Tracer
    cells : Cells
    rows : ndarray, (k,) int64

    Returns
    -------
    tuple of SolarScene, Tracer, Cells
    """
    sign = np.ones(scene.row_count + 1, np.float32)
    sign[rows] = -1.0
    turned_triangles = np.isin(scene.triangle_row, rows)[:, None, None]
    triangles = np.where(turned_triangles, scene.triangles_m[:, ::-1], scene.triangles_m)
    return (
        replace(scene, triangles_m=triangles, normals=scene.normals * sign[:-1, None]),
        replace(rays, normal=rays.normal * sign[rays.row, None]),
        replace(cells, normal=cells.normal * sign[cells.row, None]),
    )


def _share_of_backs(probes: Cells, normal: Floats, rays: Tracer) -> NDArray[np.float64]:
    strata = _STRATA[0] * _STRATA[1]
    lifted = probes.position + np.float32(rays.offset_m) * normal
    rings, sectors = (np.full(len(probes), count, np.int32) for count in _STRATA)
    origins, directions = hemisphere_rays(lifted, np.ascontiguousarray(normal), probes.seed, rings, sectors)
    hit = rays.closest(origins, directions)
    return np.asarray(rays.meets_back(hit, directions).reshape(-1, strata).mean(axis=1))
