"""The year of all collectors of a city: surface by surface in totals, group by group in hours."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.collector_assumptions import (
    PhotovoltaicAssumptions,
    PlacementAssumptions,
    SolarThermalAssumptions,
)
from citytwin_desktop.analysis.flat_roof_racks import RackRow, rack_rows
from citytwin_desktop.analysis.photovoltaics import peak_power_kwp, photovoltaic_power
from citytwin_desktop.analysis.plane_irradiance import Floats, HourlySite, PlaneIrradiance, tilts_deg
from citytwin_desktop.analysis.solar_thermal import thermal_power_w_m2
from citytwin_desktop.analysis.usable_area import Placement, UsableArea
from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.errors import BugError, KnownError

IrradianceSource = Callable[[IntArray, IntArray], PlaneIrradiance]
"""Irradiance of the given surfaces, as they lie, in the given hours of the year."""

_Conversion = Callable[[PlaneIrradiance, FloatArray, NDArray[np.uint8], HourlySite], Floats]

CHUNK = 128
"""Surfaces worked on at once: the arrays of a chunk stay in a few tens of MB."""

_W_PER_KW = 1000.0


@dataclass(frozen=True, eq=False)
class CollectorPotential:
    """Yield of the collectors that the usable area carries.

    Parameters
    ----------
    size : ndarray, (n_surfaces,) float64
        Peak power [kWp] of photovoltaics, gross collector area [m2] of solar thermal.
    monthly_kwh : ndarray, (n_surfaces, 12) float32 [kWh]
    hourly_kwh : ndarray, (n_groups, hours) float32 [kWh]
        AC electricity or useful heat of each group (building).
    """

    size: FloatArray
    monthly_kwh: Floats
    hourly_kwh: Floats

    @property
    def annual_kwh(self) -> FloatArray:
        """(n_surfaces,) float64 [kWh]: electricity or heat of the year."""
        return np.asarray(self.monthly_kwh.sum(axis=1, dtype=np.float64))

    @property
    def specific_kwh(self) -> FloatArray:
        """(n_surfaces,) float64: annual yield per kWp or per m2; nan where there is no collector."""
        nothing = np.full(len(self.size), np.nan)
        return np.asarray(np.divide(self.annual_kwh, self.size, out=nothing, where=self.size > 0.0))


def photovoltaic_potential(
    area: UsableArea,
    normals: FloatArray,
    irradiance: IrradianceSource,
    site: HourlySite,
    placing: PlacementAssumptions,
    assumptions: PhotovoltaicAssumptions,
    group: IntArray,
    group_count: int,
) -> CollectorPotential:
    """Peak power and AC yield of every surface, hourly for every group.

    Parameters
    ----------
    area : UsableArea
        Made with the same placing.
    normals : ndarray, (n_surfaces, 3) float64
    irradiance : callable
        Takes (k,) int64 surface indices and (h,) int64 hours of the year, gives the `PlaneIrradiance` (k, h) of the
        surfaces as they lie; called for usable surfaces and hours with the sun up only, at most `CHUNK` surfaces at
        once.
    site : HourlySite
        A whole year of 8,760 or 8,784 hours.
    placing : PlacementAssumptions
    assumptions : PhotovoltaicAssumptions
    group : ndarray, (n_surfaces,) int64
        Building (or what else the hours are wanted for) of each surface; -1 for none.
    group_count : int
        The hours take 35 kB for each group: give a part of a very large city at a time.

    Returns
    -------
    CollectorPotential
        Hours with the sun below the horizon count as dark.

    Raises
    ------
    KnownError
        When the year is not whole or irradiance is missing.
    """

    def convert(plane: PlaneIrradiance, tilt: FloatArray, place: NDArray[np.uint8], hours: HourlySite) -> Floats:
        return photovoltaic_power(plane, tilt, place, hours, assumptions).ac_w_kwp

    size = peak_power_kwp(area.collector_m2, assumptions)
    return _potential(size, area.placement, normals, irradiance, site, placing, convert, group, group_count)


def solar_thermal_potential(
    area: UsableArea,
    normals: FloatArray,
    irradiance: IrradianceSource,
    site: HourlySite,
    placing: PlacementAssumptions,
    assumptions: SolarThermalAssumptions,
    group: IntArray,
    group_count: int,
) -> CollectorPotential:
    """Collector area and useful heat of every surface, hourly for every group; see `photovoltaic_potential`."""

    def convert(plane: PlaneIrradiance, _tilt: FloatArray, _place: NDArray[np.uint8], hours: HourlySite) -> Floats:
        return thermal_power_w_m2(plane, hours, assumptions)

    size = area.collector_m2
    return _potential(size, area.placement, normals, irradiance, site, placing, convert, group, group_count)


def _potential(
    size: FloatArray,
    placement: NDArray[np.uint8],
    normals: FloatArray,
    irradiance: IrradianceSource,
    site: HourlySite,
    placing: PlacementAssumptions,
    convert: _Conversion,
    group: IntArray,
    group_count: int,
) -> CollectorPotential:
    if not len(size) == len(normals) == len(group) == len(placement):
        raise BugError("surfaces, normals and groups differ in length")
    month = _months(len(site))
    lit = np.flatnonzero(site.sun[:, 2] > 0.0)
    year = _LitYear(site.hours(lit), rack_rows(placing, site.hours(lit)))
    starts = np.searchsorted(month[lit], np.arange(12))
    monthly = np.zeros((len(size), 12), np.float32)
    hourly = np.zeros((group_count, len(lit)), np.float32)
    tilt = tilts_deg(normals)
    usable = np.flatnonzero(size > 0.0)
    for first in range(0, len(usable), CHUNK):
        rows = usable[first : first + CHUNK]
        power = _chunk_power(year, irradiance(rows, lit), tilt[rows], placement[rows], convert)
        power *= (size[rows] / _W_PER_KW).astype(np.float32)[:, None]
        monthly[rows] = _monthly_sums(power, month[lit], starts)
        for position in np.flatnonzero(group[rows] >= 0):
            hourly[group[rows[position]]] += power[position]
    whole = np.zeros((group_count, len(site)), np.float32)
    whole[:, lit] = hourly
    return CollectorPotential(size, monthly, whole)


@dataclass(frozen=True, eq=False)
class _LitYear:
    """The hours with the sun up: the rest yields nothing and is skipped."""

    site: HourlySite
    racks: tuple[RackRow, ...]


def _chunk_power(
    year: _LitYear,
    surface: PlaneIrradiance,
    tilt_deg: FloatArray,
    placement: NDArray[np.uint8],
    convert: _Conversion,
) -> Floats:
    """(k, lit hours) float32 [W per unit of size]: flat roofs by their racks, the rest in their own plane."""
    if surface.beam.shape != (len(tilt_deg), len(year.site)):
        msg = f"the irradiance has the shape {surface.beam.shape} instead of {(len(tilt_deg), len(year.site))}"
        raise BugError(msg)
    if not all(np.isfinite(part.sum(dtype=np.float64)) for part in (surface.beam, surface.sky, surface.reflected)):
        raise KnownError("The irradiance of some surfaces is missing; run solar again.")
    power = np.empty(surface.beam.shape, np.float32)
    flat = placement == Placement.FLAT_ROOF
    lying, racked = np.flatnonzero(~flat), np.flatnonzero(flat)
    if len(lying):
        power[lying] = convert(surface.rows(lying), tilt_deg[lying], placement[lying], year.site)
    if len(racked):
        roofs = surface.rows(racked)
        power[racked] = 0.0
        for row in year.racks:
            tilts = np.full(len(racked), row.tilt_deg)
            power[racked] += np.float32(row.share) * convert(row.on_rack(roofs), tilts, placement[racked], year.site)
    return power


def _months(hours: int) -> IntArray:
    if hours not in {8760, 8784}:
        msg = f"The year of solar collectors has {hours} hours; give weather of 8,760 or 8,784."
        raise KnownError(msg)
    return month_of_hour(hours)


def _monthly_sums(power: Floats, month: IntArray, starts: IntArray) -> Floats:
    """(k, 12) sums; a month without sun (polar night) is 0."""
    filled = np.flatnonzero(np.bincount(month, minlength=12) > 0)
    sums = np.zeros((len(power), 12), np.float32)
    if len(filled):
        sums[:, filled] = np.add.reduceat(power, starts[filled], axis=1)
    return sums
