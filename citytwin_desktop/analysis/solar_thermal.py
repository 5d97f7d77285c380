"""Heat of solar thermal collectors from the irradiance on their plane, for each m2 of gross area."""

import numpy as np

from citytwin_desktop.analysis.collector_assumptions import SolarThermalAssumptions
from citytwin_desktop.analysis.plane_irradiance import Floats, HourlySite, PlaneIrradiance
from citytwin_desktop.catalog.collectors import ThermalCollector, thermal_collector
from citytwin_desktop.errors import BugError


def thermal_power_w_m2(irradiance: PlaneIrradiance, site: HourlySite, assumptions: SolarThermalAssumptions) -> Floats:
    """Useful heat of each plane in each hour, before pipes and store.

    eta0 (K_b G_b + K_d G_d) - a1 dT - a2 dT2 of the aperture, not below 0, with dT from the mean fluid temperature
    down to the air, not below 0: a collector colder than the air is not credited with heat from it.

    Parameters
    ----------
    irradiance : PlaneIrradiance
        Of n planes.
    site : HourlySite
        The same hours.
    assumptions : SolarThermalAssumptions

    Returns
    -------
    ndarray, (n, hours) float32 [W/m2]
        For each m2 of gross collector area.

    Raises
    ------
    BugError
        When the hours differ.

    References
    ----------
    EN ISO 9806:2017, steady state method with separate modifiers of beam and diffuse light.
    """
    if irradiance.beam.shape[1] != len(site):
        raise BugError("irradiance and weather differ in their hours")
    collector = thermal_collector(assumptions.collector)
    absorbed = irradiance.beam * collector_beam_modifier(irradiance.incidence_cosine, collector)
    absorbed += (irradiance.sky + irradiance.reflected) * np.float32(collector.diffuse_modifier)
    above_air = np.maximum(assumptions.mean_fluid_temperature_c - site.air_c, 0.0)
    loss = (collector.heat_loss_a1_w_m2k + collector.heat_loss_a2_w_m2k2 * above_air) * above_air
    absorbed *= np.float32(collector.zero_loss_efficiency)
    absorbed -= loss.astype(np.float32)
    np.maximum(absorbed, np.float32(0.0), out=absorbed)
    absorbed *= np.float32(collector.aperture_share)
    return np.asarray(absorbed)


def collector_beam_modifier(incidence_cosine: Floats, collector: ThermalCollector) -> Floats:
    """1 - b0 (1/cos - 1), not below 0, the beam's incidence angle modifier.

    Parameters
    ----------
    incidence_cosine : ndarray, any shape, float32
    collector : ThermalCollector

    Returns
    -------
    ndarray, the same shape, float32
        0 to 1; 0 when the sun is behind.

    References
    ----------
    EN ISO 9806:2017; Souka, Safwat: Solar Energy 10 (1966) 170-174.
    """
    b0 = np.float32(collector.incidence_b0)
    inverse = np.reciprocal(np.maximum(incidence_cosine, np.float32(1e-3)))
    return np.asarray(np.maximum(np.float32(1.0) + b0 - b0 * inverse, np.float32(0.0)))
