"""Bodies drawn over outlines: closed, outward, of the volume that a formula gives; roofs, cuts and unions of them."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.diagnosis.examination import examine
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.shaping.bodies import named_body
from citytwin_desktop.city.shaping.kept_roofs import body_with_old_roofs
from citytwin_desktop.city.shaping.merging import merge, touching_groups
from citytwin_desktop.city.shaping.outlines import plans_of
from citytwin_desktop.city.shaping.plan_bodies import Body
from citytwin_desktop.city.shaping.roof_forms import roof_form
from citytwin_desktop.city.shaping.roofs import RoofShape, roof_over
from citytwin_desktop.city.shaping.splitting import split
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import KnownError

FLAT, GABLE, HIP, SHED = RoofShape.FLAT, RoofShape.GABLE, RoofShape.HIP, RoofShape.SHED
ANGLES = np.linspace(0.0, 2.0 * np.pi, 17)[:-1]
PLANS = {
    "rectangle": shapely.box(0, 0, 12, 7),
    "triangle": shapely.Polygon([(0, 0), (9, 0), (2, 6)]),
    "L": shapely.Polygon([(0, 0), (12, 0), (12, 5), (5, 5), (5, 11), (0, 11)]),
    "T": shapely.Polygon([(0, 0), (12, 0), (12, 4), (8, 4), (8, 12), (4, 12), (4, 4), (0, 4)]),
    "yard": shapely.Polygon([(0, 0), (20, 0), (20, 18), (0, 18)], [[(6, 6), (6, 12), (14, 13), (14, 6)]]),
    "star": shapely.Polygon(np.column_stack([np.cos(ANGLES), np.sin(ANGLES)]) * ([[9.0], [5.0]] * 8)),
}
NOTES = {"split_edges", "multiple_connected_components"}
"""What the doctor may say of a sound body: notes, no doubts."""


def placed(plan: shapely.Polygon, angle_deg: float = 0.0) -> shapely.Polygon:
    """A plan somewhere in a project, turned."""
    turned = shapely.affinity.rotate(plan, angle_deg, origin=(0, 0))
    return shapely.orient_polygons(shapely.affinity.translate(turned, 1234.567, -345.678))


def city_of(bodies: Sequence[Body | Surfaces]) -> CityModel:
    """A city of bodies, each a building whose function and year are known."""
    count = len(bodies)
    ids = np.array([f"B{number}" for number in range(count)], object)
    columns = {"id": ids, "fid": np.arange(1.0, count + 1), "year_built": np.full(count, 1960.0)}
    columns["function"] = np.array(["residential"] * count, object)
    parts = [
        named_body(Body(body.polygons, body.kind), str(name), row)
        for row, (body, name) in enumerate(zip(bodies, ids, strict=True))
    ]
    return CityModel(epsg=28992, buildings=Buildings(columns), surfaces=Surfaces.concatenate(parts))


def check_sound(
    bodies: Sequence[Body | Surfaces], apart: bool = True, also: frozenset[str] = frozenset()
) -> np.ndarray:
    """Volumes of bodies that are closed and outward, and of which the doctor has nothing to say."""
    for body in bodies:
        assert np.abs(body.polygons.area_vectors_m2.sum(axis=0)).max() < 1e-4
    city = city_of(bodies)
    volumes = city.signed_volumes_m3()
    assert (volumes > 0).all()
    told = {item.code for item in examine(city).items(city)} if apart else set()
    assert told <= NOTES | also
    return volumes


def test_roofs_have_the_volumes_of_their_formulas() -> None:
    width, length, base, eaves, pitch = 7.0, 12.0, 1.5, 6.5, 35.0
    slope, prism = math.tan(math.radians(pitch)), 7.0 * 12.0 * 5.0
    ridge = width / 2.0 * slope
    expected = {
        FLAT: prism,
        GABLE: prism + width * length * ridge / 2.0,
        HIP: prism + width * ridge * (3.0 * length - width) / 6.0,
        SHED: prism + width * slope * width * length / 2.0,
    }
    for angle in (0.0, 27.3):
        for shape, volume in expected.items():
            body = roof_over(placed(PLANS["rectangle"], angle), shape).body(base, eaves, slope)
            assert check_sound([body])[0] == pytest.approx(volume, rel=1e-9)
    # The other way round the ridge runs along the shorter side.
    across = roof_over(placed(PLANS["rectangle"]), GABLE, 90.0)
    assert across.rise_m == pytest.approx(length / 2.0)


def test_every_roof_on_every_plan_is_sound() -> None:
    bodies, volumes, step = [], [], 0.0
    for angle in (0.0, 33.3):
        for plan in PLANS.values():
            for shape in RoofShape:
                step += 40.0
                roof = roof_over(shapely.affinity.translate(placed(plan, angle), step, 0.0), shape)
                bodies.append(roof.body(2.0, 7.0, 0.6))
                volumes.append(plan.area * 5.0 + 0.6 * roof.volume_m3)
    assert check_sound(bodies) == pytest.approx(volumes, rel=1e-9)


def test_the_roof_of_a_body_is_recognised() -> None:
    for plan in ("rectangle", "L"):
        for shape in RoofShape:
            here = placed(PLANS[plan], 12.0)
            surfaces = named_body(roof_over(here, shape).body(0.0, 4.0, 0.7), "x", 0)
            form = roof_form(surfaces, plans_of(surfaces)[0])
            assert form.shape is shape
            assert form.base_m == pytest.approx(0.0)
            assert form.eaves_m == pytest.approx(4.0)


def test_a_hip_rises_from_every_edge_alike() -> None:
    roof = roof_over(placed(PLANS["T"], 20.0), HIP)
    assert len(roof.faces) == len(PLANS["T"].exterior.coords) - 1
    assert sum(face.area for face in roof.faces) == pytest.approx(PLANS["T"].area)
    assert np.hypot(*roof.planes[:, :2].T) == pytest.approx(1.0)
    assert roof.rise_m == pytest.approx(2.0)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0.05, 1.0), st.floats(4.0, 15.0)), min_size=3, max_size=18), st.floats(0.2, 1.5))
def test_hips_over_any_star_shaped_plan_are_sound(corners: list[tuple[float, float]], slope: float) -> None:
    steps, radius = np.array(corners).T
    angle = 2.0 * np.pi * np.cumsum(steps) / steps.sum()
    plan = shapely.Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))
    if not plan.is_valid or plan.area < 5.0:
        return
    try:
        roof = roof_over(placed(plan), HIP)
    except KnownError:
        return
    volume = check_sound([roof.body(0.0, 3.0, slope)], apart=False)[0]
    assert volume == pytest.approx(roof.plan.area * 3.0 + slope * roof.volume_m3, rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(PLANS)), st.sampled_from(list(RoofShape)), st.floats(0.0, 180.0), st.floats(-3.0, 3.0))
def test_both_halves_of_a_cut_add_up(plan: str, shape: RoofShape, angle: float, aside: float) -> None:
    here = placed(PLANS[plan], 17.0)
    body = roof_over(here, shape).body(1.0, 6.0, 0.8)
    along = np.array([math.cos(math.radians(angle)), math.sin(math.radians(angle))])
    point = shapely.get_coordinates(here.centroid)[0] + aside * np.array([-along[1], along[0]])
    halves = split(named_body(body, "x", 0), np.array([point - 3 * along, point + 3 * along]))
    assert halves.closed
    if min(sum(plan.area for plan in plans_of(half)) for half in (halves.left, halves.right)) < 1.0:
        return
    volumes = check_sound([halves.left, halves.right], also=frozenset({"sliver_surface"}))
    assert volumes.sum() == pytest.approx(city_of([body]).volumes_m3()[0], rel=1e-6)


@pytest.mark.parametrize("angle", [0.0, 33.3])
def test_merged_bodies_have_the_volume_of_their_union(angle: float) -> None:
    first, wide = shapely.box(0, 0, 10, 8), shapely.box(6, 4, 14, 12)

    def body(plan: shapely.Polygon, shape: RoofShape, base: float, eaves: float, ridge: float | None = None) -> Body:
        return roof_over(placed(plan, angle), shape, None if ridge is None else ridge + angle).body(base, eaves, 0.5)

    low = body(first, FLAT, 0.0, 6.0)
    cases: list[tuple[Body, float | None, bool]] = [
        (body(shapely.box(10, 0, 18, 8), FLAT, 0.0, 6.0), None, False),
        (body(shapely.box(10, 2, 18, 12), HIP, 1.0, 9.0), None, False),
        (body(wide, FLAT, 0.0, 9.0), 80 * 6 + 64 * 9 - 16 * 6, True),
        (body(wide, FLAT, 1.0, 9.0), 80 * 6 + 64 * 8 - 16 * 5, True),
        (body(shapely.box(2, 2, 8, 6), FLAT, 0.0, 9.0), 80 * 6 + 24 * 3, True),
        (body(wide, GABLE, 0.0, 7.0, 0.0), 80 * 6 + 64 * 7 + 64 - 16 * 6, True),
    ]
    for other, volume, redrawn in cases:
        city = city_of([low, other])
        assert touching_groups(city.surfaces, 2).tolist() == [0, 0]
        merged = merge(city.surfaces, 2)
        assert merged is not None
        assert merged.redrawn == redrawn
        wanted = city.volumes_m3().sum() if volume is None else volume
        assert check_sound([merged.surfaces])[0] == pytest.approx(wanted, rel=1e-7)
        assert merged.removed_m2 > 50.0
    above = body(shapely.box(2, 2, 8, 6), GABLE, 8.0, 9.0)
    assert touching_groups(city_of([low, above]).surfaces, 2).tolist() == [0, 1]
    beside = body(shapely.box(10.2, 0, 18, 8), FLAT, 0.0, 6.0)
    assert touching_groups(city_of([low, beside]).surfaces, 2).tolist() == [0, 1]


def test_other_roofs_stay_where_they_are_when_the_plan_changes() -> None:
    tower = roof_over(placed(shapely.box(0, 0, 6, 8)), FLAT).body(0.0, 12.0, 0.0)
    annex = roof_over(placed(shapely.box(6, 0, 14, 8)), FLAT).body(0.0, 4.0, 0.0)
    merged = merge(city_of([tower, annex]).surfaces, 2)
    assert merged is not None
    form = roof_form(merged.surfaces, plans_of(merged.surfaces)[0])
    assert form.shape is None
    body = body_with_old_roofs(merged.surfaces, placed(shapely.box(-1, 0, 16, 8)), form)
    assert check_sound([body])[0] == pytest.approx(7 * 8 * 12 + 10 * 8 * 4)
