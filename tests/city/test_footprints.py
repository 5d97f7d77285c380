"""Footprints of hand-made bodies."""

from dataclasses import replace

import numpy as np
import pytest

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.footprints import footprints
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import BugError


def prism(ring, base=0.0, top=9.0, holes=(), ground=True):
    """Surfaces (kind, rings) of a vertical body over a counter-clockwise ring."""
    rings = [np.array(ring, float), *(np.array(hole, float) for hole in holes)]
    at = lambda points, z: np.column_stack([points, np.full(len(points), z)])  # noqa: E731
    faces = [(SurfaceKind.ROOF, [at(points, top) for points in rings])]
    if ground:
        faces.append((SurfaceKind.GROUND, [at(points[::-1], base) for points in rings]))
    for points in rings:
        for a, b in zip(points, np.roll(points, -1, axis=0), strict=True):
            faces.append((SurfaceKind.WALL, [np.array([[*a, base], [*b, base], [*b, top], [*a, top]])]))
    return faces


def city_of(*bodies) -> CityModel:
    faces = [(row, kind, rings) for row, body in enumerate(bodies) for kind, rings in body]
    surfaces = Surfaces(
        Polygons.from_rings([rings for _, _, rings in faces]),
        np.array([kind for _, kind, _ in faces], np.uint8),
        np.array([row for row, _, _ in faces], np.int64),
        np.array([""] * len(faces), object),
    )
    ids = np.array([f"B{row}" for row in range(len(bodies))], object)
    return CityModel(epsg=26916, buildings=Buildings({"id": ids}), surfaces=surfaces)


SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]
HOLE = [(4, 4), (4, 6), (6, 6), (6, 4)]


def test_a_box_far_from_the_origin() -> None:
    shifted = [(x + 5000.0, y - 3000.0) for x, y in SQUARE]
    plan = footprints(city_of(prism(shifted, base=3.0, top=12.0)))[0]
    assert plan.area_m2 == pytest.approx(100.0)
    assert (plan.base_z_m, plan.eave_z_m, plan.ridge_z_m) == (3.0, 12.0, 12.0)
    assert plan.mean_height_m == pytest.approx(9.0)
    assert (plan.plan_origin, plan.height_origin) == ("ground", "volume")


def test_a_courtyard_is_a_hole_and_rings_are_oriented() -> None:
    plan = footprints(city_of(prism(SQUARE, holes=[HOLE])))[0]
    (polygon,) = plan.polygons
    assert plan.area_m2 == pytest.approx(96.0)
    assert len(polygon.interiors) == 1
    assert polygon.exterior.is_ccw
    assert not polygon.interiors[0].is_ccw
    assert plan.mean_height_m == pytest.approx(9.0)


def test_a_gable_roof_has_the_mean_height_of_its_volume() -> None:
    body = [
        (SurfaceKind.GROUND, [np.array([[0, 0, 0], [0, 8, 0], [10, 8, 0], [10, 0, 0]], float)]),
        (SurfaceKind.ROOF, [np.array([[0, 0, 6], [10, 0, 6], [10, 4, 9], [0, 4, 9]], float)]),
        (SurfaceKind.ROOF, [np.array([[10, 8, 6], [0, 8, 6], [0, 4, 9], [10, 4, 9]], float)]),
        (SurfaceKind.WALL, [np.array([[0, 0, 0], [10, 0, 0], [10, 0, 6], [0, 0, 6]], float)]),
        (SurfaceKind.WALL, [np.array([[10, 8, 0], [0, 8, 0], [0, 8, 6], [10, 8, 6]], float)]),
        (SurfaceKind.WALL, [np.array([[10, 0, 0], [10, 8, 0], [10, 8, 6], [10, 4, 9], [10, 0, 6]], float)]),
        (SurfaceKind.WALL, [np.array([[0, 8, 0], [0, 0, 0], [0, 0, 6], [0, 4, 9], [0, 8, 6]], float)]),
    ]
    plan = footprints(city_of(body))[0]
    assert (plan.eave_z_m, plan.ridge_z_m) == (6.0, 9.0)
    assert plan.mean_height_m == pytest.approx(7.5)


def test_without_ground_the_roof_is_projected_and_says_so() -> None:
    plan = footprints(city_of(prism(SQUARE, ground=False)))[0]
    assert plan.plan_origin == "projected"
    assert plan.area_m2 == pytest.approx(100.0)


def test_an_open_body_takes_the_height_of_its_roof_and_says_so() -> None:
    only_roof = [face for face in prism(SQUARE) if face[0] == SurfaceKind.ROOF]
    plan = footprints(city_of([*only_roof, (SurfaceKind.WALL, [np.array([[0, 0, 0], [10, 0, 0], [10, 0, 9.0]])])]))[0]
    assert plan.height_origin == "roof"
    assert plan.mean_height_m == pytest.approx(9.0)


def test_a_wall_alone_has_no_footprint_and_an_unknown_row_is_a_bug() -> None:
    wall = [(SurfaceKind.WALL, [np.array([[0, 0, 0], [10, 0, 0], [10, 0, 9], [0, 0, 9.0]])])]
    city = city_of(wall, prism(SQUARE))
    assert set(footprints(city)) == {1}
    with pytest.raises(BugError):
        footprints(city, [2])


def test_points_on_a_straight_edge_go() -> None:
    plan = footprints(city_of(prism([(0, 0), (3, 0.01), (10, 0), (10, 10), (0, 10)])))[0]
    assert len(plan.polygons[0].exterior.coords) == 5


def test_a_building_without_walls_is_as_high_as_its_roof() -> None:
    faces = [face for face in prism(SQUARE) if face[0] != SurfaceKind.WALL]
    plan = footprints(city_of(faces))[0]
    assert plan.mean_height_m == pytest.approx(9.0)
    assert plan.height_origin == "roof"


def test_walls_that_a_source_leaves_out_between_houses_do_not_change_the_height() -> None:
    """Terraces often come without their party walls: what is above and below alone encloses the volume."""
    full = city_of(prism(SQUARE))
    walls = np.flatnonzero(full.surfaces.kind == SurfaceKind.WALL)
    keep = np.setdiff1d(np.arange(len(full.surfaces)), walls[:2])
    open_sided = replace(full, surfaces=full.surfaces.take(keep))
    for city in (full, open_sided):
        (plan,) = footprints(city).values()
        assert plan.mean_height_m == pytest.approx(9.0)
        assert plan.height_origin == "volume"
