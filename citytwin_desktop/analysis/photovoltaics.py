"""Power of photovoltaic modules from the irradiance on their plane, per kWp, for many planes at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.collector_assumptions import PhotovoltaicAssumptions
from citytwin_desktop.analysis.incidence import beam_modifier, diffuse_modifier
from citytwin_desktop.analysis.plane_irradiance import Floats, HourlySite, PlaneIrradiance
from citytwin_desktop.analysis.usable_area import Placement
from citytwin_desktop.catalog.collectors import Mounting, inverter, mountings, photovoltaic_module
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import BugError

_MOUNTING_IDS = {
    Placement.FLAT_ROOF: "flat_roof",
    Placement.PITCHED_ROOF: "pitched_roof",
    Placement.FACADE: "facade",
}


@dataclass(frozen=True, eq=False)
class PhotovoltaicPower:
    """Power of modules of 1 kWp on each plane.

    Parameters
    ----------
    dc_w_kwp : ndarray, (n, hours) float32 [W/kWp]
        After the losses before the inverter.
    ac_w_kwp : ndarray, (n, hours) float32 [W/kWp]
    """

    dc_w_kwp: Floats
    ac_w_kwp: Floats


def peak_power_kwp(collector_m2: FloatArray, assumptions: PhotovoltaicAssumptions) -> FloatArray:
    """(n,) float64 [kWp]: rated power of a module area at 1,000 W/m2 and 25 °C."""
    return np.asarray(collector_m2 * photovoltaic_module(assumptions.module).efficiency)


def loss_share(assumptions: PhotovoltaicAssumptions) -> float:
    """Share of the DC energy lost before the inverter: PVWatts' list, multiplied up.

    References
    ----------
    Dobos: PVWatts Version 5 Manual, NREL/TP-6A20-62641, doi:10.2172/1158421.
    """
    from pvlib import pvsystem

    percent = pvsystem.pvwatts_losses(
        soiling=assumptions.soiling_loss_percent,
        shading=assumptions.shading_loss_percent,
        snow=assumptions.snow_loss_percent,
        mismatch=assumptions.mismatch_loss_percent,
        wiring=assumptions.wiring_loss_percent,
        connections=assumptions.connections_loss_percent,
        lid=assumptions.light_induced_degradation_loss_percent,
        nameplate_rating=assumptions.nameplate_loss_percent,
        age=assumptions.age_loss_percent,
        availability=assumptions.availability_loss_percent,
    )
    return float(percent) / 100.0


def photovoltaic_power(
    irradiance: PlaneIrradiance,
    tilt_deg: FloatArray,
    placement: NDArray[np.uint8],
    site: HourlySite,
    assumptions: PhotovoltaicAssumptions,
) -> PhotovoltaicPower:
    """Power of 1 kWp on each plane in each hour.

    Reflection at the cover, cell temperature after Sandia's model with the mounting of the placement, PVWatts' DC
    power and losses, and an inverter of its own for each plane that clips at its rated power.

    Parameters
    ----------
    irradiance : PlaneIrradiance
        Of n planes.
    tilt_deg : ndarray, (n,) float64 [deg]
    placement : ndarray, (n,) uint8
        Values of `Placement`; not ``NONE``.
    site : HourlySite
        The same hours.
    assumptions : PhotovoltaicAssumptions

    Returns
    -------
    PhotovoltaicPower
        Never negative; 0 without light.

    Raises
    ------
    BugError
        When shapes differ or a plane has no placement.

    References
    ----------
    King, Boyson, Kratochvil: SAND2004-3535, doi:10.2172/919131. Dobos: NREL/TP-6A20-62641, doi:10.2172/1158421.
    """
    from pvlib import pvsystem

    count, hours = irradiance.beam.shape
    if (len(tilt_deg), len(placement), len(site)) != (count, count, hours):
        raise BugError("irradiance, planes and weather differ in their number")
    module = photovoltaic_module(assumptions.module)
    cell_c = np.empty((count, hours), np.float32)
    total = irradiance.total()
    for code in np.unique(placement):
        rows = placement == code
        cell_c[rows] = cell_temperature_c(total[rows], site, _mounting(int(code)))
    effective = effective_irradiance_w_m2(irradiance, tilt_deg, assumptions.glass_refractive_index)
    dc = pvsystem.pvwatts_dc(
        effective, cell_c, 1000.0 * (1.0 - loss_share(assumptions)), module.temperature_coefficient_1_k
    )
    dc = np.maximum(dc, np.float32(0.0))
    return PhotovoltaicPower(dc, inverted_w_kwp(dc, assumptions))


def effective_irradiance_w_m2(
    irradiance: PlaneIrradiance, tilt_deg: FloatArray, glass_refractive_index: float
) -> Floats:
    """(n, hours) float32 [W/m2]: what passes the cover, relative to normal incidence."""
    diffuse = irradiance.sky + irradiance.reflected
    diffuse *= diffuse_modifier(tilt_deg, glass_refractive_index)[:, None]
    diffuse += irradiance.beam * beam_modifier(irradiance.incidence_cosine, glass_refractive_index)
    return np.asarray(diffuse)


def cell_temperature_c(total_w_m2: Floats, site: HourlySite, fixed: Mounting) -> Floats:
    """(n, hours) float32 [°C]: cell temperature after Sandia's model; wind as measured at 10 m."""
    from pvlib import temperature

    air, wind = site.air_c.astype(np.float32), site.wind_m_s.astype(np.float32)
    parameters = (fixed.sapm_a, fixed.sapm_b_s_m, fixed.cell_above_back_k)
    return np.asarray(temperature.sapm_cell(total_w_m2, air, wind, *parameters), np.float32)


def inverted_w_kwp(dc_w_kwp: Floats, assumptions: PhotovoltaicAssumptions) -> Floats:
    """AC power after PVWatts' inverter, which clips at 1 kWp over the DC/AC ratio.

    Parameters
    ----------
    dc_w_kwp : ndarray, any shape, float32 [W/kWp]
    assumptions : PhotovoltaicAssumptions

    Returns
    -------
    ndarray, the same shape, float32 [W/kWp]
    """
    from pvlib import inverter as inverters

    efficiency = inverter(assumptions.inverter).efficiency
    rated_dc_w = 1000.0 / assumptions.dc_ac_ratio / efficiency
    # Only where there is light: the model works in double precision and half of the hours are dark.
    lit = dc_w_kwp > 0.0
    power = np.zeros(dc_w_kwp.shape, np.float32)
    power[lit] = inverters.pvwatts(dc_w_kwp[lit], rated_dc_w, efficiency)
    return power


def _mounting(code: int) -> Mounting:
    if code not in _MOUNTING_IDS:
        raise BugError("photovoltaic modules were asked for on a surface without a placement")
    return mountings()[_MOUNTING_IDS[Placement(code)]]
