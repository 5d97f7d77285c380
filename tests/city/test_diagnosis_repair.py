"""Safe repairs of hand-made bodies: what is mended, what is left alone, and that no corner ever moves."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.diagnosis.outliers import outlier_surfaces
from citytwin_desktop.city.diagnosis.repair import repair
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces

WALL, ROOF, GROUND = SurfaceKind.WALL, SurfaceKind.ROOF, SurfaceKind.GROUND
UNKNOWN = 255
SQUARE = [(0, 0), (10, 0), (10, 8), (0, 8)]
L_SHAPE = [(0, 0), (10, 0), (10, 4), (6, 4), (6, 8), (0, 8)]
YARD = [(3, 3), (3, 5), (6, 5), (6, 3)]


def prism(ring, base=0.0, top=6.0, holes=()):
    """Surfaces (kind, rings) of an upright body over a counter-clockwise ring with clockwise holes."""
    rings = [np.array(points, float) for points in (ring, *holes)]
    at = lambda points, z: np.column_stack([points, np.full(len(points), z)])  # noqa: E731
    faces = [(GROUND, [at(points[::-1], base) for points in rings]), (ROOF, [at(points, top) for points in rings])]
    for points in rings:
        for a, b in zip(points, np.roll(points, -1, axis=0), strict=True):
            faces.append((WALL, [np.array([[*a, base], [*b, base], [*b, top], [*a, top]])]))
    return faces


def city_of(*bodies, kind=None) -> CityModel:
    faces = [(row, kind, rings) for row, body in enumerate(bodies) for kind, rings in body]
    surfaces = Surfaces(
        Polygons.from_rings([rings for _, _, rings in faces]),
        np.array([own if kind is None else kind for _, own, _ in faces], np.uint8),
        np.array([row for row, _, _ in faces], np.int64),
        np.array([f"S{place}" for place in range(len(faces))], object),
    )
    return CityModel(28992, buildings=Buildings({"id": name_rows(len(bodies))}), surfaces=surfaces)


def name_rows(count):
    return np.array([f"B{row}" for row in range(count)], object)


def turned(face):
    return face[0], [np.asarray(ring)[::-1] for ring in face[1]]


def done(city, thorough=False):
    """The repaired city, and what was done by code and number."""
    mended, found = repair(city, thorough=thorough)
    return mended, {code: float(number) for code, number in zip(found.code, found.number, strict=True)}


HEALTHY = [
    pytest.param(prism(SQUARE), 480.0, id="box"),
    pytest.param(prism(L_SHAPE), 384.0, id="L"),
    pytest.param(prism(SQUARE, holes=[YARD]), 444.0, id="courtyard"),
]


@pytest.mark.parametrize(("body", "volume_m3"), HEALTHY)
@pytest.mark.parametrize("kind", [None, UNKNOWN])
def test_a_healthy_body_is_left_as_it_is(body, volume_m3, kind):
    city = city_of(body, kind=kind)
    mended, found = repair(city)
    assert mended is city
    assert len(found) == 0
    assert found.repaired
    assert mended.volumes_m3()[0] == pytest.approx(volume_m3)


def test_nothing_comes_of_nothing():
    empty = CityModel()
    assert repair(empty)[0] is empty


def test_repeated_corners_go_and_the_others_stay_exact():
    body = prism(SQUARE)
    roof = body[1][1][0]
    body[1] = (ROOF, [np.vstack([roof[:2], roof[1] + [0.00005, 0, 0], roof[2:], roof[:1]])])
    mended, codes = done(city_of(body))
    assert codes == {"consecutive_points_same": 2}
    np.testing.assert_array_equal(mended.surfaces.polygons.rings(1)[0], roof)


def test_corners_a_millimetre_apart_are_kept():
    body = prism(SQUARE)
    roof = body[1][1][0]
    body[1] = (ROOF, [np.vstack([roof[:2], roof[1] + [0, 0.001, 0], roof[2:]])])
    assert done(city_of(body))[1] == {}


def test_surfaces_without_area_and_short_holes_go():
    body = prism(SQUARE)
    line = np.array([[0, 0, 0], [5, 0, 0], [10, 0, 0.0]])
    body[1] = (ROOF, [*body[1][1], np.array([[1, 1, 6], [2, 2, 6], [2, 2, 6.0]])])
    mended, codes = done(city_of([*body, (WALL, [line]), (WALL, [line[:2]]), (WALL, [line[[0, 0, 0]]])]), thorough=True)
    assert codes == {"zero_area": 3, "too_few_points": 1}
    assert len(mended.surfaces) == 6
    assert len(mended.surfaces.polygons.rings(1)) == 1
    assert mended.volumes_m3()[0] == pytest.approx(480)


def test_a_ring_that_crosses_itself_is_no_sliver_though_its_area_cancels():
    bow_tie = np.array([[0, 0, 9], [4, 4, 9], [4, 0, 9], [0, 4, 9.0]])
    mended, codes = done(city_of([*prism(SQUARE), (ROOF, [bow_tie])]))
    assert codes == {}
    assert len(mended.surfaces) == 7


def test_slivers_under_half_a_millimetre_go_and_wider_ones_stay():
    thin = lambda width: np.array([[0, 0, 0], [10, 0, 0], [10, 0, width], [0, 0, width]])  # noqa: E731
    mended, codes = done(city_of([*prism(SQUARE), (WALL, [thin(0.0004)]), (WALL, [thin(0.003)])]), thorough=True)
    assert codes == {"zero_area": 1}
    assert len(mended.surfaces) == 7


def test_surfaces_without_area_stay_as_they_are_unless_asked():
    needle = np.array([[0, 0, 0], [5, 0, 0], [5, 0, 0], [10, 0, 0.0]])
    mended, codes = done(city_of([*prism(SQUARE), (WALL, [needle])]))
    assert codes == {}
    assert (mended.surfaces.polygons.rings(6)[0] == needle).all()


def test_a_hole_that_runs_like_its_outline_is_turned():
    body = prism(SQUARE, holes=[YARD])
    body[1] = (ROOF, [body[1][1][0], body[1][1][1][::-1]])
    mended, codes = done(city_of(body))
    assert codes == {"orientation_rings_same": 1}
    assert mended.surfaces.polygons.areas_m2[1] == pytest.approx(74)
    assert mended.volumes_m3()[0] == pytest.approx(444)


@pytest.mark.parametrize("wrong", [(0,), (1,), (2, 4), (0, 1, 2, 3)])
@pytest.mark.parametrize("kind", [None, UNKNOWN])
def test_single_surfaces_that_face_inwards_are_turned(wrong, kind):
    body = [turned(face) if place in wrong else face for place, face in enumerate(prism(SQUARE))]
    mended, codes = done(city_of(body, kind=kind))
    assert mended.signed_volumes_m3()[0] == pytest.approx(480)
    assert codes == {"polygon_wrong_orientation": len(wrong)}
    np.testing.assert_allclose(mended.surfaces.polygons.normals, city_of(prism(SQUARE)).surfaces.polygons.normals)


def test_a_body_inside_out_is_turned_and_its_neighbour_is_not():
    city = city_of(prism(SQUARE), [turned(face) for face in prism(L_SHAPE, holes=[[(1, 1), (1, 2), (2, 2), (2, 1)]])])
    mended, found = repair(city)
    assert found.counts() == {"inverted_body": 1}
    assert found.row.tolist() == [1]
    np.testing.assert_allclose(mended.signed_volumes_m3(), [480, 378])
    np.testing.assert_array_equal(mended.surfaces.polygons.vertices[:24], city.surfaces.polygons.vertices[:24])


def test_an_open_body_inside_out_is_turned_too():
    body = [turned(face) for place, face in enumerate(prism(SQUARE)) if place != 3]
    mended, codes = done(city_of(body))
    assert list(codes) == ["inverted_body"]
    assert mended.surfaces.polygons.normals[1, 2] == pytest.approx(1)
    np.testing.assert_array_equal(mended.surfaces.polygons.rings(1)[0][0], body[1][1][0][0])


def test_open_bodies_the_right_way_round_are_left_alone():
    terrace = [face for place, face in enumerate(prism(L_SHAPE)) if place not in (3, 6)]
    inner_court = [face for place, face in enumerate(prism(SQUARE, holes=[YARD])) if place not in (2, 4)]
    assert done(city_of(terrace, inner_court))[1] == {}


def test_a_ground_that_faces_up_is_turned_though_its_edges_are_split():
    body = prism(SQUARE)
    ground = body[0][1][0][::-1]
    midpoints = (ground + np.roll(ground, -1, axis=0)) / 2
    body[0] = (GROUND, [np.stack([ground, midpoints], axis=1).reshape(-1, 3)])
    mended, codes = done(city_of(body))
    assert codes == {"polygon_wrong_orientation": 1}
    assert mended.surfaces.polygons.normals[0, 2] == pytest.approx(-1)


def test_surfaces_given_twice_are_kept_once():
    body = prism(SQUARE)
    again = (WALL, [np.roll(body[3][1][0], 2, axis=0)])
    mended, codes = done(city_of([*body, again, body[1]]))
    assert codes == {"duplicate_surface": 2}
    assert mended.volumes_m3()[0] == pytest.approx(480)


def test_two_sided_bodies_become_one_sided():
    body = prism(SQUARE)
    mended, codes = done(city_of([*body, *(turned(face) for face in body)]))
    assert codes == {"duplicate_surface": 6}
    assert mended.signed_volumes_m3()[0] == pytest.approx(480)


def test_the_wall_between_two_bodies_of_one_building_stays():
    other = prism([(10, 0), (20, 0), (20, 8), (10, 8)])
    mended, codes = done(city_of([*prism(SQUARE), *other]))
    assert codes == {}
    assert mended.signed_volumes_m3()[0] == pytest.approx(960)


@pytest.mark.parametrize(("body", "volume_m3"), HEALTHY)
@pytest.mark.parametrize("kind", [None, UNKNOWN])
def test_a_missing_ground_is_added_along_the_walls(body, volume_m3, kind):
    city = city_of(prism(SQUARE), body[1:], kind=kind)
    mended, found = repair(city)
    assert found.counts() == {"missing_ground": 1}
    assert found.number[0] == pytest.approx(volume_m3 / 6)
    added = found.surface[0]
    assert mended.surfaces.kind[added] == GROUND
    assert mended.surfaces.building[added] == 1
    assert mended.surfaces.polygons.normals[added, 2] == pytest.approx(-1)
    assert mended.signed_volumes_m3()[1] == pytest.approx(volume_m3)
    assert repair(mended)[0] is mended


def test_a_missing_ground_of_a_body_inside_out_is_added_and_the_body_turned():
    mended, codes = done(city_of([turned(face) for face in prism(L_SHAPE)[1:]]))
    assert set(codes) == {"missing_ground", "inverted_body"}
    assert mended.signed_volumes_m3()[0] == pytest.approx(384)


def test_no_ground_is_made_up():
    without_a_wall = [face for place, face in enumerate(prism(SQUARE)) if place not in (0, 3)]
    on_a_slope = prism(SQUARE)[1:]
    on_a_slope[1][1][0][0, 2] = on_a_slope[-1][1][0][1, 2] = -1.0
    roof_alone = prism(SQUARE)[1:2]
    open_above = [face for place, face in enumerate(prism(SQUARE)) if place != 1]
    assert done(city_of(without_a_wall, on_a_slope, roof_alone, open_above))[1] == {}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e12])
def test_surfaces_with_impossible_corners_go(value):
    body = prism(SQUARE)
    bad = np.array([[0, 0, 7], [1, 0, 7], [1, value, 7.0]])
    mended, codes = done(city_of([*body, (ROOF, [bad])], prism(L_SHAPE)))
    assert codes == {"not_a_number": 1}
    np.testing.assert_allclose(mended.volumes_m3(), [480, 384])


def test_a_stray_surface_goes_and_the_house_stays():
    stray = np.array([[0, 0, -2_147_483.0], [1, 0, -2_147_483.0], [1, 1, -2_147_483.0]])
    mended, codes = done(city_of([*prism(SQUARE), (ROOF, [stray])], *(prism(SQUARE) for _ in range(9))))
    assert codes == {"outlier_coordinates": 1}
    assert mended.volumes_m3()[0] == pytest.approx(480)


def test_outliers_are_found_before_a_local_origin_is_chosen():
    far = np.array([155_000.0, 463_000.0, 0.0])
    city = city_of(*(prism([(x + 20 * k, y) for x, y in SQUARE]) for k in range(20)))
    vertices = city.surfaces.polygons.vertices + far
    vertices[100] = 0.0
    polygons = replace(city.surfaces.polygons, vertices=vertices)
    bad = outlier_surfaces(polygons, city.surfaces.building)
    assert np.flatnonzero(bad).tolist() == [polygons.vertex_polygon[100]]


def test_half_a_city_in_another_place_is_no_outlier():
    polygons = city_of(*(prism(SQUARE) for _ in range(20))).surfaces.polygons
    vertices = polygons.vertices.copy()
    vertices[: len(vertices) // 2] += 5e6
    moved = replace(polygons, vertices=vertices)
    assert not outlier_surfaces(moved, np.repeat(np.arange(20), 6)).any()


def test_parts_of_a_city_on_either_side_of_it_are_no_outliers():
    polygons = city_of(*(prism(SQUARE) for _ in range(50))).surfaces.polygons
    owner = np.repeat(np.arange(50), 6)
    place = np.zeros(50)
    place[:4], place[-4:] = -1e5, 1e5
    moved = replace(polygons, vertices=polygons.vertices + place[owner[polygons.vertex_polygon], None] * [1, 0, 0])
    assert not outlier_surfaces(moved, owner).any()
    place[1:4] = 0.0
    place[-4:-1] = 0.0
    moved = replace(polygons, vertices=polygons.vertices + place[owner[polygons.vertex_polygon], None] * [1, 0, 0])
    assert np.unique(owner[outlier_surfaces(moved, owner)]).tolist() == [0, 49]


def test_sentences_say_what_was_done():
    _, found = repair(city_of(prism(SQUARE)[1:]))
    assert found.sentence(0) == "A ground surface of 80.0 m² was added where the walls end."
    item = next(iter(found.items(city_of(prism(SQUARE)))))
    assert (item.building_id, item.code) == ("B0", "missing_ground")


def corners_of(city):
    return {tuple(corner) for corner in city.surfaces.polygons.vertices.tolist()}


coordinates = st.one_of(
    st.integers(-4, 4).map(float),
    st.floats(-9, 9),
    st.sampled_from([0.0, 1e-5, 3.0, 1e9, -2_147_483.0, np.nan, np.inf]),
)
rings = st.lists(st.tuples(coordinates, coordinates, coordinates), min_size=0, max_size=7)
polygons_drawn = st.lists(rings, min_size=0, max_size=3)
garbage = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0, 1, 2, 4, 255]), polygons_drawn), max_size=9)


def city_of_garbage(drawn) -> CityModel:
    drawn = sorted(drawn, key=lambda item: item[0])
    surfaces = Surfaces(
        Polygons.from_rings([[np.array(ring, float).reshape(-1, 3) for ring in polygon] for _, _, polygon in drawn]),
        np.array([kind for _, kind, _ in drawn], np.uint8),
        np.array([row for row, _, _ in drawn], np.int64),
        np.array([""] * len(drawn), object),
    )
    return CityModel(28992, buildings=Buildings({"id": name_rows(4)}), surfaces=surfaces)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(garbage)
def test_garbage_is_mended_once_and_for_all_without_a_new_corner(drawn):
    city = city_of_garbage(drawn)
    mended, _ = repair(city)
    again, found = repair(mended)
    assert found.counts() == {}
    assert again is mended
    assert corners_of(mended) <= corners_of(city)
    assert np.isfinite(mended.surfaces.polygons.vertices).all()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.sampled_from([SQUARE, L_SHAPE]),
    st.floats(0.6, 90),
    st.floats(-3.2, 3.2),
    st.floats(-4e4, 4e4),
    st.sets(st.integers(0, 7)),
    st.booleans(),
)
def test_a_body_keeps_its_volume_however_its_surfaces_are_wound(ring, height_m, angle, shift_m, wrong, bare):
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    body = prism(np.array(ring, float) @ turn + shift_m, base=-2.0, top=height_m - 2.0)
    expected = (80 if ring is SQUARE else 64) * height_m
    if bare:
        body, wrong = body[1:], set()
    city = city_of([turned(face) if place in wrong else face for place, face in enumerate(body)], kind=UNKNOWN)
    mended, _ = repair(city)
    assert mended.signed_volumes_m3()[0] == pytest.approx(expected, rel=1e-6)
    assert corners_of(mended) == corners_of(city)
