"""Roofs that tags describe: every shape is the lowest of a few sloping planes over the outline."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray

SHAPES = {
    "gabled": "gabled", "pitched": "gabled", "saltbox": "gabled", "double_saltbox": "gabled", "hipped": "hipped",
    "half-hipped": "half-hipped", "half_hipped": "half-hipped", "pyramidal": "pyramidal", "skillion": "skillion",
    "lean_to": "skillion", "mono_pitched": "skillion", "gambrel": "gambrel", "mansard": "mansard",
}  # fmt: skip
"""Values of ``roof:shape`` and the body that is made for each; all others are built flat."""

_LEAST_FILL = 0.85
"""Share of its rectangle that an outline fills at least; a roof over a more broken one would be invented."""
_FILL_ANY = 0.3
"""A skillion and a pyramid are built over other outlines too."""
_TOUCH_M = 1e-6
_SNAP_M = 1e-4
_CELL_DIGITS = 7
_BREAK = 0.6
"""Share of the rise that the steep lower part of a gambrel or mansard roof takes; of the span it takes a fifth."""
_COMPASS = {
    name: angle * 22.5
    for angle, name in enumerate(
        ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
    )
}


@dataclass(frozen=True, eq=False)
class Body:
    """Closed body as rings and kinds.

    Parameters
    ----------
    rings : list of list of ndarray, (n, 3) float64 [m]
        For each surface its outer ring, then its holes.
    kinds : list of int
    """

    rings: list[list[FloatArray]]
    kinds: list[int]


@dataclass(frozen=True, eq=False)
class Frame:
    """Rectangle around an outline.

    Parameters
    ----------
    centre : ndarray, (2,) float64 [m]
    along : ndarray, (2,) float64
        Unit vector of the ridge.
    half_length_m, half_width_m : float [m]
        Along the ridge and across it.
    fill : float
        Share of the rectangle that the outline fills.
    """

    centre: FloatArray
    along: FloatArray
    half_length_m: float
    half_width_m: float
    fill: float


def frame_of(outline: Any, orientation: str = "", direction_deg: float = math.nan) -> Frame | None:
    """Rectangle that a roof is measured by, None for an outline without width.

    Parameters
    ----------
    outline : shapely polygon [m]
    orientation : str
        ``across`` turns the ridge to the shorter side.
    direction_deg : float [deg]
        Compass direction that the slope faces; nan for the shape's own.
    """
    rectangle = shapely.get_coordinates(shapely.oriented_envelope(outline))
    if len(rectangle) < 5:
        return None
    sides = np.diff(rectangle[:3], axis=0)
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    if lengths.min() < 0.5:
        return None
    ridge = int(np.argmax(lengths))
    if math.isfinite(direction_deg):
        facing = np.array([math.sin(math.radians(direction_deg)), math.cos(math.radians(direction_deg))])
        ridge = int(np.argmin(np.abs(sides @ facing) / lengths))
    elif orientation == "across":
        ridge = 1 - ridge
    along = sides[ridge] / lengths[ridge]
    fill = float(shapely.area(outline) / (lengths[0] * lengths[1]))
    return Frame(rectangle[:4].mean(axis=0), along, lengths[ridge] / 2.0, lengths[1 - ridge] / 2.0, fill)


def direction_deg(text: str) -> float:
    """Compass direction of ``roof:direction``, nan for none."""
    if text.upper() in _COMPASS:
        return _COMPASS[text.upper()]
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value % 360.0 if math.isfinite(value) else math.nan


def roof_planes(shape: str, frame: Frame, eave_m: float, rise_m: float, facing_deg: float) -> FloatArray | None:
    """(k, 3) float64: planes z = a x + b y + c whose lowest is the roof; None where the shape does not fit.

    Parameters
    ----------
    shape : str
        One of the values of `SHAPES`.
    frame : Frame
    eave_m, rise_m : float [m]
        Height of the eaves, and of the ridge above them.
    facing_deg : float [deg]
        Compass direction that a skillion falls to; nan for across its ridge.
    """
    if frame.fill < (_FILL_ANY if shape in ("skillion", "pyramidal") else _LEAST_FILL):
        return None
    across = np.array([-frame.along[1], frame.along[0]])
    length, width = frame.half_length_m, frame.half_width_m

    def from_side(normal: FloatArray, half: float, run: float, height: float, start: float = 0.0) -> FloatArray:
        """Plane that rises by ``height`` over ``run`` from ``start`` above the eave at one side."""
        slope = -height / run * normal
        return np.array([*slope, eave_m + start + height / run * half - slope @ frame.centre])

    sides = [(across, width), (-across, width)]
    ends = [(frame.along, length), (-frame.along, length)]
    if shape == "skillion":
        return _skillion(frame, across, eave_m, rise_m, facing_deg)
    planes = [from_side(normal, half, width, rise_m) for normal, half in sides]
    if shape == "pyramidal":
        planes += [from_side(normal, half, length, rise_m) for normal, half in ends]
    elif shape == "hipped":
        planes += [from_side(normal, half, min(width, length), rise_m) for normal, half in ends]
    elif shape == "half-hipped":
        planes += [from_side(normal, half, min(width, length), rise_m, 0.5 * rise_m) for normal, half in ends]
    elif shape in ("gambrel", "mansard"):
        planes = _broken(sides if shape == "gambrel" else sides + ends, from_side, width, rise_m)
    return np.array(planes)


def _skillion(frame: Frame, across: FloatArray, eave_m: float, rise_m: float, facing_deg: float) -> FloatArray:
    down = across
    half = frame.half_width_m
    if math.isfinite(facing_deg):
        down = np.array([math.sin(math.radians(facing_deg)), math.cos(math.radians(facing_deg))])
        half = float(abs(down @ frame.along) * frame.half_length_m + abs(down @ across) * frame.half_width_m)
    slope = -rise_m / (2.0 * half) * down
    return np.array([[*slope, eave_m + rise_m / 2.0 - slope @ frame.centre]])


def _broken(sides: list[Any], from_side: Any, width: float, rise_m: float) -> list[FloatArray]:
    steep, low = 0.4 * width, _BREAK * rise_m
    return [
        plane
        for normal, half in sides
        for plane in (
            from_side(normal, half, steep, low),
            from_side(normal, half - steep, width - steep, rise_m - low, low),
        )
    ]


def body_under(outline: Any, planes: FloatArray, base_m: float) -> Body | None:
    """Closed body between a level and the lowest of planes; None where the planes dip below the level.

    Parameters
    ----------
    outline : shapely polygon [m]
        Valid; holes allowed.
    planes : ndarray, (k, 3) float64
    base_m : float [m]
    """
    outline = shapely.orient_polygons(outline)
    merged = _Merged()
    rings = [merged.points(shapely.get_coordinates(ring)[:-1]) for ring in shapely.get_rings(outline)]
    chains = [_with_breaks(ring, planes) for ring in rings]
    if min(_heights(planes, chain).min() for ring in chains for chain in ring) < base_m + 0.1:
        return None
    found: list[list[FloatArray]] = []
    kinds: list[int] = []
    for chain in (_without_repeats(merged.points(chain)) for ring in chains for chain in ring):
        if len(chain) > 1:
            foot = np.column_stack([chain[[0, -1]], [base_m, base_m]])
            found.append([np.concatenate([foot, _raised(chain, planes)[::-1]])])
            kinds.append(SurfaceKind.WALL)
    for piece in _roof_pieces(outline, planes):
        closed = [_without_repeats(merged.points(ring), closed=True) for ring in piece]
        if len(closed[0]) > 2:
            found.append([_raised(ring, planes) for ring in closed if len(ring) > 2])
            kinds.append(SurfaceKind.ROOF)
    feet = [_without_repeats(ring, closed=True)[::-1] for ring in rings]
    found.append([np.column_stack([ring, np.full(len(ring), base_m)]) for ring in feet])
    kinds.append(SurfaceKind.GROUND)
    return Body(found, kinds)


class _Merged:
    """Points moved onto the first one that lies within a tenth of a millimetre, so that surfaces meet."""

    def __init__(self) -> None:
        self._known: list[list[float]] = []

    def points(self, given: FloatArray) -> FloatArray:
        """(n, 2) float64 [m]: the points, or those before them that they stand for."""
        # Plain lists: an outline has a handful of corners, too few for arrays to pay.
        known = self._known
        found: list[list[float]] = []
        for x, y in given.tolist():
            same = next((at for at in known if abs(at[0] - x) <= _SNAP_M and abs(at[1] - y) <= _SNAP_M), None)
            if same is None:
                same = [x, y]
                known.append(same)
            found.append(same)
        return np.array(found)


def _without_repeats(points: FloatArray, *, closed: bool = False) -> FloatArray:
    listed = points.tolist()
    kept = [here for here, before in zip(listed, [None, *listed], strict=False) if here != before]
    if closed and len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return points if len(kept) == len(points) else np.array(kept)


def _heights(planes: FloatArray, points: FloatArray) -> FloatArray:
    return np.asarray((points @ planes[:, :2].T + planes[:, 2]).min(axis=1))


def _raised(points: FloatArray, planes: FloatArray) -> FloatArray:
    return np.column_stack([points, _heights(planes, points)])


def _with_breaks(ring: FloatArray, planes: FloatArray) -> list[FloatArray]:
    """Each edge of a ring as its two ends and those points between where another plane becomes the lowest."""
    values = ring @ planes[:, :2].T + planes[:, 2]
    ends = np.roll(ring, -1, axis=0)
    chains: list[FloatArray] = []
    for start, end, low, high in zip(ring, ends, values, np.roll(values, -1, axis=0), strict=True):
        shares = np.array([0.0, *_crossings(low, high, float(np.hypot(*(end - start)))), 1.0])
        chain = start + shares[:, None] * (end - start)
        chain[-1] = end
        chains.append(chain)
    return chains


def _crossings(start: FloatArray, end: FloatArray, length_m: float) -> list[float]:
    """Shares of an edge at which the lowest of straight lines changes."""
    shares: list[float] = []
    change = end - start
    share = 0.0
    lowest = int(np.lexsort([change, start])[0])
    while True:
        gap, closing = start - start[lowest], change - change[lowest]
        with np.errstate(divide="ignore", invalid="ignore"):
            meets = np.where(closing < -1e-12, -gap / closing, np.inf)
        meets[lowest] = np.inf
        later = np.where(meets > share, meets, np.inf)
        following = int(np.argmin(later))
        share = float(later[following])
        if not share < 1.0 - _TOUCH_M / max(length_m, _TOUCH_M):
            return shares
        if share * length_m > _TOUCH_M:
            shares.append(share)
        lowest = following


def _roof_pieces(outline: Any, planes: FloatArray) -> list[list[FloatArray]]:
    """Rings of the part of the outline where each plane is the lowest."""
    if len(planes) == 1:
        return [[shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(outline)]]
    x0, y0, x1, y1 = shapely.bounds(outline) + np.array([-1.0, -1.0, 1.0, 1.0])
    pieces = []
    for plane in range(len(planes)):
        cell = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
        for other in range(len(planes)):
            if other != plane and len(cell):
                cell = _clipped(cell, planes[plane] - planes[other])
        # Corners one bit apart may turn back on each other, and an intersection with that is anything.
        cell = _without_repeats(cell.round(_CELL_DIGITS), closed=True)
        if len(cell) < 3:
            continue
        for part in shapely.get_parts(shapely.intersection(outline, shapely.polygons(cell))):
            if part.geom_type == "Polygon" and part.area > _TOUCH_M:
                part = shapely.orient_polygons(part)
                pieces.append([shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(part)])
    return pieces


def _clipped(cell: FloatArray, difference: FloatArray) -> FloatArray:
    """Part of a convex polygon where a x + b y + c is at most 0."""
    a, b, c = difference.tolist()
    corners = cell.tolist()
    values = [a * x + b * y + c for x, y in corners]
    kept: list[tuple[float, float]] = []
    for place, ((x, y), here) in enumerate(zip(corners, values, strict=True)):
        following = (place + 1) % len(corners)
        there, (u, v) = values[following], corners[following]
        if here <= 0.0:
            kept.append((x, y))
        if (here < 0.0 < there) or (there < 0.0 < here):
            share = here / (here - there)
            kept.append((x + share * (u - x), y + share * (v - y)))
    return np.array(kept).reshape(-1, 2)
