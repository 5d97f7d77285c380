"""Every fault on a hand-made body that has it, and none on healthy ones."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.diagnosis.examination import examine
from citytwin_desktop.city.diagnosis.faults import CODES, FAULTS
from citytwin_desktop.city.diagnosis.findings import Findings
from citytwin_desktop.city.diagnosis.readiness import readiness
from citytwin_desktop.city.diagnosis.repair import repair
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces

WALL, ROOF, GROUND = SurfaceKind.WALL, SurfaceKind.ROOF, SurfaceKind.GROUND
SQUARE = [(0, 0), (10, 0), (10, 8), (0, 8)]
L_SHAPE = [(0, 0), (10, 0), (10, 4), (6, 4), (6, 8), (0, 8)]
YARD = [(3, 3), (3, 5), (6, 5), (6, 3)]
ASKED_FOR = {"no_function", "no_year"}


def prism(ring, base=0.0, top=6.0, holes=()):
    """Surfaces (kind, rings) of an upright body over a counter-clockwise ring with clockwise holes."""
    rings = [np.array(points, float) for points in (ring, *holes)]
    at = lambda points, z: np.column_stack([points, np.full(len(points), z)])  # noqa: E731
    faces = [(GROUND, [at(points[::-1], base) for points in rings]), (ROOF, [at(points, top) for points in rings])]
    for points in rings:
        for a, b in zip(points, np.roll(points, -1, axis=0), strict=True):
            faces.append((WALL, [np.array([[*a, base], [*b, base], [*b, top], [*a, top]])]))
    return faces


def box(x, y, width, depth, base=0.0, top=6.0):
    return prism([(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)], base, top)


def city_of(*bodies, **columns) -> CityModel:
    faces = [(row, kind, rings) for row, body in enumerate(bodies) for kind, rings in body]
    surfaces = Surfaces(
        Polygons.from_rings([rings for _, _, rings in faces]),
        np.array([kind for _, kind, _ in faces], np.uint8),
        np.array([row for row, _, _ in faces], np.int64),
        np.array([f"S{place}" for place in range(len(faces))], object),
    )
    ids = np.array([f"B{row}" for row in range(len(bodies))], object)
    given = {
        name: np.array(values, float if name in ("storeys", "year_built") else object)
        for name, values in columns.items()
    }
    return CityModel(28992, buildings=Buildings({"id": ids, **given}), surfaces=surfaces)


def codes_of(city, row=0):
    return set(examine(city).of_row(row).counts()) - ASKED_FOR


def with_roof(*rings):
    body = prism(SQUARE)
    body[1] = (ROOF, [np.column_stack([ring, np.full(len(ring), 6.0)]) for ring in rings])
    return body


GABLE = [
    (GROUND, [np.array([[0, 8, 0], [10, 8, 0], [10, 0, 0], [0, 0, 0.0]])]),
    (ROOF, [np.array([[0, 0, 5], [10, 0, 5], [10, 4, 8], [0, 4, 8.0]])]),
    (ROOF, [np.array([[0, 4, 8], [10, 4, 8], [10, 8, 5], [0, 8, 5.0]])]),
    (WALL, [np.array([[0, 0, 0], [10, 0, 0], [10, 0, 5], [0, 0, 5.0]])]),
    (WALL, [np.array([[10, 8, 0], [0, 8, 0], [0, 8, 5], [10, 8, 5.0]])]),
    (WALL, [np.array([[10, 0, 0], [10, 8, 0], [10, 8, 5], [10, 4, 8], [10, 0, 5.0]])]),
    (WALL, [np.array([[0, 8, 0], [0, 0, 0], [0, 0, 5], [0, 4, 8], [0, 8, 5.0]])]),
]


@pytest.mark.parametrize("body", [prism(SQUARE), prism(L_SHAPE), prism(SQUARE, holes=[YARD]), GABLE])
@pytest.mark.parametrize("offset", [(0, 0, 0), (-31_234.567, 45_678.901, 433.2)])
def test_healthy_bodies_have_no_fault(body, offset):
    city = city_of([(kind, [ring + offset for ring in rings]) for kind, rings in body])
    assert codes_of(city) == set()
    state = readiness(city)
    assert state.level.tolist() == [0]
    assert state.reasons(0) == ()
    assert state.counts == {"ready": 1, "doubtful": 0, "blocked": 0}


@pytest.mark.parametrize(
    ("rings", "code"),
    [
        ([[(0, 0), (10, 0), (0, 8), (10, 8)]], "ring_self_intersection"),
        ([[(0, 0), (10, 0), (10, 8), (5, -2), (0, 8)]], "ring_self_intersection"),
        ([[(0, 0), (10, 0), (10, 8), (5, 0), (0, 8)]], "ring_touches_itself"),
        ([[(0, 0), (10, 0), (10, 8), (4, 8), (4, 12), (4, 8), (0, 8)]], "ring_touches_itself"),
        ([[(0, 0), (10, 0), (10, 8), (3, 6), (6, 6), (6, 3), (3, 6), (10, 8), (0, 8)]], "ring_touches_itself"),
        ([SQUARE, [(8, 2), (8, 4), (12, 4), (12, 2)]], "intersection_rings"),
        ([SQUARE, [(20, 2), (20, 4), (22, 4), (22, 2)]], "hole_outside"),
        ([SQUARE, [(1, 1), (1, 7), (9, 7), (9, 1)], [(3, 3), (3, 5), (6, 5), (6, 3)]], "inner_rings_nested"),
        ([SQUARE, [(0, 4), (5, 8), (10, 4), (5, 0)]], "polygon_interior_disconnected"),
        ([SQUARE, YARD[::-1]], "orientation_rings_same"),
        ([SQUARE, [(3, 3), (3, 5), (3, 5)]], "too_few_points"),
        ([[*SQUARE, (0, 8), (0, 0)]], "consecutive_points_same"),
    ],
)
def test_rings_that_are_wrong(rings, code):
    found = examine(city_of(with_roof(*rings), prism([(x + 30, y) for x, y in SQUARE])))
    mine = found.of_code(code)
    assert mine.surface.tolist() == [1]
    assert mine.row.tolist() == [0]
    assert set(found.of_row(1).counts()) == ASKED_FOR


def test_a_hole_given_twice_is_named():
    codes = codes_of(city_of(with_roof(SQUARE, YARD, YARD)))
    assert codes & {"duplicated_rings", "intersection_rings", "inner_rings_nested"}


def test_bent_surfaces_are_measured():
    body = prism(SQUARE)
    for place, corner in ((1, 2), (3, 2), (4, 3)):
        body[place][1][0][corner] += [0, 0, 0.2]
    found = examine(city_of(body))
    bent = found.of_code("non_planar_polygon_distance_plane")
    assert bent.surface.tolist() == [1]
    assert bent.number[0] == pytest.approx(0.05, rel=0.01)
    assert FAULTS["non_planar_polygon_distance_plane"].val3dity == 203
    assert "0.05 m" in found.sentence(int(np.flatnonzero(found.surface == 1)[0]))


def test_folded_surfaces_are_measured():
    # A flap of 15 mm that rises by 8 mm: all corners lie near the plane, but it stands up at 28 degrees.
    flap = [[5.2, 8, 6], [5.2, 8.015, 6.008], [4.8, 8.015, 6.008], [4.8, 8, 6]]
    roof = [[0, 0, 6], [10, 0, 6], [10, 8, 6], *flap, [0, 8, 6.0]]
    body = prism(SQUARE)
    body[1] = (ROOF, [np.array(roof)])
    found = examine(city_of(body)).of_code("non_planar_polygon_normals_deviation")
    assert found.surface.tolist() == [1]
    assert 20 < found.number[0] < 35


def test_surfaces_that_are_lines_or_slivers():
    thin = lambda width: (WALL, [np.array([[0, 0, 0], [10, 0, 0], [10, 0, width], [0, 0, width]])])  # noqa: E731
    found = examine(city_of([*prism(SQUARE), thin(0.0), thin(0.004), thin(0.02)]))
    assert found.of_code("zero_area").surface.tolist() == [6]
    assert found.of_code("sliver_surface").surface.tolist() == [7]
    assert found.of_code("sliver_surface").number[0] == pytest.approx(4, rel=0.01)


def test_a_terrace_without_party_walls_can_be_simulated():
    open_side = [face for place, face in enumerate(prism(L_SHAPE)) if place != 3]
    both_open = [face for place, face in enumerate(box(30, 0, 6, 9)) if place not in (3, 5)]
    city = city_of(open_side, both_open)
    assert codes_of(city) == codes_of(city, 1) == {"open_sides"}
    assert readiness(city).level.tolist() == [0, 0]


@pytest.mark.parametrize(("missing", "codes"), [(1, {"shell_not_closed", "missing_roof"}), (0, {"missing_ground"})])
def test_a_body_open_above_or_below_is_doubtful(missing, codes):
    city = city_of([face for place, face in enumerate(prism(SQUARE)) if place != missing])
    assert codes <= codes_of(city)
    assert examine(city).of_code("shell_not_closed").number[0] == pytest.approx(80)
    assert readiness(city).level.tolist() == [1]


def test_edges_that_a_neighbour_splits_close_the_body_all_the_same():
    body = prism(SQUARE)
    roof = body[1][1][0]
    body[1] = (ROOF, [np.stack([roof, (roof + np.roll(roof, -1, axis=0)) / 2 + 3e-4], axis=1).reshape(-1, 3)])
    city = city_of(body)
    assert codes_of(city) == {"split_edges"}
    assert readiness(city).level.tolist() == [0]


def test_roof_and_ground_alone_have_no_walls():
    assert {"missing_walls", "too_few_polygons"} <= codes_of(city_of(prism(SQUARE)[:2]))


@pytest.mark.parametrize(
    ("wrong", "code", "number"), [([3], "polygon_wrong_orientation", 1), (range(6), "inverted_body", 6)]
)
def test_surfaces_that_face_inwards(wrong, code, number):
    body = [
        (kind, [ring[::-1] for ring in rings]) if place in wrong else (kind, rings)
        for place, (kind, rings) in enumerate(prism(SQUARE))
    ]
    found = examine(city_of(body))
    assert found.of_code(code).number.tolist() == [number]
    assert not len(found.of_code("shell_not_closed", "open_sides", "non_manifold_case"))


def test_irregular_edges_and_several_bodies():
    touching = [*prism(SQUARE), *box(10, 8, 5, 5)]
    apart = [*box(100, 0, 10, 8), *box(130, 0, 5, 5)]
    city = city_of(touching, apart)
    assert codes_of(city) == {"non_manifold_case"}
    assert codes_of(city, 1) == {"multiple_connected_components"}


@pytest.mark.parametrize(
    ("body", "code", "level"),
    [
        (prism(SQUARE)[:1], "no_height", 2),
        (prism(SQUARE, top=0.3), "no_height", 2),
        (prism(SQUARE, top=0.8), "low_height", 1),
        (prism(SQUARE, top=831), "absurd_height", 2),
        (box(0, 0, 6000, 10), "absurd_size", 2),
        (box(0, 0, 0.9, 0.9), "no_plan", 2),
        (prism(SQUARE)[2:3], "no_plan", 2),
        ([], "no_geometry", 2),
    ],
)
def test_sizes_that_engines_refuse(body, code, level):
    city = city_of(body, box(-100, -100, 10, 10))
    assert code in codes_of(city)
    state = readiness(city)
    assert state.level.tolist() == [level, 0]
    assert state.counts["ready"] == 1
    assert any(sentence for sentence in state.reasons(0))


def test_a_long_low_building_is_not_absurd():
    assert codes_of(city_of(box(0, 0, 3000, 60, top=12))) == set()
    assert codes_of(city_of(box(0, 0, 100, 60, top=828))) == set()


@pytest.mark.parametrize(
    ("storeys", "code", "level"),
    [
        (2, None, 0),
        (np.nan, None, 0),
        (1, None, 0),
        (5, "storeys_height_mismatch", 1),
        (7, "storeys_too_low", 2),
        (40, "storeys_too_low", 2),
    ],
)
def test_storeys_and_height(storeys, code, level):
    city = city_of(prism(SQUARE), storeys=[storeys])
    assert codes_of(city) == ({code} if code else set())
    assert readiness(city).level.tolist() == [level]


def test_unknown_function_and_year_are_notes():
    city = city_of(prism(SQUARE), box(30, 0, 5, 5), function=["residential", ""], year_built=[1950, np.nan])
    found = examine(city)
    assert found.of_row(0).counts() == {}
    assert set(found.of_row(1).counts()) == ASKED_FOR
    assert len(found.without(*ASKED_FOR)) == 0
    assert readiness(city).level.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (prism(SQUARE), ({"duplicate_building"}, {"duplicate_building"})),
        (box(0.1, 0, 9.8, 8), ({"duplicate_building"}, {"duplicate_building"})),
        (box(8, 2, 10, 4), ({"overlapping_building"}, {"overlapping_building"})),
        (box(3, 3, 2, 2), ({"overlapping_building"}, {"overlapping_building"})),
        (box(9.5, 0, 10, 8), (set(), set())),
        (box(10, 0, 10, 8), (set(), set())),
        (box(0, 0, 10, 8, base=6, top=9), ({"below_another"}, set())),
        (box(0, 0, 3, 8, base=6, top=9), (set(), set())),
        (box(0, 0, 10, 8, base=20, top=29), ({"below_another"}, set())),
    ],
)
def test_buildings_in_the_same_place(other, expected):
    city = city_of(prism(SQUARE), other)
    assert (codes_of(city), codes_of(city, 1)) == expected


def test_overlaps_are_measured_for_concave_plans():
    found = examine(city_of(prism(L_SHAPE), box(5, 3, 4, 4), box(6.5, 4.5, 4, 4)))
    overlap = found.of_code("overlapping_building")
    numbers = dict(zip(overlap.row.tolist(), overlap.number.tolist(), strict=True))
    # The square of 4 m covers 1 m x 4 m and 3 m x 1 m of the L of 64 m2.
    assert numbers[0] == pytest.approx(7 / 64)
    assert numbers[1] == pytest.approx(max(7, 2.5 * 2.5) / 16)
    assert "39%" in found.sentence(int(np.flatnonzero((found.row == 2) & (found.number < 1) & (found.number > 0))[0]))


@pytest.mark.parametrize("facing", [GROUND, ROOF])
def test_neighbours_in_a_terrace_are_told_apart_without_cutting(facing, monkeypatch):
    turn = np.array([[np.cos(0.4), np.sin(0.4)], [-np.sin(0.4), np.cos(0.4)]])
    plans = [np.array([(6 * k, 0), (6 * k + 6, 0), (6 * k + 6, 9), (6 * k, 9)]) @ turn for k in range(6)]
    city = city_of(*([face for face in prism(plan) if face[0] in (WALL, facing)] for plan in plans))
    monkeypatch.setattr("shapely.intersection", lambda *shapes: pytest.fail("cut"))
    assert not len(examine(city).of_code("overlapping_building"))


def test_parts_of_one_building_that_overlap():
    city = city_of([], prism(SQUARE), box(8, 0, 10, 8), parent_id=["", "B0", "B0"])
    assert codes_of(city, 1) == codes_of(city, 2) == {"buildingparts_overlap"}
    assert codes_of(city, 0) == set()
    assert readiness(city).level.tolist() == [1, 1, 1]


def test_a_building_is_blocked_only_when_all_its_parts_are():
    parents = ["", "B0", "B0", "", "B3"]
    city = city_of([], prism(SQUARE), box(20, 0, 9, 9)[:1], [], box(40, 0, 9, 9)[:1], parent_id=parents)
    assert readiness(city).level.tolist() == [1, 0, 2, 2, 2]


def test_a_house_in_fragments():
    tiles = [box(x * 2.5, y * 2.5, 2.5, 2.5, top=5 + x % 2) for x in range(12) for y in range(9)]
    sheds = [box(100 + 10 * k, 0, 2.5, 2.5) for k in range(6)]
    found = examine(city_of(*tiles, *sheds)).of_code("fragments")
    assert found.row.tolist() == list(range(108))
    assert set(found.number.tolist()) == {108}


def test_pieces_of_one_address_are_fragments_and_a_terrace_is_not():
    houses = [box(6 * k, 0, 6, 9) for k in range(8)]
    one = [{"Address": "High Street 1"} for _ in houses]
    many = [{"Address": f"High Street {k}"} for k in range(8)]
    assert len(examine(city_of(*houses, attributes=one)).of_code("fragments")) == 8
    assert len(examine(city_of(*houses, attributes=many)).of_code("fragments")) == 0


def test_buildings_off_the_ground():
    village = [box(20 * x, 20 * y, 10, 10, base=0.1 * x, top=6) for x in range(4) for y in range(4)]
    village[5] = box(20, 20, 10, 10, base=30, top=36)
    village[6] = box(20, 40, 10, 10, base=-400, top=-394)
    found = examine(city_of(*village)).of_code("floating", "sunken")
    assert dict(zip(found.row.tolist(), found.code, strict=True)) == {5: "floating", 6: "sunken"}
    hill = [box(20 * x, 20 * y, 10, 10, base=8.0 * x, top=8.0 * x + 6) for x in range(6) for y in range(4)]
    assert not len(examine(city_of(*hill)).of_code("floating", "sunken"))


def test_coordinates_that_are_none_are_named_with_their_surface():
    city = city_of(prism(SQUARE), box(30, 0, 9, 9))
    vertices = city.surfaces.polygons.vertices.copy()
    vertices[30, 1] = np.nan
    city = replace(city, surfaces=replace(city.surfaces, polygons=replace(city.surfaces.polygons, vertices=vertices)))
    found = examine(city)
    assert found.of_code("not_a_number").surface.tolist() == [7]
    items = {item.code: item for item in found.items(city)}
    assert items["not_a_number"].point_m is None
    assert items["not_a_number"].surface_id == "S7"
    assert readiness(city).level.tolist() == [0, 2]
    assert found.of_row(1).surface.max() <= 11


def test_stray_surfaces_block_until_they_are_repaired():
    stray = (ROOF, [np.array([[0, 0, -2_147_483.0], [1, 0, -2_147_483.0], [1, 1, -2_147_483.0]])])
    city = city_of([*prism(SQUARE), stray], *(box(20 * k, 40, 9, 9) for k in range(4)))
    found = examine(city)
    assert found.of_code("outlier_coordinates").surface.tolist() == [6]
    assert {"absurd_height"} < codes_of(city)
    assert readiness(city).level.tolist() == [2, 0, 0, 0, 0]
    assert readiness(repair(city)[0]).level.tolist() == [0, 0, 0, 0, 0]


def test_some_buildings_alone_are_examined_among_their_neighbours():
    city = city_of(prism(SQUARE), box(1000, 0, 9, 9), box(8, 0, 10, 8), prism(SQUARE)[:1])
    whole, part = examine(city), examine(city, np.array([2, 3]))
    assert part.counts() == whole.of_rows(np.array([2, 3])).counts()
    np.testing.assert_array_equal(part.surface, whole.of_rows(np.array([2, 3])).surface)
    assert set(part.row.tolist()) == {2, 3}


def test_items_and_sentences_name_building_and_place():
    found = examine(city_of(with_roof([(0, 0), (10, 0), (0, 8), (10, 8)]), box(30, 0, 9, 9)))
    city = city_of(with_roof([(0, 0), (10, 0), (0, 8), (10, 8)]), box(30, 0, 9, 9))
    item = next(item for item in found.items(city) if item.code == "ring_self_intersection")
    assert (item.building_id, item.surface_id, item.val3dity, item.level) == ("B0", "S1", 104, "doubtful")
    assert item.point_m == (5.0, 4.0, 6.0)
    assert found.sentences(city)[0].startswith("Building “B0”: ")
    assert len(found.sentences(city)) == len(found) == sum(found.counts().values())


@pytest.mark.parametrize("code", CODES)
def test_every_fault_is_told_in_whole_sentences(code):
    fault = FAULTS[code]
    assert fault.code == code
    assert fault.level in ("blocks", "doubtful", "note")
    for sentence in filter(None, (fault.meaning, fault.remedy, fault.repaired)):
        found = Findings(np.array([CODES.index(code)]), np.zeros(1, int), np.zeros(1, int), np.ones(1))
        assert found.sentence(0)
        told = sentence.replace("{number", "").replace("|", "")
        assert told[0].isupper() or told[0] == ":"
        assert told.endswith(".")
        assert ". " not in told


def test_sentences_count_in_words():
    found = examine(city_of(prism(SQUARE)[:2], [*prism(SQUARE)[:2], prism(SQUARE)[2]]))
    told = [found.sentence(index) for index in range(len(found)) if found.fault(index).code == "too_few_polygons"]
    assert [sentence.split(";")[0] for sentence in told] == [
        "The body has only 2 surfaces",
        "The body has only 3 surfaces",
    ]
    _, repaired = repair(city_of([*prism(SQUARE), prism(SQUARE)[2]]))
    assert repaired.sentence(0) == "1 surface given twice was kept once."


def test_val3dity_numbers_are_all_known():
    numbers = {fault.val3dity for fault in FAULTS.values()}
    assert {101, 102, 103, 104, *range(201, 209), 300, 301, 302, 303, 305, 306, 307, 401, 402, 403, 404, 405} <= numbers
    assert {501, 502, 503, 601, 999} <= numbers


coordinates = st.one_of(
    st.integers(-3, 3).map(float), st.floats(-50, 50), st.sampled_from([1e-5, 1e9, -2e6, np.nan, np.inf])
)
rings = st.lists(st.tuples(coordinates, coordinates, coordinates), max_size=6)
garbage = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([0, 1, 2, 7, 255]), st.lists(rings, max_size=3)), max_size=8
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(garbage, st.lists(st.sampled_from(["", "B1", "nobody"]), min_size=4, max_size=4))
def test_garbage_is_examined_without_a_fault_of_our_own(drawn, parents):
    drawn = sorted(drawn, key=lambda item: item[0])
    bodies = [[(kind, [np.array(ring, float).reshape(-1, 3) for ring in polygon]) for _, kind, polygon in drawn]]
    city = city_of(*bodies, [], [], [], parent_id=parents, storeys=[1, 200, np.nan, 3])
    owner = np.array([row for row, _, _ in drawn], np.int64)
    city = replace(city, surfaces=replace(city.surfaces, building=owner))
    for one in (city, repair(city)[0]):
        found = examine(one)
        assert len(list(found.items(one))) == len(found)
        assert readiness(one, found).level.max() <= 2
        assert (found.surface < len(one.surfaces)).all()
