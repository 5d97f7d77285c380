"""A grid of elevations read within limits: the part inside a box, thinned where it is large, in its own system."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.import_options import Box
from citytwin_desktop.formats.length_units import unit_m
from citytwin_desktop.formats.opened_source import OpenedSource

_TIFF_MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
MOST_CELLS = 1_000_000
"""Cells that are kept; a larger grid is averaged down to them."""
MOST_CELLS_READ = 1_000_000_000
LOWEST_M, HIGHEST_M = -500.0, 9_000.0
"""Elevations that ground has; values outside, such as -9999, are no elevations."""
_ELEVATION_WORDS = ("elev", "height", "dem", "dtm", "dsm", "altitude", "hoehe", "höhe", "hoogte", "mnt", "quota")

Affine = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, eq=False)
class ElevationGrid:
    """Elevations at the middles of cells.

    Parameters
    ----------
    elevation : ndarray, (rows, columns) float64
        In metres, or where ``unit_m`` is None in a unit that the file does not state; nan where nothing is known.
    transform : tuple of float
        a, b, c, d, e, f of x = a·column + b·row + c and y = d·column + e·row + f, counted from a cell's corner.
    unit_m : float, optional
        Metres in one unit of the file's elevations, which are applied already; None when it states no unit.
    absurd : int
        Cells that were left out because no ground is that high or low.
    thinned : float
        Cells of the file, along each side, in one that was kept.
    """

    elevation: NDArray[np.float64]
    transform: Affine
    unit_m: float | None
    absurd: int
    thinned: float

    def places(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Coordinates x and y of the middles of cells."""
        a, b, c, d, e, f = self.transform
        return a * (columns + 0.5) + b * (rows + 0.5) + c, d * (columns + 0.5) + e * (rows + 0.5) + f


@contextmanager
def open_grid(opened: OpenedSource) -> Iterator[Any]:
    """Open a grid as a rasterio data set.

    Raises
    ------
    KnownError
        When it is no grid, has no place, or no band of elevations; errors of reading inside the block too.
    """
    import rasterio
    from rasterio._err import CPLE_BaseError
    from rasterio.errors import NotGeoreferencedWarning, RasterioError

    try:
        with opened.on_disk() as path, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", NotGeoreferencedWarning)
            with rasterio.open(path, driver=_driver(opened)) as source:
                _check(source, opened.name)
                yield source
    except NotGeoreferencedWarning:
        msg = f"“{opened.name}” does not say where its cells lie: get a GeoTIFF or an ASCII grid with coordinates."
        raise KnownError(msg) from None
    except (RasterioError, CPLE_BaseError, ValueError, ArithmeticError, MemoryError, OSError) as error:
        reason = " ".join(str(error).replace(str(opened.path.parent), "").split())[:80].rstrip(" .:")
        msg = f"“{opened.name}” cannot be read as a grid of elevations ({reason}): get an undamaged copy of it."
        raise KnownError(msg) from None


def read_grid(source: Any, name: str, box: Box | None, most_cells: int = MOST_CELLS) -> ElevationGrid | None:
    """Read what lies inside a box.

    Parameters
    ----------
    source : rasterio data set
        From `open_grid`.
    name : str
        For messages.
    box : tuple of float, optional
        In the system of the grid.
    most_cells : int

    Returns
    -------
    ElevationGrid or None
        None when nothing of the grid lies inside the box.

    Raises
    ------
    KnownError
        When the part is beyond reason.
    """
    window = _window(source, box)
    if window is None:
        return None
    column, row, width, height = window
    if width * height > MOST_CELLS_READ:
        msg = f"“{name}” has {width * height / 1e9:,.0f} thousand million cells: state a box around the district."
        raise KnownError(msg)
    thinned = max(np.sqrt(width * height / most_cells), 1.0)
    shape = (max(int(height / thinned), 1), max(int(width / thinned), 1))
    values, unit_m, absurd = _elevations(source, window, shape)
    a, b, c, d, e, f = tuple(source.transform)[:6]
    corner = (a * column + b * row + c, d * column + e * row + f)
    wide, tall = width / shape[1], height / shape[0]
    transform = (a * wide, b * tall, corner[0], d * wide, e * tall, corner[1])
    return ElevationGrid(values, transform, unit_m, absurd, float(max(wide, tall)))


def elevation_band(source: Any) -> int:
    """Number of the band that holds elevations, 0 for none."""
    if source.count == 1:
        return 1
    described = [
        number
        for number, words in enumerate(source.descriptions, start=1)
        if words and any(word in words.lower() for word in _ELEVATION_WORDS)
    ]
    return described[0] if len(described) == 1 else 0


def _driver(opened: OpenedSource) -> str:
    """Driver by content: never left to guess, for a virtual raster would read other files or the network."""
    if opened.head(4) in _TIFF_MAGIC:
        return "GTiff"
    return "SRTMHGT" if opened.name.lower().endswith(".hgt") else "AAIGrid"


def _check(source: Any, name: str) -> None:
    from rasterio.enums import ColorInterp

    band = elevation_band(source)
    if band == 0:
        msg = f"“{name}” has {source.count} bands and none is named elevation, as in a picture: choose a terrain grid."
        raise KnownError(msg)
    if source.colorinterp[band - 1] in (ColorInterp.palette, ColorInterp.red, ColorInterp.alpha):
        msg = f"“{name}” is a picture with colours, not a grid of elevations: choose a terrain grid."
        raise KnownError(msg)
    if source.dtypes[band - 1].startswith("complex"):
        msg = f"“{name}” holds complex numbers, not elevations: choose a terrain grid."
        raise KnownError(msg)
    numbers = np.array(tuple(source.transform)[:6], np.float64)
    if not np.isfinite(numbers).all() or abs(source.transform.determinant) < 1e-18:
        msg = f"“{name}” gives no usable size of its cells: get an undamaged copy of it."
        raise KnownError(msg)


def _window(source: Any, box: Box | None) -> tuple[int, int, int, int] | None:
    """Column, row, width and height of what lies inside the box, with a cell to spare."""
    if box is None:
        return 0, 0, int(source.width), int(source.height)
    a, b, c, d, e, f = tuple(source.transform)[:6]
    places = np.array([(x - c, y - f) for x in (box[0], box[2]) for y in (box[1], box[3])])
    corners = np.linalg.solve(np.array([[a, b], [d, e]]), places.T).T
    low = np.maximum(np.floor(corners.min(axis=0)) - 1, 0)
    high = np.minimum(np.ceil(corners.max(axis=0)) + 1, [source.width, source.height])
    if not (high > low).all():
        return None
    return int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])


def _elevations(
    source: Any, window: tuple[int, int, int, int], shape: tuple[int, int]
) -> tuple[NDArray[np.float64], float | None, int]:
    from rasterio.enums import Resampling
    from rasterio.windows import Window

    band = elevation_band(source)
    averaged = shape != (window[3], window[2])
    raw = source.read(
        band,
        window=Window(*window),
        out_shape=shape,
        resampling=Resampling.average if averaged else Resampling.nearest,
        masked=True,
    )
    values = np.asarray(raw.astype(np.float64).filled(np.nan))
    values = values * float(source.scales[band - 1]) + float(source.offsets[band - 1])
    name = source.units[band - 1] or ""
    stated_m = unit_m(name) if name.strip() else None
    values *= stated_m or 1.0
    # Without a stated unit the bounds hold for feet as well, whose numbers are larger.
    span = 1.0 if stated_m else 1.0 / 0.3048
    with np.errstate(invalid="ignore"):
        absurd = (values < LOWEST_M * span) | (values > HIGHEST_M * span) | np.isinf(values)
    values[absurd] = np.nan
    return values, stated_m, int(absurd.sum())
