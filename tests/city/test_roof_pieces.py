"""The partition of a footprint by its roofs, and the storeys below it."""

import numpy as np
import pytest
import shapely

from citytwin_desktop.city.plan_faces import half_edges
from citytwin_desktop.city.roof_pieces import RoofPieces, flat_pieces, roof_pieces
from citytwin_desktop.city.storey_bodies import storey_body

HOUSE = shapely.MultiPolygon([shapely.box(0, 0, 10, 8)])
FLAT = (0.0, 0.0, 6.0)


def cut(footprint, *roofs, height: float = 5.0, covers=()) -> RoofPieces | None:
    """Roofs as (polygon, (a, b, c))."""
    shapes = np.array([roof[0] for roof in roofs], object)
    planes = np.array([roof[1] for roof in roofs], float)
    return roof_pieces(footprint, shapes, planes, np.arange(len(roofs)) + 100, height, covers)


def gable(eave: float = 5.0, slope: float = 0.75):
    """Ridge along y = 4."""
    return [
        (shapely.box(0, 0, 10, 4), (0.0, slope, eave)),
        (shapely.box(0, 4, 10, 8), (0.0, -slope, eave + 8.0 * slope)),
    ]


def tiles(pieces: RoofPieces, footprint) -> None:
    assert pieces.area_m2.sum() == pytest.approx(footprint.area, rel=1e-3)
    assert shapely.union_all(pieces.polygons).symmetric_difference(footprint).area < 0.01 * footprint.area


def test_a_gable_has_two_pieces_of_its_two_roofs() -> None:
    pieces = cut(HOUSE, *gable())
    tiles(pieces, HOUSE)
    assert sorted(pieces.surface) == [100, 101]
    assert pieces.volume_m3 == pytest.approx(80.0 * 5.0 + 80.0 * 3.0 / 2.0)
    edges = half_edges(pieces.polygons)
    assert edges.length_m[edges.other >= 0].sum() == pytest.approx(20.0), "the ridge, from both sides"


def test_of_roofs_that_overlap_the_higher_counts() -> None:
    low, high = (shapely.box(0, 0, 10, 8), (0.0, 0.0, 3.0)), (shapely.box(6, 0, 10, 8), (0.0, 0.0, 9.0))
    for roofs in ((low, high), (high, low)):
        pieces = cut(HOUSE, *roofs)
        tiles(pieces, HOUSE)
        assert pieces.volume_m3 == pytest.approx(48.0 * 3.0 + 32.0 * 9.0)


def test_a_chimney_and_a_dormer_are_taken_into_the_roof_below() -> None:
    chimney = (shapely.box(4, 1, 4.8, 1.8), (0.0, 0.0, 9.5))
    pieces = cut(HOUSE, *gable(), chimney)
    assert len(pieces) == 2
    assert pieces.volume_m3 == pytest.approx(520.0)


def test_coplanar_neighbours_become_one_piece_of_the_same_volume() -> None:
    roofs = [(shapely.box(0, 0, 5, 8), FLAT), (shapely.box(5, 0, 10, 8), (0.0, 0.0, 6.1))]
    pieces = cut(HOUSE, *roofs)
    assert len(pieces) == 1
    assert pieces.volume_m3 == pytest.approx(40.0 * 6.0 + 40.0 * 6.1)


def test_a_gap_without_roof_is_closed_flat_and_slivers_are_not() -> None:
    pieces = cut(HOUSE, (shapely.box(0, 0, 6, 8), FLAT), height=4.0)
    assert dict(zip(pieces.surface.tolist(), pieces.area_m2.round(3).tolist(), strict=True)) == {100: 48.0, -1: 32.0}
    assert pieces.volume_m3 == pytest.approx(48.0 * 6.0 + 32.0 * 4.0)
    shifted = cut(HOUSE, (shapely.box(0.04, 0.03, 10.2, 8.1), FLAT))
    assert (len(shifted), shifted.volume_m3) == (1, pytest.approx(480.0, rel=1e-3))


def test_roofs_below_the_ground_are_nothing_to_build_on() -> None:
    assert cut(HOUSE, (shapely.box(0, 0, 10, 8), (0.0, 1.0, -3.0))) is None
    assert cut(HOUSE, (shapely.box(0, 0, 10, 8), (0.0, np.nan, 3.0))) is None


def test_what_another_building_stands_on_is_a_piece_of_its_own() -> None:
    pieces = cut(HOUSE, (shapely.box(0, 0, 10, 8), FLAT), covers=[shapely.box(6, 0, 10, 8)])
    assert sorted(zip(pieces.covered.tolist(), pieces.area_m2.round(2).tolist(), strict=True)) == [
        (False, 48.0),
        (True, 32.0),
    ]


def test_a_roof_of_very_many_pieces_is_capped() -> None:
    roofs = [
        (shapely.box(x, y, x + 2, y + 2), (0.0, 0.0, 5.0 + (x * 7 + y * 3) % 5))
        for x in range(0, 40, 2)
        for y in range(0, 40, 2)
    ]
    whole = shapely.MultiPolygon([shapely.box(0, 0, 40, 40)])
    pieces = cut(whole, *roofs)
    tiles(pieces, whole)
    assert len(pieces) <= 60


def test_a_tower_on_a_low_wing_has_more_storeys() -> None:
    tower, wing = (shapely.box(0, 0, 5, 8), (0.0, 0.0, 12.0)), (shapely.box(5, 0, 10, 8), (0.0, 0.0, 3.2))
    body = storey_body(cut(HOUSE, tower, wing), 4, 12.0)
    found = dict(zip(body.pieces.surface.tolist(), body.storeys.tolist(), strict=True))
    assert found == {100: 4, 101: 1}
    assert body.levels_m == pytest.approx([0.0, 3.0, 6.0, 9.0])


def test_a_floor_comes_down_to_eaves_that_lie_just_below_it() -> None:
    body = storey_body(cut(HOUSE, *gable(eave=1.4, slope=0.75)), 2, 2.9)
    assert body.levels_m == pytest.approx([0.0, 1.4]), "not 1.45"
    assert len(body.pieces) == 2


def test_a_storey_ends_where_the_roof_meets_its_floor() -> None:
    """A shed roof from 1 m to 9 m over two storeys: the upper floor of 5 m height ends where the roof comes through."""
    shed = (shapely.box(0, 0, 10, 8), (0.0, 1.0, 1.0))
    body = storey_body(cut(HOUSE, shed), 2, 5.0)
    assert body.levels_m == pytest.approx([0.0, 2.5])
    found = dict(zip(body.storeys.tolist(), body.pieces.area_m2.tolist(), strict=True))
    assert found == pytest.approx({1: 15.0, 2: 65.0})
    assert body.volume_m3 == pytest.approx(400.0)


def test_a_flat_body_keeps_the_separate_plots_of_its_footprint() -> None:
    plots = shapely.MultiPolygon([shapely.box(0, 0, 5, 5), shapely.box(8, 0, 12, 5)])
    body = storey_body(flat_pieces(plots, 6.0), 2, 6.0)
    assert body.volume_m3 == pytest.approx(45.0 * 6.0)
    assert body.storeys.tolist() == [2, 2]
