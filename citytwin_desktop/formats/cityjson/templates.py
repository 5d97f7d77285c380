"""Geometry templates placed by their instances (CityJSON 2.0.1, section 3.4; the same in 1.0 and 1.1)."""

from collections.abc import Mapping
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.boundaries import Flattened, flatten
from citytwin_desktop.formats.cityjson.choice import is_surface_geometry, lod_of
from citytwin_desktop.formats.cityjson.extent import FARTHEST_M, HIGHEST_M, WIDEST_M
from citytwin_desktop.formats.cityjson.semantics import Damaged
from citytwin_desktop.formats.cityjson.structure import TemplateLibrary

_SMALLEST_AREA_M2, _SMALLEST_SCALE = 1e-6, 1e-3


class Templates:
    """Templates of one library, each read once when it is first placed.

    Parameters
    ----------
    library : TemplateLibrary
    """

    def __init__(self, library: TemplateLibrary) -> None:
        self.library = library
        self._shapes: dict[int, Flattened | str] = {}

    def lod(self, instance: Mapping[str, Any]) -> str:
        """Level of detail of the template that an instance places, empty where it is not there."""
        number = instance.get("template")
        geometry = self.library.geometries[number] if self._holds(number) else None
        return lod_of(geometry) if isinstance(geometry, dict) else ""

    def corners(self, instance: Mapping[str, Any]) -> int:
        """How many corners placing an instance would make.

        Raises
        ------
        KnownError
            When its template cannot be used.
        """
        return len(self._shape(instance.get("template")).polygons.vertices)

    def kinds(self, instance: Mapping[str, Any]) -> NDArray[np.uint8]:
        """(n_surfaces,) uint8: kinds of the surfaces that placing an instance makes.

        Raises
        ------
        KnownError
            When its template cannot be used.
        """
        return self._shape(instance.get("template")).kind

    def placed(self, instance: Mapping[str, Any], vertices: FloatArray) -> Polygons:
        """Surfaces of an instance in world coordinates.

        The template's corners go through the matrix first; the reference point is then added.

        Parameters
        ----------
        instance : mapping
            A CityJSON geometry object of type GeometryInstance.
        vertices : ndarray, (n, 3) float64 [m]
            Of the package, which hold the reference point.

        Raises
        ------
        KnownError
            With a sentence on the instance, when template, matrix, point or size are impossible.
        """
        shape = self._shape(instance.get("template")).polygons
        matrix, point = _matrix(instance.get("transformationMatrix")), reference_point(instance, vertices)
        with np.errstate(over="ignore", invalid="ignore"):
            corners = shape.vertices @ matrix[:3, :3].T + (matrix[:3, 3] + point)
            width, depth, height = np.ptp(corners, axis=0)
        if not max(width, depth) <= WIDEST_M or not height <= HIGHEST_M or not np.abs(corners).max() <= FARTHEST_M:
            raise KnownError("Its template is blown up or carried off by its matrix: repair the transformation matrix.")
        scale = float(np.linalg.det(matrix[:3, :3]))
        if scale < 0.0:
            # A mirror turns every face inside out; walking the rings backwards turns it out again.
            corners = corners[_backwards(shape)]
        if abs(scale) < _SMALLEST_SCALE and not _has_area(corners, shape):
            raise KnownError("Its template is shrunk to nothing by its matrix: repair the transformation matrix.")
        return Polygons(corners, shape.ring_start, shape.polygon_start)

    def _holds(self, number: Any) -> TypeGuard[int]:
        return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < len(self.library.geometries)

    def _shape(self, number: Any) -> Flattened:
        """Surfaces of a template in its own coordinates."""
        if not self._holds(number):
            msg = f"It places template {str(number)[:20]}, which is not there: add the template or remove the object."
            raise KnownError(msg)
        if number not in self._shapes:
            self._shapes[number] = self._read(number)
        if isinstance(shape := self._shapes[number], str):
            raise KnownError(shape)
        return shape

    def _read(self, number: int) -> Flattened | str:
        """Surfaces of a template, or a sentence on why it cannot be used."""
        geometry = self.library.geometries[number]
        if not is_surface_geometry(geometry):
            return f"Its template {number} has no surface that can be used: repair the template."
        try:
            shape = flatten([geometry], self.library.vertices)
        except Damaged:
            try:
                shape = flatten([geometry], self.library.vertices, with_semantics=False)
            except Damaged as damage:
                return f"Its template {number} is damaged ({str(damage).lower()}): repair the template."
        if not len(shape.polygons):
            return f"Its template {number} has no surface that can be used: repair the template."
        return shape


def reference_point(geometry: Mapping[str, Any], vertices: FloatArray) -> FloatArray:
    """(3,) float64 [m]: the one point that an instance or a multi-point names.

    Raises
    ------
    KnownError
        When it names none, several, or one that is not there.
    """
    named = geometry.get("boundaries")
    number = named[0] if isinstance(named, list) and len(named) == 1 else None
    there = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < len(vertices)
    if not there or not np.isfinite(vertices[number]).all():
        raise KnownError("It does not name exactly one point that is there: repair its boundaries.")
    return np.asarray(vertices[number], np.float64)


def _matrix(values: Any) -> FloatArray:
    """(4, 4) float64: matrix of an affine transformation, given row by row."""
    try:
        matrix = np.array(values, np.float64)
    except (TypeError, ValueError, OverflowError):
        matrix = np.zeros(0)
    fitting = matrix.shape == (16,) and bool(np.isfinite(matrix).all()) and matrix[12:].tolist() == [0.0, 0.0, 0.0, 1.0]
    if not fitting:
        raise KnownError("Its transformation matrix is not 16 numbers that end with 0, 0, 0, 1: repair it.")
    return matrix.reshape(4, 4)


def _has_area(corners: FloatArray, shape: Polygons) -> bool:
    # On an object of its own, for what polygons compute of themselves stays in memory with them.
    areas_m2 = Polygons(corners, shape.ring_start, shape.polygon_start).areas_m2
    return bool(areas_m2.max(initial=0.0) > _SMALLEST_AREA_M2)


def _backwards(polygons: Polygons) -> Any:
    """Rows of the vertices with every ring walked the other way."""
    ring = np.repeat(np.arange(len(polygons.ring_start) - 1), np.diff(polygons.ring_start))
    return polygons.ring_start[ring] + polygons.ring_start[ring + 1] - 1 - np.arange(len(polygons.vertices))
