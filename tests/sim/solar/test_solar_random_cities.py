"""Small random cities: what must hold for any of them."""

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.sim.solar.hours import HourSynthesis

QUICK = {"sun_days": 12, "base_days": 6, "reflected_days": 4, "rays": 64, "cell_size_m": 6.0, "ground_margin_m": 20.0}
NIGHT = 24 * 354

METRES = st.integers(0, 60)
BOXES = st.lists(
    st.tuples(METRES, METRES, st.integers(-3, 12), st.integers(2, 20), st.integers(2, 20), st.integers(1, 30)),
    min_size=1,
    max_size=5,
)


def faces_of(box, boxes, offset=(0.0, 0.0, 0.0)):
    faces = []
    for number, (x, y, z, width, depth, height) in enumerate(boxes):
        low = np.add((x, y, z), offset)
        faces += box(number, low, np.add(low, (width, depth, height)))
    return faces


def turned_by_a_quarter(faces):
    """Anticlockwise: east becomes north."""
    turn = lambda ring: np.column_stack([-ring[:, 1], ring[:, 0], ring[:, 2]])  # noqa: E731
    return [(owner, kind, [turn(ring) for ring in rings]) for owner, kind, rings in faces]


@given(BOXES, st.sampled_from([-89.0, -45.0, 0.0, 51.5, 78.0]))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_light_is_finite_and_never_negative(box, operators_of, clear_weather, boxes, latitude) -> None:
    operators = operators_of(faces_of(box, boxes), latitude, **QUICK)
    weather: Weather = clear_weather(latitude)
    synthesis = HourSynthesis(operators, weather)
    months = synthesis.monthly_irradiation()
    assert np.isfinite(months).all()
    assert (months >= 0).all()
    assert operators.sky_view_factor.min() >= 0.0
    assert operators.sky_view_factor.max() <= 1.0 + 2e-3
    # The highest roof of all sees the whole sky.
    top = int(np.argmax([z + height for _, _, z, _, _, height in boxes]))
    assert operators.sky_view_factor[6 * top + 4] > 0.9
    # Nothing gets more than an open plane held towards the sun, under twice the sky.
    most = (synthesis.year.beam_w_m2.sum() + 2 * weather.diffuse_horizontal_wh_m2.sum()) / 1000
    assert months.sum(axis=1).max() < most * 1.1


@given(BOXES, st.tuples(*[st.integers(-40, 40)] * 3))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_moving_a_city_by_whole_steps_changes_nothing(box, operators_of, boxes, steps) -> None:
    here = operators_of(faces_of(box, boxes), **QUICK).seasons[0]
    there = operators_of(faces_of(box, boxes, 128.0 * np.array(steps)), **QUICK).seasons[0]
    np.testing.assert_array_equal(here.sun_visibility, there.sun_visibility)
    for name in ("sky_direct", "sky_reflected", "sun_reflected"):
        np.testing.assert_array_equal(getattr(here, name).step, getattr(there, name).step)
        np.testing.assert_array_equal(getattr(here, name).scale, getattr(there, name).scale)


LOTS = st.lists(st.tuples(st.integers(2, 20), st.integers(2, 20), st.integers(2, 30)), min_size=1, max_size=4)


@given(LOTS)
@settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate])
def test_turning_a_city_under_an_even_sky_changes_little(box, operators_of, weather_of, lots) -> None:
    # Houses apart from each other: where walls lie in walls, rays may end on either.
    boxes = [(25 * (k % 2), 25 * (k // 2), 0, *size) for k, size in enumerate(lots)]
    faces, weather = faces_of(box, boxes), weather_of(51.5, 0.0, 100.0)
    wishes = {**QUICK, "rays": 256, "rays_per_surface": 4096, "ground_cell_m": 5.0}
    found = [operators_of(each, **wishes) for each in (faces, turned_by_a_quarter(faces))]
    one, other = (HourSynthesis(operators, weather).irradiance(NIGHT) for operators in found)
    # Rays are scattered anew and the ground lies otherwise; of 100 W/m2 each may change by a few.
    np.testing.assert_allclose(one, other, atol=4.0)
    assert np.abs(one - other).mean() < 1.0
