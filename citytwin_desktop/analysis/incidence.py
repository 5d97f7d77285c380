"""What slanting light loses at a glass cover, as tables that whole arrays are looked up in."""

from functools import cache

import numpy as np

from citytwin_desktop.analysis.plane_irradiance import Floats
from citytwin_desktop.city.polygons import FloatArray

_STEPS = 8192


def beam_modifier(incidence_cosine: Floats, glass_refractive_index: float) -> Floats:
    """Share of the beam that a glass cover lets through, relative to normal incidence.

    Parameters
    ----------
    incidence_cosine : ndarray, any shape, float32
        0 (grazing or behind) to 1 (normal).
    glass_refractive_index : float

    Returns
    -------
    ndarray, the same shape, float32
        0 to 1.

    References
    ----------
    De Soto, Klein, Beckman: Solar Energy 80 (2006) 78-88, through pvlib.iam.physical (extinction 4 1/m, 2 mm).
    Looked up in 8,192 steps of the cosine: off by less than 5e-4 near grazing, 2e-4 below 80 degrees.
    """
    place = (incidence_cosine * np.float32(_STEPS) + np.float32(0.5)).astype(np.int16)
    return np.asarray(_beam_table(glass_refractive_index).take(place, mode="clip"))


@cache
def _beam_table(glass_refractive_index: float) -> Floats:
    from pvlib import iam

    angle_deg = np.degrees(np.arccos(np.linspace(0.0, 1.0, _STEPS + 1)))
    return np.asarray(np.nan_to_num(iam.physical(angle_deg, n=glass_refractive_index)), np.float32)


def diffuse_modifier(tilt_deg: FloatArray, glass_refractive_index: float) -> Floats:
    """The same for the even light of the part of the sky that a tilted plane sees.

    It is used for reflected light too: on a roof that comes from façades above its plane, and on a wall ground and
    sky mirror each other.

    Parameters
    ----------
    tilt_deg : ndarray, (n,) float64 [deg]
    glass_refractive_index : float

    Returns
    -------
    ndarray, (n,) float32

    References
    ----------
    Marion: Solar Energy 147 (2017) 344-348, doi:10.1016/j.solener.2017.03.027, through pvlib.iam.marion_diffuse.
    """
    tilts, modifiers = _diffuse_table(glass_refractive_index)
    return np.interp(tilt_deg, tilts, modifiers).astype(np.float32)


@cache
def _diffuse_table(glass_refractive_index: float) -> tuple[FloatArray, FloatArray]:
    from pvlib import iam

    tilts = np.arange(0.0, 121.0, 5.0)
    return tilts, np.asarray(iam.marion_diffuse("physical", tilts, n=glass_refractive_index)["sky"])
