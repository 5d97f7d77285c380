"""The sky in patches, and its radiance in every hour by the Perez all-weather model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.perez_coefficients import CLEARNESS_LIMITS, COEFFICIENTS

FloatArray = NDArray[np.float64]

ROW_COUNTS = (30, 30, 24, 24, 18, 12, 6)
"""Patches in the seven rows of the Tregenza sky, from the horizon up."""

_SOLAR_CONSTANT_W_M2 = 1367.0
_LOWEST_PATCH_SINE = 0.01
_LOWEST_SUN_SINE = 0.005


@dataclass(frozen=True, eq=False)
class SkyPatches:
    """Rows of patches from the horizon up and a cap at the zenith (Tregenza 1987, Reinhart 2001).

    Parameters
    ----------
    row_height_rad : float [rad]
    row_start : ndarray, (rows + 2,) int32
        Number of the first patch of each row; the cap is the last row.
    direction : ndarray, (patches, 3) float64
        Unit vectors to the middle of the patches.
    projected_solid_angle_sr : ndarray, (patches,) float64 [sr]
        Solid angle weighted with the sine of the altitude; they sum to pi.
    """

    row_height_rad: float
    row_start: NDArray[np.int32]
    direction: FloatArray
    projected_solid_angle_sr: FloatArray

    def patch_of(self, direction: FloatArray) -> NDArray[np.int64]:
        """Patch that each unit vector of (k, 3) float64 points to, (k,) int64."""
        altitude = np.arcsin(np.clip(direction[:, 2], 0.0, 1.0))
        row = np.minimum((altitude / self.row_height_rad).astype(np.int64), len(self.row_start) - 2)
        counts = np.diff(self.row_start)[row]
        turn = np.arctan2(direction[:, 0], direction[:, 1]) / (2 * np.pi) % 1.0
        return np.asarray(self.row_start[row] + np.minimum((turn * counts).astype(np.int64), counts - 1))


def sky_patches(subdivision: int) -> SkyPatches:
    """Divide the sky: subdivision 1 gives 145 patches, 2 gives 577, 4 gives 2,305.

    Parameters
    ----------
    subdivision : int

    Returns
    -------
    SkyPatches
    """
    height = np.pi / 2 / (7 * subdivision + 0.5)
    counts = np.append(np.repeat(np.array(ROW_COUNTS) * subdivision, subdivision), 1)
    lower = np.arange(len(counts)) * height
    upper = np.append(lower[1:], np.pi / 2)
    altitude = (lower + upper) / 2
    altitude[-1] = np.pi / 2
    row = np.repeat(np.arange(len(counts)), counts)
    row_start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    azimuth = 2 * np.pi * (np.arange(len(row)) - row_start[row] + 0.5) / counts[row]
    flat = np.cos(altitude[row])
    direction = np.stack([flat * np.sin(azimuth), flat * np.cos(azimuth), np.sin(altitude[row])], axis=1)
    projected = np.pi * (np.sin(upper) ** 2 - np.sin(lower) ** 2) / counts
    return SkyPatches(float(height), row_start, direction, projected[row])


def extraterrestrial_normal_w_m2(day_angle_rad: FloatArray) -> FloatArray:
    """Irradiance normal to the sun outside the atmosphere, Spencer (1971).

    Parameters
    ----------
    day_angle_rad : ndarray, float64 [rad]

    Returns
    -------
    ndarray, float64 [W/m2]
    """
    g = day_angle_rad
    series = 1.00011 + 0.034221 * np.cos(g) + 0.00128 * np.sin(g) + 0.000719 * np.cos(2 * g) + 0.000077 * np.sin(2 * g)
    return np.asarray(_SOLAR_CONSTANT_W_M2 * series)


def sky_clearness(diffuse_w_m2: FloatArray, beam_w_m2: FloatArray, zenith_rad: FloatArray) -> FloatArray:
    """Compute the clearness epsilon of the Perez model, between 1 and 12.01.

    Parameters
    ----------
    diffuse_w_m2, beam_w_m2 : ndarray, (k,) float64 [W/m2]
        Diffuse horizontal and direct normal; the diffuse is above zero.
    zenith_rad : ndarray, (k,) float64 [rad]

    Returns
    -------
    ndarray, (k,) float64
    """
    cubed = 1.041 * zenith_rad**3
    return np.clip(((diffuse_w_m2 + beam_w_m2) / diffuse_w_m2 + cubed) / (1 + cubed), 1.0, 12.01)


def sky_brightness(
    diffuse_w_m2: FloatArray, sine_altitude: FloatArray, extraterrestrial_w_m2: FloatArray, clearness: FloatArray
) -> FloatArray:
    """Brightness delta of the Perez model with the air mass of Kasten and Young (1989, doi:10.1364/AO.28.004735).

    Parameters
    ----------
    diffuse_w_m2, sine_altitude, extraterrestrial_w_m2, clearness : ndarray, (k,) float64

    Returns
    -------
    ndarray, (k,) float64
        Kept within the range in which the coefficients were fitted.
    """
    altitude_deg = np.degrees(np.arcsin(sine_altitude))
    air_mass = 1.0 / (sine_altitude + 0.50572 * (altitude_deg + 6.07995) ** -1.6364)
    lowest = np.where((clearness > 1.065) & (clearness < 2.8), 0.2, 0.01)
    return np.clip(air_mass * diffuse_w_m2 / extraterrestrial_w_m2, lowest, 0.6)


def perez_parameters(clearness: FloatArray, brightness: FloatArray, zenith_rad: FloatArray) -> FloatArray:
    """Parameters a to e of the relative radiance (Perez, Seals, Michalsky 1993, doi:10.1016/0038-092X(93)90017-I).

    Parameters
    ----------
    clearness, brightness, zenith_rad : ndarray, (k,) float64

    Returns
    -------
    ndarray, (5, k) float64
    """
    category = np.searchsorted(CLEARNESS_LIMITS, clearness, side="right")
    x = np.moveaxis(COEFFICIENTS[category], 0, -1)
    parameters = x[:, 0] + x[:, 1] * zenith_rad + brightness * (x[:, 2] + x[:, 3] * zenith_rad)
    overcast = category == 0
    c, d = x[2][:, overcast], x[3][:, overcast]
    z, b = zenith_rad[overcast], brightness[overcast]
    parameters[2, overcast] = np.exp((b * (c[0] + c[1] * z)) ** c[2]) - c[3]
    parameters[3, overcast] = -np.exp(b * (d[0] + d[1] * z)) + d[2] + b * d[3]
    return np.asarray(parameters)


def relative_radiance(parameters: FloatArray, sun: FloatArray, patches: SkyPatches) -> FloatArray:
    """Perez radiance of the patches relative to no particular unit.

    Parameters
    ----------
    parameters : ndarray, (5, k) float64
    sun : ndarray, (k, 3) float64
        Unit vectors towards the sun.
    patches : SkyPatches

    Returns
    -------
    ndarray, (k, patches) float64
        Not negative.
    """
    a, b, c, d, e = parameters[:, :, None]
    sine = np.maximum(patches.direction[:, 2], _LOWEST_PATCH_SINE)
    cosine = np.clip(sun @ patches.direction.T, -1.0, 1.0)
    gradation = 1.0 + a * np.exp(b / sine)
    indicatrix = 1.0 + c * np.exp(d * np.arccos(cosine)) + e * cosine**2
    return np.asarray(np.maximum(gradation * indicatrix, 0.0))


def sky_radiance(
    diffuse_w_m2: FloatArray, beam_w_m2: FloatArray, sun: FloatArray, day_angle_rad: FloatArray, patches: SkyPatches
) -> FloatArray:
    """Radiance of the sky patches, scaled so that the open horizontal plane receives the diffuse irradiance.

    The model is evaluated on a sky of 577 patches or finer and averaged, for the brightness around
    the sun changes much within one of 145. Hours with the sun below the horizon have an even sky.

    Parameters
    ----------
    diffuse_w_m2, beam_w_m2 : ndarray, (k,) float64 [W/m2]
    sun : ndarray, (k, 3) float64
    day_angle_rad : ndarray, (k,) float64 [rad]
    patches : SkyPatches

    Returns
    -------
    ndarray, (k, patches) float64 [W/m2sr]
    """
    count = len(patches.direction)
    radiance = np.repeat(diffuse_w_m2[:, None] / np.pi, count, axis=1)
    lit = np.flatnonzero((diffuse_w_m2 > 0.0) & (sun[:, 2] > 0.0))
    if not len(lit):
        return radiance
    sine = np.maximum(sun[lit, 2], _LOWEST_SUN_SINE)
    zenith = np.arccos(sine)
    clearness = sky_clearness(diffuse_w_m2[lit], beam_w_m2[lit], zenith)
    extraterrestrial = extraterrestrial_normal_w_m2(day_angle_rad[lit])
    brightness = sky_brightness(diffuse_w_m2[lit], sine, extraterrestrial, clearness)
    fine, average = _finer_sky(patches)
    relative = relative_radiance(perez_parameters(clearness, brightness, zenith), sun[lit], fine) @ average
    horizontal = relative @ patches.projected_solid_angle_sr
    usable = horizontal > 0.0
    radiance[lit[usable]] = relative[usable] * (diffuse_w_m2[lit[usable]] / horizontal[usable])[:, None]
    return radiance


def _finer_sky(patches: SkyPatches) -> tuple[SkyPatches, FloatArray]:
    """Make a sky of 577 patches or more, and the (fine, patches) matrix that averages it."""
    fine = sky_patches(2) if len(patches.direction) <= len(sky_patches(2).direction) else patches
    average = np.zeros((len(fine.direction), len(patches.direction)))
    average[np.arange(len(average)), patches.patch_of(fine.direction)] = fine.projected_solid_angle_sr
    return fine, average / average.sum(axis=0)
