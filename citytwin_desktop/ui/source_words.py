"""What a look at a city file tells, in words."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from citytwin_desktop.formats.source_scan import SourceScan
from citytwin_desktop.scene.numbers import MINUS, THIN_SPACE, number_text

_PLURALS = {
    "Building": "buildings",
    "BuildingPart": "parts",
    "BuildingInstallation": "installations",
    "BuildingUnit": "units",
    "BuildingRoom": "rooms",
    "Road": "roads",
    "Railway": "railways",
    "PlantCover": "areas of plants",
    "SolitaryVegetationObject": "trees",
    "WaterBody": "water bodies",
    "LandUse": "land use areas",
    "TINRelief": "terrain surfaces",
    "ReliefFeature": "terrain surfaces",
    "CityFurniture": "pieces of street furniture",
    "GenericCityObject": "other objects",
    "Bridge": "bridges",
    "Tunnel": "tunnels",
    "TerrainGrid": "terrain grids",
    "Terrain": "terrain surfaces",
    "Green": "green areas",
    "Tree": "trees",
    "Water": "water areas",
    "Construction": "constructions",
    "SolidMaterial": "materials",
    "Gas": "gas layers",
}
_SINGULARS = {
    "PlantCover": "area of plants",
    "WaterBody": "water body",
    "CityFurniture": "piece of street furniture",
}
_STEPS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
DEGREES, METRES = "°", "m"


def plural(kind: str) -> str:
    """Name of a type for more than one of it, in lower case; its own name where we have none."""
    return _PLURALS.get(kind, kind)


def size_text(size_bytes: int) -> str:
    """Size of a file in the unit that suits it."""
    for step, unit in _STEPS:
        if size_bytes >= step:
            return f"{number_text(size_bytes / step)}{THIN_SPACE}{unit}"
    return f"{size_bytes}{THIN_SPACE}bytes"


def types_text(types: Mapping[str, int]) -> str:
    """``853 buildings, 120 parts, 44 roads``."""
    return ", ".join(f"{number_text(count, 9)} {_counted(kind, count)}" for kind, count in types.items() if count)


def _counted(kind: str, count: int) -> str:
    return plural(kind) if count != 1 else _SINGULARS.get(kind, plural(kind).removesuffix("s"))


def lods_text(lods: Mapping[str, int]) -> str:
    """``LoD 1.2 (853), 2.2 (840)``."""
    listed = ", ".join(f"{lod} ({number_text(count, 9)})" for lod, count in sorted(lods.items()))
    return f"LoD {listed}" if listed else ""


@lru_cache(maxsize=64)
def reference_name(epsg: int) -> str | None:
    """Name of a coordinate system, None when there is none of that number."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return str(CRS.from_epsg(epsg).name)
    except CRSError:
        return None


@lru_cache(maxsize=64)
def unit_of(epsg: int) -> str:
    """`DEGREES`, `METRES`, another unit's name, or nothing when the system is not known."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if not epsg:
        return ""
    try:
        reference = CRS.from_epsg(epsg)
    except CRSError:
        return ""
    if reference.is_geographic:
        return DEGREES
    name = reference.axis_info[0].unit_name if reference.axis_info else ""
    return METRES if name == "metre" else name


def reference_text(scan: SourceScan) -> str:
    """Code and name of the coordinate system, or as the source has it; empty when it names none."""
    if scan.epsg:
        name = reference_name(scan.epsg)
        return f"EPSG:{scan.epsg} {name}" if name else f"EPSG:{scan.epsg}"
    return scan.reference


def extent_text(scan: SourceScan) -> str:
    """Width, depth and lowest to highest point; degrees to five places."""
    if scan.extent is None:
        return ""
    x0, y0, z0, x1, y1, z1 = scan.extent
    unit = unit_of(scan.epsg)
    if unit == DEGREES:
        return f"{_degrees(x0, x1, 'east', 'west')}, {_degrees(y0, y1, 'north', 'south')}"
    suffix = f"{THIN_SPACE}{unit}" if unit else ""
    text = f"{number_text(x1 - x0)}{suffix} × {number_text(y1 - y0)}{suffix}"
    return text + (f", heights {number_text(z0)} to {number_text(z1)}{suffix}" if z1 > z0 else "")


def _degrees(low: float, high: float, ahead: str, behind: str) -> str:
    if high <= 0.0 and low < 0.0:
        return f"{-low:.5f}° to {-high:.5f}° {behind}"
    return f"{low:.5f}° to {high:.5f}° {ahead}".replace("-", MINUS)


def total(scans: Iterable[SourceScan], kind: str = "Building") -> int:
    """How many objects of a type all sources hold."""
    return sum(int(scan.types.get(kind, 0)) for scan in scans)


def joined_counts(tables: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Counts of several sources by their common keys."""
    counts: dict[str, int] = {}
    for table in tables:
        for key, count in table.items():
            counts[key] = counts.get(key, 0) + int(count)
    return counts
