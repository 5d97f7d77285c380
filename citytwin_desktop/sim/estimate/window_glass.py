"""How much of the solar heat at normal incidence passes a window when the sun stands elsewhere."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_STEPS = 200
_SINGLE = (0.01470, 1.486, -3.852, 3.355, -0.001474)
_DOUBLE = (2.883, -5.873, 2.489, 1.510, -0.002577)
"""Polynomials of fourth order in the cosine for single and double clear glass: curves A and E of the simple window
model, Arasteh, Kohler & Griffith 2009, LBNL-2804E, which EnergyPlus follows."""
_DOUBLE_BELOW_W_M2K, _SINGLE_ABOVE_W_M2K = 3.4, 4.5
"""Between these U-values the model interpolates."""


def angular_share(cosine: FloatArray) -> FloatArray:
    """Solar transmittance of double glazing over that at normal incidence.

    Parameters
    ----------
    cosine : ndarray, float64
        Of the angle of incidence.
    """
    bounded = np.clip(cosine, 0.0, 1.0)
    return np.asarray(np.clip(np.polyval(_DOUBLE, bounded), 0.0, 1.0) * (bounded > 0.0))


@cache
def angular_table() -> NDArray[np.float32]:
    """(201,) float32: `angular_share` at even steps of the cosine from 0 to 1."""
    return angular_share(np.linspace(0.0, 1.0, _STEPS + 1)).astype(np.float32)


@cache
def diffuse_share() -> float:
    """Share of even light from the half space before a double glazing that passes."""
    return _hemispherical(_DOUBLE)


def single_glass_factor(u_value_w_m2k: FloatArray) -> FloatArray:
    """How much more slanting light passes a window of high U-value, which is single, than a double glazing.

    Parameters
    ----------
    u_value_w_m2k : ndarray, float64 [W/m2K]
    """
    span = (_DOUBLE_BELOW_W_M2K, _SINGLE_ABOVE_W_M2K)
    return np.asarray(np.interp(u_value_w_m2k, span, (1.0, _hemispherical(_SINGLE) / _hemispherical(_DOUBLE))))


def _hemispherical(curve: tuple[float, ...]) -> float:
    """Twice the integral of curve times cosine from 0 to 1."""
    return float(2.0 * np.polyval(np.polyint(np.append(curve, 0.0)), 1.0))
