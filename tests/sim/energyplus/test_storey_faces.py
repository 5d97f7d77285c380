"""Faces of roofed and stepped bodies: closed, of the right volume, walls only where there is air."""

import numpy as np
import pytest
import shapely
from energy_samples import roofed_model, spec
from hypothesis import given, settings
from hypothesis import strategies as st

from citytwin_desktop.city.roof_pieces import roof_pieces

Plane = tuple[float, float, float]


def body(width: float, depth: float, roofs: list[tuple[list[tuple[float, float]], Plane]], storeys: int, **options):
    ring = np.array([(0.0, 0.0), (width, 0.0), (width, depth), (0.0, depth)])
    footprint = shapely.MultiPolygon([shapely.Polygon(ring)])
    shapes = np.array([shapely.Polygon(outline) for outline, _ in roofs], object)
    planes = np.array([plane for _, plane in roofs], float)
    pieces = roof_pieces(footprint, shapes, planes, np.arange(len(roofs)), 5.0)
    assert pieces is not None
    return pieces, roofed_model(pieces, [ring], storeys=storeys, **options)


def roofs_of(kind: str, w: float, d: float, eave: float, rise: float) -> list[tuple[list[tuple[float, float]], Plane]]:
    """Roofs over a rectangle of w x d, the ridge along x in the middle."""
    h = d / 2.0
    s = rise / h
    front, back = (0.0, s, eave), (0.0, -s, eave + s * d)
    rectangle = [(0, 0), (w, 0), (w, d), (0, d)]
    if kind == "flat":
        return [(rectangle, (0.0, 0.0, eave + rise))]
    if kind == "shed":
        return [(rectangle, (0.0, rise / d, eave))]
    if kind == "gable":
        return [([(0, 0), (w, 0), (w, h), (0, h)], front), ([(0, h), (w, h), (w, d), (0, d)], back)]
    if kind == "hip":
        return [
            ([(0, 0), (w, 0), (w - h, h), (h, h)], front),
            ([(w, d), (0, d), (h, h), (w - h, h)], back),
            ([(0, d), (0, 0), (h, h)], (s, 0.0, eave)),
            ([(w, 0), (w, d), (w - h, h)], (-s, 0.0, eave + s * w)),
        ]
    if kind == "mansard":
        a, b = d / 4.0, 3.0 * d / 4.0
        top = eave + 2.0 * rise
        return [
            ([(0, 0), (w, 0), (w, a), (0, a)], (0.0, 4.0 * 1.5 * rise / d, eave)),
            ([(0, a), (w, a), (w, h), (0, h)], (0.0, 4.0 * 0.5 * rise / d, top - rise)),
            ([(0, h), (w, h), (w, b), (0, b)], (0.0, -4.0 * 0.5 * rise / d, top + rise)),
            ([(0, b), (w, b), (w, d), (0, d)], (0.0, -4.0 * 1.5 * rise / d, eave + 4.0 * 1.5 * rise)),
        ]
    step = w / 3.0
    return [
        ([(0, 0), (step, 0), (step, d), (0, d)], (0.0, 0.0, eave + 2.0 * rise)),
        ([(step, 0), (w, 0), (w, d), (step, d)], (0.0, rise / d, eave)),
    ]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(["flat", "shed", "gable", "hip", "mansard", "step"]),
    half=st.integers(2, 6),
    extra=st.integers(1, 12),
    eave=st.floats(0.5, 12.0),
    rise=st.floats(0.5, 6.0),
    storeys=st.integers(1, 5),
)
def test_every_zone_is_closed_and_all_zones_have_the_volume_of_the_roofed_plan(
    kind: str, half: int, extra: int, eave: float, rise: float, storeys: int
) -> None:
    width, depth = 2.0 * half + extra, 2.0 * half
    pieces, made = body(width, depth, roofs_of(kind, width, depth, eave, rise), storeys)
    assert made.volume_m3 == pytest.approx(pieces.volume_m3, rel=1e-6)
    assert len({face.name for face in made.faces}) == len(made.faces)
    for storey in made.storeys:
        gap = np.linalg.norm(sum(face.area_vector_m2 for face in storey.faces))
        assert gap < 0.01 * sum(face.area_m2 for face in storey.faces), [face.name for face in storey.faces]
        assert storey.volume_m3 == pytest.approx(enclosed_m3(storey.faces), rel=0.01, abs=0.2)
        for face in storey.faces:
            if face.beyond == "storey":
                other = made.face(face.counterpart.upper())
                assert other.counterpart == face.name
                np.testing.assert_allclose(other.area_vector_m2, -face.area_vector_m2, atol=1e-6)


def enclosed_m3(faces) -> float:
    """Volume by the divergence theorem, independent of how it was put together."""
    return sum(float(face.corners[0] @ face.area_vector_m2) for face in faces) / 3.0


def test_the_areas_of_a_gable_house() -> None:
    """8 m deep, 10 m long, eaves 5 m, ridge 8 m, two storeys: areas by hand."""
    _, made = body(10.0, 8.0, roofs_of("gable", 10.0, 8.0, 5.0, 3.0), 2)
    outdoor = {
        kind: sum(f.area_m2 for f in made.faces if f.kind == kind and f.beyond == "outdoors")
        for kind in ("wall", "roof")
    }
    assert outdoor["roof"] == pytest.approx(2.0 * 10.0 * 5.0)
    assert outdoor["wall"] == pytest.approx(2.0 * 10.0 * 5.0 + 2.0 * (8.0 * 5.0 + 8.0 * 3.0 / 2.0))
    assert made.floor_area_m2 == pytest.approx(160.0)
    assert made.storeys[1].bottom_m == pytest.approx(3.25)
    top = [face for face in made.storeys[1].faces if face.kind == "wall"]
    assert sorted(len(face.corners) for face in top) == [4, 4, 5, 5], "one pentagon for each gable end"
    assert {face.city_surface for face in made.faces if face.kind == "roof"} == {0, 1}


def test_a_step_is_an_outdoor_wall_of_the_tower_only() -> None:
    """Tower 4 x 6 x 12 m beside a wing of 8 x 6 x 3 m."""
    roofs = [
        ([(0, 0), (4, 0), (4, 6), (0, 6)], (0.0, 0.0, 12.0)),
        ([(4, 0), (12, 0), (12, 6), (4, 6)], (0.0, 0.0, 3.0)),
    ]
    _, made = body(12.0, 6.0, roofs, 4)
    # The reference height of the sample is the mean, 6 m: storeys of 1.5 m; the wing has two of them.
    assert [storey.floor_area_m2 for storey in made.storeys] == pytest.approx([72.0, 72.0, 24.0, 24.0])
    east = [f for f in made.faces if f.kind == "wall" and f.area_vector_m2[0] > 0.9 * f.area_m2]
    step = sum(f.area_m2 for f in east if np.allclose(f.corners[:, 0], 4.0))
    assert step == pytest.approx(6.0 * 9.0)
    assert sum(f.area_m2 for f in east if np.allclose(f.corners[:, 0], 12.0)) == pytest.approx(18.0)


def test_storeys_of_unequal_parts_share_a_wall_where_they_meet() -> None:
    """A hall of one storey of 4 m beside two storeys of 3 m: one metre of wall between hall and upper storey."""
    roofs = [
        ([(0, 0), (6, 0), (6, 6), (0, 6)], (0.0, 0.0, 8.0)),
        ([(6, 0), (12, 0), (12, 6), (6, 6)], (0.0, 0.0, 4.0)),
    ]
    _, made = body(12.0, 6.0, roofs, 2)
    pairs = [f for f in made.faces if f.kind == "wall" and f.beyond == "storey"]
    assert sorted(f.area_m2 for f in pairs) == pytest.approx([6.0, 6.0])


def test_windows_lie_inside_gables_and_have_their_share() -> None:
    from citytwin_desktop.sim.energyplus.windows import glazing, window_polygons

    _, made = body(10.0, 8.0, roofs_of("gable", 10.0, 8.0, 5.0, 3.0), 2, spec=spec(window_share=0.3))
    for face in made.storeys[1].faces:
        if face.kind != "wall":
            continue
        windows = window_polygons(face.corners, 0.3)
        assert all(len(window) in (3, 4) for window in windows)
        axis = 0 if np.ptp(face.corners[:, 0]) > 1e-6 else 1
        wall = shapely.Polygon(face.corners[:, [axis, 2]])
        glass = [shapely.Polygon(window[:, [axis, 2]]) for window in windows]
        assert all(wall.buffer(1e-6).contains(pane) for pane in glass)
        assert shapely.union_all(glass).area == pytest.approx(0.3 * wall.area)
        assert sum(pane.area for pane in glass) == pytest.approx(0.3 * wall.area), "without overlap"
    assert glazing(made.faces, 0.3).lost_m2 == 0.0


def test_glass_of_walls_that_are_too_small_goes_to_the_others() -> None:
    from citytwin_desktop.sim.energyplus.windows import glazing

    roofs = [
        ([(0, 0), (10, 0), (10, 4), (0, 4)], (0.0, 0.0, 6.0)),
        ([(0, 4), (10, 4), (10, 8), (0, 8)], (0.0, 0.0, 6.3)),
    ]
    _, made = body(10.0, 8.0, roofs, 2)
    walls = [face for face in made.faces if face.kind == "wall" and face.beyond == "outdoors"]
    small = min(face.area_m2 for face in walls)
    assert small == pytest.approx(3.0), "the step of 0.3 m"
    found = glazing(made.faces, 0.1)
    total = sum(face.area_m2 for face in walls)
    assert found.share == pytest.approx(0.1 * total / (total - small))
    assert found.lost_m2 == 0.0


def test_outdoor_faces_are_flat_and_convex_however_the_building_is_turned() -> None:
    """A tenth of a millimetre out of plane makes EnergyPlus call a low wall not convex, which spoils the run."""
    angle = 0.4137
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    ring = np.array([(0.0, 0.0), (12.0, 0.0), (12.0, 8.0), (0.0, 8.0)]) @ turn
    roofs = roofs_of("mansard", 12.0, 8.0, 3.0, 3.0)
    shapes = np.array([shapely.Polygon(np.array(outline) @ turn) for outline, _ in roofs], object)
    planes = np.array([[*(np.array(plane[:2]) @ turn), plane[2]] for _, plane in roofs])
    pieces = roof_pieces(shapely.MultiPolygon([shapely.Polygon(ring)]), shapes, planes, np.arange(4), 5.0)
    made = roofed_model(pieces, [ring], storeys=2)
    outdoor = [face for face in made.faces if face.beyond == "outdoors"]
    assert len(outdoor) == 10
    for face in outdoor:
        normal = face.area_vector_m2 / face.area_m2
        assert np.abs((face.corners - face.corners[0]) @ normal).max() < 1e-6
        edges = np.roll(face.corners, -1, axis=0) - face.corners
        turns = np.cross(edges, np.roll(edges, -1, axis=0)) @ normal
        assert turns.min() > -1e-6
