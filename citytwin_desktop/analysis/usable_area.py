"""How much collector area fits on each surface of the city, and why none does."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.collector_assumptions import PlacementAssumptions
from citytwin_desktop.analysis.set_back import coplanar_leaders, inset_area_m2
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.errors import BugError, KnownError

CodeArray = NDArray[np.uint8]
_LEANING_OUT = -0.17
"""Height of a wall's unit normal below which it is an underside: it overhangs by more than 10 degrees."""


class Placement(IntEnum):
    """Where on a building a surface lets collectors stand."""

    NONE = 0
    FLAT_ROOF = 1
    PITCHED_ROOF = 2
    FACADE = 3


class Verdict(IntEnum):
    """Why a surface carries collectors or does not."""

    USABLE = 0
    WRONG_KIND = 1
    TOO_LITTLE_SUN = 2
    TOO_SMALL = 3


@dataclass(frozen=True, eq=False)
class UsableArea:
    """Room for collectors on every surface.

    Parameters
    ----------
    collector_m2 : ndarray, (n_surfaces,) float64 [m2]
        Area of the collectors themselves; 0 where there are none.
    inset_m2 : ndarray, (n_surfaces,) float64 [m2]
        What the set-back leaves, before coverage and windows; 0 where it was not asked.
    placement : ndarray, (n_surfaces,) uint8
        Values of `Placement`.
    verdict : ndarray, (n_surfaces,) uint8
        Values of `Verdict`.
    """

    collector_m2: FloatArray
    inset_m2: FloatArray
    placement: CodeArray
    verdict: CodeArray


def placements(kinds: NDArray[np.uint8], normals: FloatArray, flat_roof_slope_deg: float) -> CodeArray:
    """Placement of each surface from its kind and the way it faces.

    Parameters
    ----------
    kinds : ndarray, (n_surfaces,) uint8
        Values of `SurfaceKind`.
    normals : ndarray, (n_surfaces, 3) float64
        Unit normals, outwards.
    flat_roof_slope_deg : float [deg]

    Returns
    -------
    ndarray, (n_surfaces,) uint8
        Values of `Placement`; ground, windows, doors and all undersides are ``NONE``.
    """
    up = normals[:, 2]
    has_area = np.einsum("ij,ij->i", normals, normals) > 0.0
    roof = (kinds == SurfaceKind.ROOF) & (up > 0.0)
    flat = roof & (up > np.cos(np.radians(flat_roof_slope_deg)))
    wall = (kinds == SurfaceKind.WALL) & (up > _LEANING_OUT) & has_area
    result = np.full(len(kinds), Placement.NONE, np.uint8)
    result[roof], result[flat], result[wall] = Placement.PITCHED_ROOF, Placement.FLAT_ROOF, Placement.FACADE
    return result


def usable_area(
    polygons: Polygons,
    kinds: NDArray[np.uint8],
    annual_irradiation_kwh_m2: NDArray[np.floating[Any]],
    assumptions: PlacementAssumptions,
    window_share: FloatArray | None = None,
    building: IntArray | None = None,
    normals: FloatArray | None = None,
) -> UsableArea:
    """Collector area that fits on each surface.

    The surface is shrunk by the set-back in its own plane (holes grow by it); pieces below the smallest area fall
    away; the rest times the coverage is collector area. On façades the windows are taken off too. Surfaces of one
    building that share an edge and lie in one plane count as one, so that a model cut into triangles or strips does
    not take a set-back along every cut; without ``building`` each surface is looked at alone.

    Parameters
    ----------
    polygons : Polygons
        One for each surface.
    kinds : ndarray, (n_surfaces,) uint8
        Values of `SurfaceKind`.
    annual_irradiation_kwh_m2 : ndarray, (n_surfaces,) float [kWh/m2]
        Of the surface as it lies, neighbours included.
    assumptions : PlacementAssumptions
    window_share : ndarray, (n_surfaces,) float64, optional
        Share of windows in each wall that its polygon does not show as holes; nan = use the assumption. Roofs are
        not touched by it.
    building : ndarray, (n_surfaces,) int64, optional
        Building of each surface.
    normals : ndarray, (n_surfaces, 3) float64, optional
        Outward unit normals where they are better known than from the polygons' winding, as the solar engine finds
        them for bodies that are inside out.

    Raises
    ------
    BugError
        When the arrays differ in length.
    KnownError
        When an irradiation or a window share is not possible.
    """
    share = np.full(len(polygons), np.nan) if window_share is None else np.asarray(window_share, np.float64)
    _check(polygons, kinds, annual_irradiation_kwh_m2, share)
    if any(given is not None and len(given) != len(polygons) for given in (building, normals)):
        raise BugError("surfaces and their buildings or normals differ in length")
    outward = polygons.normals if normals is None else normals
    place = placements(kinds, outward, assumptions.flat_roof_slope_deg)
    on_facade = place == Placement.FACADE
    threshold = np.where(on_facade, assumptions.facade_threshold_kwh_m2, assumptions.roof_threshold_kwh_m2)
    verdict = np.full(len(polygons), Verdict.USABLE, np.uint8)
    verdict[annual_irradiation_kwh_m2 < threshold] = Verdict.TOO_LITTLE_SUN
    verdict[place == Placement.NONE] = Verdict.WRONG_KIND

    chosen = np.flatnonzero(verdict == Verdict.USABLE)
    set_back = np.where(on_facade[chosen], assumptions.facade_set_back_m, assumptions.roof_set_back_m)
    inset = np.zeros(len(polygons))
    pieces = polygons.take(chosen)
    leader = None if building is None else coplanar_leaders(pieces, building[chosen], place[chosen])
    inset[chosen] = inset_area_m2(pieces, set_back, assumptions.smallest_area_m2, leader)
    verdict[chosen[inset[chosen] == 0.0]] = Verdict.TOO_SMALL
    windows = np.where(on_facade, np.where(np.isnan(share), assumptions.facade_window_share, share), 0.0)
    return UsableArea(inset * _coverage(place, assumptions) * (1.0 - windows), inset, place, verdict)


def usable_area_m2(
    polygons: Polygons,
    kinds: NDArray[np.uint8],
    annual_irradiation_kwh_m2: NDArray[np.floating[Any]],
    assumptions: PlacementAssumptions,
    window_share: FloatArray | None = None,
    building: IntArray | None = None,
    normals: FloatArray | None = None,
) -> FloatArray:
    """(n_surfaces,) float64 [m2]: collector area alone; see `usable_area`."""
    return usable_area(
        polygons, kinds, annual_irradiation_kwh_m2, assumptions, window_share, building, normals
    ).collector_m2


def _coverage(place: CodeArray, assumptions: PlacementAssumptions) -> FloatArray:
    by_placement = np.zeros(len(Placement))
    by_placement[Placement.FLAT_ROOF] = assumptions.rack_coverage
    by_placement[Placement.PITCHED_ROOF] = assumptions.pitched_roof_coverage
    by_placement[Placement.FACADE] = assumptions.facade_coverage
    return by_placement[place]


def _check(
    polygons: Polygons, kinds: NDArray[np.uint8], irradiation: NDArray[np.floating[Any]], share: FloatArray
) -> None:
    if not len(polygons) == len(kinds) == len(irradiation) == len(share):
        raise BugError("surfaces, kinds, irradiation and window shares differ in length")
    if not (np.isfinite(irradiation).all() and (irradiation >= 0.0).all()):
        raise KnownError("The annual irradiation of a surface is not a number from 0 upwards; run solar again.")
    if (share < 0.0).any() or (share > 1.0).any():
        raise KnownError("The window share of a wall is outside 0 to 1; correct it in the building's envelope.")
