"""Closed forms: what any radiosity engine has to reproduce."""

import numpy as np
import pytest

from citytwin_desktop.city.calendar import hour_of
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.sim.solar.hours import hour_synthesis

SOUTH, EAST, NORTH, WEST, ROOF, FLOOR = range(6)
REFLECTANCES = [f"{kind.label}_reflectance" for kind in SurfaceKind if kind is not SurfaceKind.GROUND]
BLACK, HALF = dict.fromkeys(REFLECTANCES, 0.0), dict.fromkeys(REFLECTANCES, 0.5)


def sheet(corners, kind=SurfaceKind.WALL, owner=0):
    return (owner, kind, [np.array(corners, float)])


def test_open_roof_receives_the_global_horizontal_of_the_year(box, operators_of, clear_weather) -> None:
    operators = operators_of(box(0, (0, 0, 0), (20, 20, 10)))
    weather = clear_weather(51.5)
    synthesis = hour_synthesis(operators, weather)
    path = synthesis.year.path
    horizontal = weather.diffuse_horizontal_wh_m2 + synthesis.year.beam_w_m2 * np.maximum(path.sine_altitude, 0)
    assert hour_synthesis(operators, weather).monthly_irradiation()[ROOF].sum() == pytest.approx(
        horizontal.sum() / 1000, rel=0.005
    )
    assert operators.sky_view_factor[ROOF] == pytest.approx(1.0, abs=2e-3)


def test_open_wall_under_an_even_sky(box, operators_of, weather_of) -> None:
    # Half the sky and half the ground: E = DHI (1/2 + albedo/2); a December night makes the Perez sky even.
    operators = operators_of(box(0, (0, 0, 0), (20, 20, 10)), **BLACK, ground_reflectance=0.3)
    weather = weather_of(51.5, 0.0, 100.0)
    wall = hour_synthesis(operators, weather).irradiance(hour_of(12, 21, 0))[:4]
    np.testing.assert_allclose(operators.sky_view_factor[:4], 0.5, atol=0.01)
    # The ground at the foot of the wall is shaded by it, so a little less than the open form.
    assert (wall < 65.5).all()
    assert (wall > 56.0).all()


def test_wall_high_above_the_ground_meets_the_open_form(box, operators_of, weather_of) -> None:
    operators = operators_of([*box(0, (0, 0, 0), (2, 2, 1)), sheet([[0, 0, 80], [4, 0, 80], [4, 0, 84], [0, 0, 84]])])
    weather = weather_of(51.5, 0.0, 100.0)
    free = hour_synthesis(operators, weather).irradiance(hour_of(12, 21, 0))[6]
    assert free == pytest.approx(100 * (0.5 + 0.2 * 0.5), rel=0.01)


def test_sky_view_of_a_long_canyon(box, operators_of) -> None:
    # Street 10 m wide between walls 10 m high and 600 m long. Middle-height band of a wall, x below the top:
    # view of the sky = (1 - sin(atan(x / width))) / 2; mean over the wall = (width + height - diagonal) / (2 height).
    faces = [*box(0, (0, -10, 0), (600, 0, 10)), *box(1, (0, 10, 0), (600, 20, 10))]
    operators = operators_of(faces, cell_size_m=2.0)
    expected = (10 + 10 - np.hypot(10, 10)) / (2 * 10)
    assert operators.sky_view_factor[NORTH] == pytest.approx(expected, abs=0.012)
    assert operators.sky_view_factor[6 + SOUTH] == pytest.approx(expected, abs=0.012)


def test_light_between_two_parallel_plates(operators_of, box) -> None:
    # Two squares of side a at distance a see each other by 0.1998 (Howell, catalogue of configuration factors, C-11).
    # The lower plate looks up: the upper takes that share of its sky; nothing reflects.
    lower = sheet([[0, 0, 50], [10, 0, 50], [10, 10, 50], [0, 10, 50]], SurfaceKind.ROOF)
    upper = sheet([[0, 0, 60], [0, 10, 60], [10, 10, 60], [10, 0, 60]], SurfaceKind.OUTER_CEILING, 1)
    # Plates of many cells send few rays from each; here all of them, 12,800 from a plate.
    operators = operators_of([lower, upper], cell_size_m=1.0, rays_per_surface=100_000, **BLACK)
    assert 1 - operators.sky_view_factor[0] == pytest.approx(0.1998, abs=0.004)
    assert operators.sky_view_factor[1] == 0.0


def test_reflection_between_two_parallel_plates(operators_of, weather_of) -> None:
    # The ground plays no part (black): E_upper = F rho E_lower, E_lower = E0 + F rho E_upper, with E even over plates.
    lower = sheet([[0, 0, 50], [10, 0, 50], [10, 10, 50], [0, 10, 50]], SurfaceKind.ROOF)
    upper = sheet([[0, 0, 60], [0, 10, 60], [10, 10, 60], [10, 0, 60]], SurfaceKind.OUTER_CEILING, 1)
    operators = operators_of(
        [lower, upper], cell_size_m=1.0, rays_per_surface=100_000, **HALF, ground_reflectance=0.0, reflections=10
    )
    light = hour_synthesis(operators, weather_of(51.5, 0.0, 100.0)).irradiance(hour_of(12, 21, 0))
    factor, rho = 0.1998, 0.5
    first = 100 * (1 - factor)
    assert light[0] == pytest.approx(first / (1 - (factor * rho) ** 2), rel=0.01)
    assert light[1] == pytest.approx(factor * rho * light[0], rel=0.03)


def test_sun_reflected_by_a_wide_roof(operators_of, weather_of) -> None:
    # A wall in the middle of a wide roof sees it by nearly one half: E = F rho DNI sin(h).
    roof = sheet([[-150, -150, 50], [150, -150, 50], [150, 150, 50], [-150, 150, 50]], SurfaceKind.ROOF)
    wall = sheet([[-2, 0, 50.01], [2, 0, 50.01], [2, 0, 54], [-2, 0, 54]], SurfaceKind.WALL, 1)
    operators = operators_of([roof, wall], rays=2048, cell_size_m=20.0, **HALF, ground_reflectance=0.0)
    synthesis = hour_synthesis(operators, weather_of(51.5, 600.0, 0.0))
    noon = hour_of(6, 21, 12)
    expected = 0.5 * 0.5 * 600 * synthesis.year.path.sine_altitude[noon]
    assert synthesis.parts(noon).reflected[1] == pytest.approx(expected, rel=0.03)


def test_inside_of_a_closed_box_is_dark(box, operators_of, clear_weather) -> None:
    # A small box inside a large one: no sky, no sun, and backs do not shine.
    operators = operators_of([*box(0, (0, 0, 0), (30, 30, 30)), *box(1, (10, 10, 10), (15, 15, 15))])
    inner = slice(6, 12)
    assert operators.sky_view_factor[inner].max() == 0.0
    assert operators.seasons[0].sun_visibility[:, inner].max() == 0
    assert hour_synthesis(operators, clear_weather(51.5)).monthly_irradiation()[inner].max() == 0.0


def test_beam_on_a_tilted_plane_follows_the_cosine(box, operators_of, clear_weather) -> None:
    tilt = np.radians(30)
    rise = 4 * np.tan(tilt)
    plane = sheet([[0, 0, 40], [4, 0, 40], [4, 4, 40 + rise], [0, 4, 40 + rise]], SurfaceKind.ROOF)
    operators = operators_of([plane])
    weather = clear_weather(51.5)
    synthesis = hour_synthesis(operators, weather)
    normal = np.array([0.0, -np.sin(tilt), np.cos(tilt)])
    cosine = np.maximum(synthesis.year.path.direction @ normal, 0.0)
    expected = synthesis.year.beam_w_m2 * cosine
    found = np.array([synthesis.parts(hour).beam[0] for hour in range(0, 8760, 7)])
    clear_of_the_horizon = cosine[::7] > 0.05
    np.testing.assert_allclose(found[clear_of_the_horizon], expected[::7][clear_of_the_horizon], rtol=1e-4)
    assert found.sum() == pytest.approx(expected[::7].sum(), rel=2e-3)


def test_months_are_the_sum_of_their_hours(box, operators_of, clear_weather) -> None:
    operators = operators_of([*box(0, (0, 0, 0), (10, 10, 12)), *box(1, (16, 0, 0), (26, 10, 20))])
    weather = clear_weather(51.5)
    synthesis = hour_synthesis(operators, weather)
    april = sum(synthesis.irradiance(hour).astype(float) for hour in range(hour_of(4, 1, 0), hour_of(5, 1, 0)))
    np.testing.assert_allclose(
        hour_synthesis(operators, weather).monthly_irradiation()[:, 3], april / 1000, rtol=1e-4, atol=1e-4
    )


def test_parts_sum_to_the_whole_and_nothing_is_negative(box, operators_of, clear_weather) -> None:
    operators = operators_of([*box(0, (0, 0, 0), (10, 10, 12)), *box(1, (16, 0, 0), (26, 10, 20))])
    synthesis = hour_synthesis(operators, clear_weather(51.5))
    for hour in range(0, 8760, 131):
        parts, whole = synthesis.parts(hour), synthesis.irradiance(hour)
        np.testing.assert_allclose(parts.beam + parts.sky + parts.reflected, whole, rtol=1e-4, atol=1e-3)
        assert np.isfinite(whole).all()
        assert min(parts.beam.min(), parts.sky.min(), parts.reflected.min()) >= 0.0


def test_north_wall_leads_in_the_south_and_south_wall_in_the_north(box, operators_of, clear_weather) -> None:
    for latitude, sunny, shady in ((-33.9, NORTH, SOUTH), (51.5, SOUTH, NORTH)):
        operators = operators_of(box(0, (0, 0, 0), (10, 10, 10)), latitude)
        year = hour_synthesis(operators, clear_weather(latitude)).monthly_irradiation().sum(axis=1)
        assert year[sunny] > 1.8 * year[shady]
        assert year[EAST] == pytest.approx(year[WEST], rel=0.03)


def test_polar_night_is_dark_and_polar_day_shines_all_round(box, operators_of, clear_weather) -> None:
    operators = operators_of(box(0, (0, 0, 0), (10, 10, 10)), 78.0)
    weather = clear_weather(78.0)
    months = hour_synthesis(operators, weather).monthly_irradiation()
    assert not months[:, 11].any()
    assert months[NORTH, 5] == pytest.approx(months[SOUTH, 5], rel=0.35)
    midnight = hour_synthesis(operators, weather).parts(hour_of(6, 21, 0))
    assert midnight.beam[NORTH] > 100


def test_fully_shared_wall_gets_nothing(box, operators_of, clear_weather) -> None:
    operators = operators_of([*box(0, (0, 0, 0), (10, 10, 10)), *box(1, (10, 0, 0), (20, 10, 10))])
    year = hour_synthesis(operators, clear_weather(51.5)).monthly_irradiation().sum(axis=1)
    assert year[EAST] == 0.0
    assert year[6 + WEST] == 0.0
    assert year[WEST] > 300


def test_partly_shared_wall_is_dark_where_it_is_shared(box, operators_of, clear_weather) -> None:
    # The lower box hides a quarter of the taller one's wall, and its own wall wholly, though the corners differ.
    faces = [*box(0, (0, 0, 0), (10, 20, 20)), *box(1, (10, 0, 0), (20, 10, 10))]
    operators = operators_of(faces, cell_size_m=2.0)
    year = hour_synthesis(operators, clear_weather(51.5)).monthly_irradiation().sum(axis=1)
    assert year[6 + WEST] < 1.0
    alone = operators_of(faces[:6], cell_size_m=2.0)
    open_wall = hour_synthesis(alone, clear_weather(51.5)).monthly_irradiation().sum(axis=1)[EAST]
    assert 0.5 * open_wall < year[EAST] < 0.78 * open_wall


def test_courtyard_is_darker_the_deeper_it_is(operators_of, clear_weather) -> None:
    def court(height: float):
        outer = np.array([[0, 0], [30, 0], [30, 30], [0, 30]], float)
        inner = np.array([[10, 10], [10, 20], [20, 20], [20, 10]], float)
        lift = lambda ring, z: np.column_stack([ring, np.full(len(ring), z)])  # noqa: E731
        faces = [
            (0, SurfaceKind.ROOF, [lift(outer, height), lift(inner, height)]),
            (0, SurfaceKind.GROUND, [lift(outer[::-1], 0.0), lift(inner[::-1], 0.0)]),
        ]
        for ring in (outer, inner):
            for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True):
                faces.append(sheet([[*a, 0], [*b, 0], [*b, height], [*a, height]]))
        return operators_of(faces, cell_size_m=2.0)

    shallow, deep = court(5.0), court(30.0)
    weather = clear_weather(51.5)
    inner = slice(6, 10)
    assert (shallow.sky_view_factor[inner] > 2 * deep.sky_view_factor[inner]).all()
    assert (deep.sky_view_factor[inner] > 0.02).all()
    assert (hour_synthesis(deep, weather).monthly_irradiation()[inner].sum(axis=1) > 10).all()
    # Mean view of the sky from the walls of a square well, by reciprocity with its open top:
    # F_wall,top = A_top F_top,wall / A_wall. Squares three sides apart see each other by 0.033, so 100 x 0.967 / 1200.
    assert deep.sky_view_factor[inner].mean() == pytest.approx(100 * 0.967 / 1200, abs=0.006)
