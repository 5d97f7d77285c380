"""Surfaces as triangles whose corners know their normal, their colour and their building."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.neutral_colours import ColourArray
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.city.triangulation import triangulate
from citytwin_desktop.errors import KnownError


@dataclass(frozen=True, eq=False)
class TriangleMesh:
    """Triangles over corners that no two surfaces share, so that shading is flat.

    Parameters
    ----------
    positions : ndarray, (n, 3) float64 [m]
        z up.
    normals : ndarray, (n, 3) float64
        Unit vectors.
    colours : ndarray, (n, 3) uint8
        sRGB.
    feature : ndarray, (n,) int64
        Building of each corner, by a number of its own; -1 for none.
    triangles : ndarray, (t, 3) int64
        Rows of ``positions``, counter-clockwise seen from outside.
    """

    positions: FloatArray
    normals: FloatArray
    colours: ColourArray
    feature: IntArray
    triangles: IntArray

    @classmethod
    def of_polygons(cls, polygons: Polygons, colours: ColourArray, feature: IntArray) -> "TriangleMesh":
        """Triangulate polygons, (n_polygons, 3) colours and (n_polygons,) features; those without area go.

        Parameters
        ----------
        polygons : Polygons
        colours : ndarray, (n_polygons, 3) uint8
        feature : ndarray, (n_polygons,) int64
        """
        solid = np.flatnonzero(polygons.areas_m2 > 0.0)
        if len(solid) < len(polygons):
            polygons, colours, feature = polygons.take(solid), colours[solid], feature[solid]
        found = triangulate(polygons)
        owner = polygons.vertex_polygon
        return cls(polygons.vertices, polygons.normals[owner], colours[owner], feature[owner], found.indices)

    def __len__(self) -> int:
        return len(self.triangles)


def require_surfaces(city: CityModel) -> None:
    """Refuse a city that a mesh cannot be made of.

    Raises
    ------
    KnownError
        When it has no surfaces, or one with a coordinate that is no number.
    """
    if not len(city.surfaces):
        raise KnownError("The project has no buildings to write: import a city first.")
    polygons = city.surfaces.polygons
    wrong = np.flatnonzero(~np.isfinite(polygons.vertices).all(axis=1))
    if len(wrong):
        name = city.buildings.ids[city.surfaces.building[polygons.vertex_polygon[wrong[0]]]]
        msg = f"Building “{str(name)[:80]}” has a coordinate that is no number: remove it, or import it again."
        raise KnownError(msg)


def place_text(city: CityModel) -> str:
    """Where the local origin of a mesh lies, in one line of ASCII."""
    x, y, z = city.origin
    return f"CityTwin, metres, z up; world coordinates in EPSG:{city.epsg} = these + {x:.3f} {y:.3f} {z:.3f}"


def city_corners(city: CityModel) -> tuple[FloatArray, IntArray]:
    """Triangles of all surfaces as corners, (t, 3, 3) float64 [m], and the surface of each, (t,) int64."""
    found = triangulate(city.surfaces.polygons)
    return city.surfaces.polygons.vertices[found.indices], found.polygon


def y_up(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """(n, 3) float32: vectors with z up turned to y up, as glTF has it (glTF 2.0, 3.4 Coordinate System and Units)."""
    return np.stack([vectors[:, 0], vectors[:, 2], -vectors[:, 1]], axis=1).astype(np.float32)
