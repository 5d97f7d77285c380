"""Files of footprints made for tests."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from citytwin_desktop.formats.footprints.source import read, scan
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import open_sources
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity
from citytwin_desktop.formats.source_scan import SourceScan


def square(x: float, y: float, side: float, *z: float) -> list[list[float]]:
    """Closed ring."""
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    return [[*corner, *z] for corner in corners]


def feature(properties: dict[str, Any] | None, *rings: Any, **members: Any) -> dict[str, Any]:
    """GeoJSON polygon."""
    geometry = {"type": "Polygon", "coordinates": list(rings)}
    return {"type": "Feature", "properties": properties, "geometry": geometry, **members}


def collection(*features: Any, **members: Any) -> dict[str, Any]:
    """GeoJSON collection."""
    return {"type": "FeatureCollection", **members, "features": list(features)}


def read_file(path: Path, **options: Any) -> tuple[SourceCity, ImportReport]:
    """Read with a fresh report."""
    report = ImportReport()
    return read(open_sources(path)[0], ImportOptions(**options), report), report


def read_json(folder: Path, root: Any, name: str = "houses.geojson", **options: Any) -> tuple[SourceCity, ImportReport]:
    """Write JSON (or bytes as they are) and read it."""
    path = folder / name
    path.write_bytes(root if isinstance(root, bytes) else json.dumps(root).encode())
    return read_file(path, **options)


def scan_file(path: Path) -> SourceScan:
    """Quick look."""
    return scan(open_sources(path)[0])


def write_layer(
    path: Path,
    shapes: list[Any],
    columns: dict[str, Any],
    *,
    crs: str | None = "EPSG:25832",
    layer: str | None = None,
    **more: Any,
) -> Path:
    """Write a layer through GDAL."""
    driver = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".fgb": "FlatGeobuf"}[path.suffix]
    values = [np.array(column, object if isinstance(column[0], str) else None) for column in columns.values()]
    kinds = {shape.geom_type for shape in shapes}
    kind = more.pop("geometry_type", kinds.pop() if len(kinds) == 1 else "Unknown")
    kind += " Z" if any(shape.has_z for shape in shapes) else ""
    blobs = shapely.to_wkb(np.array(shapes, object), output_dimension=3)
    pyogrio.raw.write(
        path, blobs, values, list(columns), crs=crs, driver=driver,
        geometry_type=kind, layer=layer, append=path.suffix == ".gpkg" and path.exists(), **more,
    )  # fmt: skip
    return path


def codes(report: ImportReport) -> list[str]:
    """Codes of all remarks."""
    return [item.code for item in report.items]
