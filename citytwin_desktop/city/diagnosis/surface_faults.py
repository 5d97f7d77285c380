"""Faults of single surfaces: rings, bending, width, twins."""

import numpy as np

from citytwin_desktop.city.diagnosis.by_group import count_by
from citytwin_desktop.city.diagnosis.coincident_surfaces import superfluous
from citytwin_desktop.city.diagnosis.findings import FindingList
from citytwin_desktop.city.diagnosis.ring_checks import SLIVER_WIDTH_M, RingChecks
from citytwin_desktop.city.diagnosis.ring_crossings import add_crossings
from citytwin_desktop.city.surfaces import Surfaces

_MILLIMETRES = 1000.0


def add_surface_faults(found: FindingList, surfaces: Surfaces) -> None:
    """Add what is wrong with single surfaces.

    Parameters
    ----------
    found : FindingList
    surfaces : Surfaces
        With finite coordinates.
    """
    checks, owner, count = RingChecks(surfaces.polygons), surfaces.building, len(surfaces)
    short = np.unique(checks.polygon_of_ring[checks.short_rings])
    found.add("too_few_points", owner[short], short)
    repeats = count_by(surfaces.polygons.vertex_polygon[checks.repeated], count)
    repeats[short] = 0
    again = np.flatnonzero(repeats)
    found.add("consecutive_points_same", owner[again], again, repeats[again])
    flat = np.flatnonzero(checks.flat)
    found.add("zero_area", owner[flat], flat)
    thin = np.flatnonzero((checks.widths_m < SLIVER_WIDTH_M) & ~checks.flat)
    found.add("sliver_surface", owner[thin], thin, checks.widths_m[thin] * _MILLIMETRES)
    bent = np.flatnonzero(checks.bent & ~checks.flat)
    found.add("non_planar_polygon_distance_plane", owner[bent], bent, checks.bend_m[bent])
    folded, angle = checks.folds_deg()
    found.add("non_planar_polygon_normals_deviation", owner[folded], folded, angle)
    wrong = checks.holes_like_outline
    holed = np.unique(checks.polygon_of_ring[wrong])
    found.add("orientation_rings_same", owner[holed], holed)
    twice = np.flatnonzero(superfluous(surfaces))
    found.add("duplicate_surface", owner[twice], twice)
    add_crossings(found, checks, owner)
