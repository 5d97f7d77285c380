"""What colour each surface has right now: model or data, hidden, isolated, selected, stale."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.scene.palette import ColourArray, ScenePalette

OPAQUE, STALE, GHOST, HIDDEN = 255, 200, 31, 0
"""Codes in the alpha channel, read by the fragment shaders of `mesh_actors`; 31 is the ghost's 12 %."""

SELECTION_SHARE = 0.6
STALE_SATURATION = 0.45


class Appearance:
    """Colours of all surfaces as arrays; knows nothing of VTK.

    Parameters
    ----------
    city : CityModel
    palette : ScenePalette
    """

    def __init__(self, city: CityModel, palette: ScenePalette) -> None:
        self.city = city
        self.palette = palette
        self.hidden = np.zeros(len(city.buildings), bool)
        self.isolated: NDArray[np.bool_] | None = None
        self.selected = np.zeros(len(city.buildings), bool)
        self.values: NDArray[np.float32] | None = None
        self.stale: NDArray[np.bool_] | None = None
        self.scale: ColourScale | None = None

    @property
    def shows_data(self) -> bool:
        """Whether surfaces carry data colours rather than the neutral model's."""
        return self.values is not None

    def base_colours(self) -> ColourArray:
        """(n_surfaces, 3) uint8: colours before selection."""
        if self.values is None or self.scale is None:
            return self.palette.model_colours()[self.city.surfaces.kind]
        colours = self.scale.colours(self.values)
        if self.stale is not None and self.stale.any():
            colours = np.where(self.stale[:, None], desaturated(colours, STALE_SATURATION), colours)
        return np.where(np.isfinite(self.values)[:, None], colours, np.array(self.palette.no_result, np.uint8))

    def surface_rgba(self) -> ColourArray:
        """(n_surfaces, 4) uint8: what the surfaces show now; alpha carries a code, not an opacity."""
        owner = self.city.surfaces.building
        rgba = np.empty((len(owner), 4), np.uint8)
        rgba[:, :3] = self.base_colours()
        picked = self.selected[owner]
        rgba[picked, :3] = mixed(rgba[picked, :3], self.palette.selection, SELECTION_SHARE)
        rgba[:, 3] = self.building_codes()[owner]
        if self.values is not None and self.stale is not None:
            rgba[(rgba[:, 3] == OPAQUE) & self.stale & np.isfinite(self.values), 3] = STALE
        return rgba

    def building_codes(self) -> NDArray[np.uint8]:
        """(n_buildings,) uint8: `OPAQUE`, `GHOST` or `HIDDEN`."""
        codes = np.full(len(self.hidden), OPAQUE, np.uint8)
        if self.isolated is not None:
            codes[~self.isolated] = GHOST
        codes[self.hidden] = HIDDEN
        return codes

    def mask(self, rows: Sequence[int] | NDArray[np.int64]) -> NDArray[np.bool_]:
        """(n_buildings,) bool: true at the given rows."""
        mask = np.zeros(len(self.hidden), bool)
        mask[np.asarray(rows, np.int64)] = True
        return mask


def mixed(colours: ColourArray, other: tuple[int, int, int], share: float) -> ColourArray:
    """(n, 3) uint8: colours with a share of another laid over them."""
    return np.asarray((colours * (1.0 - share) + np.array(other) * share).round(), np.uint8)


def desaturated(colours: ColourArray, saturation: float) -> ColourArray:
    """(n, 3) uint8: colours pulled towards their own grey (luma of ITU-R BT.709)."""
    grey = (colours @ np.array([0.2126, 0.7152, 0.0722]))[:, None]
    return np.asarray((grey + (colours - grey) * saturation).round(), np.uint8)
