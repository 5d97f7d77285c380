"""Trace again only what a changed building can affect."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.sim.solar.build import Course, Prepared, SunTrace
from citytwin_desktop.sim.solar.cells import take_cells
from citytwin_desktop.sim.solar.change_kernels import rays_through, suns_through
from citytwin_desktop.sim.solar.fingerprint import Fingerprint, same_rows
from citytwin_desktop.sim.solar.hemisphere_kernels import hemisphere_rays
from citytwin_desktop.sim.solar.ray_tree import ray_tree
from citytwin_desktop.sim.solar.settings import PATCH_SUBDIVISION, SolarSettings
from citytwin_desktop.sim.solar.sky import sky_patches
from citytwin_desktop.sim.solar.sky_trace import SkyTrace, rays_of_cells, shares_of_rows, sky_trace
from citytwin_desktop.sim.solar.solving import leaf_transmittances
from citytwin_desktop.sim.solar.sun_nodes import SunPlan
from citytwin_desktop.sim.solar.sun_trace import (
    base_nodes,
    crown_light,
    element_visibility,
    owned_cells,
    yearly_visibility,
)
from citytwin_desktop.sim.solar.threads import Watch, chunks

Rows = NDArray[np.bool_]

_MOST_BOXES = 12
_MOST_SHARE = 0.4
"""When more of the cells than this would be traced again, a whole trace is as quick and simpler."""
_CELLS_PER_PIECE = 1024
_MARGIN_M = 0.05


@dataclass(frozen=True, eq=False)
class OldTrace:
    """What an earlier run found, of a scene with the same middle, place, settings and crowns.

    Parameters
    ----------
    rows : Fingerprint
    sky : SkyTrace
    sun : SunTrace
    """

    rows: Fingerprint
    sky: SkyTrace
    sun: SunTrace


@dataclass(frozen=True, eq=False)
class Retraced:
    """A trace that is as good as a whole one.

    Parameters
    ----------
    sky : SkyTrace
    sun : SunTrace
    share : float
        Of the cells that had to be traced.
    """

    sky: SkyTrace
    sun: SunTrace
    share: float


def retrace(
    old: OldTrace,
    rows: Fingerprint,
    ready: Prepared,
    plan: SunPlan,
    settings: SolarSettings,
    conditions: SolarConditions,
    course: Course,
) -> Retraced | None:
    """Trace the rows that are new, and those with a ray that the change may meet.

    A ray that does not enter the boxes about what came or went, or meets something that stayed before it does, finds
    what it found before. So the answer is that of a whole trace, but for the order in which shares are summed.

    Parameters
    ----------
    old : OldTrace
    rows : Fingerprint
        Of the new scene.
    ready : Prepared
        The new scene.
    plan : SunPlan
    settings : SolarSettings
    conditions : SolarConditions
    course : Course

    Returns
    -------
    Retraced or None
        None when too much has changed.
    """
    if old.rows.others != rows.others:
        return None
    match = same_rows(old.rows.mark, rows.mark)
    gone = np.ones(len(old.rows.mark), bool)
    gone[match[match >= 0]] = False
    if gone.mean() > _MOST_SHARE or (match < 0).mean() > _MOST_SHARE:
        return None
    boxes = _boxes(np.concatenate([old.rows.box[gone], rows.box[match < 0]]))
    again = match < 0
    if len(boxes):
        again |= _affected(ready, plan, settings, boxes, match >= 0, course.stage("Changes", 0.05, 0.15))
    due = again[ready.cells.row]
    if due.mean() > _MOST_SHARE:
        return None
    sky, sun = _trace(ready, plan, settings, conditions, due, course)
    kept = _Kept(old, rows, match, again)
    return Retraced(kept.sky(sky), kept.sun(sun, ready.scene.surface_count), float(due.mean()))


def _boxes(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Join boxes that touch, and the closest ones while there are too many."""
    finite = boxes[np.isfinite(boxes).all(axis=1)]
    joined: list[NDArray[np.float32]] = []
    for box in finite:
        grown = box + np.array([-_MARGIN_M] * 3 + [_MARGIN_M] * 3, np.float32)
        apart: list[NDArray[np.float32]] = []
        for other in joined:
            if (grown[:3] <= other[3:]).all() and (other[:3] <= grown[3:]).all():
                grown = _union(grown, other)
            else:
                apart.append(other)
        joined = [*apart, grown]
    while len(joined) > _MOST_BOXES:
        middles = np.array([(box[:3] + box[3:]) / 2 for box in joined])
        distance = np.linalg.norm(middles[:, None] - middles[None], axis=2)
        np.fill_diagonal(distance, np.inf)
        near, far = sorted(int(i) for i in np.unravel_index(distance.argmin(), distance.shape))
        last, first = joined.pop(far), joined.pop(near)
        joined.append(_union(first, last))
    return np.array(joined, np.float32).reshape(-1, 6)


def _union(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.concatenate([np.minimum(one[:3], other[:3]), np.maximum(one[3:], other[3:])])


def _affected(
    ready: Prepared, plan: SunPlan, settings: SolarSettings, boxes: NDArray[np.float32], stayed: Rows, watch: Watch
) -> Rows:
    """Rows with a ray that enters a box before it meets anything that stayed."""
    scene, cells, rays = ready.scene, ready.cells, ready.rays
    there = np.append(stayed, True)[rays.row]
    corners = scene.triangles_m[np.append(stayed, True)[scene.triangle_row]]
    tree = ray_tree(np.ascontiguousarray(corners)) if there.any() else None
    rings, sectors = rays_of_cells(cells, settings)
    city, ground = _sun_lists(plan)
    hit = np.zeros(scene.row_count, bool)

    def enters(origins: Any, directions: Any, entry: Any) -> Rows:
        if tree is None or not len(entry):
            return np.ones(len(entry), bool)
        return np.asarray(tree.run(origins, directions, entry, query="OCCLUDED"), np.int32) < 0

    def test(piece: slice) -> NDArray[np.int32]:
        mine = take_cells(cells, piece)
        lifted = mine.lifted(rays.offset_m)
        counts = rings[piece] * sectors[piece]
        origins, directions = hemisphere_rays(lifted, mine.normal, mine.seed, rings[piece], sectors[piece])
        ray, entry = rays_through(boxes, origins, directions)
        owner = np.repeat(mine.row, counts)[ray]
        reached = owner[enters(origins[ray], directions[ray], entry)]
        left = ~np.isin(mine.row, reached)
        mine, lifted = take_cells(mine, left), lifted[left]
        suns = city if not len(mine) or mine.row[0] < scene.surface_count else ground
        cell, of_sun, entry = suns_through(boxes, lifted, mine.normal, *suns)
        lit = enters(lifted[cell], suns[-1][of_sun], entry)
        return np.concatenate([reached, mine.row[cell[lit]]])

    for found in watch.in_order(test, _pieces(cells.row, scene.surface_count)):
        hit[found] = True
    return hit


def _pieces(row: NDArray[np.int32], surface_count: int) -> list[slice]:
    """Pieces of cells either of the city or of the ground."""
    border = int(np.searchsorted(row, surface_count))
    ground = [slice(part.start + border, part.stop + border) for part in chunks(len(row) - border, _CELLS_PER_PIECE)]
    return [*chunks(border, _CELLS_PER_PIECE), *ground]


def _sun_lists(plan: SunPlan) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Arguments of `suns_through` for surfaces, which see all suns, and for the ground, which sees the reflected."""
    base, nodes = base_nodes(plan), plan.nodes
    nearest = np.empty(len(nodes.direction), np.int64)
    cosine = np.empty(len(nodes.direction), np.float32)
    for part in chunks(len(nearest), 512):
        close = nodes.direction[part] @ base.direction.T
        nearest[part], cosine[part] = close.argmax(axis=1), close.max(axis=1)
    reach = float(np.arccos(np.clip(cosine.min(initial=1.0), -1.0, 1.0))) + 1e-3
    order = np.argsort(nearest, kind="stable").astype(np.int32)
    start = np.searchsorted(nearest[order], np.arange(len(base.direction) + 1)).astype(np.int32)
    reflected = plan.reflected.direction
    own = np.arange(len(reflected), dtype=np.int32)
    city = (base.direction, reach, start, order, nodes.direction)
    return city, (reflected, 1e-3, np.arange(len(reflected) + 1, dtype=np.int32), own, reflected)


def _trace(
    ready: Prepared, plan: SunPlan, settings: SolarSettings, conditions: SolarConditions, due: Rows, course: Course
) -> tuple[SkyTrace, SunTrace]:
    """Trace some of the cells; nothing is found for the others."""
    scene, cells, elements = ready.scene, ready.cells, ready.elements
    light = crown_light(leaf_transmittances(scene, conditions))
    strata = tuple(counts[due] for counts in rays_of_cells(cells, settings))
    some, owned = take_cells(cells, due), owned_cells(cells, elements).take(due)
    shares = shares_of_rows(cells, elements)
    mine = replace(
        shares, receiver=some.row, receiver_share=some.weight, sky=owned.element, sky_share=owned.element_share
    )
    patches = sky_patches(PATCH_SUBDIVISION[settings.patches])
    sky = sky_trace(
        ready.rays, some, elements, mine, (strata[0], strata[1]), patches, light, course.stage("Sky", 0.15, 0.4)
    )  # fmt: skip
    border = int(np.searchsorted(some.row, scene.surface_count))
    visible, reflected = yearly_visibility(
        ready.rays, owned.take(slice(0, border)), scene.surface_count, len(elements), plan, light,
        course.stage("Sun", 0.4, 0.85),
    )  # fmt: skip
    reflected += element_visibility(
        ready.rays, owned.take(slice(border, None)), len(elements), plan.reflected.direction, light,
        course.stage("Sun", 0.85, 0.9),
    )  # fmt: skip
    return sky, SunTrace(plan, visible, reflected)


class _Kept:
    """Puts what stays of an old trace and what was traced again together."""

    def __init__(self, old: OldTrace, rows: Fingerprint, match: NDArray[np.int64], again: Rows) -> None:
        self._old = old
        stay = np.flatnonzero(~again & (match >= 0))
        self._new_row, self._old_row = stay, match[stay]
        count = rows.element_count[stay]
        self._new_element = _runs(rows.first_element[stay], count)
        self._old_element = _runs(old.rows.first_element[self._old_row], count)
        same = np.flatnonzero(match >= 0)
        # An element that is seen by a row that stays has stayed too.
        self._renumbered = np.zeros(int(old.rows.element_count.sum()), np.int32)
        to = _runs(rows.first_element[same], rows.element_count[same])
        self._renumbered[_runs(old.rows.first_element[match[same]], rows.element_count[same])] = to

    def sky(self, found: SkyTrace) -> SkyTrace:
        """Join the diffuse view."""
        sky = found.sky
        sky[:, self._new_element] = self._old.sky.sky[:, self._old_element]
        return SkyTrace(sky, tuple(self._view(*pair) for pair in zip(self._old.sky.view, found.view, strict=True)))

    def sun(self, found: SunTrace, surface_count: int) -> SunTrace:
        """Join the sunlight."""
        city = self._new_row < surface_count
        found.surfaces[:, :, self._new_row[city]] = self._old.sun.surfaces[:, :, self._old_row[city]]
        found.reflected[:, self._new_element] = self._old.sun.reflected[:, self._old_element]
        return found

    def _view(self, before: Any, now: Any) -> Any:
        kept = before[self._old_row]
        kept = csr_array((kept.data, self._renumbered[kept.indices], kept.indptr), shape=(kept.shape[0], now.shape[1]))
        rest = np.setdiff1d(np.arange(now.shape[0]), self._new_row)
        both = vstack([kept, now[rest]], format="csr")
        back = np.empty(now.shape[0], np.int64)
        back[np.concatenate([self._new_row, rest])] = np.arange(now.shape[0])
        joined = csr_array(both[back])
        joined.sort_indices()
        return joined


def _runs(first: NDArray[np.int32], count: NDArray[np.int32]) -> NDArray[np.int64]:
    """Join runs of so many numbers from each first one."""
    begin = np.repeat(first - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
    return np.asarray(begin + np.arange(len(begin)), np.int64)
