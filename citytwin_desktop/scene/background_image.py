"""A picture with a place on the ground: GeoTIFF, or PNG or JPEG with a world file, read within limits."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.mbtiles import Box

DRIVERS = {".tif": "GTiff", ".tiff": "GTiff", ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
LARGEST_SIDE_PX = 200_000


class ImageFile:
    """One picture, opened for each reading and closed again.

    Parameters
    ----------
    path : Path
    epsg : int
        System that the coordinates are taken to be in when the file names none: the project's.

    Raises
    ------
    KnownError
        When it is missing, no picture, or does not say where it lies.
    """

    def __init__(self, path: Path, epsg: int) -> None:
        self.path, self.name = path, path.name
        if path.suffix.lower() not in DRIVERS:
            raise KnownError(f"“{self.name}” is no background: choose a PNG, JPEG, GeoTIFF or MBTiles file.")
        self._call(self._look, epsg)

    def close(self) -> None:
        """Nothing stays open."""

    def read(self, box: Box, pixels: int) -> tuple[NDArray[np.uint8], Box]:
        """The part over a box, thinned to about so many pixels across.

        Returns
        -------
        rgba : ndarray, (height, width, 4) uint8
            The first row in the north.
        box : tuple of float
            What the picture covers, in its own system.
        """
        return self._call(self._read, box, pixels)  # type: ignore[no-any-return]

    def _look(self, source: Any, epsg: int) -> None:
        turned = source.transform
        if source.width > LARGEST_SIDE_PX or source.height > LARGEST_SIDE_PX:
            raise KnownError(self._refusal(f"it has {source.width}×{source.height} pixels"))
        if turned.is_identity:
            raise KnownError(self._refusal("it does not say where it lies: put its world file beside it"))
        if abs(turned.b) > 1e-9 * abs(turned.a) or abs(turned.d) > 1e-9 * abs(turned.a) or turned.e >= 0:
            raise KnownError(self._refusal("it is turned against its coordinates: save it with north up"))
        if source.dtypes[0] != "uint8":
            raise KnownError(self._refusal(f"its pixels are {source.dtypes[0]}: save it with 8 bits for each colour"))
        self.bounds: Box = tuple(source.bounds)
        self.epsg: Any = source.crs.to_wkt() if source.crs is not None else epsg
        self.states_system = source.crs is not None

    def _read(self, source: Any, box: Box, pixels: int) -> tuple[NDArray[np.uint8], Box]:
        from rasterio.windows import Window

        low = np.maximum(box[:2], self.bounds[:2])
        high = np.minimum(box[2:], self.bounds[2:])
        if (low >= high).any():
            return np.zeros((1, 1, 4), np.uint8), box
        place = source.transform
        left, right = int((low[0] - place.c) // place.a), int(np.ceil((high[0] - place.c) / place.a))
        top, bottom = int((high[1] - place.f) // place.e), int(np.ceil((low[1] - place.f) / place.e))
        window = Window(left, top, max(right - left, 1), max(bottom - top, 1))
        share = min(pixels / max(window.width, window.height, 1.0), 1.0)
        shape = (max(round(window.height * share), 1), max(round(window.width * share), 1))
        rgba = np.full((*shape, 4), 255, np.uint8)
        bands = min(source.count, 4)
        if bands in (1, 2):
            grey = source.read(1, window=window, out_shape=shape)
            rgba[..., :3] = _palette(source)[grey] if _has_palette(source) else grey[..., None]
        else:
            found = source.read(list(range(1, bands + 1)), window=window, out_shape=(bands, *shape))
            rgba[..., :bands] = np.moveaxis(found, 0, 2)
        if bands < 4:
            rgba[..., 3] = source.dataset_mask(window=window, out_shape=shape)
        west, north = place.c + window.col_off * place.a, place.f + window.row_off * place.e
        return rgba, (west, north + window.height * place.e, west + window.width * place.a, north)

    def _call(self, work: Any, *arguments: Any) -> Any:
        import rasterio
        from rasterio._err import CPLE_BaseError
        from rasterio.errors import RasterioError

        if not self.path.is_file():
            raise KnownError(f"The background {self.path} is not there any more: choose it again, or remove it.")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with rasterio.open(self.path, driver=DRIVERS[self.path.suffix.lower()]) as source:
                    return work(source, *arguments)
        except (RasterioError, CPLE_BaseError, ValueError, ArithmeticError, MemoryError, OSError) as error:
            reason = " ".join(str(error).replace(str(self.path.parent), "").split())[:80].rstrip(" .:")
            raise KnownError(self._refusal(f"it cannot be read ({reason})")) from error

    def _refusal(self, reason: str) -> str:
        return f"“{self.name}” cannot be used as a background: {reason}."


def _has_palette(source: Any) -> bool:
    return bool(source.colorinterp[0].name == "palette")


def _palette(source: Any) -> NDArray[np.uint8]:
    colours = source.colormap(1)
    return np.array([colours.get(value, (0, 0, 0, 0))[:3] for value in range(256)], np.uint8)
