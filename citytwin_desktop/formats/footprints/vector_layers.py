"""Layers of GeoPackage, Shapefile and FlatGeobuf (and GeoJSON too large to hold) through GDAL."""

import math
import re
import sqlite3
import struct
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.footprints.feature_table import FeatureTable, table_of
from citytwin_desktop.formats.import_options import Box

_FEWEST_BYTES_OF_A_FEATURE = 8
_CONTEXT_WORDS = {
    "road": re.compile(r"road|street|strass|verkehr|highway|\brues?\b|voirie|strade|wegen|wegdeel|rail"),
    "water": re.compile(r"water|fluss|gewasser|river|lake|canal|hydro|acqua|\beau\b"),
    "green": re.compile(r"green|park|garden|forest|wald|vegetation|baum|landuse|land_use|parcel|flurst"),
    "area": re.compile(r"boundar|admin|district|bezirk|gemeinde|commune|block|site|terrain|zoning|extent|quartier"),
}
_BUILDING_WORDS = re.compile(
    r"build|bldg|gebaeu|gebau|haus|house|bati|edific|edifc|pand|footprint|zone$|structure|bygning|byggnad|rakennus|budyn|budov|surround|lod\d"
)
_POLYHEDRAL, _TRIANGULATED, _MULTIPOLYGON, _POLYGON = 15, 16, 6, 3
"""Kinds of well-known binary (OGC 06-103r4, table 7); the first two are laid out as the third is."""


@dataclass(frozen=True)
class LayerHead:
    """What a layer says of itself.

    Parameters
    ----------
    name : str
    geometry_type : str
        As GDAL names it, ``Unknown`` for a mixture.
    features : int
    reference : str
    bounds : tuple of float or None
        x0, y0, x1, y1.
    encoding : str or None
        To read texts with, where the file's own is not to be trusted.
    """

    name: str
    geometry_type: str
    features: int
    reference: str
    bounds: tuple[float, float, float, float] | None
    encoding: str | None = None

    @property
    def may_have_polygons(self) -> bool:
        """Whether polygons are among the geometries."""
        kind = self.geometry_type.lower()
        return any(word in kind for word in ("polygon", "unknown", "collection", "surface", "tin", "triangle"))


def theme_of(layer: str) -> str:
    """``building``, ``road``, ``water``, ``green``, ``area``, or empty for a layer name that does not tell."""
    from citytwin_desktop.formats.footprints.column_choice import plain_name

    plain = plain_name(layer)
    if _BUILDING_WORDS.search(plain):
        return "building"
    return next((theme for theme, words in _CONTEXT_WORDS.items() if words.search(plain)), "")


@contextmanager
def gdal_trouble(name: str) -> Iterator[list[str]]:
    """Turn what GDAL raises into a sentence, and collect what it warns of.

    Raises
    ------
    KnownError
    """
    told: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield told
        except (RuntimeError, ValueError, OSError, MemoryError, struct.error) as error:
            reason = re.sub(r"/\S*/", "", str(error).splitlines()[0] if str(error) else type(error).__name__)[:120]
            msg = f"“{name}” cannot be read ({reason}): get an undamaged copy of it."
            raise KnownError(msg) from None
        finally:
            told.extend(dict.fromkeys(str(warning.message).splitlines()[0][:160] for warning in caught))


def check_geopackage(path: Path, name: str) -> list[str]:
    """Refuse projects of ours, tell which layers are views.

    A view may hold any query, one without an end too, so views are not read.

    Raises
    ------
    KnownError
        When it is a project, or no GeoPackage.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.text_factory = lambda text: text.decode("utf-8", "replace")
            rows = connection.execute("SELECT name, type, sql FROM sqlite_master").fetchall()
    except (sqlite3.Error, UnicodeError) as error:
        msg = f"“{name}” is a damaged GeoPackage ({str(error)[:60]}): get an undamaged copy of it."
        raise KnownError(msg) from None
    names = {row[0] for row in rows}
    if "ct_meta" in names:
        msg = f"“{name}” is a CityTwin project: open it instead of importing it."
        raise KnownError(msg)
    if "gpkg_contents" not in names:
        msg = f"“{name}” is a database but no GeoPackage: export its layer as a GeoPackage first."
        raise KnownError(msg)
    return [name for name, kind, sql in rows if kind == "view" or str(sql).upper().startswith("CREATE VIRTUAL")]


def dbf_encoding(path: Path) -> str | None:
    """Encoding of a Shapefile's table where neither it nor a .cpg file can be trusted, else None."""
    table = next((other for other in path.parent.glob("*") if other.name.lower() == path.stem.lower() + ".dbf"), None)
    if table is None:
        return None
    with table.open("rb") as stream:
        data = stream.read(8 << 20)
    if data.isascii() or len(data) < 32:
        return None
    body = data[int.from_bytes(data[8:10], "little") :]
    text = body.decode("utf-8", "replace")
    wrong, right = text.count("�"), sum(ord(sign) > 127 for sign in text) - text.count("�")
    is_utf8 = right > 3 * wrong
    stated = next((other for other in path.parent.glob("*") if other.name.lower() == path.stem.lower() + ".cpg"), None)
    says = stated.read_text("ascii", "replace").strip().upper() if stated else ""
    if is_utf8:
        return None if says in ("UTF-8", "UTF8", "65001") else "UTF-8"
    if says in ("UTF-8", "UTF8", "65001") or not (says or data[29]):
        return "cp1252"
    return None


def layer_heads(path: Path, name: str, *, is_database: bool) -> tuple[list[LayerHead], list[str]]:
    """All layers with their sizes, and sentences on what is odd.

    Parameters
    ----------
    path : Path
    name : str
        For messages.
    is_database : bool
        Whether it is SQLite inside.

    Raises
    ------
    KnownError
        When GDAL cannot open the file, or it claims more features than it has room for.
    """
    import pyogrio

    views = check_geopackage(path, name) if is_database else []
    encoding = dbf_encoding(path) if path.suffix.lower() == ".shp" else None
    with gdal_trouble(name) as told:
        layers = [(str(layer), kind) for layer, kind in pyogrio.list_layers(path)]
        remarks = [f"Layer “{layer}” is a view and was left out." for layer, kind in layers if layer in views]
        heads = [_head(path, layer, str(kind), encoding) for layer, kind in layers if kind and layer not in views]
    most = path.stat().st_size // _FEWEST_BYTES_OF_A_FEATURE
    for head in heads:
        if head.features > most:
            msg = f"“{name}” claims {head.features} features, more than fit in it: get an undamaged copy of it."
            raise KnownError(msg)
    return heads, [*remarks, *told]


def _head(path: Path, layer: str, kind: str, encoding: str | None) -> LayerHead:
    import pyogrio

    info = pyogrio.read_info(path, layer=layer, encoding=encoding, force_feature_count=True)
    bounds = info["total_bounds"]
    usable = bounds is not None and all(math.isfinite(value) for value in bounds)
    box = (float(bounds[0]), float(bounds[1]), float(bounds[2]), float(bounds[3])) if usable else None
    return LayerHead(layer, kind, int(info["features"]), str(info["crs"] or ""), box, encoding)


def layer_fields(path: Path, head: LayerHead, name: str) -> set[str]:
    """Names of all attributes of a layer, whether or not any feature has a value.

    Raises
    ------
    KnownError
        When it is damaged.
    """
    import pyogrio

    with gdal_trouble(name):
        return {str(field) for field in pyogrio.read_info(path, layer=head.name, encoding=head.encoding)["fields"]}


def read_layer(path: Path, head: LayerHead, name: str, bbox: Box | None, most: int | None = None) -> FeatureTable:
    """Read a layer.

    Parameters
    ----------
    path : Path
    head : LayerHead
    name : str
        Of the file, for messages.
    bbox : tuple of float, optional
        Only features that meet it.
    most : int, optional
        Only the first so many features.

    Raises
    ------
    KnownError
        When it is damaged.
    """
    import pyogrio

    with gdal_trouble(name):
        meta, fids, geometry, values = pyogrio.raw.read(
            path, layer=head.name, encoding=head.encoding, bbox=bbox, max_features=most, return_fids=True,
            datetime_as_string=True,
        )  # fmt: skip
    attributes = _records(meta, values, len(fids))
    ids = [f"{head.name}.{fid}" for fid in fids.tolist()]
    other: Counter[str] = Counter()
    with np.errstate(all="ignore"):  # numbers beyond reason are judged afterwards
        rings, feature, damaged = _polygons(geometry, other, len(ids))
    table = table_of(head.name, head.reference, attributes, ids, rings, feature, other)
    table.faults.extend((ids[place], "geometry_damaged") for place in damaged)
    return table


def _records(meta: dict[str, Any], values: Any, count: int) -> list[dict[str, Any]]:
    """Attributes of each feature; whole numbers and truth values stay what they are, unknown ones are left out."""
    names = [str(name) for name in meta["fields"]]
    subtypes = meta.get("ogr_subtypes") or [""] * len(names)
    columns = [
        _listed(column, str(dtype), str(subtype))
        for column, dtype, subtype in zip(values, meta["dtypes"], subtypes, strict=True)
    ]
    if not columns:
        return [{} for _ in range(count)]
    if any(None in column for column in columns):
        return [
            {name: value for name, value in zip(names, record, strict=True) if value is not None}
            for record in zip(*columns, strict=True)
        ]
    return [dict(zip(names, record, strict=True)) for record in zip(*columns, strict=True)]


def _listed(column: Any, dtype: str, subtype: str) -> list[Any]:
    """Python values of a column, None for unknown ones."""
    found: list[Any] = column.tolist()
    if column.dtype.kind == "f":
        whole = dtype.startswith(("int", "uint"))
        as_bool = subtype == "OFSTBoolean" or dtype == "bool"
        if as_bool:
            return [None if value != value else bool(value) for value in found]
        if whole:
            return [None if value != value else int(value) for value in found]
        return [value if math.isfinite(value) else None for value in found] if not np.isfinite(column).all() else found
    if column.dtype.kind == "O":
        return [_plain(value) for value in found]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, str | None):
        return value
    if isinstance(value, np.ndarray):
        return value.tolist()
    return None if isinstance(value, bytes) else value


def _polygons(
    geometry: Any, other: Counter[str], count: int
) -> tuple[tuple[FloatArray, IntArray, IntArray], IntArray, IntArray]:
    """Raw rings of all polygons, the feature of each, and the features that are damaged."""
    import shapely

    blobs = geometry if geometry is not None else np.full(count, None, object)
    shapes = shapely.from_wkb(blobs, on_invalid="ignore")
    lost = np.array([place for place, blob in enumerate(blobs) if blob is not None and shapes[place] is None], np.int64)
    for place in lost:
        shapes[place] = _from_unusual_wkb(blobs[place])
    damaged = np.array([place for place in lost if shapes[place] is None], np.int64)
    parts, feature = shapely.get_parts(shapes, return_index=True)
    while (nested := shapely.get_type_id(parts) > 3).any():  # multi geometries within collections
        parts, inner = shapely.get_parts(parts, return_index=True)
        feature = feature[inner]
        del nested
    flat = (shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)
    with_polygon = np.zeros(count, bool)
    with_polygon[feature[flat]] = True
    with_polygon[damaged] = True
    for place in np.flatnonzero(~with_polygon):
        other[shapes[place].geom_type if shapes[place] is not None else "without geometry"] += 1
    chosen = parts[flat]
    if not len(chosen):
        return (np.zeros((0, 3)), np.zeros(1, np.int64), np.zeros(1, np.int64)), np.zeros(0, np.int64), damaged
    _, vertices, (ring_start, polygon_start) = shapely.to_ragged_array(chosen, include_z=True)
    rings = (np.array(vertices, np.float64), ring_start.astype(np.int64), polygon_start.astype(np.int64))
    return rings, feature[flat].astype(np.int64), damaged


def _from_unusual_wkb(blob: bytes) -> Any:
    """Geometry of a polyhedral or triangulated surface, None where it is something else."""
    import shapely

    data = bytearray(blob)
    try:
        order = "<" if data[0] == 1 else ">"
        kind = struct.unpack_from(f"{order}I", data, 1)[0]
        flags, plain = kind & 0xF0000000, kind & 0x0FFFFFFF
        base, extra = plain % 1000, plain // 1000 * 1000 | flags
        if base not in (_POLYHEDRAL, _TRIANGULATED):
            return None
        struct.pack_into(f"{order}I", data, 1, _MULTIPOLYGON + extra)
        if base == _TRIANGULATED:
            _triangles_as_polygons(data, order, extra)
        return shapely.from_wkb(bytes(data), on_invalid="ignore")
    except (struct.error, IndexError):
        return None


def _triangles_as_polygons(data: bytearray, order: str, extra: int) -> None:
    flat = extra & 0x0FFFFFFF
    has_z, has_m = flat in (1000, 3000) or extra & 0x80000000, flat in (2000, 3000) or extra & 0x40000000
    width = 8 * (2 + bool(has_z) + bool(has_m))
    (count,) = struct.unpack_from(f"{order}I", data, 5)
    offset = 9
    for _ in range(count):
        struct.pack_into(f"{order}I", data, offset + 1, _POLYGON + extra)
        (rings,) = struct.unpack_from(f"{order}I", data, offset + 5)
        offset += 9
        for _ in range(rings):
            (points,) = struct.unpack_from(f"{order}I", data, offset)
            offset += 4 + points * width
