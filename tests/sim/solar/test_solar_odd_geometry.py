"""Broken and unlikely geometry: finite, never a silent nothing."""

import time

import numpy as np
import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.sim.solar.build import Site, build_operators
from citytwin_desktop.sim.solar.hours import HourSynthesis, hour_synthesis, solar_offset_h
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.settings import SolarSettings

SOUTH, EAST, NORTH, WEST, ROOF, FLOOR = range(6)
QUICK = {"sun_days": 24, "base_days": 12, "reflected_days": 4, "rays": 64}
WALL, TOP = SurfaceKind.WALL, SurfaceKind.ROOF


def face(corners, kind=WALL, owner=0, holes=()):
    return (owner, kind, [np.array(ring, float) for ring in (corners, *holes)])


def year_of(operators, weather) -> np.ndarray:
    year = hour_synthesis(operators, weather).monthly_irradiation().sum(axis=1)
    assert np.isfinite(year).all()
    assert (year >= 0).all()
    assert np.isfinite(operators.sky_view_factor).all()
    assert operators.sky_view_factor.max() <= 1.001
    return year


DEGENERATE = {
    "a point": [[3, -1, 3]] * 4,
    "a line": [[0, -1, 0], [5, -1, 5], [10, -1, 10]],
    "a line there and back": [[0, -1, 0], [10, -1, 0], [5, -1, 0], [10, -1, 0]],
    "two corners": [[0, -1, 0], [5, -1, 5]],
    "a needle": [[0, -1, 0], [10, -1, 0], [10, -1, 1e-9]],
    "corners repeated": [[0, -1, 0], [0, -1, 0], [10, -1, 0], [10, -1, 0]],
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_faces_get_nothing_and_harm_nobody(box, operators_of, clear_weather, name: str) -> None:
    faces = box(0, (0, 0, 0), (10, 10, 10))
    weather = clear_weather(51.5)
    whole = year_of(operators_of(faces, **QUICK), weather)
    year = year_of(operators_of([*faces, face(DEGENERATE[name])], **QUICK), weather)
    assert year[6] == 0.0
    np.testing.assert_allclose(year[:6], whole, rtol=1e-5)


def test_thin_but_real_faces_get_their_light(box, operators_of, clear_weather) -> None:
    # A centimetre high and twenty metres long; a needle of a triangle.
    strip = face([[0, -5, 3], [20, -5, 3], [20, -5, 3.01], [0, -5, 3.01]])
    needle = face([[0, -8, 3], [20, -8, 3], [20, -8, 3.02]])
    operators = operators_of([*box(0, (0, 0, 0), (10, 10, 10)), strip, needle], **QUICK)
    year = year_of(operators, clear_weather(51.5))
    assert (year[6:] > 0.6 * year[SOUTH]).all()


def test_bow_tie_gets_light_on_what_is_left_of_it(box, operators_of, clear_weather) -> None:
    tie = face([[20, 0, 0], [30, 0, 10], [30, 0, 0], [20, 0, 9]])
    loop = face([[40, 0, 0], [50, 0, 0], [50, 0, 10], [45, 0, -3], [40, 0, 10]])
    year = year_of(operators_of([*box(0, (0, 0, 0), (10, 10, 10)), tie, loop], **QUICK), clear_weather(51.5))
    # The tie winds to the north by a hair, so it has the light of a north wall.
    assert (year[6:] > 0.15 * year[SOUTH]).all()


@pytest.mark.parametrize("bend", [0.001, 0.02, 0.3])
def test_bent_faces_are_about_like_flat_ones(box, operators_of, clear_weather, bend: float) -> None:
    faces = box(0, (0, 0, 0), (10, 10, 10))
    for number in range(4):
        ring = faces[number][2][0].copy()
        ring[2] += bend * np.array([[0, -1, 0], [1, 0, 0], [0, 1, 0], [-1, 0, 0]][number])
        faces[number] = (0, WALL, [ring])
    weather = clear_weather(51.5)
    flat = year_of(operators_of(box(0, (0, 0, 0), (10, 10, 10)), **QUICK), weather)
    np.testing.assert_allclose(year_of(operators_of(faces, **QUICK), weather)[:5], flat[:5], rtol=0.04 + bend / 10)


def test_two_faces_in_one_plane(box, operators_of, clear_weather) -> None:
    # A window lies in its wall, as city files have it, and a sign overlaps both.
    window = face([[3, 0, 3], [7, 0, 3], [7, 0, 7], [3, 0, 7]], SurfaceKind.WINDOW)
    sign = face([[5, 0, 5], [9, 0, 5], [9, 0, 9], [5, 0, 9]])
    year = year_of(operators_of([*box(0, (0, 0, 0), (10, 10, 10)), window, sign], **QUICK), clear_weather(51.5))
    np.testing.assert_allclose(year[6:], year[SOUTH], rtol=0.04)


def test_wall_with_holes(operators_of, clear_weather) -> None:
    hole = [[3, 0, 53], [3, 0, 57], [7, 0, 57], [7, 0, 53]]
    wall = face([[0, 0, 50], [10, 0, 50], [10, 0, 60], [0, 0, 60]], holes=[hole])
    operators = operators_of([wall], **QUICK)
    assert operators.areas_m2[0] == pytest.approx(84.0)
    assert operators.sky_view_factor[0] == pytest.approx(0.5, abs=0.03)
    assert year_of(operators, clear_weather(51.5))[0] > 500


def test_overlapping_buildings_are_dark_where_one_is_in_the_other(box, operators_of, clear_weather) -> None:
    faces = [*box(0, (0, 0, 0), (10, 10, 10)), *box(1, (5, -5, 0), (15, 5, 10))]
    year = year_of(operators_of(faces, cell_size_m=1.0, **QUICK), clear_weather(51.5))
    alone = year_of(operators_of(faces[:6], cell_size_m=1.0, **QUICK), clear_weather(51.5))
    # Half of the first one's south wall is inside the second.
    assert 0.25 * alone[SOUTH] < year[SOUTH] < 0.5 * alone[SOUTH]
    assert year[6 + SOUTH] == pytest.approx(alone[SOUTH], rel=0.03)
    assert (year[[0, 1, 2, 3, 4, 6, 7, 8, 9, 10]] > 100).all()


def test_same_building_twice(box, operators_of, clear_weather) -> None:
    faces = [*box(0, (0, 0, 0), (10, 10, 10)), *box(1, (0, 0, 0), (10, 10, 10))]
    year = year_of(operators_of(faces, **QUICK), clear_weather(51.5))
    np.testing.assert_allclose(year[6:], year[:6], rtol=1e-5)
    assert (year[:5] > 100).all()


def test_touching_at_an_edge_and_at_a_corner(box, operators_of, clear_weather) -> None:
    faces = [
        *box(0, (0, 0, 0), (10, 10, 10)), *box(1, (10, 10, 0), (20, 20, 10)), *box(2, (0, 0, 10), (10, 10, 20)),
        *box(3, (20, 20, 10), (30, 30, 20)),
    ]  # fmt: skip
    year = year_of(operators_of(faces, **QUICK), clear_weather(51.5)).reshape(4, 6)
    assert (year[:, :4] > 100).all()
    # The roof under the third house is wholly covered.
    assert year[0, ROOF] < 1.0
    assert year[2, ROOF] > 1000


def test_yard_closed_on_all_sides_and_covered(box, operators_of, clear_weather) -> None:
    # Four houses around a yard, a fifth that lies over it: nothing can get in.
    faces = [
        *box(0, (0, 0, 0), (30, 10, 12)), *box(1, (0, 20, 0), (30, 30, 12)), *box(2, (0, 10, 0), (10, 20, 12)),
        *box(3, (20, 10, 0), (30, 20, 12)), *box(4, (0, 0, 12), (30, 30, 15)),
    ]  # fmt: skip
    operators = operators_of(faces, **QUICK)
    year = year_of(operators, clear_weather(51.5))
    inner = [NORTH, 6 + SOUTH, 12 + EAST, 18 + WEST]
    assert operators.sky_view_factor[inner].max() == 0.0
    assert year[inner].max() < 1.0
    open_yard = year_of(operators_of(faces[:24], **QUICK), clear_weather(51.5))
    assert open_yard[inner].min() > 20


def shards(count: int, seed: int = 1):
    """Triangles between 181 points of a ball."""
    random = np.random.default_rng(seed)
    points = random.normal(size=(181, 3))
    points = 20 * points / np.linalg.norm(points, axis=1, keepdims=True) + [0, 0, 20]
    chosen = random.integers(0, 181, (count, 3))
    return [face(points[corners], owner=0) for corners in chosen]


def test_one_building_of_many_surfaces_on_few_corners(city_of, clear_weather) -> None:
    # A real file has 274,000 on 181. Shards this large all lie across each other, which no ray tree is good at.
    settings = SolarSettings(cell_size_m=20.0, rays=16, sun_days=12, base_days=6, reflected_days=4)
    begin = time.process_time()
    operators = build_operators(solar_scene(city_of(shards(2_000)), settings), Site(51.5), settings)
    assert time.process_time() - begin < 20
    year = HourSynthesis(operators, clear_weather(51.5)).monthly_irradiation().sum(axis=1)
    assert len(year) == 2_000
    assert np.isfinite(year).all()
    assert (year > 10).sum() > 20


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [(47.6, -52.7, -3.5), (27.7, 85.3, 5.75), (-43.9, -176.5, 12.75), (-54.8, -68.3, -3.0), (39.5, 76.0, 8.0)],
)
def test_odd_time_zones(box, operators_of, clear_weather, latitude: float, longitude: float, zone: float) -> None:
    weather = clear_weather(latitude, longitude, zone)
    operators = operators_of(box(0, (0, 0, 0), (10, 10, 10)), latitude, solar_offset_h=solar_offset_h(weather), **QUICK)
    year = year_of(operators, weather)
    synthesis = HourSynthesis(operators, weather)
    path = synthesis.year.path
    horizontal = weather.diffuse_horizontal_wh_m2 + synthesis.year.beam_w_m2 * np.maximum(path.sine_altitude, 0)
    assert year[ROOF] == pytest.approx(horizontal.sum() / 1000, rel=0.01)
    # However the clock stands, east and west are alike when the sky is; but hours cut at sunrise are not.
    assert year[EAST] == pytest.approx(year[WEST], rel=0.05)
    sunny, shady = (SOUTH, NORTH) if latitude > 0 else (NORTH, SOUTH)
    assert year[sunny] > 1.4 * year[shady]


@pytest.mark.parametrize("latitude", [-90.0, -75.0, -66.6, 66.6, 80.0, 90.0])
def test_polar_places(box, operators_of, clear_weather, latitude: float) -> None:
    weather = clear_weather(latitude)
    operators = operators_of([*box(0, (0, 0, 0), (10, 10, 10)), *box(1, (14, 0, 0), (24, 10, 30))], latitude, **QUICK)
    months = HourSynthesis(operators, weather).monthly_irradiation()
    assert np.isfinite(months).all()
    assert (months.sum(axis=1)[:5] > 50).all()
    if abs(latitude) > 70:
        assert not months[:, 5 if latitude < 0 else 11].any()


def test_leap_year(box, operators_of, clear_weather) -> None:
    weather: Weather = clear_weather(51.5, count=8784)
    operators = operators_of(box(0, (0, 0, 0), (10, 10, 10)), **QUICK)
    synthesis = HourSynthesis(operators, weather)
    months = synthesis.monthly_irradiation()
    plain = HourSynthesis(operators, clear_weather(51.5)).monthly_irradiation()
    assert months[ROOF, 1] / plain[ROOF, 1] == pytest.approx(29 / 28, abs=0.02)
    assert np.isfinite(synthesis.irradiance(8783)).all()


def test_buildings_far_apart_in_height(box, operators_of, clear_weather) -> None:
    faces = [*box(0, (0, 0, 0), (10, 10, 10)), *box(1, (300, 0, 900), (310, 10, 910))]
    year = year_of(operators_of(faces, **QUICK), clear_weather(51.5))
    assert (year.reshape(2, 6)[:, :5] > 100).all()
