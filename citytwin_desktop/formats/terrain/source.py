"""Terrain grids as a source of context: looked at, and read as triangles of the ground."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource
from citytwin_desktop.formats.reference_names import NamedSystem, named_system
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity, SourceReference
from citytwin_desktop.formats.source_scan import SourceScan
from citytwin_desktop.formats.terrain.grid import ElevationGrid, elevation_band, open_grid, read_grid
from citytwin_desktop.formats.terrain.simplification import simplified_grid

TOLERANCE_M = 0.25
"""No cell of the grid lies further above or below the triangles, unless there would be more than `MOST_TRIANGLES`."""
MOST_TRIANGLES = 300_000
TYPE = "TerrainGrid"
_GLANCE_CELLS = 65_536
_LARGEST_GLANCED_BYTES = 64 << 20


def scan(opened: OpenedSource) -> SourceScan:
    """Look at a grid.

    Raises
    ------
    KnownError
        When it is no grid of elevations.
    """
    with open_grid(opened) as source:
        reference = _reference(source)
        system = _system(reference)
        remarks = _remarks(source, reference)
        low, high = _glance(source, opened)
        bounds = source.bounds
        return SourceScan(
            opened.name,
            _format(source),
            opened.size_bytes,
            types={TYPE: 1},
            reference=reference,
            epsg=system.epsg if system else 0,
            extent=(
                min(bounds.left, bounds.right), min(bounds.bottom, bounds.top), low,
                max(bounds.left, bounds.right), max(bounds.bottom, bounds.top), high,
            ),
            remarks=tuple(remarks),
        )  # fmt: skip


def read(opened: OpenedSource, options: ImportOptions, report: ImportReport) -> SourceCity:
    """Read a grid as triangles of the ground.

    Parameters
    ----------
    opened : OpenedSource
    options : ImportOptions
        ``bbox`` in the system of the grid.
    report : ImportReport
        Told what was thinned, left out and simplified.

    Returns
    -------
    SourceCity
        Without buildings; one terrain layer, or none where the box or the types leave nothing.

    Raises
    ------
    KnownError
        When it is no grid of elevations, or holds none at all.
    """
    with open_grid(opened) as source:
        reference, form = _reference(source), _format(source)
        metadata = _metadata(source)
        grid = read_grid(source, opened.name, options.bbox) if options.takes(TYPE) else None
    city = SourceCity(opened.name, form, SourceReference(reference, True), metadata=metadata, objects={TYPE: 1})
    if grid is None:
        report.add(opened.name, "terrain_not_chosen", "Nothing of the terrain lies inside the box or the types chosen.")
        return city
    options.watch(0.4, "simplifying the terrain")
    _tell_reading(grid, opened.name, report)
    city.context = [(ContextKind.TERRAIN, _ground(grid, options, reference, opened.name, report))]
    return city


def _ground(grid: ElevationGrid, options: ImportOptions, reference: str, name: str, report: ImportReport) -> Polygons:
    if not np.isfinite(grid.elevation).any():
        msg = f"“{name}” holds no elevation at this place: choose another grid or another box."
        raise KnownError(msg)
    tolerance_m, corners = TOLERANCE_M, simplified_grid(grid.elevation, TOLERANCE_M)
    while len(corners) > MOST_TRIANGLES:
        tolerance_m *= 2.0
        corners = simplified_grid(grid.elevation, tolerance_m)
    if not len(corners):
        rows_, columns_ = grid.elevation.shape
        msg = f"“{name}” has {columns_} × {rows_} cells here, too few for a ground: widen the box or take a finer grid."
        raise KnownError(msg)
    message = f"The ground is shown as {len(corners):,} triangles, no further than {tolerance_m:g} m from its cells."
    report.add(name, "terrain_simplified", message)
    rows, columns = corners[..., 0].ravel(), corners[..., 1].ravel()
    x, y = grid.places(rows, columns)
    z = grid.elevation[rows, columns] / _height_factor(grid, options.crs or reference)
    vertices = np.column_stack([x, y, z]).reshape(-1, 3, 3)
    if _clockwise(vertices):
        vertices = vertices[:, ::-1]
    count = len(vertices)
    return Polygons(np.ascontiguousarray(vertices.reshape(-1, 3)), np.arange(count + 1) * 3, np.arange(count + 1))


def _clockwise(vertices: np.ndarray[Any, np.dtype[np.float64]]) -> bool:
    """Whether the first triangle, and so all, shows its back from above."""
    (ax, ay, _), (bx, by, _), (cx, cy, _) = vertices[0]
    return bool((bx - ax) * (cy - ay) - (by - ay) * (cx - ax) < 0.0)


def _height_factor(grid: ElevationGrid, reference: str) -> float:
    """Metres that will be made of one unit of height once coordinates are brought home.

    Where the grid states the unit of its heights they are in metres already, whatever the unit of the map.
    """
    system = _system(reference) if grid.unit_m is not None else None
    if system is None:
        return 1.0
    if system.heights_stated or system.crs.is_geographic:
        return system.height_factor
    return float(system.crs.axis_info[0].unit_conversion_factor)


def _tell_reading(grid: ElevationGrid, name: str, report: ImportReport) -> None:
    if grid.thinned > 1.0:
        message = (
            f"The grid is large: every cell kept is the mean of {grid.thinned:.1f} × {grid.thinned:.1f} of its cells."
        )
        report.add(name, "terrain_thinned", message)
    if grid.absurd:
        message = f"{grid.absurd:,} cells with impossible elevations were left out: state the file's “no data” value."
        report.add(name, "terrain_absurd", message, "repaired")
    if unknown := int((~np.isfinite(grid.elevation)).sum()) - grid.absurd:
        report.add(name, "terrain_gaps", f"{unknown:,} of {grid.elevation.size:,} cells have no elevation.")


def _remarks(source: Any, reference: str) -> list[str]:
    remarks = []
    if not reference:
        remarks.append("The file names no coordinate reference system: state it.")
    if source.dtypes[elevation_band(source) - 1] == "uint8":
        remarks.append("Its values are whole numbers up to 255: check that it is no shaded picture.")
    a, b, _, d, e, _ = tuple(source.transform)[:6]
    if b or d:
        remarks.append("The grid is turned against north.")
    unit = "degrees" if abs(a) < 0.01 and abs(e) < 0.01 else "units of the map"
    size = f"{np.hypot(a, d):.4g} × {np.hypot(b, e):.4g}"
    remarks.append(f"It has {source.width:,} × {source.height:,} cells of {size} {unit}.")
    return remarks


def _glance(source: Any, opened: OpenedSource) -> tuple[float, float]:
    """Lowest and highest elevation of a thinned look, nan where that would take long."""
    is_text = source.driver == "AAIGrid"
    if opened.size_bytes > _LARGEST_GLANCED_BYTES and is_text:
        return float("nan"), float("nan")
    if source.width * source.height > _LARGEST_GLANCED_BYTES:
        return float("nan"), float("nan")
    grid = read_grid(source, opened.name, None, _GLANCE_CELLS)
    if grid is None or not np.isfinite(grid.elevation).any():
        return float("nan"), float("nan")
    return float(np.nanmin(grid.elevation)), float(np.nanmax(grid.elevation))


def _reference(source: Any) -> str:
    """Give ``EPSG:N`` where the grid has a code, else WKT, empty for none."""
    if source.crs is None:
        return ""
    code = source.crs.to_epsg()
    return f"EPSG:{code}" if code else str(source.crs.to_wkt())


def _system(reference: str) -> NamedSystem | None:
    try:
        return named_system(reference)
    except KnownError:
        return None


def _format(source: Any) -> str:
    return {"GTiff": "GeoTIFF", "AAIGrid": "ASCII grid", "SRTMHGT": "SRTM"}.get(source.driver, str(source.driver))


def _metadata(source: Any) -> Mapping[str, Any]:
    tags = source.tags()
    kept = {
        key.lower(): str(value)[:200] for key, value in tags.items() if key in ("TIFFTAG_DATETIME", "AREA_OR_POINT")
    }
    return {"columns": int(source.width), "rows": int(source.height), **kept}
