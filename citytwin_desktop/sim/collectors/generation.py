"""What collectors give, from solar operators and weather: a few hundred surfaces at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.collector_potential import (
    CollectorPotential,
    photovoltaic_potential,
    solar_thermal_potential,
)
from citytwin_desktop.analysis.collector_set import CollectorAssumptions
from citytwin_desktop.analysis.plane_irradiance import HourlySite, PlaneIrradiance, incidence_cosine
from citytwin_desktop.analysis.usable_area import UsableArea
from citytwin_desktop.sim.solar.hours import HourSynthesis

IntArray = NDArray[np.int64]

SURFACES_AT_ONCE = 384
"""Their irradiance takes about 30 MB."""


@dataclass(frozen=True, eq=False)
class CollectorBatch:
    """What the collectors of some groups (buildings) give.

    Parameters
    ----------
    groups : ndarray, (g,) int64
    surfaces : ndarray, (k,) int64
        Surfaces with collectors of either kind.
    photovoltaic, solar_thermal : CollectorPotential
        Of these surfaces and groups.
    """

    groups: IntArray
    surfaces: IntArray
    photovoltaic: CollectorPotential
    solar_thermal: CollectorPotential


def collector_site(synthesis: HourSynthesis) -> HourlySite:
    """Air, wind and sun of the weather that a synthesis has.

    Raises
    ------
    KnownError
        When temperature or wind is missing.
    """
    weather, path = synthesis.weather, synthesis.year.path
    sun = np.where(path.up[:, None], path.direction, np.array([0.0, 0.0, -1.0]))
    return HourlySite(weather.dry_bulb_c, weather.wind_speed_m_s, sun, weather.latitude_deg >= 0.0)


def generate(
    synthesis: HourSynthesis,
    areas: tuple[UsableArea, UsableArea],
    assumptions: CollectorAssumptions,
    group: IntArray,
    wanted: IntArray | None = None,
    check: Callable[[], None] = lambda: None,
) -> Iterator[CollectorBatch]:
    """Yield what collectors give, some groups at a time: hours of a large city never lie in memory together.

    Parameters
    ----------
    synthesis : HourSynthesis
    areas : tuple of UsableArea
        For photovoltaics and for solar thermal, of all surfaces.
    assumptions : CollectorAssumptions
    group : ndarray, (n_surfaces,) int64
        Building of each surface.
    wanted : ndarray, (g,) int64, optional
        Groups to work out, all by default.
    check : callable, optional
        Called often; may raise to stop.

    Yields
    ------
    CollectorBatch
        Only groups with collectors.

    Raises
    ------
    KnownError
        When irradiance or weather is missing.
    """
    site = collector_site(synthesis)
    lit = np.flatnonzero(site.sun[:, 2] > 0.0)
    usable = (areas[0].collector_m2 > 0.0) | (areas[1].collector_m2 > 0.0)
    if wanted is not None:
        usable &= np.isin(group, wanted)
    surfaces = np.flatnonzero(usable)
    surfaces = surfaces[np.argsort(group[surfaces], kind="stable")]
    for rows in _whole_groups(surfaces, group):
        check()
        cosine = incidence_cosine(synthesis.operators.normals[rows].astype(np.float64), site.sun[lit])
        plane = PlaneIrradiance(*synthesis.parts_of(rows, lit), cosine)
        check()
        yield _batch(rows, plane, site, synthesis, areas, assumptions, group)


def _whole_groups(surfaces: IntArray, group: IntArray) -> Iterator[IntArray]:
    """Pieces of the surfaces, which come sorted by group, that part no group; none without surfaces."""
    if not len(surfaces):
        return
    starts = np.flatnonzero(np.diff(group[surfaces], prepend=-1))
    ends = np.append(starts[1:], len(surfaces))
    first = 0
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if end - first > SURFACES_AT_ONCE and start > first:
            yield surfaces[first:start]
            first = start
    if first < len(surfaces):
        yield surfaces[first:]


def _batch(
    rows: IntArray,
    plane: PlaneIrradiance,
    site: HourlySite,
    synthesis: HourSynthesis,
    areas: tuple[UsableArea, UsableArea],
    assumptions: CollectorAssumptions,
    group: IntArray,
) -> CollectorBatch:
    groups, place = np.unique(group[rows], return_inverse=True)
    normals = synthesis.operators.normals[rows].astype(np.float64)

    def irradiance(chosen: IntArray, _hours: IntArray) -> PlaneIrradiance:
        return plane.rows(chosen)

    power, heat = (_of(area, rows) for area in areas)
    chosen = assumptions
    return CollectorBatch(
        groups,
        rows,
        photovoltaic_potential(
            power, normals, irradiance, site, chosen.photovoltaic_placement, chosen.photovoltaic, place, len(groups)
        ),
        solar_thermal_potential(
            heat, normals, irradiance, site, chosen.solar_thermal_placement, chosen.solar_thermal, place, len(groups)
        ),
    )


def _of(area: UsableArea, rows: IntArray) -> UsableArea:
    return UsableArea(area.collector_m2[rows], area.inset_m2[rows], area.placement[rows], area.verdict[rows])
