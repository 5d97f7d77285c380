"""Odd geometry and odd wishes: right, or refused by name."""

from dataclasses import replace

import numpy as np
import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.errors import CancelledError, KnownError
from citytwin_desktop.sim.solar.build import Course, Site, build_operators
from citytwin_desktop.sim.solar.cells import make_cells
from citytwin_desktop.sim.solar.coincidence import coincidence
from citytwin_desktop.sim.solar.hours import hour_synthesis
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.settings import SolarSettings
from citytwin_desktop.sim.solar.threads import Watch, in_order
from citytwin_desktop.sim.solar.tracing import tracer

SOUTH, EAST, NORTH, WEST, ROOF, FLOOR = range(6)
WATCH = Watch(lambda _share: None)


def reversed_face(face):
    return (face[0], face[1], [ring[::-1] for ring in face[2]])


def test_inside_out_building_is_turned(box, operators_of) -> None:
    right = operators_of(box(0, (0, 0, 0), (10, 10, 10)))
    turned = operators_of([reversed_face(face) for face in box(0, (0, 0, 0), (10, 10, 10))])
    np.testing.assert_allclose(turned.normals, right.normals, atol=1e-6)
    np.testing.assert_allclose(turned.sky_view_factor, right.sky_view_factor, atol=0.02)


@pytest.mark.parametrize("wrong", [SOUTH, NORTH, ROOF])
def test_single_inward_face_is_turned(box, operators_of, wrong: int) -> None:
    faces = box(0, (0, 0, 0), (10, 10, 10))
    right = operators_of(faces)
    faces[wrong] = reversed_face(faces[wrong])
    mended = operators_of(faces)
    np.testing.assert_allclose(mended.normals, right.normals, atol=1e-6)
    np.testing.assert_allclose(mended.sky_view_factor, right.sky_view_factor, atol=0.02)


def test_footprint_inside_its_building_is_not_turned_into_a_ceiling(box, operators_of) -> None:
    footprint = (1, SurfaceKind.ROOF, [np.array([[1, 1, 0.5], [9, 1, 0.5], [9, 9, 0.5], [1, 9, 0.5]], float)])
    operators = operators_of([*box(0, (0, 0, 0), (10, 10, 10))[:5], footprint])
    assert operators.normals[5, 2] == pytest.approx(1.0)
    assert operators.sky_view_factor[5] == 0.0


def test_repeated_degenerate_and_bent_faces(box, operators_of, clear_weather) -> None:
    faces = box(0, (0, 0, 0), (10, 10, 10))
    faces.append(faces[ROOF])
    faces.append((0, SurfaceKind.WALL, [np.array([[0, 0, 0], [5, 0, 0], [10, 0, 0]], float)]))
    bent = faces[SOUTH][2][0].copy()
    bent[2, 1] -= 0.05
    faces[SOUTH] = (0, SurfaceKind.WALL, [bent])
    operators = operators_of(faces)
    year = hour_synthesis(operators, clear_weather(51.5)).monthly_irradiation().sum(axis=1)
    assert np.isfinite(year).all()
    assert year[6] == pytest.approx(year[ROOF], rel=0.01)
    assert year[7] == 0.0
    assert operators.sky_view_factor[SOUTH] == pytest.approx(0.5, abs=0.02)


def test_far_from_the_origin_nothing_changes(box, operators_of) -> None:
    near = operators_of(box(0, (0, 0, 0), (10, 10, 10)))
    far = operators_of(box(0, (4e6, 5e6, 100), (4e6 + 10, 5e6 + 10, 110)))
    np.testing.assert_allclose(far.sky_view_factor, near.sky_view_factor, atol=0.02)


def test_wide_city_keeps_its_rays_off_their_own_surface(box, operators_of) -> None:
    faces = [*box(0, (0, 0, 0), (10, 10, 10)), *box(1, (9000, 9000, 0), (9010, 9010, 10))]
    operators = operators_of(faces)
    np.testing.assert_allclose(operators.sky_view_factor[[0, 1, 2, 3, 6, 7, 8, 9]], 0.5, atol=0.02)


def test_slope_carries_the_ground_with_it(box, operators_of) -> None:
    faces = [*box(0, (0, 0, 0), (10, 10, 10)), *box(1, (60, 0, 6), (70, 10, 16)), *box(2, (120, 0, 12), (130, 10, 22))]
    operators = operators_of(faces)
    walls = operators.sky_view_factor.reshape(3, 6)[:, :4]
    assert (walls > 0.35).all()
    assert walls[0, EAST] < walls[2, EAST]


def test_one_surface_of_many_corners_and_a_floating_box(box, operators_of) -> None:
    turn = np.linspace(0, 2 * np.pi, 1000, endpoint=False)
    disc = np.column_stack([20 * np.cos(turn), 20 * np.sin(turn), np.full(1000, 5.0)])
    faces = [(0, SurfaceKind.ROOF, [disc]), *box(1, (0, 0, 100), (5, 5, 105))]
    operators = operators_of(faces)
    assert 0.95 < operators.sky_view_factor[0] <= 1.001


def test_an_edit_elsewhere_leaves_the_scatter_of_the_rays(box, operators_of) -> None:
    # The other building stands in the same 128 m step, behind a third that hides it.
    near = [*box(0, (0, 0, 0), (10, 10, 10)), *box(1, (30, 0, 0), (40, 10, 10))]
    one = operators_of(near)
    more = operators_of([*near, *near])
    for name in ("sky_direct", "sky_reflected", "sun_reflected"):
        here, there = (getattr(operators.seasons[0], name) for operators in (one, more))
        np.testing.assert_array_equal(here.step[:12], there.step[:12])
        np.testing.assert_array_equal(here.scale[:12], there.scale[:12])


def test_shared_walls_are_marked_whatever_corner_they_begin_with(box) -> None:
    faces = [*box(0, (0, 0, 0), (10, 10, 10)), *box(1, (10, 0, 0), (20, 10, 10)), *box(2, (10, 30, 0), (20, 40, 10))]
    rings = [face[2] for face in faces]
    rings[EAST] = [np.roll(rings[EAST][0], 1, axis=0)]
    polygons = Polygons.from_rings([*rings, rings[ROOF]])
    marked = coincidence(polygons, polygons.normals).shared
    assert np.flatnonzero(marked).tolist() == [EAST, 6 + WEST]


def test_ground_under_a_building_has_no_cells(box, city_of) -> None:
    faces = box(0, (0, 0, 0), (60, 60, 10))
    for these in (faces, faces[:FLOOR]):
        scene = solar_scene(city_of(these), SolarSettings())
        found = make_cells(scene, tracer(scene), 4.0, 1, WATCH)
        ground = found.position[found.row >= scene.surface_count] + scene.middle_m
        assert len(ground) > 100
        assert not ((ground[:, :2] > 0) & (ground[:, :2] < 60)).all(axis=1).any()
    weight = np.bincount(found.row, found.weight)
    np.testing.assert_allclose(weight[weight > 0], 1.0, atol=1e-5)


def test_a_wall_of_20_m_has_five_cells_of_4_m(box, city_of) -> None:
    scene = solar_scene(city_of(box(0, (0, 0, 0), (20, 12, 8))), SolarSettings())
    found = make_cells(scene, tracer(scene), 4.0, 1, WATCH)
    assert np.bincount(found.row)[:6].tolist() == [10, 6, 10, 6, 15, 0]
    south = found.position[found.row == SOUTH] + scene.middle_m
    np.testing.assert_allclose(np.unique(south[:, 0].round(1)), [2, 6, 10, 14, 18], atol=0.1)


def test_city_in_millimetres_is_refused_before_memory_runs_out(box, city_of) -> None:
    with pytest.raises(KnownError, match="million solar cells"):
        solar_scene(city_of(box(0, (0, 0, 0), (50000, 50000, 30000))), SolarSettings())


def test_thousand_copies_of_one_wall(box, operators_of) -> None:
    faces = box(0, (0, 0, 0), (10, 10, 10))
    operators = operators_of([*faces, *[faces[SOUTH]] * 1000], rays=16)
    np.testing.assert_allclose(operators.sky_view_factor[6:], operators.sky_view_factor[SOUTH], atol=1e-6)


def test_empty_city_is_refused() -> None:
    with pytest.raises(KnownError, match="no surfaces"):
        solar_scene(CityModel(), SolarSettings())


def test_corner_that_is_no_number_is_named(box, city_of) -> None:
    faces = box(0, (0, 0, 0), (10, 10, 10))
    faces[2][2][0][1, 1] = np.nan
    with pytest.raises(KnownError, match="S2"):
        solar_scene(city_of(faces), SolarSettings())


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"patches": 146}, "patches"),
        ({"rays": 2}, "rays"),
        ({"rays_per_surface": 0}, "rays per surface"),
        ({"cell_size_m": 0.0}, "cell size"),
        ({"cell_size_m": np.nan}, "cell size"),
        ({"element_m": 0.5}, "element size"),
        ({"reflections": 11}, "reflections"),
        ({"sun_days": 366}, "days"),
        ({"base_days": 3}, "base days"),
        ({"sun_days": 20, "base_days": 30}, "base days"),
        ({"base_days": 8, "reflected_days": 9}, "reflected sun"),
        ({"ground_cell_m": 0.5}, "ground cell"),
        ({"ground_margin_m": -1.0}, "ground margin"),
    ],
)
def test_impossible_settings_are_refused_by_name(change, word: str) -> None:
    with pytest.raises(KnownError, match=word):
        SolarSettings(**change)


def test_first_map_settings_stay_within_wishes() -> None:
    assert SolarSettings().first_map().sun_days < SolarSettings().sun_days
    few = SolarSettings(sun_days=12, base_days=6, reflected_days=5)
    assert few.first_map() == few


def test_impossible_latitude_hour_and_weather_are_refused(box, operators_of, weather_of) -> None:
    with pytest.raises(KnownError, match="Latitude"):
        operators_of(box(0, (0, 0, 0), (10, 10, 10)), 123.0)
    operators = operators_of(box(0, (0, 0, 0), (10, 10, 10)))
    with pytest.raises(KnownError, match="8760"):
        hour_synthesis(operators, weather_of(51.5, 0.0, 10.0)).irradiance(8760)
    with pytest.raises(KnownError, match="latitude"):
        hour_synthesis(operators, weather_of(41.9, 0.0, 10.0))
    gap = np.zeros(8760)
    gap[17] = np.nan
    with pytest.raises(KnownError, match="hour 18"):
        hour_synthesis(operators, weather_of(51.5, gap, 10.0)).irradiance(0)


def test_cancelling_stops_the_run(box, city_of) -> None:
    settings = SolarSettings()
    scene = solar_scene(city_of(box(0, (0, 0, 0), (50, 50, 50))), settings)
    asked = []
    course = Course(cancelled=lambda: len(asked) > 1 or asked.append(1))
    with pytest.raises(CancelledError):
        build_operators(scene, Site(51.5), settings, course=course)


@pytest.mark.parametrize("twice", [False, True])
def test_progress_runs_from_nought_to_one_and_never_back(box, city_of, twice: bool) -> None:
    settings = SolarSettings()
    seen: list[tuple[float, str]] = []
    first = []
    scene = solar_scene(city_of(box(0, (0, 0, 0), (50, 50, 50))), settings)
    course = Course(lambda share, what: seen.append((share, what)))
    build_operators(scene, Site(51.5), settings, course=course, first_map=first.append if twice else None)
    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert shares[0] <= 0.05
    assert shares[-1] == 1.0
    assert np.diff(shares).max() <= 0.5
    assert {"Cells", "Sky", "Sun", "Reflections"} <= {what for _, what in seen}
    assert [operators.exact for operators in first] == [False] * twice


def test_pieces_come_in_order_and_errors_come_through() -> None:
    assert list(in_order(lambda x: x * x, range(50), threads=3)) == [x * x for x in range(50)]
    with pytest.raises(ZeroDivisionError):
        list(in_order(lambda x: 1 // (3 - x), range(50), threads=3))


def test_synthesis_is_remembered_for_the_slider(box, operators_of, weather_of) -> None:
    operators, weather = operators_of(box(0, (0, 0, 0), (10, 10, 10))), weather_of(51.5, 0.0, 10.0)
    assert hour_synthesis(operators, weather) is hour_synthesis(operators, weather)


def test_no_more_threads_than_given(box, city_of, monkeypatch: pytest.MonkeyPatch) -> None:
    from citytwin_desktop.sim.solar import threads

    asked: list[int] = []

    class Recorder(threads.ThreadPoolExecutor):
        def __init__(self, workers: int, **options: object) -> None:
            asked.append(workers)
            super().__init__(workers, **options)

    monkeypatch.setattr(threads, "ThreadPoolExecutor", Recorder)
    settings = SolarSettings()
    build_operators(
        solar_scene(city_of(box(0, (0, 0, 0), (20, 20, 20))), settings), Site(51.5), settings, course=Course(threads=1)
    )
    assert len(asked) >= 4
    assert set(asked) == {1}


def test_weather_that_contradicts_itself_is_refused(box, operators_of, clear_weather) -> None:
    operators, weather = operators_of(box(0, (0, 0, 0), (10, 10, 10))), clear_weather(51.5)
    horizontal = hour_synthesis(operators, weather).year.global_horizontal_w_m2.astype(float)
    sound = replace(weather, global_horizontal_wh_m2=horizontal)
    assert hour_synthesis(operators, sound).irradiance(4116).max() > 100.0
    nothing = np.zeros(8760)
    empty = replace(sound, direct_normal_wh_m2=nothing, diffuse_horizontal_wh_m2=nothing)
    shifted = replace(sound, direct_normal_wh_m2=np.roll(sound.direct_normal_wh_m2, 3))
    for wrong in (empty, shifted):
        with pytest.raises(KnownError, match="check its clock"):
            hour_synthesis(operators, wrong).irradiance(4116)
