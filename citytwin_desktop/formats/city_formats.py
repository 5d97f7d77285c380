"""The city formats that are read, and how each is told from the others by its content."""

import importlib
import re
from dataclasses import dataclass
from types import ModuleType

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.opened_source import OpenedSource

_HEAD_BYTES = 65_536


@dataclass(frozen=True)
class CityFormat:
    """A format that is read.

    Parameters
    ----------
    title : str
        For people.
    endings : tuple of str
        Of file names, lower case.
    module : str
        Module with its ``scan`` and ``read``; imported when it is needed.
    """

    title: str
    endings: tuple[str, ...]
    module: str

    def load(self) -> ModuleType:
        """Import the reader."""
        return importlib.import_module(f"citytwin_desktop.formats.{self.module}")


CITYJSON = CityFormat("CityJSON", (".city.json", ".city.jsonl", ".json", ".jsonl"), "cityjson.source")
CITYGML = CityFormat("CityGML", (".gml", ".citygml", ".xml"), "citygml.source")
FOOTPRINTS = CityFormat("Footprints", (".geojson", ".gpkg", ".shp", ".fgb", ".geojsonl"), "footprints.source")
OSM = CityFormat("OpenStreetMap", (".osm", ".pbf"), "osm.source")
GBXML = CityFormat("gbXML", (".gbxml",), "gbxml.source")
IFC = CityFormat("IFC", (".ifc",), "ifc")
TERRAIN = CityFormat("Terrain", (".tif", ".tiff", ".asc", ".hgt"), "terrain.source")

FORMATS = (CITYJSON, CITYGML, FOOTPRINTS, OSM, GBXML, IFC, TERRAIN)
CITY_FILE_ENDINGS = tuple(ending for item in FORMATS for ending in item.endings)
PACKED_ENDINGS = (".gz", ".bz2", ".zip")

_INSPIRE_BUILDING = re.compile(
    rb"""["'](?:https?://inspire\.(?:jrc\.)?ec\.europa\.eu/schemas/bu-\w+/|urn:x-inspire:specification:gmlas:Building)"""
)
_XML_ROOTS = {b"CityModel": CITYGML, b"FeatureCollection": CITYGML, b"osm": OSM, b"gbXML": GBXML}


def format_of(opened: OpenedSource) -> CityFormat | None:
    """Format of a file by its first bytes, then by its name; None when it is none we read.

    Parameters
    ----------
    opened : OpenedSource

    Raises
    ------
    KnownError
        When it cannot be read, or is of a kind that must be converted first.
    """
    head = opened.head(_HEAD_BYTES)
    name = opened.name.lower()
    if not head:
        msg = f"“{opened.name}” is empty: get a complete copy of it."
        raise KnownError(msg)
    text = _as_text(head)
    if _is_inspire_building(text):
        msg = (
            f"“{opened.name}” is an INSPIRE building file in GML, which cannot be read yet: convert it to a GeoPackage "
            "first, for example by opening it in QGIS and saving its layer of buildings."
        )
        raise KnownError(msg)
    return _by_magic(head, name) or _by_text(text, name)


def _is_inspire_building(text: bytes) -> bool:
    """Whether an XML file that is no CityGML declares a schema of the INSPIRE theme Buildings (D2.8.III.2)."""
    return (
        text.lstrip().startswith(b"<") and bool(_INSPIRE_BUILDING.search(text)) and b"opengis.net/citygml" not in text
    )


def _by_magic(head: bytes, name: str) -> CityFormat | None:
    if head.startswith((b"SQLite format 3\x00", b"\x00\x00\x27\x0a", b"fgb\x03")):
        return FOOTPRINTS
    if head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+") or name.endswith(".hgt"):
        return TERRAIN
    if head.startswith(b"ISO-10303-21"):
        return IFC
    if name.endswith(".pbf") or head[4:14] == b"\x0a\x09OSMHeade":
        return OSM
    return None


def _by_text(text: bytes, name: str) -> CityFormat | None:
    start = text.lstrip()
    if start.startswith(b"<"):
        return _by_root(start, name)
    if start.startswith((b"{", b"[")):
        is_cityjson = b'"CityJSON' in text or b'"CityObjects"' in text or name.endswith((".city.json", ".city.jsonl"))
        return CITYJSON if is_cityjson else FOOTPRINTS
    words = start[:200].lower().split()
    if words and words[0] in (b"ncols", b"nrows") and any(word in words for word in (b"nrows", b"ncols")):
        return TERRAIN
    return None


def _by_root(start: bytes, name: str) -> CityFormat | None:
    """Format of an XML file by its outermost element."""
    rest = start
    while rest.startswith((b"<?", b"<!")):
        end = rest.find(b"-->" if rest.startswith(b"<!--") else b">")
        if end < 0:
            break
        rest = rest[end + 1 :].lstrip(b"->\r\n\t ")
    root = rest[1:200].split(None, 1)[0].split(b">")[0].split(b"/")[0] if len(rest) > 1 else b""
    known = _XML_ROOTS.get(root.split(b":")[-1])
    return known or next((item for item in (CITYGML, OSM, GBXML) if name.endswith(item.endings)), None)


def _as_text(head: bytes) -> bytes:
    """Head as ASCII-like bytes, whatever its Unicode encoding."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, "ignore").encode("utf-8", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf")
