"""The outer structure of a CityJSON file or sequence: type, version, transform, vertices."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import KnownError

VERSIONS = ("1.0", "1.1", "2.0")
_LARGEST_COORDINATE_M = 1e9


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


@dataclass(frozen=True)
class Package:
    """City objects that share one list of vertices: a whole file, or one feature of a sequence.

    Parameters
    ----------
    objects : mapping
        City objects by identifier.
    vertices : ndarray, (n, 3) float64
        World coordinates, the transform applied.
    templates : TemplateLibrary
        Its own, or those of the sequence's header.
    """

    objects: Mapping[str, Any]
    vertices: FloatArray
    templates: TemplateLibrary


@dataclass(frozen=True)
class Source:
    """A parsed file: its header and its packages of objects."""

    name: str
    version: str
    metadata: Mapping[str, Any]
    packages: tuple[Package, ...]


def parse(data: bytes, name: str) -> Source:
    """Parse the bytes of a CityJSON file or a CityJSONSeq.

    Parameters
    ----------
    data : bytes
    name : str
        File name, for messages.

    Raises
    ------
    KnownError
        When it is not CityJSON of a known version, or its vertices are unusable.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    documents = _documents(data, name)
    header = next(documents, None)
    if not isinstance(header, dict) or header.get("type") != "CityJSON":
        msg = f"“{name}” is not a CityJSON file: its “type” is not “CityJSON”; choose another file."
        raise KnownError(msg)
    version = str(header.get("version", ""))
    if version[:3] not in VERSIONS:
        msg = f"“{name}” is CityJSON version “{version or 'unknown'}”, which cannot be read: convert it to 2.0 first."
        raise KnownError(msg)
    grid = _grid(header, version, name)
    packages = [_package(header, grid, name, TemplateLibrary([], np.zeros((0, 3))))]
    packages += [_feature(feature, grid, name, packages[0].templates) for feature in documents]
    metadata = header.get("metadata")
    return Source(name, version, metadata if isinstance(metadata, dict) else {}, tuple(packages))


def _documents(data: bytes, name: str) -> Iterator[Any]:
    """Yield one document for a file and several for a sequence, whose objects stand one to a line."""
    try:
        yield orjson.loads(data)
        return
    except orjson.JSONDecodeError as error:
        first_error = error
    lines = [line for line in data.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        try:
            yield orjson.loads(line)
        except orjson.JSONDecodeError as error:
            reason = str(first_error if number == 1 else error).split(":")[0]
            msg = f"“{name}” is not valid JSON (line {number}: {reason}): get an undamaged copy of it."
            raise KnownError(msg) from None


@dataclass(frozen=True)
class _Grid:
    """How the numbers of vertices become coordinates; without a scale they are coordinates already."""

    scale: FloatArray | None
    translate: FloatArray | None
    may_be_whole: bool


def _grid(header: Mapping[str, Any], version: str, name: str) -> _Grid:
    transform = header.get("transform")
    if transform is None:
        # From 1.1 on a transform is required; without it, whole numbers could mean anything from mm to m.
        return _Grid(None, None, version.startswith("1.0"))
    try:
        scale, translate = (np.array(transform[key], np.float64) for key in ("scale", "translate"))
        if scale.shape != (3,) or translate.shape != (3,) or not (scale > 0.0).all():
            raise ValueError
    except (TypeError, ValueError, KeyError, OverflowError):
        msg = f"“{name}” has a transform that is not three positive scales and three numbers: get an undamaged copy."
        raise KnownError(msg) from None
    return _Grid(scale, translate, True)


def _feature(feature: Any, grid: _Grid, name: str, templates: TemplateLibrary) -> Package:
    if not isinstance(feature, dict) or feature.get("type") != "CityJSONFeature":
        msg = f"“{name}” has a line that is no CityJSONFeature: get an undamaged copy of it."
        raise KnownError(msg)
    return _package(feature, grid, name, templates)


def _package(document: Mapping[str, Any], grid: _Grid, name: str, templates: TemplateLibrary) -> Package:
    objects = document.get("CityObjects", {})
    if not isinstance(objects, dict):
        msg = f"“{name}” has no table of “CityObjects”: get an undamaged copy of it."
        raise KnownError(msg)
    if "geometry-templates" in document:
        templates = _templates(document["geometry-templates"], name)
    return Package(objects, _vertices(document.get("vertices", []), grid, name), templates)


def _templates(library: Any, name: str) -> TemplateLibrary:
    geometries = library.get("templates", []) if isinstance(library, dict) else None
    if not isinstance(geometries, list):
        msg = f"“{name}” has geometry templates that are no table with a list of them: get an undamaged copy of it."
        raise KnownError(msg)
    own = _Grid(None, None, may_be_whole=True)
    return TemplateLibrary(geometries, _vertices(library.get("vertices-templates", []), own, name))


def _vertices(rows: Any, grid: _Grid, name: str) -> FloatArray:
    try:
        numbers = np.array(rows) if rows else np.zeros((0, 3))
        if numbers.dtype.kind not in "iuf" or numbers.ndim != 2 or numbers.shape[1] != 3:
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        msg = f"“{name}” has vertices that are not numbers in threes: get an undamaged copy of it."
        raise KnownError(msg) from None
    if len(numbers) and not grid.may_be_whole and numbers.dtype.kind != "f":
        msg = f"“{name}” has whole numbers for vertices but no transform to make metres of them: get a complete copy."
        raise KnownError(msg)
    vertices: FloatArray = numbers.astype(np.float64)
    if grid.scale is not None and grid.translate is not None:
        vertices = vertices * grid.scale + grid.translate
    if not np.isfinite(vertices).all() or np.abs(vertices).max(initial=0.0) > _LARGEST_COORDINATE_M:
        msg = f"“{name}” has vertices outside any coordinate system (not finite or over 10⁹ m): repair the file."
        raise KnownError(msg)
    return vertices
