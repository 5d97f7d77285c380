"""Elements: what they cover, and what smaller ones change."""

import numpy as np
import pytest

from citytwin_desktop.city.calendar import hour_of
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.sim.solar.build import prepare
from citytwin_desktop.sim.solar.hours import hour_synthesis
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.settings import SolarSettings

SOUTH, EAST, NORTH, WEST, ROOF, FLOOR = range(6)
QUICK = {"sun_days": 40, "base_days": 20, "reflected_days": 10}


def odd_faces(box):
    """A house, a gable, a ring with a hole, a thin strip and a sliver."""
    ring = np.array([[40, 0, 9], [70, 0, 9], [70, 30, 9], [40, 30, 9]], float)
    hole = np.array([[45, 5, 9], [45, 25, 9], [65, 25, 9], [65, 5, 9]], float)
    gable = np.array([[0, 30, 0], [24, 30, 0], [12, 30, 26]], float)
    strip = np.array([[0, 50, 0], [90, 50, 0], [90, 50, 0.3], [0, 50, 0.3]], float)
    sliver = np.array([[0, 60, 5], [80, 61, 5], [80, 61.002, 5]], float)
    wall, roof = SurfaceKind.WALL, SurfaceKind.ROOF
    loose = [(1, roof, [ring, hole]), (2, wall, [gable]), (3, wall, [strip]), (4, roof, [sliver])]
    return [*box(0, (0, 0, 0), (23, 12, 31)), *loose]


@pytest.mark.parametrize("element_m", [1.0, 3.0, 10.0, 1000.0])
def test_elements_partition_their_rows(box, city_of, element_m: float) -> None:
    settings = SolarSettings(element_m=element_m)
    scene = solar_scene(city_of(odd_faces(box)), settings)
    ready = prepare(scene, settings)
    cells, elements = ready.cells, ready.elements
    assert (np.diff(elements.row) >= 0).all()
    np.testing.assert_array_equal(elements.row[elements.of_cell], cells.row)
    np.testing.assert_allclose(np.bincount(elements.of_cell, elements.cell_share), 1.0, atol=1e-5)
    assert set(elements.of_cell) == set(range(len(elements)))
    # Each place of a row's grid has an element of that row, or none in a row without cells.
    lit = np.bincount(cells.row, minlength=scene.row_count) > 0
    places = elements.grid.prod(axis=1)
    assert len(elements.at) == places.sum()
    for row in range(scene.row_count):
        mine = elements.at[elements.start[row] : elements.start[row] + places[row]]
        assert (elements.row[mine] == row).all() if lit[row] else (mine == -1).all()
    if element_m == 1000.0:
        assert len(elements) == lit.sum()
    # Sides are no longer than asked for.
    side = 1 / elements.frame[: scene.surface_count, 8:]
    assert side[lit[: scene.surface_count]].max() <= element_m * 1.001


def test_element_of_a_place_is_the_one_of_its_cells(box, city_of) -> None:
    from citytwin_desktop.sim.solar.hemisphere_kernels import element_hit

    settings = SolarSettings(element_m=5.0, cell_size_m=2.0)
    ready = prepare(solar_scene(city_of(odd_faces(box)), settings), settings)
    cells, elements = ready.cells, ready.elements
    own = np.flatnonzero(cells.row < ready.scene.surface_count)
    for cell in own[::7]:
        ray = -cells.normal[cell]
        origin = cells.position[cell] - 3.0 * ray
        found = element_hit(
            cells.row[cell], origin, ray, 3.0, elements.frame, elements.grid, elements.start, elements.at
        )
        assert found == elements.of_cell[cell]


def low_roof_beside_a_tower(box):
    # A tower whose foot is in the shade of a slab before it; the low roof behind the slab sees mostly its foot.
    tower = box(0, (0, 20, 0), (40, 30, 60))
    low = box(1, (10, 8, 0), (30, 19.9, 4))
    slab = box(2, (-10, 0, 0), (50, 7, 22))
    return [*tower, *low, *slab]


def test_smaller_elements_converge(box, operators_of, clear_weather) -> None:
    weather, whole, reflected = clear_weather(51.5), {}, {}
    hours = range(0, 8760, 5)
    for element_m in (1000.0, 10.0, 5.0, 2.0):
        operators = operators_of(
            low_roof_beside_a_tower(box), element_m=element_m, cell_size_m=2.0, rays=512, rays_per_surface=50_000,
            ground_reflectance=0.0, wall_reflectance=0.5, **QUICK,
        )  # fmt: skip
        parts = [hour_synthesis(operators, weather).parts(hour) for hour in hours]
        whole[element_m] = sum(float(part.total[6 + ROOF]) for part in parts)
        reflected[element_m] = sum(float(part.reflected[6 + ROOF]) for part in parts)
    # A deep yard with bright walls is as hard as it gets: of its reflected light 10 m miss 5 %, of all its light 3 %.
    assert whole[10.0] == pytest.approx(whole[2.0], rel=0.03)
    assert reflected[10.0] == pytest.approx(reflected[2.0], rel=0.06)
    assert reflected[5.0] == pytest.approx(reflected[2.0], rel=0.02)
    # A wall taken to be even all over is far off.
    assert abs(reflected[1000.0] / reflected[2.0] - 1) > 0.3


def test_reflected_sun_comes_from_the_lit_part(operators_of, weather_of) -> None:
    # A tall wall, sunlit in its upper half alone; a plate beside its foot and one beside its top face it.
    tall = (0, SurfaceKind.WALL, [np.array([[-20, 0, 0], [20, 0, 0], [20, 0, 80], [-20, 0, 80]], float)])
    screen = (1, SurfaceKind.WALL, [np.array([[60, -30, 0], [-60, -30, 0], [-60, -30, 50], [60, -30, 50]], float)])
    plates = [
        (2 + k, SurfaceKind.WALL, [np.array([[2, -8, z], [-2, -8, z], [-2, -8, z + 4], [2, -8, z + 4]], float)])
        for k, z in enumerate((4.0, 70.0))
    ]
    operators = operators_of(
        [tall, screen, *plates], rays=2048, ground_reflectance=0.0, wall_reflectance=0.4, reflections=1, element_m=4.0,
        sun_days=40, base_days=20, reflected_days=20,
    )  # fmt: skip
    noon = hour_of(12, 21, 12)
    parts = hour_synthesis(operators, weather_of(51.5, 800.0, 0.0)).parts(noon)
    assert parts.reflected[3] > 10 * parts.reflected[2]
    assert parts.reflected[3] > 50
