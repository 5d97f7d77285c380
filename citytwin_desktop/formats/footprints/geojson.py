"""GeoJSON (RFC 7946) and its dialects: with a CRS member, line by line, a bare geometry, with a byte order mark."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import numpy as np

from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.footprints.feature_table import FeatureTable, table_of

WGS84 = "EPSG:4326"
_POLYGONS = {"Polygon": True, "MultiPolygon": False}
_GEOMETRIES = {*_POLYGONS, "Point", "MultiPoint", "LineString", "MultiLineString", "GeometryCollection"}
_DEEPEST_COLLECTION = 16
_LARGEST_INTEGER = 2**63 - 1
_NEXT_FEATURE = re.compile(rb"\}\s*,\s*\{\s*\"type\"\s*:\s*\"Feature\"")
_NAMED_84 = re.compile(r"(?:OGC.*CRS:?:?84|^CRS84|WGS ?84$)", re.IGNORECASE)

Members = dict[str, Any]


def decoded(data: bytes, name: str) -> tuple[bytes, str]:
    """UTF-8 bytes without a byte order mark, and the encoding they were in when it was another.

    Raises
    ------
    KnownError
        When the file is empty.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace").encode(), "UTF-16"
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        msg = f"“{name}” is empty: get an undamaged copy of it."
        raise KnownError(msg)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace").encode(), "Windows-1252"
    return data, ""


def parsed(data: bytes, name: str) -> Any:
    """Parse JSON, with the NaN and infinity that some programs write.

    Raises
    ------
    KnownError
        When it is no JSON, cut off, or nested deeper than any city file is.
    """
    import orjson

    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        first = error
    try:
        return _storable(json.loads(data))
    except (ValueError, RecursionError, MemoryError):
        msg = f"“{name}” is no JSON (line {first.lineno}: {first.msg[:60]}): get an undamaged copy of it."
        raise KnownError(msg) from None


def _storable(value: Any) -> Any:
    """A value without what no JSON may hold: infinities are unknown, endless integers and half characters are text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value if -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER else str(value)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value


def parsed_or_begun(data: bytes, name: str) -> tuple[Any, str]:
    """Parse a collection, or where it is damaged the features before that, and say so.

    Raises
    ------
    KnownError
        When there is no whole feature before the damage.
    """
    try:
        return parsed(data, name), ""
    except KnownError:
        good = _before_damage(data)
        if good is None:
            raise
        root = parsed(good, name)
        lines = data[: len(good)].count(b"\n") + 1
        return (
            root,
            f"What follows line {lines} cannot be read: get an undamaged copy of it.",
        )


def _before_damage(data: bytes) -> bytes | None:
    """A collection of the features that stand before the first fault, None for none."""
    import orjson

    try:
        orjson.loads(data)
    except orjson.JSONDecodeError as error:
        # Positions count characters.
        sound = data.decode("utf-8", "replace")[: error.pos].encode()
    else:
        return None
    start = beginning(sound)
    try:
        root = orjson.loads(start)
    except orjson.JSONDecodeError:
        return None
    return start if isinstance(root, dict) and len(start) < len(data) else None


def beginning(data: bytes) -> bytes:
    """A whole feature collection made of the first features of one that was cut off."""
    cut = max((match.start() for match in _NEXT_FEATURE.finditer(data)), default=-1)
    return data[: cut + 1] + b"]}" if cut >= 0 else data


def features_of(root: Any, name: str) -> list[Members]:
    """Features of a parsed file.

    Raises
    ------
    KnownError
        When it is another kind of JSON.
    """
    if not isinstance(root, dict):
        msg = f"“{name}” is JSON but no GeoJSON: save it as GeoJSON first."
        raise KnownError(msg)
    kind, features = root.get("type"), root.get("features")
    kind = kind if isinstance(kind, str | None) else str(kind)
    if isinstance(features, list) and (kind == "FeatureCollection" or kind is None):
        _check_dialect(root, features, name)
        return features
    if kind == "Feature":
        return [root]
    if kind in _GEOMETRIES:
        return [{"type": "Feature", "properties": {}, "geometry": root}]
    _check_dialect(root, [], name)
    msg = f"“{name}” is JSON but no GeoJSON (type {str(kind)[:40]!r}): save it as GeoJSON first."
    raise KnownError(msg)


def _check_dialect(root: Members, features: list[Members], name: str) -> None:
    first = features[0] if features else None
    other = ""
    if isinstance(first, dict) and "attributes" in first and isinstance(first.get("geometry"), dict | None):
        other = "Esri JSON" if "properties" not in first else ""
    elif root.get("type") == "Topology":
        other = "TopoJSON"
    elif isinstance(root.get("elements"), list):
        other = "Overpass JSON"
    if other:
        how = "download it as .osm" if other == "Overpass JSON" else "save it as GeoJSON"
        msg = f"“{name}” is {other}, which is not read: {how} first."
        raise KnownError(msg)


def reference_of(root: Any) -> str:
    """Coordinate reference system: WGS 84 longitude and latitude unless a ``crs`` member of old says otherwise."""
    crs = root.get("crs") if isinstance(root, dict) else None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    if not isinstance(properties, dict):
        return WGS84
    named = properties.get("name", properties.get("code", ""))
    text = f"EPSG:{named}" if isinstance(named, int) else str(named).strip()
    return WGS84 if not text or _NAMED_84.search(text) else text


def line_features(lines: Iterable[bytes], name: str) -> Iterator[Members]:
    """Features of newline-delimited GeoJSON; record separators (RFC 8142) are allowed.

    Raises
    ------
    KnownError
        When a line is no JSON or no feature.
    """
    for line in lines:
        text = line.strip(b"\x1e\r\n\t ,")
        if text:
            yield from features_of(parsed(text, name), name)


def is_line_delimited(data: bytes) -> bool:
    """Whether the first two lines each hold a whole feature."""
    lines = [line.strip(b"\x1e\r\n\t ,") for line in data.lstrip(b"\xef\xbb\xbf\x1e\r\n\t ").split(b"\n", 2)[:2]]
    return (
        len(lines) > 1
        and all(line[:1] == b"{" and line[-1:] == b"}" for line in lines)
        and b'"FeatureCollection"' not in lines[0][:2000]
    )


def feature_table(features: list[Members], reference: str, name: str) -> FeatureTable:
    """Polygons and attributes of features.

    Parameters
    ----------
    features : list of dict
        As parsed; members of the wrong type are left out.
    reference, name : str
    """
    attributes: list[Members] = []
    ids: list[str] = []
    polygons: list[Any] = []
    owner: list[int] = []
    other: Counter[str] = Counter()
    for place, item in enumerate(features):
        feature = members_of(item)
        properties = members_of(feature.get("properties"))
        attributes.append({key: value for key, value in properties.items() if value is not None})
        given = feature.get("id")
        ids.append(str(given) if isinstance(given, str | int) and given != "" else f"{name}.{place}")
        before = len(polygons)
        kind = _collect(feature.get("geometry"), polygons)
        owner.extend([place] * (len(polygons) - before))
        if len(polygons) == before:
            other[kind or "without geometry"] += 1
    feature_of = np.array(owner, np.int64)
    rings, usable = _ragged(polygons)
    broken = [ids[place] for place in feature_of[~usable]]
    table = table_of(name, reference, attributes, ids, rings, feature_of[usable], other)
    table.faults.extend((identifier, "geometry_damaged") for identifier in broken)
    return table


def members_of(item: Any) -> Members:
    """Members of an object, none where it is something else."""
    return item if isinstance(item, dict) else {}


def _collect(geometry: Any, into: list[Any], depth: int = 0) -> str:
    """Add the polygons of a geometry, tell its type."""
    if not isinstance(geometry, dict):
        return ""
    kind = str(geometry.get("type", ""))
    if kind in _POLYGONS:
        coordinates = geometry.get("coordinates")
        if isinstance(coordinates, list) and coordinates:
            into.extend([coordinates] if _POLYGONS[kind] else coordinates)
    elif kind == "GeometryCollection" and depth < _DEEPEST_COLLECTION:
        members = geometry.get("geometries")
        for member in members if isinstance(members, list) else []:
            _collect(member, into, depth + 1)
    return kind


def _ragged(polygons: list[Any]) -> tuple[tuple[FloatArray, IntArray, IntArray], np.ndarray[Any, np.dtype[np.bool_]]]:
    """Vertices and offsets of nested lists, and which polygons could be read."""
    usable = np.ones(len(polygons), bool)
    try:
        return _quick(polygons), usable
    except (TypeError, ValueError, OverflowError):
        good: list[list[FloatArray]] = []
        for place, polygon in enumerate(polygons):
            try:
                good.append([_ring(ring) for ring in polygon])
            except (TypeError, ValueError, OverflowError, LookupError):
                usable[place] = False
        return _quick(good), usable


def _quick(polygons: list[Any]) -> tuple[FloatArray, IntArray, IntArray]:
    rings = list(chain.from_iterable(polygons))
    lengths = [len(ring) for ring in rings]
    points = list(chain.from_iterable(rings))
    found = np.array(points, np.float64) if points else np.zeros((0, 3))
    if found.ndim != 2 or found.shape[1] < 2:
        raise ValueError("no points")
    vertices = np.full((len(found), 3), np.nan)
    width = min(found.shape[1], 3)
    vertices[:, :width] = found[:, :width]
    ring_start = np.cumsum([0, *lengths], dtype=np.int64)
    return vertices, ring_start, np.cumsum([0, *map(len, polygons)], dtype=np.int64)


def _ring(ring: Any) -> FloatArray:
    """One ring whose points may have two, three or four coordinates."""
    points = [(float(point[0]), float(point[1]), float(point[2]) if len(point) > 2 else np.nan) for point in ring]
    return np.array(points, np.float64).reshape(-1, 3)
