"""Shading neighbours: what is kept, what is culled."""

import math

import numpy as np
import shapely

from citytwin_desktop.city.footprint_edges import footprint_edges
from citytwin_desktop.city.footprints import Footprint
from citytwin_desktop.city.neighbours import shading_walls
from citytwin_desktop.city.party_walls import find_party_walls


def box(row: int, x: float, y: float, width: float = 10.0, depth: float = 10.0, height: float = 9.0) -> Footprint:
    polygon = shapely.orient_polygons(shapely.box(x, y, x + width, y + depth))
    return Footprint(row, (polygon,), polygon.area, 0.0, height, height, height, "ground", "volume")


def walls_around(*plans: Footprint, row: int = 0, **options) -> np.ndarray:
    edges = footprint_edges(plans)
    by_row = {plan.row: plan for plan in plans}
    return shading_walls(by_row, edges, find_party_walls(edges), [row], **options)[row]


def test_only_the_facing_wall_of_a_house_straight_across_is_kept() -> None:
    quads = walls_around(box(0, 0, 0), box(1, 20, 0))
    assert quads.shape == (1, 4, 3)
    assert set(quads[0, :, 0]) == {20.0}
    assert (quads[0, :, 2].min(), quads[0, :, 2].max()) == (0.0, 9.0)


def test_quads_start_at_the_upper_left_corner_and_face_outwards() -> None:
    (quad,) = walls_around(box(0, 0, 0), box(1, 20, 0))
    normal = np.cross(quad[1] - quad[0], quad[2] - quad[1])
    assert normal[0] < 0, "the west wall looks west"
    assert quad[0, 2] > quad[1, 2]


def test_a_house_at_the_corner_shows_two_walls() -> None:
    assert len(walls_around(box(0, 0, 0), box(1, 20, 20))) == 2


def test_the_kept_walls_are_those_of_the_vertex_rule() -> None:
    """The measured rule: any vertex p of the target with (p - a) . n > 1e-6, n to the right of the edge."""
    generator = np.random.default_rng(7)
    plans = [box(0, 0, 0)]
    plans += [box(k, *generator.uniform(-60, 60, 2), *generator.uniform(5, 12, 2), 30.0) for k in range(1, 15)]
    plans = [plans[0]] + [p for p in plans[1:] if p.polygons[0].distance(plans[0].polygons[0]) > 0.5]
    edges = footprint_edges(plans)
    corners = np.array(plans[0].polygons[0].exterior.coords)
    kept = 0
    for a, b, row in zip(edges.start, edges.end, edges.row, strict=True):
        normal = np.array([(b - a)[1], -(b - a)[0]])
        kept += row != 0 and bool(((corners - a) @ normal > 1e-6).any())
    options = {"radius_m": 1000.0, "minimum_elevation_deg": 0.0}
    by_row = {plan.row: plan for plan in plans}
    no_party = find_party_walls(footprint_edges(plans[:1]))
    assert len(shading_walls(by_row, edges, no_party, [0], **options)[0]) == kept


def test_the_party_wall_itself_is_no_shade_but_the_part_above_the_lower_roof_is() -> None:
    same = walls_around(box(0, 0, 0), box(1, 10, 0))
    assert len(same) == 0
    taller = walls_around(box(0, 0, 0), box(1, 10, 0, height=15.0))
    assert len(taller) == 1
    assert (taller[0, :, 2].min(), taller[0, :, 2].max()) == (9.0, 15.0)


def test_walls_hidden_between_two_neighbours_are_left_out() -> None:
    quads = walls_around(box(0, 0, 0), box(1, 20, 0), box(2, 30, 0))
    assert sorted(set(quads[:, :, 0].ravel())) == [20.0]


def test_radius_and_elevation_limit_what_counts() -> None:
    limit = 9.0 / math.tan(math.radians(10.0))
    assert len(walls_around(box(0, 0, 0), box(1, 10 + limit - 0.5, 0))) == 1
    assert len(walls_around(box(0, 0, 0), box(1, 10 + limit + 0.5, 0))) == 0
    assert len(walls_around(box(0, 0, 0), box(1, 109, 0, height=60.0))) == 1
    assert len(walls_around(box(0, 0, 0), box(1, 111, 0, height=60.0))) == 0


def test_a_lone_house_has_no_shade() -> None:
    assert walls_around(box(0, 0, 0)).shape == (0, 4, 3)
