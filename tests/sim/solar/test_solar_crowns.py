"""Trees dim what passes them, by season; snow brightens the ground in its months."""

import numpy as np
import pytest

from citytwin_desktop.city.calendar import hour_of
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.sim.solar.crowns import MOST_CROSSINGS, crowns_of
from citytwin_desktop.sim.solar.hours import hour_synthesis
from citytwin_desktop.sim.solar.serialisation import operators_to_bytes

SOUTH, EAST, NORTH, WEST, ROOF, FLOOR = range(6)
ON, OFF = 0.033, 0.46
BYTE = 1 / 255
QUICK = {"sun_days": 60, "base_days": 30, "reflected_days": 6}
JUNE, DECEMBER = hour_of(6, 21, 12), hour_of(12, 21, 12)


def plate(z: float = 50.0):
    return (0, SurfaceKind.ROOF, [np.array([[0, 0, z], [4, 0, z], [4, 4, z], [0, 4, z]], float)])


def triangles(rings) -> np.ndarray:
    """Triangles of convex faces."""
    return np.array([[ring[0], ring[k], ring[k + 1]] for ring in rings for k in range(1, len(ring) - 1)], np.float32)


def crossings(trees, origin, direction, limit=None) -> int:
    crowns = crowns_of(triangles(trees), 0.001)
    one = lambda values: np.array([values], np.float32)  # noqa: E731
    reach = None if limit is None else np.array([limit], np.float32)
    return int(crowns.crossings(one(origin), one(direction), reach)[0])


def test_crossings_of_one_ray(crown) -> None:
    one = crown((0, 0, 0), (1, 1, 1))
    row = [face for k in range(4) for face in crown((2 * k, 0, 0), (2 * k + 1, 1, 1))]
    east = (1.0, 0.0, 0.0)
    assert crossings(one, (-1, 0.4, 0.3), east) == 1
    assert crossings(one, (0.5, 0.4, 0.3), east) == 1  # begins inside
    assert crossings(one, (1.5, 0.4, 0.3), east) == 0
    assert crossings(one, (-1, 1.4, 0.3), east) == 0
    assert crossings(row, (-1, 0.4, 0.3), east) == 4
    assert crossings(row, (0.5, 0.4, 0.3), east) == 4
    assert crossings(row, (1.5, 0.4, 0.3), east) == 3


def test_crossings_stop_at_what_the_ray_meets(crown) -> None:
    row = [face for k in range(4) for face in crown((2 * k, 0, 0), (2 * k + 1, 1, 1))]
    found = [crossings(row, (-1, 0.4, 0.3), (1.0, 0.0, 0.0), limit) for limit in (0.5, 1.5, 2.5, 3.5, 4.5, 100.0)]
    assert found == [0, 1, 1, 2, 2, 4]


def test_crossings_of_a_whole_wood_are_counted_to_a_limit(crown) -> None:
    wood = [face for k in range(40) for face in crown((2 * k, 0, 0), (2 * k + 1, 1, 1))]
    assert crossings(wood, (-1, 0.4, 0.3), (1.0, 0.0, 0.0)) == MOST_CROSSINGS


def test_faces_turned_inwards_count_alike(crown) -> None:
    inwards = [ring[::-1] for ring in crown((0, 0, 0), (1, 1, 1))]
    assert crossings(inwards, (-1, 0.4, 0.3), (1.0, 0.0, 0.0)) == 1


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_roof_of_leaves_dims_beam_and_sky_by_its_transmittance(crown, operators_of, clear_weather, layers) -> None:
    # Crowns 8 km wide over a plate: every ray passes each of them, but those to the very horizon.
    trees = [face for k in range(layers) for face in crown((-4e3, -4e3, 60 + 4 * k), (4e3, 4e3, 62 + 4 * k))]
    bare = hour_synthesis(operators_of([plate()], **QUICK), clear_weather(51.5))
    shaded = operators_of([plate()], trees=trees, **QUICK)
    under = hour_synthesis(shaded, clear_weather(51.5))
    for hour, transmittance in ((JUNE, ON**layers), (DECEMBER, OFF**layers)):
        assert under.sunlit_share(hour)[0] == pytest.approx(transmittance, abs=0.51 * BYTE)
        assert under.parts(hour).beam[0] == pytest.approx(transmittance * bare.parts(hour).beam[0], rel=0.06, abs=2)
        assert under.parts(hour).sky[0] == pytest.approx(transmittance * bare.parts(hour).sky[0], rel=0.02)
    assert shaded.sky_view_factor[0] == pytest.approx(ON**layers, rel=0.02)


def test_a_tree_before_a_wall_dims_the_beam_behind_it(box, crown, operators_of, clear_weather) -> None:
    faces = [(0, SurfaceKind.WALL, [np.array([[4, 0, 2], [6, 0, 2], [6, 0, 4], [4, 0, 4]], float)])]
    tree = crown((-20, -10, 0), (30, -5, 100))
    alone, behind = (operators_of(faces, trees=trees, **QUICK) for trees in ((), tree))
    weather = clear_weather(51.5)
    for hour, transmittance in ((JUNE, ON), (DECEMBER, OFF)):
        free, dimmed = (hour_synthesis(each, weather).sunlit_share(hour)[0] for each in (alone, behind))
        assert free == 1.0
        assert dimmed == pytest.approx(transmittance, abs=0.51 * BYTE)


def test_two_trees_before_a_wall_dim_it_twice(crown, operators_of, clear_weather) -> None:
    faces = [(0, SurfaceKind.WALL, [np.array([[4, 0, 2], [6, 0, 2], [6, 0, 4], [4, 0, 4]], float)])]
    trees = [*crown((-20, -10, 0), (30, -5, 100)), *crown((-20, -20, 0), (30, -15, 100))]
    synthesis = hour_synthesis(operators_of(faces, trees=trees, **QUICK), clear_weather(51.5))
    assert synthesis.sunlit_share(DECEMBER)[0] == pytest.approx(OFF**2, abs=0.51 * BYTE)
    # A summer noon is high enough to pass above neither: 62 degrees, 15 m away, 28 m up.
    assert synthesis.sunlit_share(JUNE)[0] == pytest.approx(ON**2, abs=0.51 * BYTE)


def test_a_surface_within_a_crown_is_dimmed_once(crown, operators_of, clear_weather) -> None:
    synthesis = hour_synthesis(
        operators_of([plate()], trees=crown((-50, -50, 40), (60, 60, 90)), **QUICK), clear_weather(51.5)
    )
    assert synthesis.sunlit_share(DECEMBER)[0] == pytest.approx(OFF, abs=0.51 * BYTE)


def test_light_from_a_wall_through_a_crown_is_dimmed_too(crown, operators_of, weather_of) -> None:
    # A plate that looks at a wall; between them a crown. The night sky is even.
    wall = (0, SurfaceKind.WALL, [np.array([[-30, 0, 40], [30, 0, 40], [30, 0, 80], [-30, 0, 80]], float)])
    other = (1, SurfaceKind.WALL, [np.array([[2, -20, 58], [-2, -20, 58], [-2, -20, 62], [2, -20, 62]], float)])
    tree = crown((-60, -12, 0), (60, -8, 100))
    wishes = {"rays": 2048, "ground_reflectance": 0.0, "wall_reflectance": 0.5, "reflections": 1, **QUICK}
    bare, dimmed = (
        hour_synthesis(operators_of([wall, other], trees=trees, **wishes), weather_of(51.5, 0.0, 100.0))
        for trees in ((), tree)
    )
    for hour, transmittance in ((hour_of(6, 21, 0), ON), (hour_of(12, 21, 0), OFF)):
        # The wall's own light is dimmed likewise on its way from the sky in front of it; what it sees past the crown
        # comes from below the horizon and is black.
        first = dimmed.parts(hour).sky[0] / bare.parts(hour).sky[0]
        again = dimmed.parts(hour).reflected[1] / bare.parts(hour).reflected[1]
        assert again == pytest.approx(transmittance * first, rel=0.15)


def test_crowns_that_let_all_through_change_nothing(box, crown, operators_of) -> None:
    faces = [*box(0, (0, 0, 0), (10, 10, 12)), *box(1, (16, 0, 0), (26, 10, 20))]
    tree = crown((-3, -9, 2), (8, -3, 12))
    clear = {"crown_transmittance_leaf_on": 1.0, "crown_transmittance_leaf_off": 1.0}
    without = operators_of(faces, **QUICK).seasons[0]
    for season in operators_of(faces, trees=tree, **clear, **QUICK).seasons:
        np.testing.assert_array_equal(season.sun_visibility, without.sun_visibility)
        for name in ("sky_direct", "sky_reflected", "sun_reflected"):
            # Sums of ones and sums of shares may round apart in the last bit, and so a step.
            here, there = getattr(season, name), getattr(without, name)
            np.testing.assert_allclose(here.scale, there.scale, rtol=1e-5)
            assert np.abs(here.step.astype(int) - there.step).max() <= 1


def test_without_trees_leaves_do_not_matter(box, operators_of) -> None:
    faces = box(0, (0, 0, 0), (10, 10, 12))
    one = operators_of(faces, **QUICK)
    other = operators_of(faces, leaf_on_months=(1,), crown_transmittance_leaf_on=0.1, **QUICK)
    assert len(one.seasons) == len(other.seasons) == 1
    assert operators_to_bytes(one) == operators_to_bytes(other)


def test_leaves_change_their_months_alone(box, crown, operators_of, clear_weather) -> None:
    faces, tree = box(0, (0, 0, 0), (10, 10, 12)), crown((-2, -9, 2), (12, -3, 14))
    weather = clear_weather(51.5)
    usual = operators_of(faces, trees=tree, **QUICK)
    late = operators_of(faces, trees=tree, leaf_on_months=(6, 7, 8, 9, 10, 11), **QUICK)
    assert len(usual.seasons) == 2
    here, there = (hour_synthesis(each, weather).monthly_irradiation()[SOUTH] for each in (usual, late))
    changed = np.flatnonzero(np.abs(here - there) > 1e-6 * here)
    assert (changed + 1).tolist() == [4, 5, 11]
    assert (there[[3, 4]] > 1.1 * here[[3, 4]]).all()
    assert there[10] < 0.9 * here[10]


def test_all_year_green_and_all_year_bare(box, crown, operators_of, clear_weather) -> None:
    faces, tree = box(0, (0, 0, 0), (10, 10, 12)), crown((-2, -9, 2), (12, -3, 14))
    green = operators_of(faces, trees=tree, leaf_on_months=tuple(range(1, 13)), **QUICK)
    bare = operators_of(faces, trees=tree, leaf_on_months=(), **QUICK)
    assert len(green.seasons) == len(bare.seasons) == 1
    year = [hour_synthesis(each, clear_weather(51.5)).monthly_irradiation()[SOUTH].sum() for each in (green, bare)]
    assert year[0] < 0.85 * year[1]


def test_snow_changes_its_months_alone(box, operators_of, clear_weather) -> None:
    faces, weather = box(0, (0, 0, 0), (10, 10, 12)), clear_weather(51.5)
    without, snowy = operators_of(faces, **QUICK), operators_of(faces, snow_months=(1, 2, 12), **QUICK)
    here, there = (hour_synthesis(each, weather).monthly_irradiation() for each in (without, snowy))
    np.testing.assert_array_equal(here[:, 2:11], there[:, 2:11])
    assert (there[:4, [0, 1, 11]] > 1.05 * here[:4, [0, 1, 11]]).all()
    # The roof sees no ground.
    np.testing.assert_allclose(there[ROOF], here[ROOF], rtol=1e-3)
    # A wall over flat ground gets by reflection about in proportion to the ground's reflectance.
    noon = hour_of(1, 15, 12)
    plain, white = (hour_synthesis(each, weather).parts(noon).reflected[SOUTH] for each in (without, snowy))
    assert white == pytest.approx(plain * 0.6 / 0.2, rel=0.02)


def test_hour_ranges_cross_seasons(box, crown, operators_of, clear_weather) -> None:
    faces, tree = box(0, (0, 0, 0), (10, 10, 12)), crown((-2, -9, 2), (12, -3, 14))
    synthesis = hour_synthesis(operators_of(faces, trees=tree, snow_months=(3,), **QUICK), clear_weather(51.5))
    months = synthesis.monthly_irradiation()
    np.testing.assert_allclose(synthesis.irradiation(0, 8760), months.sum(axis=1), rtol=1e-4)
    spring = synthesis.irradiation(hour_of(3, 1, 0), hour_of(5, 1, 0))
    np.testing.assert_allclose(spring, months[:, 2:4].sum(axis=1), rtol=1e-4)
    first, last = hour_of(3, 31, 12), hour_of(4, 1, 13)
    hours = sum(synthesis.irradiance(hour).astype(float) for hour in range(first, last)) / 1000
    np.testing.assert_allclose(synthesis.irradiation(first, last), hours, rtol=1e-4, atol=1e-5)
