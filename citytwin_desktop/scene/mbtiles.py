"""Raster tiles in a local MBTiles file (MBTiles 1.3, github.com/mapbox/mbtiles-spec), read within limits."""

from __future__ import annotations

import io
import sqlite3
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from citytwin_desktop.errors import KnownError

Box = tuple[float, float, float, float]
"""Lowest x and y, highest x and y."""

WORLD_M = 20037508.342789244
"""Half of the width of the square world of EPSG:3857."""

MOST_TILES, LARGEST_TILE_PX, LARGEST_TILE_BYTES, HIGHEST_ZOOM = 144, 1024, 4_000_000, 24
MOST_STEPS = 20_000_000
"""Work of the database engine for one query: a hostile view could go on for ever."""

_MAGIC = b"SQLite format 3\x00"
_FORMATS = ("PNG", "JPEG", "WEBP")


class TileFile:
    """An MBTiles file with pictures, opened for reading only.

    Parameters
    ----------
    path : Path

    Raises
    ------
    KnownError
        When it is missing, no database, no MBTiles, or holds vector tiles.
    """

    epsg = 3857

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, path.name
        self._lock = threading.Lock()
        self._check_magic()
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._base = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_TILE_BYTES)
        self._base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        self._base.execute("PRAGMA trusted_schema = OFF")
        try:
            self.zooms = self._checked_zooms()
        except KnownError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def read(self, box: Box, pixels: int) -> tuple[NDArray[np.uint8], Box]:
        """The tiles over a box, in the zoom level that gives at least so many pixels across, if there is one.

        Returns
        -------
        rgba : ndarray, (height, width, 4) uint8
            The first row in the north; transparent where there is no tile.
        box : tuple of float [m]
            What the picture covers, in EPSG:3857.

        Raises
        ------
        KnownError
            When a tile is damaged or absurd.
        """
        zoom = self._zoom(box, pixels)
        side = 2.0 * WORLD_M / 2**zoom
        last = 2**zoom - 1
        left, right = (int(np.clip((x + WORLD_M) // side, 0, last)) for x in (box[0], box[2]))
        top, bottom = (int(np.clip((WORLD_M - y) // side, 0, last)) for y in (box[3], box[1]))
        tiles = {(x, y): self.tile(zoom, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)}
        size = max((tile.shape[0] for tile in tiles.values() if tile is not None), default=256)
        picture = np.zeros(((bottom - top + 1) * size, (right - left + 1) * size, 4), np.uint8)
        for (x, y), tile in tiles.items():
            if tile is not None and tile.shape[0] == size:
                row, column = (y - top) * size, (x - left) * size
                picture[row : row + size, column : column + size] = tile
        covered = (left * side - WORLD_M, WORLD_M - (bottom + 1) * side, (right + 1) * side - WORLD_M)
        return picture, (*covered, WORLD_M - top * side)

    def tile(self, zoom: int, x: int, y: int) -> NDArray[np.uint8] | None:
        """One tile, (size, size, 4) uint8; y counts from the north, as on the web; `None` when it is missing."""
        found = self._query(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ? LIMIT 1",
            (zoom, x, 2**zoom - 1 - y),
        )
        if not found or found[0][0] is None:
            return None
        try:
            with Image.open(io.BytesIO(bytes(found[0][0])), formats=_FORMATS) as picture:
                wide, high = picture.size
                if wide != high or not 16 <= wide <= LARGEST_TILE_PX:
                    raise KnownError(self._refusal(f"a tile has {wide}×{high} pixels"))
                return np.asarray(picture.convert("RGBA"), np.uint8)
        except (UnidentifiedImageError, OSError, ValueError, TypeError, SyntaxError) as error:
            raise KnownError(self._refusal("a tile is no PNG, JPEG or WebP picture")) from error

    def _zoom(self, box: Box, pixels: int) -> int:
        across = max(box[2] - box[0], 1e-3)
        wanted = int(np.ceil(np.log2(max(pixels * 2.0 * WORLD_M / (256.0 * across), 1.0))))
        zoom = int(np.clip(wanted, *self.zooms))
        while zoom > self.zooms[0] and _tiles_over(box, zoom) > MOST_TILES:
            zoom -= 1
        if _tiles_over(box, zoom) > MOST_TILES:
            raise KnownError(self._refusal(f"it begins with zoom level {zoom}, too fine for this view: go nearer"))
        return zoom

    def _check_magic(self) -> None:
        try:
            with self.path.open("rb") as file:
                head = file.read(16)
        except OSError as error:
            msg = f"The tiles {self.path} cannot be opened ({error.strerror or error}): choose the file again."
            raise KnownError(msg) from error
        if head != _MAGIC:
            raise KnownError(self._refusal("it is no SQLite database"))

    def _checked_zooms(self) -> tuple[int, int]:
        facts = dict(self._query("SELECT name, value FROM metadata LIMIT 200", ()))
        kind = str(facts.get("format", "")).lower()
        if kind in ("pbf", "mvt"):
            raise KnownError(self._refusal("it holds vector tiles (pbf), and only pictures can be laid on the ground"))
        if kind and kind not in ("png", "jpg", "jpeg", "webp"):
            raise KnownError(self._refusal(f"its tiles are of the unknown format “{kind[:20]}”"))
        found = self._query("SELECT MIN(zoom_level), MAX(zoom_level) FROM tiles", ())
        low, high = found[0] if found else (None, None)
        if not isinstance(low, int) or not isinstance(high, int) or not 0 <= low <= high <= HIGHEST_ZOOM:
            raise KnownError(self._refusal(f"its zoom levels go from {low} to {high}"))
        return low, high

    def _query(self, words: str, values: tuple[int, ...]) -> list[Any]:
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 100_000
            return int(steps > MOST_STEPS)

        with self._lock:
            self._base.set_progress_handler(count, 100_000)
            try:
                return self._base.execute(words, values).fetchall()
            except (sqlite3.Error, sqlite3.Warning, OverflowError) as error:
                reason = "a table that MBTiles files have is missing" if "no such" in str(error) else str(error)[:80]
                raise KnownError(self._refusal(reason)) from error

    def _refusal(self, reason: str) -> str:
        return f"“{self.name}” cannot be used as a background: {reason}; choose an MBTiles file with raster tiles."


def _tiles_over(box: Box, zoom: int) -> int:
    side = 2.0 * WORLD_M / 2**zoom
    return (int((box[2] - box[0]) // side) + 2) * (int((box[3] - box[1]) // side) + 2)
