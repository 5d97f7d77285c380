"""What lies between the buildings of the demo district: streets, green, a pond and trees."""

import math
from itertools import pairwise
from random import Random

import shapely
from district_blocks import COLUMNS, CRESCENT, CRESCENT_ROAD_M, ROWS
from district_bodies import Body, Point2, Point3, at

STREET_LEVEL_M, GREEN_LEVEL_M, POND_LEVEL_M = -0.12, -0.10, -0.14
"""Just below the floors, so that the soft shadow of the buildings falls on them."""

_WEST, _EAST, _FRONT, _BACK = -10.0, 370.0, -8.0, 304.0
_STUB_M = 14.0
_CROWN_CORNERS = 7


def streets() -> dict[str, shapely.Polygon]:
    """Surface of each street by name; crossings belong to the wider one."""
    across = {"Market Street": (138.0, 156.0), "Linden Street": (58.0, 70.0), "Mill Street": (224.0, 236.0)}
    along = {"Meridian Boulevard": (168.0, 192.0), "Ash Street": (78.0, 90.0), "Cedar Street": (270.0, 282.0)}
    found = {name: shapely.box(_WEST - _STUB_M, low, _EAST + _STUB_M, high) for name, (low, high) in across.items()}
    taken = shapely.union_all(list(found.values()))
    for name, (low, high) in along.items():
        front = 58.0 if name == "Ash Street" else _FRONT
        found[name] = _without(shapely.box(low, front, high, _BACK + _STUB_M), taken)
    edges = {
        "North Lane": shapely.box(_WEST, 296.0, _EAST - 8.0, 304.0),
        "Canal Road": shapely.box(360.0, 58.0, 370.0, 304.0),
        "Orchard Road": shapely.box(-10.0, 58.0, 0.0, 304.0),
        "South Lane": shapely.box(168.0, -8.0, 362.0, 0.0),
    }
    taken = shapely.union_all(list(found.values()))
    for name, shape in edges.items():
        found[name] = _without(shape, taken)
        taken = taken.union(found[name])
    found["Meridian Boulevard"] = found["Meridian Boulevard"].difference(medians())
    found["Orchard Crescent"] = _crescent(*CRESCENT_ROAD_M)
    return found


def medians() -> shapely.MultiPolygon:
    """Green strips in the middle of the boulevard, one between each two crossings."""
    return shapely.MultiPolygon([shapely.box(177.0, y0 + 5.0, 183.0, y1 - 5.0) for y0, y1 in ROWS])


def _without(shape: shapely.Polygon, taken: shapely.Geometry) -> shapely.Geometry:
    return shapely.set_precision(shape.difference(taken), 0.001)


def _crescent(inner: float, outer: float) -> shapely.Polygon:
    """Half a ring that opens to the street behind it."""
    x, y = CRESCENT
    arcs = [
        [(x + r * math.cos(math.radians(d)), y + r * math.sin(math.radians(d))) for d in range(180, 361, 5)]
        for r in (outer, inner)
    ]
    ends = [(x + inner, 58.0), (x - inner, 58.0)]
    return shapely.Polygon([(x - outer, 58.0), *arcs[0], (x + outer, 58.0), ends[0], *arcs[1][::-1], ends[1]])


def pond() -> shapely.Polygon:
    """Water in the park."""
    return _blob(311.0, 31.0, 18.0, 12.0)


def greens(footprints: shapely.Geometry) -> dict[str, shapely.Geometry]:
    """Lawns by name, the buildings cut out."""
    x, y = CRESCENT
    inner = CRESCENT_ROAD_M[0] - 3.0
    arc = [(x + inner * math.cos(math.radians(d)), y + inner * math.sin(math.radians(d))) for d in range(180, 361, 6)]
    gardens = [(x + 88.0 * math.cos(math.radians(d)), y + 88.0 * math.sin(math.radians(d))) for d in range(186, 355, 6)]
    back = [(x + 64.0 * math.cos(math.radians(d)), y + 64.0 * math.sin(math.radians(d))) for d in range(186, 355, 6)]
    shapes = {
        "Crescent Green": shapely.Polygon(arc),
        "Crescent Gardens": shapely.Polygon([*gardens, *back[::-1]]),
        "Pond Park": shapely.box(285.0, 3.0, 357.0, 55.0).difference(pond()),
        "School Yard": shapely.box(3.0, 73.0, 75.0, 135.0),
        "Slab Lawn": shapely.box(194.0, 239.0, 268.0, 293.0),
        "Tower Green": shapely.box(93.0, 159.0, 165.0, 221.0),
        "Boulevard Median": medians(),
        "Lane Gardens": shapely.box(194.0, -36.0, 334.0, -11.0),
        "Clinic Garden": shapely.box(285.0, 180.0, 357.0, 221.0),
    }
    for number, (column, row) in enumerate(((1, 1), (2, 2))):
        (x0, x1), (y0, y1) = COLUMNS[column], ROWS[row]
        shapes[f"Court Garden {number + 1}"] = shapely.box(x0 + 17.0, y0 + 17.0, x1 - 17.0, y1 - 17.0)
    for number, (column, row) in enumerate(((2, 0), (3, 1), (0, 3), (1, 3))):
        (x0, x1), (y0, y1) = COLUMNS[column], ROWS[row]
        shapes[f"Gardens {number + 1}"] = shapely.box(x0 + 2.0, y0 + 2.0, x1 - 2.0, y1 - 2.0)
    around = footprints.buffer(0.0)
    return {name: shapely.set_precision(shape.difference(around), 0.001) for name, shape in shapes.items()}


def tree_places(random: Random, footprints: shapely.Geometry) -> list[Point2]:
    """Where trees stand: along the wide streets, in parks, courts and gardens, never against a wall or on a road."""
    rows = [(x, 6.0 + 11.0 * n) for x in (169.8, 180.0, 190.2) for n in range(27)]
    rows += [(8.0 + 12.5 * n, y) for y in (139.6, 154.4) for n in range(29)]
    loose = [
        (x, y)
        for x0, y0, x1, y1, count in _GROVES
        for x, y in ((random.uniform(x0, x1), random.uniform(y0, y1)) for _ in range(count))
    ]
    lawns = shapely.union_all(list(greens(footprints).values()))
    crossings = [(a, b) for a in (84.0, 180.0, 276.0, -5.0, 365.0) for b in (64.0, 147.0, 230.0, 300.0)]
    kept: list[Point2] = []
    for place in [*rows, *loose]:
        point = shapely.Point(place)
        lined = place in rows
        if footprints.distance(point) < (2.6 if lined else 3.4) or pond().distance(point) < 1.5:
            continue
        if any(math.dist(place, other) < 4.2 for other in kept):
            continue
        if lined and any(abs(place[0] - a) < 13.0 and abs(place[1] - b) < 10.0 for a, b in crossings):
            continue
        if not lined and not lawns.contains(point):
            continue
        kept.append((round(place[0], 2), round(place[1], 2)))
    return kept


_GROVES = (
    (36.0, 6.0, 132.0, 54.0, 34),
    (286.0, 4.0, 356.0, 54.0, 44),
    (6.0, 72.0, 74.0, 136.0, 16),
    (108.0, 88.0, 150.0, 120.0, 9),
    (210.0, 174.0, 252.0, 206.0, 9),
    (94.0, 160.0, 166.0, 222.0, 10),
    (286.0, 182.0, 356.0, 220.0, 10),
    (196.0, 240.0, 268.0, 292.0, 12),
    (284.0, 88.0, 358.0, 118.0, 14),
    (2.0, 260.0, 76.0, 274.0, 10),
    (92.0, 258.0, 166.0, 276.0, 12),
    (196.0, 20.0, 268.0, 42.0, 10),
    (195.0, -35.0, 333.0, -12.0, 24),
    (4.0, -32.0, 164.0, 50.0, 90),
)
"""x0, y0, x1, y1 of places with trees, and how many are tried."""


def tree(random: Random) -> Body:
    """A trunk and a crown about zero, as one set of faces."""
    height = random.uniform(7.0, 12.5)
    radius = height * random.uniform(0.24, 0.32)
    turn = random.uniform(0.0, math.pi)
    low, wide, high = 0.28 * height, 0.52 * height, 0.84 * height
    rings = [at(_circle(r, turn), z) for r, z in ((0.6 * radius, low), (radius, wide), (0.62 * radius, high))]
    faces: Body = [[rings[0][::-1]]]
    for lower, upper in pairwise(rings):
        faces += [[[a, b, c, d]] for a, b, c, d in _strip(lower, upper)]
    top = (0.0, 0.0, height)
    faces += [[[rings[2][n], rings[2][(n + 1) % _CROWN_CORNERS], top]] for n in range(_CROWN_CORNERS)]
    trunk = [at([(0.18, 0.0), (-0.09, 0.16), (-0.09, -0.16)], z) for z in (0.0, low)]
    faces += [[[a, b, c, d]] for a, b, c, d in _strip(trunk[0], trunk[1])]
    return faces


def _circle(radius: float, turn: float) -> list[Point2]:
    step = 2 * math.pi / _CROWN_CORNERS
    return [(radius * math.cos(turn + n * step), radius * math.sin(turn + n * step)) for n in range(_CROWN_CORNERS)]


def _strip(lower: list[Point3], upper: list[Point3]) -> list[tuple[Point3, ...]]:
    count = len(lower)
    return [(lower[n], lower[(n + 1) % count], upper[(n + 1) % count], upper[n]) for n in range(count)]


def _blob(x: float, y: float, width: float, depth: float) -> shapely.Polygon:
    corners = []
    for degrees in range(0, 360, 12):
        angle = math.radians(degrees)
        swell = 1.0 + 0.16 * math.sin(2 * angle + 0.8) + 0.08 * math.cos(3 * angle)
        corners.append((x + width * swell * math.cos(angle), y + depth * swell * math.sin(angle)))
    return shapely.Polygon(corners)
