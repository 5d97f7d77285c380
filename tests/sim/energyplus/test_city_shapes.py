"""Buildings beside, upon and inside one another, and what stands around them."""

from dataclasses import replace

import numpy as np
import pytest
from energy_samples import SPEC
from test_thermal_models import box_city, weather

from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.sim.energyplus.inputs import ThermalModel
from citytwin_desktop.sim.energyplus.thermal_models import thermal_models


def models(city: CityModel, **options) -> dict[str, ThermalModel]:
    rows = [int(row) for row in city.rows_with_geometry]
    made = thermal_models(city, rows, dict.fromkeys(city.buildings.ids, SPEC), weather(), **options)
    assert made.refused == {}
    return {model.building_id: model for model in made.models}


def with_surfaces(city: CityModel, keep, added) -> CityModel:
    """Some surfaces taken out, others (row, kind, corners) put in."""
    old = city.surfaces.take(np.flatnonzero(keep))
    rows = np.concatenate([old.building, [row for row, _, _ in added]]).astype(np.int64)
    order = np.argsort(rows, kind="stable")
    joined = Surfaces(
        Polygons.concatenate([old.polygons, Polygons.from_rings([[np.array(c, float)] for _, _, c in added])]),
        np.concatenate([old.kind, [kind for _, kind, _ in added]]).astype(np.uint8),
        rows,
        np.array([""] * len(rows), object),
    )
    return replace(city, surfaces=joined.take(order))


def stepped_neighbour() -> CityModel:
    """A house of 9 m beside one that is 9 m high along the first half of the common wall and 3 m along the other."""
    city = box_city((0, 0, 6, 10, 0, 9), (6, 0, 6, 10, 0, 9))
    keep = ~((city.surfaces.building == 1) & (city.surfaces.kind == SurfaceKind.ROOF))
    high = [(6, 0, 9), (12, 0, 9), (12, 5, 9), (6, 5, 9)]
    low = [(6, 5, 3), (12, 5, 3), (12, 10, 3), (6, 10, 3)]
    return with_surfaces(city, keep, [(1, SurfaceKind.ROOF, high), (1, SurfaceKind.ROOF, low)])


def test_the_party_wall_follows_the_neighbours_real_roof_not_its_mean() -> None:
    found = models(stepped_neighbour())
    first, second = found["B0"], found["B1"]
    assert sum(face.area_m2 for face in first.party) == pytest.approx(5.0 * 9.0 + 5.0 * 3.0)
    assert sum(face.area_m2 for face in second.party) == pytest.approx(60.0)
    assert [storey.floor_area_m2 for storey in second.storeys] == pytest.approx([60.0, 30.0, 30.0])


def test_every_face_knows_the_surface_that_it_stands_for() -> None:
    city = stepped_neighbour()
    for model in models(city).values():
        row = city.buildings.row(model.building_id)
        for face in model.faces:
            if face.beyond == "storey":
                assert face.city_surface == -1
            elif not (face.kind == "wall" and np.allclose(face.corners[:, 1] + model.origin_m[1], 5.0)):
                assert city.surfaces.building[face.city_surface] == row
                assert SurfaceKind(city.surfaces.kind[face.city_surface]).label == face.kind.replace("floor", "ground")
                normal = city.surfaces.polygons.normals[face.city_surface]
                assert normal @ face.area_vector_m2 == pytest.approx(face.area_m2)


def test_a_building_on_anothers_roof_rests_on_it_and_not_on_the_ground() -> None:
    found = models(box_city((0, 0, 20, 10, 0, 6), (5, 0, 10, 10, 6.2, 12), (30, 0, 10, 10, 6.2, 12)))
    floor = {
        name: [face.beyond for face in model.storeys[0].faces if face.kind == "floor"] for name, model in found.items()
    }
    assert floor == {"B0": ["ground"], "B1": ["adiabatic"], "B2": ["ground"]}
    roofs = [face for face in found["B0"].faces if face.kind == "roof"]
    assert sum(face.area_m2 for face in roofs if face.beyond == "adiabatic") == pytest.approx(100.0)
    assert sum(face.area_m2 for face in roofs if face.beyond == "outdoors") == pytest.approx(100.0)


def test_a_building_that_half_rests_on_another_has_ground_below_the_rest() -> None:
    found = models(box_city((0, 0, 10, 10, 0, 6), (5, 0, 10, 10, 6, 12)))
    areas = {face.beyond: face.area_m2 for face in found["B1"].storeys[0].faces if face.kind == "floor"}
    assert areas == pytest.approx({"adiabatic": 50.0, "ground": 50.0})


def test_a_building_that_is_there_twice_is_named() -> None:
    found = models(box_city((0, 0, 10, 10, 0, 6), (0, 0, 10, 10, 0, 6), (30, 0, 10, 10, 0, 6)))
    assert "“B1” fills the same space" in found["B0"].notes[-1]
    assert "“B0” fills the same space" in found["B1"].notes[-1]
    assert found["B2"].notes == ()


def box_crown(x: float, y: float, low: float, high: float, half: float = 2.0):
    """Closed hull of a crown as one list of polygons."""
    ring = np.array([(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)])
    bottom, top = (np.column_stack([ring, np.full(4, z)]) for z in (low, high))
    sides = [np.array([bottom[i], bottom[(i + 1) % 4], top[(i + 1) % 4], top[i]]) for i in range(4)]
    return [[bottom[::-1]], [top], *([side] for side in sides)]


def with_context(city: CityModel, kind: ContextKind, polygons) -> CityModel:
    return replace(city, context=(ContextLayer("around", kind, Polygons.from_rings(polygons)),))


def test_crowns_become_quads_that_hide_as_much_and_let_light_through_by_month() -> None:
    near, far, low = box_crown(0, 17, 3, 9), box_crown(0, 45, 3, 9), box_crown(40, 5, 0, 3)
    city = with_context(box_city((-5, 0, 10, 10, 0, 6)), ContextKind.TREE, near + far + low)
    (house,) = models(city, conditions=SolarConditions(leaf_on_months=(6, 7), crown_transmittance_leaf_on=0.1)).values()
    quads = house.vegetation_shading + np.array(house.origin_m)
    assert len(quads) == 3, "two for the near one, one for the far one, none for what is below ten degrees"
    widths = np.linalg.norm(quads[:, 3, :2] - quads[:, 0, :2], axis=1)
    heights = quads[:, 0, 2] - quads[:, 1, 2]
    assert widths * heights == pytest.approx([24.0] * 3)
    assert sorted(quads[:, :, 1].mean(axis=1)) == pytest.approx([17.0, 17.0, 45.0])
    assert house.vegetation_transmittance == pytest.approx((0.46,) * 5 + (0.1,) * 2 + (0.46,) * 5)
    (bare,) = models(box_city((-5, 0, 10, 10, 0, 6))).values()
    assert (len(bare.vegetation_shading), bare.vegetation_transmittance) == (0, ())


def test_a_ridge_of_the_land_shades_and_flat_land_does_not() -> None:
    """A plane that is level up to x = 100 m and from there rises to 60 m at x = 300 m."""
    flat = [[np.array([(-300, -300, 0), (100, -300, 0), (100, 300, 0), (-300, 300, 0)], float)]]
    slope = [[np.array([(100, -300, 0), (300, -300, 60), (300, 300, 60), (100, 300, 0)], float)]]
    house = box_city((-5, -5, 10, 10, 0, 6))
    (level,) = models(with_context(house, ContextKind.TERRAIN, flat)).values()
    assert len(level.shading) == 0
    (below,) = models(with_context(house, ContextKind.TERRAIN, flat + slope)).values()
    assert 2 <= len(below.shading) <= 7
    middles = below.shading[:, :, :2].mean(axis=1)
    assert (middles[:, 0] > 50.0).all(), "to the east only"
    ahead = np.argmin(np.abs(np.degrees(np.arctan2(middles[:, 1], middles[:, 0]))))
    angle = np.degrees(np.arctan2(below.shading[ahead, 0, 2], np.hypot(*middles[ahead])))
    assert angle == pytest.approx(np.degrees(np.arctan2(60.0, 300.0)), abs=1.0)
