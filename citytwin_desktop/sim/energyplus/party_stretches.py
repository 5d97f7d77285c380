"""Where neighbours' walls stand against a building, with the neighbours' real height along the stretch."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from citytwin_desktop.sim.energyplus.city_shapes import CityShapes
from citytwin_desktop.sim.energyplus.inputs import PartyStretch

_AT_GROUND_M = 1.0
_LEVEL_M = 0.05


def party_stretches(shapes: CityShapes, row: int) -> Mapping[int, Sequence[PartyStretch]]:
    """Stretches of each edge of a building's footprint, edges counted from its first.

    Parameters
    ----------
    shapes : CityShapes
    row : int
    """
    own, party = shapes.own_edges(row), shapes.party
    low, high = np.searchsorted(party.edge, [own.start, own.stop])
    found: dict[int, list[PartyStretch]] = defaultdict(list)
    for index in range(low, high):
        found[int(party.edge[index]) - own.start].extend(_real_heights(shapes, row, index))
    return found


def exposed_edge_m(shapes: CityShapes, row: int) -> float:
    """Length of a footprint's edges that stand free at the ground [m]."""
    own, party = shapes.own_edges(row), shapes.party
    low, high = np.searchsorted(party.edge, [own.start, own.stop])
    at_ground = party.bottom_z_m[low:high] - shapes.plans[row].base_z_m < _AT_GROUND_M
    shared = float((party.end_m - party.start_m)[low:high][at_ground].sum())
    return max(float(shapes.edges.length_m[own].sum()) - shared, 0.0)


def _real_heights(shapes: CityShapes, row: int, index: int) -> list[PartyStretch]:
    """A stretch cut where the neighbour's roof line bends or steps."""
    party, edges = shapes.party, shapes.edges
    edge, other_edge, other = (int(values[index]) for values in (party.edge, party.neighbour_edge, party.neighbour_row))
    outer, first = shapes.roofed(other).outer, shapes.own_edges(other).start
    base_m = shapes.plans[row].base_z_m
    rise_m = shapes.plans[other].base_z_m - base_m
    direction = edges.end[edge] - edges.start[edge]
    direction = direction / max(float(np.hypot(*direction)), 1e-9)
    there = edges.end[other_edge] - edges.start[other_edge]
    there = there / max(float(np.hypot(*there)), 1e-9)
    begin = float((edges.start[other_edge] - edges.start[edge]) @ direction)
    turn = float(there @ direction)  # about -1
    low, high, bottom = float(party.start_m[index]), float(party.end_m[index]), float(party.bottom_z_m[index]) - base_m
    place = int(edges.polygon[edge]), int(edges.ring[edge]), int(edges.position[edge])
    found: list[PartyStretch] = []
    mine = outer.of_edge(other_edge - first)
    for stretch in reversed(range(mine.start, mine.stop)):
        left, right = begin + turn * float(outer.end_m[stretch]), begin + turn * float(outer.start_m[stretch])
        tops = rise_m + float(outer.end_top_m[stretch]), rise_m + float(outer.start_top_m[stretch])
        start, end = max(left, low), min(right, high)
        if end - start <= _LEVEL_M:
            continue
        slope = (tops[1] - tops[0]) / max(right - left, 1e-9)
        piece = PartyStretch(
            *place, start, end, bottom, tops[0] + slope * (start - left), tops[0] + slope * (end - left)
        )
        if found and _goes_on(found[-1], piece):
            piece = PartyStretch(*place, found[-1].start_m, end, bottom, found[-1].top_m, piece.tops_m[1])
            found.pop()
        found.append(piece)
    return found


def _goes_on(one: PartyStretch, other: PartyStretch) -> bool:
    """Whether two stretches are one straight line."""
    length = other.end_m - one.start_m
    wanted = one.top_m + (other.tops_m[1] - one.top_m) * (one.end_m - one.start_m) / max(length, 1e-9)
    touching = abs(one.end_m - other.start_m) < 2 * _LEVEL_M
    return touching and abs(one.tops_m[1] - other.top_m) < _LEVEL_M and abs(wanted - other.top_m) < _LEVEL_M
