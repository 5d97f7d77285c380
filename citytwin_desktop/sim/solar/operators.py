"""The solar operators: everything about the geometry that irradiance depends on, and no weather."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.settings import PATCH_SUBDIVISION
from citytwin_desktop.sim.solar.sky import SkyPatches, sky_patches
from citytwin_desktop.sim.solar.sun_nodes import SunNodes, sun_nodes

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

FULL_VISIBILITY = 255
"""Of a share of an area that the sun reaches, as a byte."""
FINE_STEPS, COARSE_STEPS = 254, 63
"""Steps from nothing to the largest value of a row; reflected light is small and packs better in coarse ones."""


@dataclass(frozen=True, eq=False)
class ByteMatrix:
    """A matrix without negative values, in bytes with a scale for each row.

    Parameters
    ----------
    step : ndarray, (rows, columns) uint8
    scale : ndarray, (rows,) float32
        Value of one step.
    """

    step: Bytes
    scale: Floats

    def values(self) -> Floats:
        """(rows, columns) float32."""
        return self.step.astype(np.float32) * self.scale[:, None]


@dataclass(frozen=True, eq=False)
class SolarSeason:
    """Linear maps from sky and sun to the receivers, for months of like leaves and like ground.

    Parameters
    ----------
    ground_reflectance : float
        Of the ground beyond the modelled one.
    sky_direct : ByteMatrix, (n, patches + 1) [sr]
        Irradiance for one unit of radiance of each patch, and of the ground beyond (last column).
    sky_reflected : ByteMatrix, (n, patches + 1) [sr]
        The same after reflections.
    sun_visibility : ndarray, (n_suns, n) uint8
        Share of the area that each sun reaches, 255 for all; 0 where the receiver faces away.
    sun_reflected : ByteMatrix, (n, n_reflected)
        Irradiance by reflected sun for one unit of direct normal irradiance.
    """

    ground_reflectance: float
    sky_direct: ByteMatrix
    sky_reflected: ByteMatrix
    sun_visibility: Bytes
    sun_reflected: ByteMatrix

    @cached_property
    def sky(self) -> Floats:
        """(n, patches + 1) float32 [sr]: irradiance for one unit of radiance, reflections included."""
        return self.sky_direct.values() + self.sky_reflected.values()


@dataclass(frozen=True, eq=False)
class SolarOperators:
    """What a solar run finds out about receivers: the surfaces of a city, or their cells.

    Parameters
    ----------
    engine_version : str
    latitude_deg : float [deg]
    solar_offset_h : float [h]
        Mean solar time minus clock time; with the latitude it fixes the suns.
    patches : int
    sun_days, reflected_days : tuple of int
        Days, 0 to 364, whose suns visibility and reflected light are known for: all 365, or 48 in a first map, and
        fewer for reflected light; between them hours are interpolated.
    areas_m2 : ndarray, (n,) float32 [m2]
    normals : ndarray, (n, 3) float32
        Outwards, as corrected.
    season_of_month : tuple of int
        Twelve places in ``seasons``.
    seasons : tuple of SolarSeason
    """

    engine_version: str
    latitude_deg: float
    solar_offset_h: float
    patches: int
    sun_days: tuple[int, ...]
    reflected_days: tuple[int, ...]
    areas_m2: Floats
    normals: Floats
    season_of_month: tuple[int, ...]
    seasons: tuple[SolarSeason, ...]

    def __len__(self) -> int:
        return len(self.areas_m2)

    @property
    def exact(self) -> bool:
        """Whether every day has its own suns, so that no shadow is interpolated between days."""
        return len(self.sun_days) == 365

    @cached_property
    def sky_view_factor(self) -> Floats:
        """(n,) float32: cosine-weighted share of the hemisphere that is open sky, with leaves as in July."""
        direct = self.seasons[self.season_of_month[6]].sky_direct
        return np.asarray(direct.step[:, :-1].sum(axis=1, dtype=np.float32) * direct.scale / np.float32(np.pi))

    @property
    def suns(self) -> SunNodes:
        """Suns that visibility is known for."""
        return sun_nodes(self.latitude_deg, self.solar_offset_h, self.sun_days)

    @property
    def reflected_suns(self) -> SunNodes:
        """Suns that reflected light is known for."""
        return sun_nodes(self.latitude_deg, self.solar_offset_h, self.reflected_days)

    @cached_property
    def sky_patches(self) -> SkyPatches:
        """Sky patches that the columns belong to."""
        return sky_patches(PATCH_SUBDIVISION[self.patches])


def byte_matrix(values: Floats, steps: int, *, keep_sums: bool) -> ByteMatrix:
    """Round a matrix to bytes.

    Parameters
    ----------
    values : ndarray, (rows, columns) float32
        Not negative.
    steps : int
        Up to 254.
    keep_sums : bool
        Round so that the sum of a row is kept: what one column loses, the next gains. For columns that lie side by
        side in the sky.

    Returns
    -------
    ByteMatrix
    """
    top = values.max(axis=1, initial=0.0)
    scale = (top / steps).astype(np.float32)
    whole = values * np.divide(1.0, scale, out=np.zeros_like(scale), where=scale > 0.0)[:, None]
    if keep_sums:
        whole = np.diff(np.rint(np.cumsum(whole, axis=1)), axis=1, prepend=np.float32(0.0))
    return ByteMatrix(np.clip(np.rint(whole), 0, FULL_VISIBILITY).astype(np.uint8), scale)
