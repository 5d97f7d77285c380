"""From a project's coordinates to a flat frame on the globe: east, north and up at one place."""

from dataclasses import dataclass

import numpy as np

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import KnownError

_GEODETIC, _GEOCENTRIC = 4979, 4978


@dataclass(frozen=True, eq=False)
class EarthFrame:
    """East, north and up at a place of WGS 84.

    Parameters
    ----------
    axes : ndarray, (3, 3) float64
        Rows are the unit vectors east, north and up in geocentric coordinates.
    centre_m : ndarray, (3,) float64 [m]
        Geocentric coordinates of the place (EPSG:4978).
    """

    axes: FloatArray
    centre_m: FloatArray

    @classmethod
    def at(cls, longitude_deg: float, latitude_deg: float, height_m: float) -> "EarthFrame":
        """Frame at a place."""
        east, north = np.radians(longitude_deg), np.radians(latitude_deg)
        sin_e, cos_e, sin_n, cos_n = np.sin(east), np.cos(east), np.sin(north), np.cos(north)
        axes = np.array([
            [-sin_e, cos_e, 0.0],
            [-sin_n * cos_e, -sin_n * sin_e, cos_n],
            [cos_n * cos_e, cos_n * sin_e, sin_n],
        ])  # fmt: skip
        return cls(axes, _geocentric(np.array([[longitude_deg, latitude_deg, height_m]]))[0])

    def local(self, geocentric_m: FloatArray) -> FloatArray:
        """(n, 3) float64 [m]: east, north, up of geocentric points."""
        return np.asarray((geocentric_m - self.centre_m) @ self.axes.T)

    def transform(self) -> list[float]:
        """4 × 4 matrix from the frame to geocentric coordinates, column by column."""
        matrix = np.eye(4)
        matrix[:3, :3] = self.axes.T
        matrix[:3, 3] = self.centre_m
        return [float(value) for value in matrix.T.reshape(-1)]


def framed_city(city: CityModel) -> tuple[EarthFrame, FloatArray]:
    """Frame at the middle of a city, and all corners of its surfaces in it, (n, 3) float64 [m].

    Every corner is projected, so the city is turned and scaled as the projection asks at its place. Heights are taken
    as heights above the ellipsoid: what lies between them and the project's datum is not known.

    Raises
    ------
    KnownError
        When the city has no coordinate reference system, or lies outside it.
    """
    import pyproj

    if not city.epsg:
        raise KnownError("The project has no coordinate reference system, which 3D Tiles need: import a city first.")
    world = city.surfaces.polygons.vertices + np.array(city.origin)
    to_degrees = pyproj.Transformer.from_crs(city.epsg, 4326, always_xy=True)
    longitude, latitude = to_degrees.transform(world[:, 0], world[:, 1])
    geodetic = np.column_stack([longitude, latitude, world[:, 2]])
    if not np.isfinite(geodetic).all():
        msg = f"The city lies outside EPSG:{city.epsg} and has no place on the globe: import it with its own system."
        raise KnownError(msg)
    geocentric = _geocentric(geodetic)
    middle = (geodetic.min(axis=0) + geodetic.max(axis=0)) / 2.0
    frame = EarthFrame.at(float(middle[0]), float(middle[1]), float(geodetic[:, 2].min()))
    return frame, frame.local(geocentric)


def _geocentric(geodetic: FloatArray) -> FloatArray:
    """(n, 3) float64 [m] of longitude [deg], latitude [deg], ellipsoidal height [m]."""
    import pyproj

    transformer = pyproj.Transformer.from_crs(_GEODETIC, _GEOCENTRIC, always_xy=True)
    return np.column_stack(transformer.transform(*geodetic.T))
