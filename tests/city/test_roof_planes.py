"""Heights of main bodies and storeys derived from them."""

import numpy as np
import pytest

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.roof_planes import MOST_STOREYS, main_body_heights_m, roof_planes, storey_count
from citytwin_desktop.city.surfaces import Surfaces


def city(*buildings: list[tuple[SurfaceKind, list[tuple[float, float, float]]]]) -> CityModel:
    faces = [
        (row, kind, np.array(corners, float)) for row, building in enumerate(buildings) for kind, corners in building
    ]
    surfaces = Surfaces(
        Polygons.from_rings([[corners] for _, _, corners in faces]),
        np.array([kind for _, kind, _ in faces], np.uint8),
        np.array([row for row, _, _ in faces], np.int64),
        np.array([""] * len(faces), object),
    )
    ids = np.array([f"B{row}" for row in range(len(buildings))], object)
    return CityModel(epsg=26916, buildings=Buildings({"id": ids}), surfaces=surfaces)


def level(kind: SurfaceKind, x0: float, x1: float, z: float, depth: float = 10.0):
    ring = [(x0, 0.0, z), (x1, 0.0, z), (x1, depth, z), (x0, depth, z)]
    return kind, ring if kind is SurfaceKind.ROOF else ring[::-1]


GROUND, ROOF = SurfaceKind.GROUND, SurfaceKind.ROOF


def test_a_plane_is_found_from_its_corners_whatever_their_number() -> None:
    """z = 0.5 x - 0.25 y + 4 over a pentagon with two corners close together."""
    outline = [(0.0, 0.0), (10.0, 0.0), (10.0, 8.0), (9.9, 8.0), (0.0, 8.0)]
    corners = [(x, y, 0.5 * x - 0.25 * y + 4.0) for x, y in outline]
    planes = roof_planes(city([level(GROUND, 0, 10, 0.0), (ROOF, corners)]))
    assert planes.planes(slice(0, 1), np.zeros(3))[0] == pytest.approx([0.5, -0.25, 4.0])
    assert planes.point_m[0] == pytest.approx([5.0, 4.0, 5.5])
    assert planes.plan_area_m2 == pytest.approx([80.0])
    assert planes.planes(slice(0, 1), np.array([1.0, 2.0, 3.0]))[0] == pytest.approx([0.5, -0.25, 1.0])


def test_a_low_wing_and_a_chimney_do_not_count_but_a_tower_does() -> None:
    base = level(GROUND, 0, 20, 100.0)
    tower_and_wing = [base, level(ROOF, 0, 8, 124.0), level(ROOF, 8, 20, 104.0)]
    house_and_chimney = [base, level(ROOF, 0, 19.8, 109.0), level(ROOF, 19.8, 20, 115.0)]
    slender = [base, level(ROOF, 0, 2, 160.0), level(ROOF, 2, 20, 109.0)]
    heights = main_body_heights_m(city(tower_and_wing, house_and_chimney, slender, [base]))
    assert heights[:3] == pytest.approx([24.0, 9.0, 60.0])
    assert heights[3] == pytest.approx(0.0), "nothing but its ground"


def test_storeys_are_given_or_derived_and_bounded() -> None:
    assert storey_count(4.0, 9.0, 3.0) == 4
    assert storey_count(np.nan, 9.4, 3.0) == 3
    assert storey_count(np.nan, 1.0, 3.0) == 1
    assert storey_count(np.nan, np.nan, 3.0) == 1
    assert storey_count(1e9, 9.0, 3.0) == MOST_STOREYS
