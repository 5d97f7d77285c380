"""Set-backs, thresholds and coverage against figures worked out by hand."""

import numpy as np
import pytest

from citytwin_desktop.analysis.collector_assumptions import PlacementAssumptions
from citytwin_desktop.analysis.set_back import coplanar_leaders, inset_area_m2
from citytwin_desktop.analysis.usable_area import (
    Placement,
    Verdict,
    placements,
    usable_area,
    usable_area_m2,
)
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.errors import BugError, KnownError

SQUARE = np.array([[0, 0], [10, 0], [10, 10], [0, 10]], float)
L_SHAPE = np.array([[0, 0], [10, 0], [10, 5], [5, 5], [5, 10], [0, 10]], float)
HOLE = np.array([[2, 2], [2, 3], [3, 3], [3, 2]], float)
RIGHT_TRIANGLE = np.array([[0, 0], [8, 0], [0, 6]], float)
FULL = {"pitched_roof_coverage": 1.0, "facade_coverage": 1.0, "rack_coverage": 1.0, "facade_window_share": 0.0}


def _plane(ring: np.ndarray, tilt_deg: float, azimuth_deg: float = 180.0) -> np.ndarray:
    """A drawing laid into a plane that faces an azimuth at a tilt, far from the origin."""
    tilt, azimuth = np.radians(tilt_deg), np.radians(azimuth_deg)
    along = np.array([-np.cos(azimuth), np.sin(azimuth), 0.0])
    facing = np.array([np.sin(tilt) * np.sin(azimuth), np.sin(tilt) * np.cos(azimuth), np.cos(tilt)])
    return ring[:, :1] * along + ring[:, 1:] * np.cross(facing, along) + [800.0, -300.0, 20.0]


def _area(rings: list[np.ndarray], set_back_m: float, tilt_deg: float = 0.0) -> float:
    polygons = Polygons.from_rings([[_plane(ring, tilt_deg, 217.0) for ring in rings]])
    return float(inset_area_m2(polygons, np.array([set_back_m]))[0])


@pytest.mark.parametrize("set_back_m", [0.0, 0.5, 1.25, 4.9])
@pytest.mark.parametrize("tilt_deg", [0.0, 3.0, 35.0, 60.0, 90.0])
def test_a_square_keeps_its_square_in_its_own_plane(set_back_m: float, tilt_deg: float) -> None:
    assert _area([SQUARE], set_back_m, tilt_deg) == pytest.approx((10 - 2 * set_back_m) ** 2, rel=1e-9)


def test_nothing_is_left_of_a_surface_narrower_than_two_set_backs() -> None:
    assert _area([SQUARE], 5.0) == 0.0
    assert _area([SQUARE], 9.0, 40.0) == 0.0


def test_an_l_shape_with_a_hole() -> None:
    # 9 x 9 less the 5 x 5 notch that moved with its corner; the 1 x 1 hole grows to 2 x 2.
    assert _area([L_SHAPE], 0.5, 30.0) == pytest.approx(81 - 25, rel=1e-9)
    assert _area([L_SHAPE, HOLE], 0.5, 30.0) == pytest.approx(81 - 25 - 4, rel=1e-9)


def test_a_sloped_wall_shrinks_by_its_inscribed_circle() -> None:
    # Sides 6, 8, 10: inscribed radius 2, so a set-back s leaves (1 - s/2)² of the 24 m².
    assert _area([RIGHT_TRIANGLE], 0.3, 90.0) == pytest.approx(24 * (1 - 0.3 / 2) ** 2, rel=1e-9)


def test_pieces_that_are_too_small_do_not_add_up() -> None:
    # Two rooms of 4 x 4 joined by a neck of 0.8: the set-back cuts them apart, 3 x 3 each.
    two = np.array(
        [[0, 0], [4, 0], [4, 1.6], [6, 1.6], [6, 0], [10, 0], [10, 4], [6, 4], [6, 2.4], [4, 2.4], [4, 4], [0, 4]]
    )
    polygons = Polygons.from_rings([[_plane(two, 0.0)]])
    assert inset_area_m2(polygons, np.array([0.5]), 8.9)[0] == pytest.approx(18.0, rel=1e-6)
    assert inset_area_m2(polygons, np.array([0.5]), 9.1)[0] == 0.0


def test_odd_polygons_give_finite_areas() -> None:
    bow_tie = np.array([[0, 0], [10, 10], [10, 0], [0, 10.1]], float)
    line = np.array([[0, 0], [5, 0], [10, 0]], float)
    polygons = Polygons.from_rings([[_plane(bow_tie, 0.0)], [_plane(line, 0.0)], [_plane(SQUARE[:2], 0.0)]])
    areas = inset_area_m2(polygons, np.full(3, 0.5))
    assert np.isfinite(areas).all()
    assert 0.0 <= areas[0] < 100.0
    assert (areas[1:] == 0.0).all()
    assert not len(inset_area_m2(Polygons.empty(), np.zeros(0)))


def _city() -> tuple[Polygons, np.ndarray]:
    """A flat roof, a pitched roof, a wall, a ground, a window, an outer ceiling and a soffit, 100 m² each."""
    tilts = (2.0, 30.0, 90.0, 180.0, 90.0, 180.0, 135.0)
    kinds = (1, 1, 0, 2, 3, 5, 0)
    return Polygons.from_rings([[_plane(SQUARE, tilt)] for tilt in tilts]), np.array(kinds, np.uint8)


def test_only_roofs_and_walls_carry_collectors() -> None:
    polygons, kinds = _city()
    assert SurfaceKind(kinds[3]) is SurfaceKind.GROUND
    found = usable_area(polygons, kinds, np.full(7, 2000.0), PlacementAssumptions.standard(**FULL))
    assert list(found.placement[:3]) == [Placement.FLAT_ROOF, Placement.PITCHED_ROOF, Placement.FACADE]
    assert found.collector_m2[:3] == pytest.approx([81.0, 81.0, 9.4**2])
    assert (found.collector_m2[3:] == 0.0).all()
    assert (found.verdict[3:] == Verdict.WRONG_KIND).all()
    assert (found.verdict[:3] == Verdict.USABLE).all()


def test_coverage_and_windows_take_their_part() -> None:
    polygons, kinds = _city()
    assumptions = PlacementAssumptions.standard(
        rack_coverage=0.5, pitched_roof_coverage=0.8, facade_coverage=0.7, facade_window_share=0.3
    )
    sun = np.full(7, 2000.0)
    assert usable_area_m2(polygons, kinds, sun, assumptions)[:3] == pytest.approx([40.5, 64.8, 88.36 * 0.7 * 0.7])
    known = np.array([0.9, 0.9, 0.25, np.nan, np.nan, np.nan, np.nan])
    assert usable_area_m2(polygons, kinds, sun, assumptions, known)[:3] == pytest.approx([40.5, 64.8, 88.36 * 0.525])


def test_thresholds_of_roofs_and_walls_are_their_own() -> None:
    polygons, kinds = _city()
    assumptions = PlacementAssumptions.standard(roof_threshold_kwh_m2=800, facade_threshold_kwh_m2=600, **FULL)
    just = usable_area(polygons, kinds, np.array([800, 799.9, 600, 9, 9, 9, 9.0]), assumptions)
    assert list(just.verdict[:3]) == [Verdict.USABLE, Verdict.TOO_LITTLE_SUN, Verdict.USABLE]
    assert just.collector_m2[1] == 0.0
    small = usable_area(polygons, kinds, np.full(7, 2000.0), PlacementAssumptions.standard(smallest_area_m2=85.0))
    assert list(small.verdict[:3]) == [Verdict.TOO_SMALL, Verdict.TOO_SMALL, Verdict.USABLE]


def test_the_slope_that_parts_flat_from_pitched() -> None:
    normals = np.array([[0, np.sin(np.radians(a)), np.cos(np.radians(a))] for a in (9.9, 10.1, 100.5)])
    found = placements(np.array([1, 1, 1], np.uint8), normals, 10.0)
    assert list(found) == [Placement.FLAT_ROOF, Placement.PITCHED_ROOF, Placement.NONE]


def test_impossible_input_is_refused() -> None:
    polygons, kinds = _city()
    standard = PlacementAssumptions.standard()
    with pytest.raises(KnownError, match="run solar again"):
        usable_area(polygons, kinds, np.array([np.nan] * 7), standard)
    with pytest.raises(KnownError, match="window share"):
        usable_area(polygons, kinds, np.full(7, 900.0), standard, np.full(7, 1.2))
    with pytest.raises(BugError):
        usable_area(polygons, kinds, np.full(6, 900.0), standard)


def _triangles(ring: np.ndarray, tilt_deg: float) -> list[list[np.ndarray]]:
    """A square cut into four triangles about its middle."""
    middle = ring.mean(axis=0)
    return [[_plane(np.stack([middle, ring[i], ring[(i + 1) % 4]]), tilt_deg)] for i in range(4)]


@pytest.mark.parametrize("tilt_deg", [0.0, 30.0, 90.0])
def test_cuts_inside_a_plane_take_no_set_back(tilt_deg: float) -> None:
    polygons = Polygons.from_rings(_triangles(SQUARE, tilt_deg))
    building, placement = np.zeros(4, np.int64), np.full(4, 2, np.uint8)
    leader = coplanar_leaders(polygons, building, placement)
    assert len(set(leader)) == 1
    joined = inset_area_m2(polygons, np.full(4, 0.5), 8.0, leader)
    assert joined == pytest.approx(np.full(4, 81 / 4), rel=1e-9)
    assert inset_area_m2(polygons, np.full(4, 0.5), 8.0).sum() < 60.0


def test_other_buildings_placements_and_planes_are_not_joined() -> None:
    polygons = Polygons.from_rings(_triangles(SQUARE, 30.0))
    apart = np.arange(4)
    assert (coplanar_leaders(polygons, apart, np.full(4, 2, np.uint8)) == apart).all()
    assert (coplanar_leaders(polygons, np.zeros(4, np.int64), apart.astype(np.uint8)) == apart).all()
    gable = Polygons.from_rings(
        [
            [np.array([[0, 0, 0], [9, 0, 0], [9, 4, 3], [0, 4, 3.0]])],
            [np.array([[0, 4, 3], [9, 4, 3], [9, 8, 0], [0, 8, 0.0]])],
        ]
    )
    assert list(coplanar_leaders(gable, np.zeros(2, np.int64), np.full(2, 2, np.uint8))) == [0, 1]
    assert not len(coplanar_leaders(Polygons.empty(), np.zeros(0, np.int64), np.zeros(0, np.uint8)))


def test_a_vault_of_many_facets_is_not_flattened() -> None:
    angle = np.radians(np.arange(45.0, 135.1, 0.9))
    edge = np.stack([20 * np.cos(angle), np.zeros_like(angle), 20 * np.sin(angle)], axis=1)
    back = edge + np.array([0, 30.0, 0])
    facets = [[np.stack([edge[i + 1], edge[i], back[i], back[i + 1]])] for i in range(len(angle) - 1)]
    polygons = Polygons.from_rings(facets)
    assert (polygons.normals[:, 2] > 0.7).all()
    leader = coplanar_leaders(polygons, np.zeros(len(facets), np.int64), np.full(len(facets), 2, np.uint8))
    agreement = np.einsum("ij,ij->i", polygons.normals, polygons.normals[leader])
    assert agreement.min() > np.cos(np.radians(5.0))


def test_a_shaded_part_is_kept_away_from() -> None:
    polygons = Polygons.from_rings(_triangles(SQUARE, 0.0))
    kinds, building = np.full(4, 1, np.uint8), np.zeros(4, np.int64)
    assumptions = PlacementAssumptions.standard(**FULL)
    sunny = usable_area(polygons, kinds, np.full(4, 1000.0), assumptions, building=building)
    shaded = usable_area(polygons, kinds, np.array([1000, 1000, 1000, 100.0]), assumptions, building=building)
    assert sunny.collector_m2.sum() == pytest.approx(81.0)
    assert shaded.collector_m2[3] == 0.0
    assert shaded.collector_m2.sum() < 81 * 0.75
    assert shaded.verdict[3] == Verdict.TOO_LITTLE_SUN


def test_better_known_normals_turn_an_inside_out_roof_round() -> None:
    polygons = Polygons.from_rings([[_plane(SQUARE, 150.0)]])
    kinds, sun, assumptions = np.array([1], np.uint8), np.array([1000.0]), PlacementAssumptions.standard(**FULL)
    assert usable_area_m2(polygons, kinds, sun, assumptions)[0] == 0.0
    turned = usable_area(polygons, kinds, sun, assumptions, normals=-polygons.normals)
    assert turned.collector_m2[0] == pytest.approx(81.0)
    assert turned.placement[0] == Placement.PITCHED_ROOF
    with pytest.raises(BugError):
        usable_area(polygons, kinds, sun, assumptions, building=np.zeros(3, np.int64))
