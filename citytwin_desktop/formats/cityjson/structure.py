"""The outer structure of CityJSON: type, version, transform, vertices, templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.extent import FARTHEST_M

VERSIONS = ("1.0", "1.1", "2.0")


@dataclass(frozen=True)
class TemplateLibrary:
    """Geometries that objects place by a matrix and a point.

    Parameters
    ----------
    geometries : sequence
        CityJSON geometry objects.
    vertices : ndarray, (n, 3) float64 [m]
        Their corners, in coordinates of their own that no transform touches.
    """

    geometries: Sequence[Any]
    vertices: FloatArray


NO_TEMPLATES = TemplateLibrary((), np.zeros((0, 3)))


@dataclass(frozen=True)
class Package:
    """City objects that share one list of vertices: a whole file, or one feature of a sequence.

    Parameters
    ----------
    objects : mapping
        City objects by identifier.
    vertices : ndarray, (n, 3) float64
        World coordinates, the transform applied; nan where a vertex cannot be used.
    templates : TemplateLibrary
        Its own, or those of the sequence's header.
    """

    objects: Mapping[str, Any]
    vertices: FloatArray
    templates: TemplateLibrary

    @cached_property
    def usable(self) -> bool:
        """Whether every vertex can be used."""
        return bool(np.isfinite(self.vertices).all())


@dataclass(frozen=True)
class Grid:
    """How the numbers of vertices become coordinates; without a scale they are coordinates already."""

    scale: FloatArray | None = None
    translate: FloatArray | None = None
    may_be_whole: bool = True


@dataclass(frozen=True)
class Header:
    """What holds for all objects of a file.

    Parameters
    ----------
    version : str
    metadata : mapping
    reference : str
        Name of the coordinate reference system, empty for none.
    grid : Grid
    templates : TemplateLibrary
    """

    version: str
    metadata: Mapping[str, Any]
    reference: str
    grid: Grid
    templates: TemplateLibrary


def header_of(document: Any, name: str) -> Header:
    """Read the header of a file or of a sequence.

    Raises
    ------
    KnownError
        When it is not CityJSON of a version we know, or its transform or templates are unusable.
    """
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "CityJSONFeature":
        msg = f"“{name}” begins with a feature and lacks its first line, which says where it lies: get a complete copy."
        raise KnownError(msg)
    if kind != "CityJSON":
        msg = f"“{name}” is not a CityJSON file: its “type” is not “CityJSON”; choose another file."
        raise KnownError(msg)
    version = str(document.get("version", ""))
    if version[:3] not in VERSIONS:
        msg = f"“{name}” is CityJSON version “{version[:20] or 'unknown'}”, not 1.0 to 2.0: convert it to 2.0 first."
        raise KnownError(msg)
    given = document.get("metadata")
    metadata = given if isinstance(given, dict) else {}
    reference = reference_name(metadata) or reference_name(document)
    templates = _templates(document["geometry-templates"], name) if "geometry-templates" in document else NO_TEMPLATES
    return Header(version, metadata, reference, _grid(document, version, name), templates)


def package_of(document: Mapping[str, Any], header: Header, name: str) -> Package:
    """Objects and vertices of a file or of one feature.

    Raises
    ------
    KnownError
        When it has no table of objects, or none of its vertices can be used.
    """
    objects = document.get("CityObjects", {})
    if not isinstance(objects, dict):
        msg = f"“{name}” has no table of “CityObjects”: get an undamaged copy of it."
        raise KnownError(msg)
    templates = header.templates
    if document.get("type") == "CityJSONFeature" and "geometry-templates" in document:
        templates = _templates(document["geometry-templates"], name)
    return Package(objects, vertices_of(document.get("vertices", []), header.grid, name), templates)


def reference_name(metadata: Mapping[str, Any]) -> str:
    """Name of the coordinate reference system in any of the forms that files give it, empty for none."""
    for key in ("referenceSystem", "crs"):
        given = metadata.get(key)
        for inner in ("epsg", "name", "properties", "name"):
            given = given.get(inner, given) if isinstance(given, dict) else given
        if isinstance(given, int) and not isinstance(given, bool):
            return f"EPSG:{given}"
        if isinstance(given, str) and given.strip():
            text = given.strip()
            return f"EPSG:{text}" if text.isdecimal() else text
    return ""


def vertices_of(rows: Any, grid: Grid, name: str) -> FloatArray:
    """World coordinates, (n, 3) float64; nan where a row is no usable vertex.

    Raises
    ------
    KnownError
        When there are vertices, but none that can be used.
    """
    if not isinstance(rows, list):
        msg = f"“{name}” has vertices that are not numbers in threes: get an undamaged copy of it."
        raise KnownError(msg)
    numbers = _all_at_once(rows)
    if numbers is None:
        numbers = _one_by_one(rows)
    if len(numbers) and not grid.may_be_whole and bool((numbers == np.floor(numbers)).all()):
        msg = f"“{name}” has whole numbers for vertices but no transform to make metres of them: get a complete copy."
        raise KnownError(msg)
    if grid.scale is not None and grid.translate is not None:
        with np.errstate(over="ignore", invalid="ignore"):
            numbers = numbers * grid.scale + grid.translate
    if len(numbers) and not np.abs(numbers).max() <= FARTHEST_M:
        numbers[~(np.abs(numbers) <= FARTHEST_M).all(axis=1)] = np.nan
        if np.isnan(numbers).all():
            msg = f"“{name}” has no vertex of three numbers within 10⁹ m: repair its vertices or its transform."
            raise KnownError(msg)
    return numbers


def _all_at_once(rows: list[Any]) -> FloatArray | None:
    """(n, 3) float64, None where not all rows are three numbers."""
    try:
        if set(map(type, rows)) - {list} or set(map(len, rows)) - {3}:
            return None
        flat = list(chain.from_iterable(rows))
        return None if set(map(type, flat)) - {int, float} else np.array(flat, np.float64).reshape(-1, 3)
    except OverflowError:
        return None


def _one_by_one(rows: list[Any]) -> FloatArray:
    numbers = np.full((len(rows), 3), np.nan)
    for place, row in enumerate(rows):
        if isinstance(row, list) and len(row) == 3 and all(type(value) in (int, float) for value in row):
            try:
                numbers[place] = row
            except OverflowError:
                continue
    return numbers


def _grid(header: Mapping[str, Any], version: str, name: str) -> Grid:
    transform = header.get("transform")
    if transform is None:
        # From 1.1 on a transform is required; without it, whole numbers could mean anything from mm to m.
        return Grid(may_be_whole=version.startswith("1.0"))
    try:
        scale, translate = (np.array(transform[key], np.float64) for key in ("scale", "translate"))
        fitting = (
            scale.shape == translate.shape == (3,) and (scale > 0.0).all() and np.isfinite([scale, translate]).all()
        )
        if not fitting:
            raise ValueError
    except (TypeError, ValueError, KeyError, OverflowError):
        msg = f"“{name}” has a transform that is not three positive scales and three numbers: get an undamaged copy."
        raise KnownError(msg) from None
    return Grid(scale, translate)


def _templates(library: Any, name: str) -> TemplateLibrary:
    geometries = library.get("templates", []) if isinstance(library, dict) else None
    if not isinstance(geometries, list):
        msg = f"“{name}” has geometry templates that are no table with a list of them: get an undamaged copy of it."
        raise KnownError(msg)
    return TemplateLibrary(geometries, vertices_of(library.get("vertices-templates", []), Grid(), name))
