"""Building volumes laid out on a site: a block, a courtyard, rows or towers, and what they add up to."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
import shapely.affinity

from citytwin_desktop.city.shaping.roofs import longer_side_deg
from citytwin_desktop.errors import KnownError

MOST_BUILDINGS = 2_000
MOST_STOREYS = 200
_SMALLEST_PLAN_M2 = 20.0
_NARROWEST_SHARE = 0.5
"""Of the depth: what is left of a row on a slanting border is left out when it is shorter than this."""


class MassingKind(StrEnum):
    """Ways to lay out a site."""

    BLOCK = "block"
    ROWS = "rows"
    TOWERS = "towers"
    COURTYARD = "courtyard"


@dataclass(frozen=True)
class MassingRules:
    """What a layout keeps to.

    Parameters
    ----------
    kind : MassingKind
    depth_m : float [m]
        Depth of rows and of the wings around a courtyard, side of a tower.
    spacing_m : float [m]
        Clear distance between rows or towers.
    setback_m : float [m]
        Distance kept from the border of the site.
    """

    kind: MassingKind
    depth_m: float
    spacing_m: float
    setback_m: float


@dataclass(frozen=True, eq=False)
class Massing:
    """A layout with its storeys.

    Parameters
    ----------
    plans : tuple of shapely.Polygon
    storeys : tuple of int
    site_m2 : float [m2]
    """

    plans: tuple[shapely.Polygon, ...]
    storeys: tuple[int, ...]
    site_m2: float

    @property
    def floor_area_m2(self) -> float:
        """Gross floor area of all storeys [m2]."""
        return float(sum(plan.area * count for plan, count in zip(self.plans, self.storeys, strict=True)))

    @property
    def floor_area_ratio(self) -> float:
        """Gross floor area over the area of the site."""
        return self.floor_area_m2 / self.site_m2

    @property
    def coverage(self) -> float:
        """Share of the site that is built on."""
        return float(sum(plan.area for plan in self.plans)) / self.site_m2


def layout(site: shapely.Polygon, rules: MassingRules) -> tuple[shapely.Polygon, ...]:
    """Plans of the buildings on a site.

    Parameters
    ----------
    site : shapely.Polygon
    rules : MassingRules

    Raises
    ------
    KnownError
        When nothing fits on it.
    """
    inner = shapely.buffer(site, -rules.setback_m, join_style="mitre") if rules.setback_m > 0 else site
    if inner.area < _SMALLEST_PLAN_M2:
        msg = f"Nothing is left {rules.setback_m:g} m from its border: reduce the set-back or draw it larger."
        raise KnownError(msg)
    found = _LAYOUTS[rules.kind](inner, rules)
    plans = [shapely.orient_polygons(plan) for plan in found if plan.area >= _SMALLEST_PLAN_M2]
    if not plans:
        msg = f"No {_ONE_OF[rules.kind]} fits on the site: reduce depth, spacing or set-back, or draw it larger."
        raise KnownError(msg)
    if len(plans) > MOST_BUILDINGS:
        msg = f"The site would hold {len(plans)} buildings: give more depth or spacing, for at most {MOST_BUILDINGS}."
        raise KnownError(msg)
    return tuple(plans)


def massing(site: shapely.Polygon, rules: MassingRules, floor_area_ratio: float | None, storeys: int | None) -> Massing:
    """Lay out a site and give its buildings storeys.

    Parameters
    ----------
    site : shapely.Polygon
    rules : MassingRules
    floor_area_ratio : float, optional
        Gross floor area over site area to come as near to as whole storeys allow: some buildings get one more
        storey than others, the largest first. Counts when ``storeys`` is not given.
    storeys : int, optional
        The same for all buildings.
    """
    plans = layout(site, rules)
    if storeys is not None:
        return Massing(plans, (storeys,) * len(plans), site.area)
    areas = np.array([plan.area for plan in plans])
    wanted = (floor_area_ratio or 0.0) * site.area
    lowest = max(1, math.floor(wanted / areas.sum() + 1e-9))
    if lowest >= MOST_STOREYS:
        msg = f"A floor area ratio of {floor_area_ratio:g} would need {lowest} storeys: reduce it or the spacing."
        raise KnownError(msg)
    counts = np.full(len(plans), lowest)
    for place in np.argsort(-areas, kind="stable").tolist():
        missing = wanted - float(areas @ counts)
        if missing > areas[place] / 2.0:
            counts[place] += 1
    return Massing(plans, tuple(counts.tolist()), site.area)


def _block(inner: shapely.Geometry, rules: MassingRules) -> list[shapely.Polygon]:  # noqa: ARG001
    return _polygons(inner)


def _courtyard(inner: shapely.Geometry, rules: MassingRules) -> list[shapely.Polygon]:
    yard = shapely.buffer(inner, -rules.depth_m, join_style="mitre")
    if shapely.is_empty(yard):
        msg = f"No courtyard is left between wings {rules.depth_m:g} m deep: reduce the depth, or choose a block."
        raise KnownError(msg)
    return _polygons(shapely.difference(inner, yard))


def _rows(inner: shapely.Geometry, rules: MassingRules) -> list[shapely.Polygon]:
    turn, level = _levelled(inner)
    x0, y0, x1, y1 = level.bounds
    found = []
    for y in _places(y0, y1, rules.depth_m, rules.spacing_m):
        for part in _polygons(shapely.intersection(level, shapely.box(x0, y, x1, y + rules.depth_m))):
            straight = _upright_rest(part, y, y + rules.depth_m)
            if straight is not None and straight.bounds[2] - straight.bounds[0] >= _NARROWEST_SHARE * rules.depth_m:
                found.append(straight)
    return [shapely.affinity.rotate(plan, turn, origin=(0.0, 0.0)) for plan in found]


def _upright_rest(part: shapely.Polygon, low: float, high: float) -> shapely.Polygon | None:
    """Longest rectangle of a row's full depth inside what the site leaves of it."""
    xs = sorted({float(x) for x in shapely.get_coordinates(part)[:, 0]})
    best: shapely.Polygon | None = None
    for k, left in enumerate(xs):
        for right in reversed(xs[k + 1 :]):
            box = shapely.box(left, low, right, high)
            if best is not None and box.area <= best.area:
                break
            if shapely.area(shapely.difference(box, part)) <= 1e-6 * box.area:
                best = box
                break
    return best


def _towers(inner: shapely.Geometry, rules: MassingRules) -> list[shapely.Polygon]:
    turn, level = _levelled(inner)
    x0, y0, x1, y1 = level.bounds
    side = rules.depth_m
    xs, ys = _places(x0, x1, side, rules.spacing_m), _places(y0, y1, side, rules.spacing_m)
    if len(xs) * len(ys) > 100 * MOST_BUILDINGS:
        msg = f"The site has room for {len(xs) * len(ys)} towers: give more depth or spacing."
        raise KnownError(msg)
    boxes = shapely.box(*np.array([(x, y, x + side, y + side) for x in xs for y in ys]).reshape(-1, 4).T)
    inside = shapely.covers(shapely.buffer(level, 1e-6, join_style="mitre"), boxes)
    return [shapely.affinity.rotate(plan, turn, origin=(0.0, 0.0)) for plan in boxes[inside]]


def _levelled(inner: shapely.Geometry) -> tuple[float, shapely.Geometry]:
    """Direction of the longer side [deg], and the plan turned so that it lies level."""
    turn = longer_side_deg(inner)
    return turn, shapely.affinity.rotate(inner, -turn, origin=(0.0, 0.0))


def _places(low: float, high: float, depth: float, spacing: float) -> list[float]:
    """Where things of a depth begin that stand a spacing apart, in the middle of a stretch; none if it is too short."""
    count = math.floor((high - low + spacing + 1e-9) / (depth + spacing))
    used = count * depth + max(count - 1, 0) * spacing
    first = (low + high - used) / 2.0
    return [first + k * (depth + spacing) for k in range(count)]


def _polygons(shape: shapely.Geometry) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]


_LAYOUTS = {
    MassingKind.BLOCK: _block,
    MassingKind.ROWS: _rows,
    MassingKind.TOWERS: _towers,
    MassingKind.COURTYARD: _courtyard,
}
_ONE_OF = {
    MassingKind.BLOCK: "block",
    MassingKind.ROWS: "row",
    MassingKind.TOWERS: "tower",
    MassingKind.COURTYARD: "wing",
}
