"""Collectors in tilted rows on flat roofs: what reaches them of the roof's own irradiance."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from citytwin_desktop.analysis.collector_assumptions import PlacementAssumptions
from citytwin_desktop.analysis.plane_irradiance import Floats, HourlySite, PlaneIrradiance
from citytwin_desktop.city.polygons import FloatArray

_LOWEST_SUN_COSINE = 0.035
"""Of the zenith angle: below 2 degrees of altitude the beam on a roof says too little of that on a rack."""


@dataclass(frozen=True, eq=False)
class RackRow:
    """Rows of one orientation and how they change the irradiance of the roof they stand on.

    Parameters
    ----------
    share : float
        Of the collectors on the roof.
    tilt_deg, azimuth_deg : float [deg]
        Azimuth clockwise from north.
    beam_factor : ndarray, (hours,) float32
        Beam on the rows over beam on the roof, the shade of the row in front included.
    diffuse_factor : float
        The same for the light of the sky and the surroundings.
    incidence_cosine : ndarray, (hours,) float32
    """

    share: float
    tilt_deg: float
    azimuth_deg: float
    beam_factor: Floats
    diffuse_factor: float
    incidence_cosine: Floats

    def on_rack(self, roof: PlaneIrradiance) -> PlaneIrradiance:
        """Irradiance of the rows from that of their roofs."""
        factor = np.float32(self.diffuse_factor)
        cosine = np.broadcast_to(self.incidence_cosine, roof.beam.shape)
        return PlaneIrradiance(roof.beam * self.beam_factor, roof.sky * factor, roof.reflected * factor, cosine)


def rack_rows(assumptions: PlacementAssumptions, site: HourlySite) -> tuple[RackRow, ...]:
    """Rows of every orientation that the layout has.

    The roof is taken as level. The beam follows the angle of incidence, less the part of the row in the shade of
    the one in front; the diffuse light is that of an even sky over the row in front. Light from the roof's own
    surface is left out. ``flat`` collectors get what the roof gets.

    Parameters
    ----------
    assumptions : PlacementAssumptions
    site : HourlySite

    Returns
    -------
    tuple of RackRow
        Their shares sum to 1.

    References
    ----------
    Anderson, Jensen: NREL/TP-5K00-76626 and pvlib.shading.shaded_fraction1d. Passias, Källbäck: Solar Cells 11
    (1984) 281-291, doi:10.1016/0379-6787(84)90017-6.
    """
    return tuple(_row(*orientation, site) for orientation in _orientations(assumptions, site.northern))


def _orientations(assumptions: PlacementAssumptions, northern: bool) -> Iterator[tuple[float, float, float, float]]:
    """Share, tilt, azimuth and ground coverage of the rows of each orientation."""
    tilt, coverage = assumptions.rack_tilt_deg, assumptions.rack_coverage
    towards_equator = 180.0 if northern else 0.0
    if assumptions.rack_layout == "flat" or tilt == 0.0:
        yield 1.0, 0.0, towards_equator, coverage
    elif assumptions.rack_layout == "equator":
        yield 1.0, tilt, towards_equator, coverage
    else:
        # Back to back: each side is a field of rows of its own, at half the coverage.
        yield 0.5, tilt, 90.0, coverage / 2.0
        yield 0.5, tilt, 270.0, coverage / 2.0


def _row(share: float, tilt_deg: float, azimuth_deg: float, coverage: float, site: HourlySite) -> RackRow:
    from pvlib import shading

    sun = site.sun
    cosine = _facing(tilt_deg, azimuth_deg, sun)
    above = sun[:, 2] > _LOWEST_SUN_COSINE
    factor = np.where(above, cosine / np.maximum(sun[:, 2], _LOWEST_SUN_COSINE), cosine > 0.0)
    factor *= 1.0 - _shaded_share(tilt_deg, azimuth_deg, coverage, sun, cosine)
    masking_deg = float(shading.masking_angle_passias(tilt_deg, coverage)) if tilt_deg > 0.0 else 0.0
    open_sky = (1.0 + np.cos(np.radians(tilt_deg))) / 2.0 * (1.0 - float(shading.sky_diffuse_passias(masking_deg)))
    return RackRow(share, tilt_deg, azimuth_deg, factor.astype(np.float32), float(open_sky), cosine.astype(np.float32))


def _facing(tilt_deg: float, azimuth_deg: float, sun: FloatArray) -> FloatArray:
    """(hours,) cosine of incidence on the rows, not below 0 nor at night."""
    tilt, azimuth = np.radians(tilt_deg), np.radians(azimuth_deg)
    normal = np.array([np.sin(tilt) * np.sin(azimuth), np.sin(tilt) * np.cos(azimuth), np.cos(tilt)])
    return np.where(sun[:, 2] > 0.0, np.clip(sun @ normal, 0.0, 1.0), 0.0)


def _shaded_share(
    tilt_deg: float, azimuth_deg: float, coverage: float, sun: FloatArray, cosine: FloatArray
) -> FloatArray:
    """(hours,) share of the rows in the shade of the row in front; 0 where the sun does not face them."""
    from pvlib import shading

    lit = np.flatnonzero(cosine > 0.0)
    shaded = np.zeros(len(sun))
    if tilt_deg == 0.0 or not len(lit):
        return shaded
    zenith = np.degrees(np.arccos(np.clip(sun[lit, 2], -1.0, 1.0)))
    sun_azimuth = np.degrees(np.arctan2(sun[lit, 0], sun[lit, 1])) % 360.0
    shaded[lit] = shading.shaded_fraction1d(
        zenith, sun_azimuth, azimuth_deg - 90.0, tilt_deg, collector_width=1.0, pitch=1.0 / coverage
    )
    return shaded
