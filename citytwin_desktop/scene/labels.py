"""Which buildings get a label and where: the important ones first, none over another, none of what is hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.scene.appearance import OPAQUE

if TYPE_CHECKING:
    from citytwin_desktop.scene.city_scene import CityScene

MOST_LABELS, MOST_CANDIDATES = 200, 700
LIFT_PX, GAP_PX = 8.0, 3.0
SMALLEST_PX = 6.0
"""Buildings that are smaller on the screen get no label unless they are selected."""

_OWN_M = 0.3
_SIGHT_LINES_PER_STEP = 12


@dataclass(frozen=True)
class Label:
    """A text in its place.

    Parameters
    ----------
    row : int
        Building row.
    text : str
    anchor_m : ndarray, (3,) float64 [m]
        Middle of the building's top in local coordinates.
    box : tuple of float
        Left, top, width and height on the screen [px].
    """

    row: int
    text: str
    anchor_m: FloatArray
    box: tuple[float, float, float, float]


Size = Callable[[str], tuple[float, float]]


def anchors_m(scene: CityScene) -> FloatArray:
    """(n_buildings, 3) float64 [m]: middle of the top of each building's box; nan for none."""
    low, high = scene.city.bounds_m
    return np.asarray(np.column_stack([(low[:, :2] + high[:, :2]) / 2.0, high[:, 2]]), np.float64)


def candidates(scene: CityScene, width_px: int, height_px: int) -> IntArray:
    """Rows worth a label, the most important first: selected ones, then the larger and nearer on the screen.

    Returns
    -------
    ndarray, (k,) int64
        At most `MOST_CANDIDATES`.
    """
    low, high = scene.city.bounds_m
    if not len(low):
        return np.zeros(0, np.int64)
    points, camera = anchors_m(scene), scene.camera
    with np.errstate(invalid="ignore"):
        shown = camera.pixels(points, width_px, height_px)
        inside = (shown[:, 0] >= 0) & (shown[:, 0] < width_px) & (shown[:, 1] >= 0) & (shown[:, 1] < height_px)
    codes, selected = scene.appearance.building_codes(), scene.appearance.selected
    inside &= (codes == OPAQUE) & scene.cut.keeps(np.nan_to_num(points))
    distance = np.full(len(points), camera.distance_m) if camera.parallel else np.maximum(shown[:, 2], 0.1)
    size_px = np.linalg.norm(high - low, axis=1) * camera.distance_m / distance / camera.metres_per_pixel(height_px)
    rows = np.flatnonzero(inside & (selected | (size_px >= SMALLEST_PX)))
    weight = np.where(selected[rows], 1e9, 0.0) + size_px[rows]
    if len(rows) > MOST_CANDIDATES:
        best = np.argpartition(-weight, MOST_CANDIDATES)[:MOST_CANDIDATES]
        rows, weight = rows[best], weight[best]
    return np.asarray(rows[np.lexsort((rows, -weight))], np.int64)


def place_labels(
    scene: CityScene, width_px: int, height_px: int, text_of: Callable[[int], str], size_of: Size
) -> Iterator[list[Label] | None]:
    """Place labels a few lines of sight at a time, so that the window never waits.

    Parameters
    ----------
    scene : CityScene
    width_px, height_px : int
    text_of : callable
        Text of a building row; empty for no label.
    size_of : callable
        Width and height [px] of a text with its margin.

    Yields
    ------
    list of Label or None
        `None` while there is more to do, then the labels.
    """
    rows = candidates(scene, width_px, height_px)
    points = anchors_m(scene)[rows]
    shown = scene.camera.pixels(points, width_px, height_px)
    placed: list[Label] = []
    boxes = np.zeros((MOST_LABELS, 4))
    tested = 0
    for place, row in enumerate(rows.tolist()):
        text = text_of(row)
        if not text:
            continue
        wide, high = size_of(text)
        box = (float(shown[place, 0]) - wide / 2.0, float(shown[place, 1]) - high - LIFT_PX, wide, high)
        if not _fits(box, boxes[: len(placed)], width_px, height_px):
            continue
        tested += 1
        if tested % _SIGHT_LINES_PER_STEP == 0:
            yield None
        if not _in_sight(scene, row, points[place]):
            continue
        boxes[len(placed)] = box
        placed.append(Label(row, text, points[place], box))
        if len(placed) == MOST_LABELS:
            break
    yield placed


def _fits(box: tuple[float, float, float, float], others: FloatArray, width_px: int, height_px: int) -> bool:
    left, top, wide, high = box
    if left < 0 or top < 0 or left + wide > width_px or top + high > height_px:
        return False
    apart = (
        (others[:, 0] >= left + wide + GAP_PX)
        | (others[:, 0] + others[:, 2] + GAP_PX <= left)
        | (others[:, 1] >= top + high + GAP_PX)
        | (others[:, 1] + others[:, 3] + GAP_PX <= top)
    )
    return bool(apart.all())


def _in_sight(scene: CityScene, row: int, anchor: FloatArray) -> bool:
    """Whether nothing but the building itself lies before its anchor."""
    camera = scene.camera
    start = anchor + camera.axes[2] * 2e4 if camera.parallel else camera.eye
    way = anchor - start
    length = float(np.linalg.norm(way))
    if length < 1e-6:
        return True
    codes = scene.appearance.building_codes()
    hit = scene.hit(start, way / length, codes == OPAQUE)
    return hit is None or hit.building == row or float(np.linalg.norm(hit.point - start)) > length - _OWN_M
