"""Tables of features of a file, whatever it is."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.footprints import geojson, own_layers
from citytwin_desktop.formats.footprints.feature_table import FeatureTable
from citytwin_desktop.formats.footprints.vector_layers import (
    LayerHead,
    gdal_trouble,
    layer_fields,
    layer_heads,
    read_layer,
    theme_of,
)
from citytwin_desktop.formats.import_options import Box, ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource

MOST_GEOJSON_BYTES = 768 << 20
"""A larger collection is read by GDAL, feature by feature."""
SCANNED_BYTES = 64 << 20
SCANNED_FEATURES = 5_000
_FEATURES_AT_ONCE = 20_000
_OWN = "own"
"""Theme of a layer that this program wrote beside that of the outlines."""
_OWN_THEMES = ("road", "water", "green")
_FORMATS = {"geojson": "GeoJSON", "gpkg": "GeoPackage", "shp": "Shapefile", "fgb": "FlatGeobuf"}


@dataclass(eq=False)
class Tables:
    """What a file holds.

    Parameters
    ----------
    format : str
    buildings : list of FeatureTable
    context : list of tuple of (str, FeatureTable)
        With the theme of each: ``road``, ``water`` or ``green``.
    left_out : dict of str to int
        Layers that are not read and their features.
    heads : list of LayerHead
        All layers that GDAL lists; empty for GeoJSON.
    remarks : list of str
        Sentences on the whole file.
    exact : bool
        False when only the beginning was read.
    damage : str
        Sentence on a file of which only the part before its damage could be read, else empty.
    own_surfaces : FeatureTable, optional
        Walls and roofs of the buildings, where this program wrote the file.
    """

    format: str
    buildings: list[FeatureTable] = field(default_factory=list)
    context: list[tuple[str, FeatureTable]] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    heads: list[LayerHead] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    exact: bool = True
    damage: str = ""
    own_surfaces: FeatureTable | None = None


def kind_of(opened: OpenedSource) -> str:
    """``geojson``, ``gpkg``, ``shp`` or ``fgb``, by the first bytes.

    Raises
    ------
    KnownError
        When it is none of them.
    """
    head = opened.head(512)
    if head.startswith(b"SQLite format 3\0"):
        return "gpkg"
    if head.startswith(b"\0\0\x27\x0a"):
        return "shp"
    if head.startswith(b"fgb"):
        return "fgb"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or head.lstrip(b"\xef\xbb\xbf\x1e\r\n\t ")[:1] in (b"{", b"["):
        return "geojson"
    msg = f"“{opened.name}” holds no GeoJSON, GeoPackage, Shapefile or FlatGeobuf: check the file."
    raise KnownError(msg)


def open_tables(opened: OpenedSource, options: ImportOptions, *, quick: bool = False) -> Tables:
    """Read all layers that may hold buildings or what stands around them.

    Parameters
    ----------
    opened : OpenedSource
    options : ImportOptions
    quick : bool
        Only the beginning of large files.

    Raises
    ------
    KnownError
    """
    kind = kind_of(opened)
    if kind == "geojson":
        with opened.stream() as stream:
            large = len(stream.read(1 << 20)) == 1 << 20
        data = opened.head(4 << 20) if large else opened.read()
        if large and geojson.is_line_delimited(data):
            return _line_tables(opened, options, quick=quick)
        if quick or not large or _unpacked_size(opened) <= MOST_GEOJSON_BYTES:
            return _geojson_tables(opened, quick=quick)
    return _layer_tables(opened, options, kind, quick=quick)


def _unpacked_size(opened: OpenedSource) -> int:
    if not opened.packing:
        return opened.size_bytes
    total = 0
    with opened.stream() as stream:
        while block := len(stream.read(1 << 20)):
            total += block
    return total


def _stem(opened: OpenedSource) -> str:
    return PurePosixPath(opened.name).stem


def _geojson_tables(opened: OpenedSource, *, quick: bool) -> Tables:
    data = opened.head(SCANNED_BYTES + 1) if quick else opened.read()
    exact = not quick or len(data) <= SCANNED_BYTES
    data, encoding = geojson.decoded(data, opened.name)
    tables = Tables(_FORMATS["geojson"], exact=exact)
    if encoding:
        tables.remarks.append(f"Its text is in {encoding}, not in UTF-8 as GeoJSON asks, and was converted.")
    if geojson.is_line_delimited(data):
        root, features = None, list(geojson.line_features(data.splitlines(), opened.name))
    else:
        root, damage = geojson.parsed_or_begun(data if exact else geojson.beginning(data), opened.name)
        if damage:
            tables.damage = damage
            tables.remarks.append(damage)
        features = geojson.features_of(root, opened.name)
    tables.buildings.append(geojson.feature_table(features, geojson.reference_of(root), _stem(opened)))
    return tables


def _line_tables(opened: OpenedSource, options: ImportOptions, *, quick: bool) -> Tables:
    """Newline-delimited features, some at a time, so that a box keeps memory bounded."""
    kept: list[geojson.Members] = []
    exact, seen = True, 0
    with opened.stream() as stream:
        for item in geojson.line_features((line.removeprefix(b"\xef\xbb\xbf") for line in stream), opened.name):
            seen += 1
            if "id" not in item:
                item["id"] = f"{_stem(opened)}.{seen - 1}"
            if _may_meet(item, options.bbox):
                kept.append(item)
            if seen % _FEATURES_AT_ONCE == 0:
                options.watch(0.0, f"{seen} features read")
            if quick and seen >= SCANNED_FEATURES:
                exact = False
                break
    table = geojson.feature_table(kept, geojson.WGS84, _stem(opened))
    return Tables("GeoJSON, line by line", [table], exact=exact)


def _may_meet(item: geojson.Members, bbox: Box | None) -> bool:
    """Whether a feature's first corner lies within a box twice as wide; the rest is judged later."""
    if bbox is None:
        return True
    value = item.get("geometry")
    value = value.get("coordinates") if isinstance(value, dict) else None
    while isinstance(value, list) and value and isinstance(value[0], list):
        value = value[0]
    if not (isinstance(value, list) and len(value) > 1 and all(isinstance(part, int | float) for part in value[:2])):
        return True
    x0, y0, x1, y1 = bbox
    wide, high = x1 - x0, y1 - y0
    return bool(x0 - wide <= value[0] <= x1 + wide and y0 - high <= value[1] <= y1 + high)


def _layer_tables(opened: OpenedSource, options: ImportOptions, kind: str, *, quick: bool) -> Tables:
    with opened.on_disk() as found, _with_index(found, opened.name) as path:
        heads, remarks = layer_heads(path, opened.name, is_database=kind == "gpkg")
        tables = Tables(_FORMATS[kind], heads=heads, remarks=remarks)
        themes = _themes(heads, options, is_member=opened.packing == "zip")
        if kind == "gpkg":
            _read_own(path, tables, themes, options, opened.name, quick=quick)
        for place, head in enumerate(heads):
            theme = themes.get(head.name, "")
            if theme == _OWN:
                continue
            if theme in ("", "area"):
                tables.left_out[head.name] = head.features
                continue
            options.watch(place / len(heads), f"Reading layer {head.name}")
            most = SCANNED_FEATURES if quick and head.features > SCANNED_FEATURES else None
            tables.exact &= most is None
            table = read_layer(
                path, head, opened.name, None if quick or _OWN in themes.values() else options.bbox, most
            )
            if theme == "building":
                tables.buildings.append(table)
            else:
                tables.context.append((theme, table))
    return tables


def _read_own(
    path: Path, tables: Tables, themes: dict[str, str], options: ImportOptions, name: str, *, quick: bool
) -> None:
    """Where this program wrote the file, read walls, roofs and surroundings, which go with its outlines.

    The box is applied to whole buildings later, so nothing is cut off here.
    """
    heads = {head.name: head for head in tables.heads}
    surfaces = heads.get(own_layers.SURFACES)
    if surfaces is None or themes.get("buildings") != "building" or options.types:
        return
    if not own_layers.is_own(layer_fields(path, heads["buildings"], name)):
        return
    if not layer_fields(path, surfaces, name) >= own_layers.SURFACE_MARKS:
        return
    themes[own_layers.SURFACES] = _OWN
    if (options.lod or "")[:1] not in ("0", "1"):
        tables.own_surfaces = read_layer(path, surfaces, name, None, SCANNED_FEATURES if quick else None)
        tables.remarks.append(
            "Walls and roofs are those of layer “surfaces”: ask for level of detail 0 to raise the outlines instead."
        )
    if own_layers.SURROUNDINGS in heads:
        themes[own_layers.SURROUNDINGS] = _OWN
        around = read_layer(
            path, heads[own_layers.SURROUNDINGS], name, options.bbox, SCANNED_FEATURES if quick else None
        )
        tables.context.extend(own_layers.surroundings_by_theme(around, _OWN_THEMES))


def _themes(heads: list[LayerHead], options: ImportOptions, *, is_member: bool) -> dict[str, str]:
    """What each layer with polygons is; a layer that the user names is one of buildings unless its name says more.

    A file that somebody chose holds buildings, whatever it is called; of an archive only those that may.
    """
    flat = [head.name for head in heads if head.may_have_polygons]
    themes = {name: theme_of(name) for name in flat}
    wished = [name for name in flat if name in options.types]
    if wished:
        return {name: themes[name] or "building" for name in wished}
    if len(flat) == 1 and not (is_member and themes[flat[0]]):
        return dict.fromkeys(flat, "building")
    if "building" not in themes.values():
        themes = {name: theme or "building" for name, theme in themes.items()}
    return themes if is_member or "building" in themes.values() else dict.fromkeys(flat, "building")


@contextmanager
def _with_index(path: Path, name: str) -> Iterator[Path]:
    """A Shapefile whose index (.shx) was not sent along is read from a copy, where GDAL can make a new one."""
    if path.suffix.lower() != ".shp" or any(path.with_suffix(ending).exists() for ending in (".shx", ".SHX")):
        yield path
        return
    import pyogrio

    with tempfile.TemporaryDirectory(prefix="citytwin-import-") as folder:
        for other in path.parent.glob(f"{path.stem}.*"):
            if other.suffix.lower() in (".shp", ".dbf", ".prj", ".cpg"):
                shutil.copy(other, Path(folder) / f"{path.stem}{other.suffix.lower()}")
        copy = Path(folder) / f"{path.stem}.shp"
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})
        try:
            with gdal_trouble(name):
                pyogrio.list_layers(copy)
            yield copy
        finally:
            pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})
