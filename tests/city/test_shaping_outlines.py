"""Outlines read and checked, places to snap to, buildings moved, turned and lifted, sites laid out."""

import math

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from citytwin_desktop.city.shaping import footprint_of
from citytwin_desktop.city.shaping.levels import Levels, standing_on_others, with_roofs_lifted
from citytwin_desktop.city.shaping.massing import MassingKind, MassingRules, layout, massing
from citytwin_desktop.city.shaping.outlines import checked_outline, rings_of
from citytwin_desktop.city.shaping.placing import moved, plan_centre, rotated
from citytwin_desktop.city.shaping.roofs import RoofShape, roof_over
from citytwin_desktop.city.shaping.selected_rows import families_of
from citytwin_desktop.city.shaping.snapping import SnapIndex
from citytwin_desktop.errors import KnownError
from tests.city.test_shaping_bodies import PLANS, city_of, placed


def small_city() -> "object":
    bodies = [
        roof_over(shapely.affinity.translate(PLANS["rectangle"], 30.0 * k, 0.0), shape).body(0.0, 5.0, 0.5)
        for k, shape in enumerate(RoofShape)
    ]
    return city_of(bodies)


def test_the_footprint_is_read_corner_by_corner() -> None:
    plan = placed(PLANS["yard"], 20.0)
    city = city_of([roof_over(plan, RoofShape.HIP).body(0.0, 5.0, 0.5)])
    rings = footprint_of(city, 0)
    assert [len(ring) for ring in rings] == [4, 4]
    again = shapely.Polygon(rings[0], rings[1:])
    assert shapely.symmetric_difference(again, plan).area < 1e-6
    assert shapely.is_ccw(shapely.linearrings(rings[0]))
    assert footprint_of(city.without_buildings(["B0"]), 0) == []


def test_outlines_are_mended_or_refused_by_name() -> None:
    mended = checked_outline([0, 0, 0, 5, 4, 5, 4, 5, 4, 0, 0, 0], "The footprint")
    assert shapely.is_ccw(mended.exterior)
    assert len(rings_of(mended)[0]) == 4
    holed = checked_outline(
        [0, 0, 9, 0, 9, 9, 0, 9], "The footprint", [1, 1, 2, 1, 2, 2, 5, 5, 6, 5, 6, 6, 5, 6], [3, 4]
    )
    assert [len(ring) for ring in rings_of(holed)] == [4, 3, 4]
    wrong = {
        "crosses or touches itself near 2, 2": [0, 0, 4, 4, 4, 0, 0, 4],
        "only 0.01 m²": [0, 0, 0.1, 0, 0.1, 0.1, 0, 0.1],
        "narrower than 5 cm": [0, 0, 100, 0, 100, 0.02, 0, 0.02],
        "only 2 different corners": [0, 0, 4, 0, 4, 0],
        "7 numbers": [0, 0, 1, 0, 1, 1, 0],
        "no number": [0, 0, float("nan"), 0, 1, 1],
        "more than 1,000 km away": [0, 0, 2e6, 0, 1, 1],
    }
    for words, values in wrong.items():
        with pytest.raises(KnownError, match=words):
            checked_outline(values, "The footprint")
    for size in (4, -3, 2.5, 1e308, math.inf, math.nan):
        with pytest.raises(KnownError, match="hole_sizes"):
            checked_outline([0, 0, 9, 0, 9, 9], "The footprint", [1, 1, 2, 1, 2, 2], [size])


def test_points_snap_to_the_best_place_in_reach() -> None:
    city = small_city()
    index = SnapIndex(city)
    kinds = {
        "corner": (12.2, 6.9),
        "midpoint": (6.1, -0.2),
        "edge": (3.0, -0.3),
    }
    for kind, (x, y) in kinds.items():
        found = index.nearest(x, y, 0.5)
        assert found is not None
        assert found.kind == kind
    corner = index.nearest(12.2, 6.9, 0.5)
    assert corner is not None
    assert (corner.x, corner.y, corner.row) == (12.0, 7.0, 0)
    foot = index.nearest(33.4, 0.1, 0.5, start_m=(33.0, -20.0))
    assert foot is not None
    assert (foot.kind, foot.x, foot.y) == ("perpendicular", pytest.approx(33.0), pytest.approx(0.0))
    assert index.nearest(20.1, 20.2, 0.5) is None
    assert index.nearest(float("nan"), 0.0, 1.0) is None
    assert SnapIndex(city, without=np.array([0])).nearest(12.2, 6.9, 0.5) is None
    # Far away from the first box another one is gathered.
    far = index.nearest(1e4, 0.0, 0.5)
    assert far is None
    assert index.nearest(90.0, 0.0, 0.1) is not None


@settings(max_examples=30, deadline=None)
@given(st.tuples(*[st.floats(-1e4, 1e4)] * 3), st.floats(-720.0, 720.0))
def test_moves_and_turns_can_be_taken_back(way: tuple[float, float, float], angle: float) -> None:
    city = small_city()
    surfaces, vertices = city.surfaces, city.surfaces.polygons.vertices
    there = moved(surfaces, np.array(way))
    back = moved(there, -np.array(way))
    assert np.abs(back.polygons.vertices - vertices).max() < 1e-9
    centre = plan_centre(surfaces)
    turned = rotated(surfaces, angle, centre)
    assert np.abs(rotated(turned, -angle, plan_centre(turned)).polygons.vertices - vertices).max() < 1e-6
    four = surfaces
    for _ in range(4):
        four = rotated(four, 90.0, plan_centre(four))
    assert np.abs(four.polygons.vertices - vertices).max() < 1e-9
    volumes = city.volumes_m3()
    for edited in (there, turned):
        assert type(city)(buildings=city.buildings, surfaces=edited).signed_volumes_m3() == pytest.approx(volumes)
    assert turned.polygons.vertices[:, 2].tolist() == vertices[:, 2].tolist()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-4.5, 200.0), min_size=4, max_size=4))
def test_lifted_roofs_keep_their_slopes_and_bodies_their_walls(lifts: list[float]) -> None:
    city = small_city()
    levels, lift = Levels.of(city.surfaces, 4), np.array(lifts)
    leader = np.arange(4)
    after = with_roofs_lifted(city.surfaces, levels, lift, standing_on_others(levels, leader) & False)
    measured = Levels.of(after, 4)
    assert measured.height_m == pytest.approx(levels.height_m + lift)
    assert measured.base_m == pytest.approx(levels.base_m)
    changed = type(city)(buildings=city.buildings, surfaces=after)
    assert changed.signed_volumes_m3() == pytest.approx(city.volumes_m3() + 84.0 * lift)
    roofs = city.surfaces.kind == 1
    assert after.polygons.normals[roofs] == pytest.approx(city.surfaces.polygons.normals[roofs])
    assert np.abs(after.polygons.area_vectors_m2.sum(axis=0)).max() < 1e-8


def test_what_stands_on_another_part_rides_on_its_roof() -> None:
    low = roof_over(PLANS["rectangle"], RoofShape.FLAT).body(0.0, 5.0, 0.0)
    high = roof_over(shapely.box(2, 2, 6, 5), RoofShape.GABLE).body(5.0, 9.0, 0.5)
    beside = roof_over(shapely.box(12, 0, 20, 7), RoofShape.FLAT).body(0.0, 3.0, 0.0)
    city = city_of([low, high, beside])
    levels, leader = Levels.of(city.surfaces, 3), np.zeros(3, np.int64)
    riding = standing_on_others(levels, leader)
    assert riding.tolist() == [False, True, False]
    after = Levels.of(with_roofs_lifted(city.surfaces, levels, np.full(3, 2.0), riding), 3)
    assert after.base_m.tolist() == [0.0, 7.0, 0.0]
    assert after.eaves_m == pytest.approx([7.0, 11.0, 5.0])


def test_parts_follow_the_outermost_chosen() -> None:
    city = small_city()
    columns = dict(city.buildings.columns)
    columns["parent_id"] = np.array(["", "B0", "", "B1"], object)
    buildings = type(city.buildings)(columns)
    families = families_of(buildings, np.array([0]))
    assert (families.row.tolist(), families.leader.tolist()) == ([0, 1, 3], [0, 0, 0])
    families = families_of(buildings, np.array([1, 2]))
    assert (families.row.tolist(), families.leader.tolist()) == ([1, 2, 3], [1, 2, 1])


@pytest.mark.parametrize("kind", list(MassingKind))
@pytest.mark.parametrize("angle", [0.0, 33.0])
def test_layouts_keep_their_distances(kind: MassingKind, angle: float) -> None:
    site = placed(shapely.Polygon([(0, 0), (90, 10), (100, 70), (20, 60)]), angle)
    rules = MassingRules(kind, 12.0, 14.0, 4.0)
    plans = layout(site, rules)
    inner = site.buffer(-4.0 + 1e-6, join_style="mitre")
    assert all(inner.covers(plan) and plan.is_valid for plan in plans)
    gaps = [one.distance(other) for number, one in enumerate(plans) for other in plans[:number]]
    assert min(gaps, default=14.0) >= 14.0 - 1e-6
    proposal = massing(site, rules, 2.0, None)
    largest = max(plan.area for plan in plans) / site.area
    assert abs(proposal.floor_area_ratio - 2.0) <= largest / 2.0 + 1e-9 or min(proposal.storeys) == 1
    assert 0.0 < proposal.coverage <= 1.0
    with pytest.raises(KnownError, match="Nothing is left 40 m from its border"):
        layout(site, MassingRules(kind, 12.0, 14.0, 40.0))
