"""Party walls of hand-made rows of houses."""

import numpy as np
import pytest
import shapely

from citytwin_desktop.city.footprint_edges import FootprintEdges, footprint_edges
from citytwin_desktop.city.footprints import Footprint
from citytwin_desktop.city.party_walls import find_party_walls


def house(row: int, ring, height: float = 9.0, base: float = 0.0, holes=()) -> Footprint:
    polygon = shapely.orient_polygons(shapely.Polygon(ring, holes))
    return Footprint(row, (polygon,), polygon.area, base, base + height, base + height, height, "ground", "volume")


def box(row: int, x: float, y: float, width: float, depth: float, **options) -> Footprint:
    return house(row, [(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)], **options)


def shared(edges: FootprintEdges, row: int) -> list[tuple[float, float, float, int]]:
    """(length, bottom, top, neighbour) of a row's stretches, sorted."""
    party = find_party_walls(edges)
    mine = edges.row[party.edge] == row
    values = zip(
        (party.end_m - party.start_m)[mine],
        party.bottom_z_m[mine],
        party.top_z_m[mine],
        party.neighbour_row[mine],
        strict=True,
    )
    return sorted((round(float(a), 6), float(b), float(c), int(d)) for a, b, c, d in values)


def test_a_terrace_of_three() -> None:
    edges = footprint_edges([box(0, 0, 0, 6, 10), box(1, 6, 0, 6, 10), box(2, 12, 0, 6, 10)])
    assert shared(edges, 0) == [(10.0, 0.0, 9.0, 1)]
    assert shared(edges, 1) == [(10.0, 0.0, 9.0, 0), (10.0, 0.0, 9.0, 2)]


def test_a_partial_wall_is_split_where_the_neighbour_begins() -> None:
    edges = footprint_edges([box(0, 0, 0, 6, 10), box(1, 6, 4, 6, 10)])
    party = find_party_walls(edges)
    first = np.flatnonzero(edges.row[party.edge] == 0)[0]
    assert (party.start_m[first], party.end_m[first]) == pytest.approx((4.0, 10.0))
    assert edges.position[party.edge[first]] == 1, "the east edge of the first house"


def test_the_taller_house_stays_outdoors_above_the_lower_roof() -> None:
    edges = footprint_edges([box(0, 0, 0, 6, 10, height=12.0), box(1, 6, 0, 6, 10, height=5.0, base=1.0)])
    assert shared(edges, 0) == [(10.0, 1.0, 6.0, 1)]
    assert shared(edges, 1) == [(10.0, 1.0, 6.0, 0)]


@pytest.mark.parametrize(("gap", "count"), [(0.0, 2), (0.24, 2), (0.26, 0), (2.0, 0)])
def test_the_gap_decides(gap: float, count: int) -> None:
    edges = footprint_edges([box(0, 0, 0, 6, 10), box(1, 6 + gap, 0, 6, 10)])
    assert len(find_party_walls(edges)) == count


def test_walls_that_only_meet_at_a_corner_or_at_an_angle_are_not_shared() -> None:
    corner = footprint_edges([box(0, 0, 0, 6, 10), box(1, 6, 10, 6, 10)])
    assert len(find_party_walls(corner)) == 0
    tilted = house(1, [(6.05, 0), (12, 0), (12, 10), (9, 10)])
    assert len(find_party_walls(footprint_edges([box(0, 0, 0, 6, 10), tilted]))) == 0


def test_houses_above_each_other_share_no_wall() -> None:
    edges = footprint_edges([box(0, 0, 0, 6, 10, height=3.0), box(1, 6, 0, 6, 10, height=3.0, base=3.0)])
    assert len(find_party_walls(edges)) == 0


def test_a_house_in_a_courtyard_shares_the_inner_ring() -> None:
    ring = [(0, 0), (20, 0), (20, 20), (0, 20)]
    court = house(0, ring, holes=[[(5, 5), (15, 5), (15, 15), (5, 15)]])
    edges = footprint_edges([court, box(1, 5, 5, 4, 4)])
    party = find_party_walls(edges)
    mine = edges.row[party.edge] == 0
    assert mine.sum() == 2
    assert set(edges.ring[party.edge[mine]]) == {1}
    assert (party.end_m - party.start_m)[mine] == pytest.approx([4.0, 4.0])
