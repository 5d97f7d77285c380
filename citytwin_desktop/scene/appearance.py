"""What colour each surface has right now: model or data, hidden, isolated, selected, stale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.scene.palette import ColourArray, ScenePalette

OPAQUE, STALE, GHOST, HIDDEN = 255, 254, 31, 0
"""Codes in the alpha channel, read by `surface_shaders`; 31 is the ghost's 12 %."""

LARGEST_TRANSLUCENT, SOLID_STEPS = 127, 250
"""Largest code that the shader of translucent surfaces draws, as an opacity just under a half. What covers more is
drawn among the solid things, so that nothing behind ever lies over it: codes from 128, this many of them for 100 %."""

SELECTION_SHARE = 0.6
STALE_SATURATION = 0.45

NO_RESULT, OUTSIDE = 256, 258
"""Places in the table of colours after the 256 of the scale; 257 is what cells use for nothing at all."""

OUTSIDE_SHARE = 0.62
"""How far the grey of values outside the filter goes towards the ground, away from that of no result."""


@dataclass(frozen=True)
class SurfaceLook:
    """How painted surfaces are shown beyond their colours.

    Parameters
    ----------
    threshold : tuple of float, optional
        Lowest and highest value that keep their colour.
    ghosts : bool
        Values outside the threshold at 12 % rather than in a faint grey.
    opacity, opacity_without : float
        Of surfaces with a value and of those without.
    """

    threshold: tuple[float, float] | None = None
    ghosts: bool = False
    opacity: float = 1.0
    opacity_without: float = 1.0

    @property
    def see_through(self) -> bool:
        """Whether any surface may have to be drawn in the pass of translucent things."""
        faint = min(self.opacity, self.opacity_without) <= 0.5
        return faint or (self.ghosts and self.threshold is not None)

    def outside(self, values: NDArray[np.float32]) -> NDArray[np.bool_]:
        """(n,) bool: values that the threshold takes out; false where there is none."""
        if self.threshold is None:
            return np.zeros(len(values), bool)
        low, high = (np.float32(end) for end in self.threshold)
        return np.asarray((values < low) | (values > high))


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
        self.look = SurfaceLook()
        self._placed: tuple[Any, Any, NDArray[np.int16]] | None = None

    def carried(self, city: CityModel, new_row: NDArray[np.int64]) -> "Appearance":
        """The same view of an edited city; values of its surfaces are forgotten.

        Parameters
        ----------
        city : CityModel
        new_row : ndarray, (n_rows before,) int64
            Where each row is now, -1 for one that is gone.
        """
        made = Appearance(city, self.palette)
        made.look = self.look
        kept = new_row >= 0
        made.hidden[new_row[kept]] = self.hidden[kept]
        made.selected[new_row[kept]] = self.selected[kept]
        # With the last of the isolated buildings the isolation is gone too.
        if self.isolated is not None and self.isolated[kept].any():
            made.isolated = np.zeros(len(city.buildings), bool)
            made.isolated[new_row[kept]] = self.isolated[kept]
        return made

    @property
    def shows_data(self) -> bool:
        """Whether surfaces carry data colours rather than the neutral model's."""
        return self.values is not None

    @property
    def has_ghosts(self) -> bool:
        """Whether the pass of translucent surfaces has anything to draw."""
        return self.isolated is not None or self.look.see_through

    def base_colours(self) -> ColourArray:
        """(n_surfaces, 3) uint8: colours before selection."""
        return self._base_words().view(np.uint8).reshape(-1, 4)[:, :3]

    def surface_rgba(self) -> ColourArray:
        """(n_surfaces, 4) uint8: what the surfaces show now; alpha carries a code, not an opacity."""
        owner = self.city.surfaces.building
        rgba = self._base_words().view(np.uint8).reshape(-1, 4)
        if self.selected.any():
            picked = np.flatnonzero(self.selected[owner])
            rgba[picked, :3] = mixed(rgba[picked, :3], self.palette.selection, SELECTION_SHARE)
        codes = self.building_codes()
        if (marked := codes != OPAQUE).any():
            rows = np.flatnonzero(marked[owner])
            rgba[rows, 3] = codes[owner[rows]]
        return rgba

    def _base_words(self) -> NDArray[np.uint32]:
        """(n_surfaces,) uint32: colours and codes before selection, hiding and isolation."""
        if self.values is None or self.scale is None:
            kinds = self.palette.model_colours()
            table = np.column_stack([kinds, np.full(len(kinds), OPAQUE, np.uint8)])
            return np.asarray(np.ascontiguousarray(table).view(np.uint32)[:, 0][self.city.surfaces.kind])
        places = self._places(self.values, self.scale)
        if self.look.threshold is not None:
            places = np.where(self.look.outside(self.values), np.int16(OUTSIDE), places)
        words = colour_words(self.scale, self.palette, self.look)[places]
        if self.stale is not None and self.stale.any():
            rows = np.flatnonzero(self.stale)
            words[rows] = colour_words(self.scale, self.palette, self.look, stale=True)[places[rows]]
        return np.asarray(words)

    def _places(self, values: NDArray[np.float32], scale: ColourScale) -> NDArray[np.int16]:
        """Remembered, because dragging the threshold leaves them as they are."""
        if self._placed is None or self._placed[0] is not values or self._placed[1] != scale:
            self._placed = values, scale, scale.places(values)
        return self._placed[2]

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


def colour_words(
    scale: ColourScale, palette: ScenePalette, look: SurfaceLook, *, stale: bool = False
) -> NDArray[np.uint32]:
    """(259,) uint32: the 256 colours of a scale, of no result, of nothing and of what the threshold takes out.

    Each is four bytes: red, green, blue and a code. Stale ones are pale and, where they are solid, hatched.

    Parameters
    ----------
    scale : ColourScale
    palette : ScenePalette
    look : SurfaceLook
    stale : bool
    """
    table = np.zeros((OUTSIDE + 1, 4), np.uint8)
    colours = scale.lookup()
    table[:256, :3] = desaturated(colours, STALE_SATURATION) if stale else colours
    table[:256, 3] = STALE if stale and look.opacity >= 1.0 else opacity_code(look.opacity)
    table[NO_RESULT] = (*palette.no_result, opacity_code(look.opacity_without))
    faint = mixed(np.array([palette.no_result], np.uint8), palette.ground, OUTSIDE_SHARE)[0]
    table[OUTSIDE] = (*faint, GHOST if look.ghosts else opacity_code(look.opacity))
    return table.view(np.uint32)[:, 0]


def opacity_code(opacity: float) -> int:
    """Code of an opacity: solid, what the solid pass lets through, or what the translucent pass draws."""
    if opacity >= 1.0:
        return OPAQUE
    if opacity <= 0.5:
        return int(np.clip(round(opacity * 255), 6, LARGEST_TRANSLUCENT))
    return int(np.clip(round(opacity * SOLID_STEPS) + 3, LARGEST_TRANSLUCENT + 1, STALE - 1))


def mixed(colours: ColourArray, other: tuple[int, int, int], share: float) -> ColourArray:
    """(n, 3) uint8: colours with a share of another laid over them."""
    every = (np.arange(256)[:, None] * (1.0 - share) + np.array(other) * share).round().astype(np.uint8)
    return np.stack([every[:, channel][colours[:, channel]] for channel in range(3)], axis=1)


def desaturated(colours: ColourArray, saturation: float) -> ColourArray:
    """(n, 3) uint8: colours pulled towards their own grey (luma of ITU-R BT.709)."""
    grey = (colours @ np.array([0.2126, 0.7152, 0.0722]))[:, None]
    return np.asarray((grey + (colours - grey) * saturation).round(), np.uint8)
