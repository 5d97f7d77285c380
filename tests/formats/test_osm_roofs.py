"""Roof bodies against their closed forms: closed, outwards, of the right volume."""

import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.formats.osm.roof_shapes import SHAPES, Body, body_under, direction_deg, frame_of, roof_planes

LENGTH, WIDTH, EAVE, RISE = 12.0, 8.0, 6.0, 3.0
# Volumes under the roof alone, of a rectangle of LENGTH by WIDTH.
VOLUMES = {
    "gabled": LENGTH * WIDTH * RISE / 2,
    "hipped": WIDTH * RISE / 6 * (3 * LENGTH - WIDTH),
    "pyramidal": LENGTH * WIDTH * RISE / 3,
    "skillion": LENGTH * WIDTH * RISE / 2,
    # Two trapezia: 40 % of the half width climbs 60 % of the rise.
    "gambrel": LENGTH * WIDTH * (0.4 * 0.3 + 0.6 * 0.8) * RISE,
}


def made(
    outline: shapely.Polygon, shape: str, *, base: float = 0.0, orientation: str = "", facing: float = math.nan
) -> Body:
    frame = frame_of(outline, orientation, facing)
    assert frame is not None
    planes = roof_planes(shape, frame, EAVE, RISE, facing)
    assert planes is not None
    body = body_under(outline, planes, base)
    assert body is not None
    return body


def volume(body: Body) -> float:
    polygons = Polygons.from_rings(body.rings)
    return float((polygons.area_vectors_m2 * polygons.vertices[polygons.first_vertex]).sum() / 3.0)


def open_edges(body: Body) -> int:
    """Edges without a partner that runs the other way, T-joints split first."""
    polygons = Polygons.from_rings(body.rings)
    points = np.round(polygons.vertices, 5)
    corners = np.unique(points, axis=0)
    edges: Counter[tuple[bytes, bytes]] = Counter()
    for start, end in zip(points, points[polygons.following_vertex], strict=True):
        along = end - start
        share = (corners - start) @ along / max(along @ along, 1e-12)
        off = np.linalg.norm(corners - start - share[:, None] * along, axis=1)
        between = np.argsort(share)[
            np.isin(np.argsort(share), np.flatnonzero((off < 1e-4) & (share > 1e-6) & (share < 1 - 1e-6)))
        ]
        chain = [start, *corners[between], end]
        for one, two in pairwise(chain):
            edges[one.tobytes(), two.tobytes()] += 1
    return sum(abs(count - edges[there, here]) for (here, there), count in edges.items())


def rectangle(angle: float) -> shapely.Polygon:
    return shapely.affinity.rotate(shapely.box(0, 0, LENGTH, WIDTH), angle, origin=(3, 4))


@pytest.mark.parametrize("angle", [0.0, 33.0, 90.0])
@pytest.mark.parametrize("shape", VOLUMES)
def test_volumes_of_rectangles(shape: str, angle: float) -> None:
    body = made(rectangle(angle), shape)
    assert volume(body) == pytest.approx(LENGTH * WIDTH * EAVE + VOLUMES[shape], rel=1e-6)
    assert open_edges(body) == 0
    assert Counter(body.kinds)[SurfaceKind.WALL] == 4


def test_a_ridge_across_and_a_slope_by_compass() -> None:
    across = made(rectangle(0.0), "gabled", orientation="across")
    roofs = [
        np.concatenate(rings)
        for rings, kind in zip(across.rings, across.kinds, strict=True)
        if kind == SurfaceKind.ROOF
    ]
    ridge = np.unique([point[:2].round(6) for roof in roofs for point in roof if point[2] > EAVE + RISE - 1e-6], axis=0)
    assert ridge[:, 0] == pytest.approx([LENGTH / 2, LENGTH / 2])
    south = made(rectangle(0.0), "skillion", facing=180.0)
    roof = next(rings[0] for rings, kind in zip(south.rings, south.kinds, strict=True) if kind == SurfaceKind.ROOF)
    assert roof[roof[:, 1] < 1e-6][:, 2] == pytest.approx([EAVE, EAVE])
    assert roof[roof[:, 1] > WIDTH - 1e-6][:, 2] == pytest.approx([EAVE + RISE] * 2)


@pytest.mark.parametrize("shape", sorted(set(SHAPES.values())))
def test_broken_outlines_give_closed_bodies(shape: str) -> None:
    notch = shapely.Polygon([(0, 0), (12, 0), (12, 8), (7, 8), (7, 7.5), (5, 7.5), (5, 8), (0, 8)])
    with_yard = shapely.Polygon(rectangle(0.0).exterior, [[(5, 3.5), (5, 4.5), (6, 4.5), (6, 3.5)]])
    for outline in (notch, with_yard, shapely.affinity.rotate(notch, 12.3)):
        body = made(outline, shape, base=2.0)
        assert open_edges(body) == 0
        assert volume(body) > outline.area * (EAVE - 2.0)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0.0, 180.0), st.floats(1.0, 40.0), st.floats(0.3, 1.0), st.sampled_from(sorted(set(SHAPES.values()))),
    st.floats(-0.1, 0.1), st.floats(-0.1, 0.1),
)  # fmt: skip
@example(0.0, 37.24613381821722, 0.5, "hipped", 0.0, -0.03125)  # a corner of two planes, twice, one bit apart
def test_any_quadrilateral_closes(
    angle: float, length: float, ratio: float, shape: str, lean: float, skew: float
) -> None:
    width = max(length * ratio, 0.6)
    corners = [(0, 0), (length, lean * width), (length, width), (skew * length, width)]
    outline = shapely.affinity.rotate(shapely.Polygon(corners), angle)
    frame = frame_of(outline)
    planes = None if frame is None else roof_planes(shape, frame, 5.0, 2.0, math.nan)
    body = None if planes is None else body_under(outline, planes, 0.0)
    if body is not None:
        assert outline.area * 5.0 * 0.999 <= volume(body) <= outline.area * 7.0 * 1.001
        assert open_edges(body) == 0


def test_outlines_far_from_a_rectangle_have_no_invented_roof() -> None:
    angle = shapely.Polygon([(0, 0), (12, 0), (12, 3), (3, 3), (3, 12), (0, 12)])
    frame = frame_of(angle)
    assert frame is not None
    assert roof_planes("hipped", frame, EAVE, RISE, math.nan) is None
    assert roof_planes("skillion", frame, EAVE, RISE, math.nan) is not None
    assert frame_of(shapely.Polygon([(0, 0), (5, 0), (10, 0)])) is None


def test_compass_words() -> None:
    assert [direction_deg(text) for text in ("N", "SW", "370", "-90")] == [0.0, 225.0, 10.0, 270.0]
    assert math.isnan(direction_deg("uphill"))
