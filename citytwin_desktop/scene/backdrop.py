"""Pictures on the ground: a map or an aerial photograph, brought from its own system into the city's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pyproj
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.background_image import ImageFile
from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.mbtiles import Box, TileFile
from citytwin_desktop.scene.surroundings import ground_height_m, plan_bounds

LARGEST_PX, MARGIN, FARTHEST_M = 1536, 0.25, 4000.0
_COARSE = 25
"""Points along each side that are really transformed; between them coordinates are all but linear."""

_NEAREST_CITY_M = 100_000.0


class Source(Protocol):
    """Gives pictures of any box in its own system; `epsg` is anything that pyproj takes for a system."""

    name: str
    path: Path

    def read(self, box: Box, pixels: int) -> tuple[NDArray[np.uint8], Box]:
        """The part over a box, and what it covers."""

    def close(self) -> None:
        """Let go of the file."""


@dataclass(frozen=True, eq=False)
class GroundPicture:
    """Pixels and where they lie.

    Parameters
    ----------
    rgba : ndarray, (height, width, 4) uint8
        The first row in the south; the outermost pixels are transparent.
    low, high : ndarray, (2,) float64 [m]
        Corners in local coordinates.
    """

    rgba: NDArray[np.uint8]
    low: FloatArray
    high: FloatArray


def open_backdrop(path: Path, city: CityModel) -> Source:
    """Open a background file by its kind.

    Raises
    ------
    KnownError
        When the file cannot be used, the city has no coordinate system, or the file lies elsewhere.
    """
    if not city.epsg:
        raise KnownError("The project has no coordinate system, so no background can be laid under it: import a city.")
    if not path.is_file():
        raise KnownError(f"The background {path} is not there any more: choose it again, or remove it.")
    if path.suffix.lower() == ".mbtiles":
        return TileFile(path)
    source = ImageFile(path, city.epsg)
    _check_place(source, city)
    return source


def ground_picture(source: Source, city: CityModel, low: FloatArray, high: FloatArray) -> GroundPicture:
    """A source's picture of a rectangle of the plan.

    Parameters
    ----------
    source : Source
    city : CityModel
    low, high : ndarray, (2,) float64 [m]
        Corners in local coordinates.

    Raises
    ------
    KnownError
        When the file cannot be read.
    """
    extent = high - low
    width, height = (max(int(side), 2) for side in np.ceil(extent / extent.max() * LARGEST_PX))
    x, y = _source_places(source, city, low, high, width, height)
    if not np.isfinite(x).all() or not np.isfinite(y).all():
        raise KnownError(f"“{source.name}” cannot be brought into the system EPSG:{city.epsg}: it lies too far away.")
    box = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
    picture, covered = source.read(box, max(width, height))
    rgba = _sampled(picture, covered, x, y)
    rgba[[0, -1]] = 0
    rgba[:, [0, -1]] = 0
    return GroundPicture(rgba, low, high)


def seen_ground(camera: OrbitCamera, city: CityModel, aspect: float) -> tuple[FloatArray, FloatArray]:
    """Rectangle of the plan that a view shows, no farther than it is of use, two (2,) float64 [m]."""
    low, high = plan_bounds(city)
    reach = float((high - low).max()) + FARTHEST_M
    level, corners = ground_height_m(city), []
    for x, y in ((0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5)):
        origin, direction = camera.ray(x * 1000.0 * aspect, y * 1000.0, round(1000 * aspect), 1000)
        down = -direction[2]
        far = camera.distance_m * 4.0
        along = (origin[2] - level) / down if down > 1e-3 else np.inf
        start = origin if not camera.parallel else camera.eye
        corners.append((origin + direction * along)[:2] if along < np.inf else (start + direction * far)[:2])
    points = np.clip(np.array(corners), np.asarray(camera.focus)[:2] - camera.distance_m * 3.0 - 50.0, None)
    points = np.minimum(points, np.asarray(camera.focus)[:2] + camera.distance_m * 3.0 + 50.0)
    points = np.clip(points, low - reach, high + reach)
    seen_low, seen_high = points.min(axis=0), points.max(axis=0)
    margin = np.maximum((seen_high - seen_low) * MARGIN, 20.0)
    return seen_low - margin, seen_high + margin


def _check_place(source: ImageFile, city: CityModel) -> None:
    low, high = plan_bounds(city)
    middle = (low + high) / 2.0 + np.asarray(city.origin)[:2]
    system = pyproj.Transformer.from_crs(city.epsg, source.epsg, always_xy=True)
    x, y = system.transform(*middle)
    unit = 1.0 if pyproj.CRS(source.epsg).is_projected else 1.0 / 111_000.0
    left, bottom, right, top = source.bounds
    away = max(left - x, x - right, bottom - y, y - top) / unit
    if not np.isfinite(away) or away > _NEAREST_CITY_M:
        where = "in its system" if source.states_system else f"in EPSG:{city.epsg}, for it names no system of its own"
        msg = f"“{source.name}” lies {away / 1000:.0f} km from the city {where}: choose a picture of this place."
        raise KnownError(msg)


def _source_places(
    source: Source, city: CityModel, low: FloatArray, high: FloatArray, width: int, height: int
) -> tuple[FloatArray, FloatArray]:
    """Coordinates in the source's system of the middles of all pixels, two (height, width) float64."""
    east, north = (np.linspace(low[axis], high[axis], _COARSE) + city.origin[axis] for axis in (0, 1))
    transformer = pyproj.Transformer.from_crs(city.epsg, getattr(source, "epsg", 3857), always_xy=True)
    coarse = transformer.transform(*np.meshgrid(east, north))
    columns = (np.arange(width) + 0.5) / width * (_COARSE - 1)
    rows = (np.arange(height) + 0.5) / height * (_COARSE - 1)
    return _stretched(coarse[0], rows, columns), _stretched(coarse[1], rows, columns)


def _stretched(coarse: FloatArray, rows: FloatArray, columns: FloatArray) -> FloatArray:
    """Values between the points of a coarse grid, linear along both sides."""
    last = len(coarse) - 2
    row, column = np.minimum(rows.astype(int), last), np.minimum(columns.astype(int), last)
    up = (rows - row)[:, None]
    level = coarse[row] * (1.0 - up) + coarse[row + 1] * up
    aside = columns - column
    return np.asarray(level[:, column] * (1.0 - aside) + level[:, column + 1] * aside)


def _sampled(picture: NDArray[np.uint8], box: Box, x: FloatArray, y: FloatArray) -> NDArray[np.uint8]:
    """Pixels at places, smoothed between the four nearest; transparent outside."""
    height, width = picture.shape[:2]
    across = (x - box[0]) / (box[2] - box[0]) * width - 0.5
    down = (box[3] - y) / (box[3] - box[1]) * height - 0.5
    outside = (across < -0.5) | (across > width - 0.5) | (down < -0.5) | (down > height - 0.5)
    left = np.clip(np.floor(across), 0, max(width - 2, 0)).astype(np.int64)
    top = np.clip(np.floor(down), 0, max(height - 2, 0)).astype(np.int64)
    aside = np.clip(across - left, 0.0, 1.0).astype(np.float32)[..., None]
    below = np.clip(down - top, 0.0, 1.0).astype(np.float32)[..., None]
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    upper = picture[top, left] * (1 - aside) + picture[top, right] * aside
    lower = picture[bottom, left] * (1 - aside) + picture[bottom, right] * aside
    rgba = np.asarray((upper * (1 - below) + lower * below).round(), np.uint8)
    rgba[outside] = 0
    return rgba
