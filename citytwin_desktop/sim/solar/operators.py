"""The solar operators: everything about the geometry that irradiance depends on, and no weather."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.settings import PATCH_SUBDIVISION
from citytwin_desktop.sim.solar.sky import SkyPatches, sky_patches
from citytwin_desktop.sim.solar.sun_grid import SunGrid, sun_grid

FULL_VISIBILITY = 255


@dataclass(frozen=True, eq=False)
class SolarOperators:
    """Linear maps from sky and sun to the surfaces of a city.

    Parameters
    ----------
    engine_version : str
    latitude_deg : float [deg]
        That the sun grid was made for.
    patches, declinations, hour_angles : int
        As in the settings.
    ground_reflectance : float
        Of the ground beyond the modelled one.
    areas_m2 : ndarray, (n_surfaces,) float32 [m2]
    normals : ndarray, (n_surfaces, 3) float32
        Outwards, as corrected.
    sky_direct : ndarray, (n_surfaces, patches + 1) float16 [sr]
        Irradiance for one unit of radiance of each patch, and of the ground beyond (last column).
    sky_reflected : ndarray, (n_surfaces, patches + 1) float16 [sr]
        The same after reflections.
    sun_visibility : ndarray, (n_surfaces, n_suns) uint8
        Share of the area that sees each sun of the grid, 255 for all; 0 where the surface faces away.
    sun_reflected_share : ndarray, (n_surfaces, n_suns) uint8
    sun_reflected_scale : ndarray, (n_surfaces,) float32
        Share times scale / 255 is the irradiance by reflected sun for one unit of direct normal irradiance.
    """

    engine_version: str
    latitude_deg: float
    patches: int
    declinations: int
    hour_angles: int
    ground_reflectance: float
    areas_m2: NDArray[np.float32]
    normals: NDArray[np.float32]
    sky_direct: NDArray[np.float16]
    sky_reflected: NDArray[np.float16]
    sun_visibility: NDArray[np.uint8]
    sun_reflected_share: NDArray[np.uint8]
    sun_reflected_scale: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.areas_m2)

    @cached_property
    def sky(self) -> NDArray[np.float32]:
        """(n_surfaces, patches + 1) float32 [sr]: irradiance for one unit of radiance, reflections included."""
        return self.sky_direct.astype(np.float32) + self.sky_reflected.astype(np.float32)

    @cached_property
    def sky_view_factor(self) -> NDArray[np.float32]:
        """(n_surfaces,) float32: cosine-weighted share of the hemisphere that is open sky."""
        return np.asarray(self.sky_direct[:, :-1].astype(np.float32).sum(axis=1) / np.float32(np.pi))

    @cached_property
    def grid(self) -> SunGrid:
        """Sun grid that the columns belong to."""
        return sun_grid(self.latitude_deg, self.declinations, self.hour_angles)

    @cached_property
    def sky_patches(self) -> SkyPatches:
        """Sky patches that the columns belong to."""
        return sky_patches(PATCH_SUBDIVISION[self.patches])
