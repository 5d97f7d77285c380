"""Irradiance on collectors by its way there, on the surface itself or on racks that stand on it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import BugError, KnownError

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class PlaneIrradiance:
    """Irradiance of some planes over some hours.

    Parameters
    ----------
    beam, sky, reflected : ndarray, (n, hours) float32 [W/m2]
        Straight from the sun; straight from the sky; after reflection by the ground or by other surfaces.
    incidence_cosine : ndarray, (n, hours) float32
        Cosine between the sun and the plane's normal, 0 when the sun is behind it.

    Raises
    ------
    BugError
        When the shapes differ.
    """

    beam: Floats
    sky: Floats
    reflected: Floats
    incidence_cosine: Floats

    def __post_init__(self) -> None:
        shape = self.beam.shape
        parts = (self.sky, self.reflected, self.incidence_cosine)
        if len(shape) != 2 or any(part.shape != shape for part in parts):
            raise BugError("the parts of the irradiance differ in shape")

    def total(self) -> Floats:
        """(n, hours) float32 [W/m2]: all three parts together."""
        return np.asarray(self.beam + self.sky + self.reflected)

    def rows(self, chosen: NDArray[np.int64]) -> "PlaneIrradiance":
        """Some of the planes."""
        parts = (self.beam, self.sky, self.reflected, self.incidence_cosine)
        return PlaneIrradiance(*(part[chosen] for part in parts))


@dataclass(frozen=True, eq=False)
class HourlySite:
    """What all collectors of a place share, hour by hour.

    Parameters
    ----------
    air_c : ndarray, (hours,) float64 [°C]
    wind_m_s : ndarray, (hours,) float64 [m/s]
        At 10 m, as weather files give it.
    sun : ndarray, (hours, 3) float64
        Unit vectors towards the sun: east, north, up. Below the horizon they point down.
    northern : bool
        Whether the equator lies to the south.

    Raises
    ------
    KnownError
        When a value is missing or impossible.
    """

    air_c: FloatArray
    wind_m_s: FloatArray
    sun: FloatArray
    northern: bool

    def __post_init__(self) -> None:
        count = len(self.air_c)
        if self.wind_m_s.shape != (count,) or self.sun.shape != (count, 3):
            raise BugError("air, wind and sun differ in their number of hours")
        if not all(np.isfinite(part).all() for part in (self.air_c, self.wind_m_s, self.sun)):
            raise KnownError("The weather has hours without temperature or wind; choose another weather file.")
        if (self.wind_m_s < 0.0).any():
            raise KnownError("The weather has hours of negative wind speed; choose another weather file.")

    def __len__(self) -> int:
        return len(self.air_c)

    def hours(self, chosen: NDArray[np.int64] | slice) -> "HourlySite":
        """Some of the hours."""
        return HourlySite(self.air_c[chosen], self.wind_m_s[chosen], self.sun[chosen], self.northern)


def incidence_cosine(normals: FloatArray, sun: FloatArray) -> Floats:
    """Cosine of the angle of incidence, 0 when the sun is behind the plane or below the horizon.

    Parameters
    ----------
    normals : ndarray, (n, 3) float64
    sun : ndarray, (hours, 3) float64
        Unit vectors towards the sun.

    Returns
    -------
    ndarray, (n, hours) float32
    """
    cosine = normals.astype(np.float32) @ sun.astype(np.float32).T
    cosine[:, sun[:, 2] <= 0.0] = 0.0
    # Rounding may leave a hair more than one.
    return np.clip(cosine, 0.0, 1.0, out=cosine)


def tilts_deg(normals: FloatArray) -> FloatArray:
    """(n,) float64 [deg]: tilt of planes from the horizontal, 0 facing up, 90 a wall."""
    return np.degrees(np.arccos(np.clip(normals[:, 2], -1.0, 1.0)))
