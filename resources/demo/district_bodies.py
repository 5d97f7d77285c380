"""Closed bodies of the demo district: prisms, gables, hips, courts, sawtooth sheds.

A body is a list of faces, a face a list of rings (outer first, then holes) of (x, y, z) in metres, wound so that
its normal points out of the body. Neighbouring faces share whole edges, so that every body is closed.
"""

from itertools import pairwise

Point2 = tuple[float, float]
Point3 = tuple[float, float, float]
Face = list[list[Point3]]
Body = list[Face]
Box = tuple[float, float, float, float]
"""x0, y0, x1, y1."""


def ring_of(box: Box) -> list[Point2]:
    """Corners of a rectangle, counter-clockwise."""
    x0, y0, x1, y1 = box
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def inset(box: Box, distance: float) -> Box:
    """A rectangle whose sides lie further in."""
    x0, y0, x1, y1 = box
    return x0 + distance, y0 + distance, x1 - distance, y1 - distance


def at(ring: list[Point2], height: float) -> list[Point3]:
    """A ring lifted to a height."""
    return [(x, y, height) for x, y in ring]


def walls(ring: list[Point2], bottom: float, top: float) -> Body:
    """One wall over each edge of a ring, the body on the left of the edge."""
    return [
        [[(*start, bottom), (*end, bottom), (*end, top), (*start, top)]] for start, end in pairwise([*ring, ring[0]])
    ]


def prism(ring: list[Point2], height: float, holes: tuple[Box, ...] = ()) -> Body:
    """A flat roof over a plan, with courtyards.

    Parameters
    ----------
    ring : list of Point2
        Counter-clockwise.
    height : float [m]
    holes : tuple of Box
    """
    courts = [ring_of(hole)[::-1] for hole in holes]
    outlines = [ring, *courts]
    body: Body = [[at(outline[::-1], 0.0) for outline in outlines], [at(outline, height) for outline in outlines]]
    for outline in outlines:
        body += walls(outline, 0.0, height)
    return body


def stepped(tiers: list[tuple[list[Point2], float]]) -> Body:
    """A tower that draws back: each tier is a ring inside the one below, with the height of its roof [m]."""
    body: Body = [[at(tiers[0][0][::-1], 0.0)]]
    bottom = 0.0
    for (ring, top), above in zip(tiers, [*[ring for ring, _ in tiers[1:]], None], strict=True):
        body += walls(ring, bottom, top)
        body.append([at(ring, top)] + ([at(above[::-1], top)] if above else []))
        bottom = top
    return body


def extruded(profile: list[Point2], box: Box, along_x: bool) -> Body:
    """A cross-section drawn out over a rectangle.

    Parameters
    ----------
    profile : list of Point2
        (across, height) [m], counter-clockwise, from one side of the rectangle to the other.
    box : Box
    along_x : bool
        Whether the length runs along x; the section lies across it.
    """
    x0, y0, x1, y1 = box

    def place(across: float, height: float, far: bool) -> Point3:
        return (x1 if far else x0, y0 + across, height) if along_x else (x1 - across, y1 if far else y0, height)

    near, away = ([place(s, z, far) for s, z in profile] for far in (False, True))
    body: Body = [[near[::-1]], [away]]
    for (a, b), (c, d) in zip(pairwise([*near, near[0]]), pairwise([*away, away[0]]), strict=True):
        body.append([[a, b, d, c]])
    return body


def gable(box: Box, eaves: float, ridge: float, along_x: bool = True) -> Body:
    """A pitched roof between two gable walls."""
    width = box[3] - box[1] if along_x else box[2] - box[0]
    profile = [(0.0, 0.0), (width, 0.0), (width, eaves), (width / 2.0, ridge), (0.0, eaves)]
    return extruded(profile, box, along_x)


def mansard(box: Box, eaves: float, top: float, along_x: bool = True) -> Body:
    """A steep roof below a flat one, between two gable walls."""
    width = box[3] - box[1] if along_x else box[2] - box[0]
    step = 1.4
    profile = [(0.0, 0.0), (width, 0.0), (width, eaves), (width - step, top), (step, top), (0.0, eaves)]
    return extruded(profile, box, along_x)


def sawtooth(box: Box, eaves: float, top: float, teeth: int) -> Body:
    """A shed whose roof rises along y again and again, each time ending in an upright north light."""
    width = box[3] - box[1]
    pitch = width / teeth
    profile = [(0.0, 0.0), (width, 0.0)]
    for tooth in range(teeth, 0, -1):
        profile += [(tooth * pitch, top), ((tooth - 1) * pitch, eaves)]
    return extruded(profile, box, along_x=True)


def hip(box: Box, eaves: float, ridge: float) -> Body:
    """A roof that slopes to all four sides."""
    x0, y0, x1, y1 = box
    half = min(x1 - x0, y1 - y0) / 2.0
    if x1 - x0 >= y1 - y0:
        first, last = (x0 + half, y0 + half, ridge), (x1 - half, y0 + half, ridge)
    else:
        first, last = (x0 + half, y0 + half, ridge), (x0 + half, y1 - half, ridge)
    a, b, c, d = at(ring_of(box), eaves)
    body: Body = [[at(ring_of(box)[::-1], 0.0)], *walls(ring_of(box), 0.0, eaves)]
    if first == last:
        return body + [[[start, end, first]] for start, end in pairwise([a, b, c, d, a])]
    if x1 - x0 >= y1 - y0:
        return [*body, [[a, b, last, first]], [[b, c, last]], [[c, d, first, last]], [[d, a, first]]]
    return [*body, [[a, b, first]], [[b, c, last, first]], [[c, d, last]], [[d, a, first, last]]]


def elbow(box: Box, width: float, eaves: float, ridge: float) -> Body:
    """An L of two hipped wings of one width along the south and the west side of a rectangle."""
    x0, y0, x1, y1 = box
    ring = elbow_ring(box, width)
    half = width / 2.0
    east, corner, north = (x1 - half, y0 + half, ridge), (x0 + half, y0 + half, ridge), (x0 + half, y1 - half, ridge)
    a, b, c, d, e, f = at(ring, eaves)
    roofs = [[a, b, east, corner], [b, c, east], [c, d, corner, east], [d, e, north, corner], [e, f, north]]
    roofs.append([f, a, corner, north])
    return [[at(ring[::-1], 0.0)], *walls(ring, 0.0, eaves), *([roof] for roof in roofs)]


def elbow_ring(box: Box, width: float) -> list[Point2]:
    """Plan of two wings along the south and the west side of a rectangle."""
    x0, y0, x1, y1 = box
    return [(x0, y0), (x1, y0), (x1, y0 + width), (x0 + width, y0 + width), (x0 + width, y1), (x0, y1)]


def horseshoe_ring(box: Box, width: float) -> list[Point2]:
    """Plan of three wings that leave the north side of a rectangle open."""
    x0, y0, x1, y1 = box
    inner = [(x1 - width, y1), (x1 - width, y0 + width), (x0 + width, y0 + width), (x0 + width, y1)]
    return [(x0, y0), (x1, y0), (x1, y1), *inner, (x0, y1)]


def pitched_court(box: Box, depth: float, eaves: float, ridge: float) -> Body:
    """A closed block around a courtyard, its roof mitred at the corners."""
    outer, middle, inner = (ring_of(inset(box, distance)) for distance in (0.0, depth / 2.0, depth))
    body: Body = [[at(outer[::-1], 0.0), at(inner, 0.0)], *walls(outer, 0.0, eaves), *walls(inner[::-1], 0.0, eaves)]
    rings = (at(outer, eaves), at(middle, ridge), at(inner, eaves))
    for side in range(4):
        following = (side + 1) % 4
        for low, high in pairwise(rings):
            body.append([[low[side], low[following], high[following], high[side]]])
    return body


def mirrored(body: Body, axis_x: float | None = None, axis_y: float | None = None) -> Body:
    """A body reflected in a line x = axis_x, y = axis_y, or both."""

    def reflect(point: Point3) -> Point3:
        x, y, z = point
        return (x if axis_x is None else 2 * axis_x - x, y if axis_y is None else 2 * axis_y - y, z)

    turned = (axis_x is None) != (axis_y is None)
    return [[[reflect(p) for p in (ring[::-1] if turned else ring)] for ring in face] for face in body]
